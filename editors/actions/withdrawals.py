"""The office or the editor-in-chief answers an author who asks to withdraw (`domain.md` B.2)."""

from django.db import transaction

from accounts.models import User
from editors.actions.overdue import lower_flags
from editors.locks import lock, require
from editors.models import Decision, Letter, Recommendation
from editors.permissions import may_settle_withdrawal
from editors.states import DecisionState, LetterState
from reviews import actions as review_actions
from submissions import actions as author_actions
from submissions.models import Manuscript, Version
from tmi_special_issue import audit, clock

_NOT_ALLOWED = "A withdrawal is confirmed by the editorial office or the editor-in-chief."


@transaction.atomic
def confirm_withdrawal(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """Withdraw: open reviewers are let go and told, a decision not yet out is thrown away."""
    locked = lock(actor, manuscript)
    require(may_settle_withdrawal(actor, locked), _NOT_ALLOWED)
    author_actions.withdraw_manuscript(actor=actor, manuscript=locked)
    _drop_decisions(actor, locked)
    for version in Version.objects.filter(manuscript=locked).order_by("revision_number"):
        review_actions.close_round(actor=actor, version=version, is_withdrawn=True)
    lower_flags(actor=actor, manuscript=locked)
    return locked


@transaction.atomic
def decline_withdrawal(*, actor: User, manuscript: Manuscript, note: str) -> Manuscript:
    """Say no with a reason; the manuscript goes on."""
    locked = lock(actor, manuscript)
    require(may_settle_withdrawal(actor, locked), _NOT_ALLOWED)
    author_actions.decline_withdrawal(actor=actor, manuscript=locked, note=note)
    return locked


def _drop_decisions(actor: User, manuscript: Manuscript) -> None:
    """A drafted or held decision must not go out any more."""
    rows = Decision.objects.select_for_update().filter(
        version__manuscript=manuscript,
        state__in=[DecisionState.DRAFTED, DecisionState.APPROVED],
    )
    for row in rows:
        row.state = DecisionState.DISCARDED
        row.release_at = None
        row.save(update_fields=["state", "release_at"])
        Letter.objects.filter(decision=row).update(state=LetterState.REPLACED)
        audit.record(actor, "decision.discarded", row, kind=row.kind, reason="withdrawn")
    Recommendation.objects.filter(version__manuscript=manuscript, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
