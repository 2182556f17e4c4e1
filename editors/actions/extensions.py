"""More time for one manuscript: granted as it was asked for, refused, or given unasked."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from editors.locks import lock, require
from editors.permissions import may_extend
from submissions import actions as author_actions
from submissions.models import Extension, ExtensionRequest, Manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind
from tmi_special_issue.refusal import Refusal

_NOT_ALLOWED = "More time is granted by the office, the lead guest editor or the editor-in-chief."


@transaction.atomic
def extend_manuscript(
    *, actor: User, manuscript: Manuscript, kind: str, until: datetime, reason: str
) -> Extension:
    """Give one manuscript more time for a date of the call, with a reason for the record.

    What the authors ask for is answered by it.
    """
    locked = lock(actor, manuscript)
    require(may_extend(actor, locked), _NOT_ALLOWED)
    if kind not in {MilestoneKind.SUBMISSION, MilestoneKind.REVISION}:
        raise Refusal("unknown_date", "Only the authors' dates can be extended.", field="kind")
    if until <= clock.now():
        raise Refusal(
            "until_past",
            "The new date is in the past. Choose a later one.",
            field="until",
            status=400,
        )
    if not reason.strip():
        raise Refusal(
            "reason_missing",
            "The reason is empty. One sentence goes to the record.",
            field="reason",
            status=400,
        )
    return author_actions.grant_extension(
        actor=actor,
        manuscript=locked,
        kind=MilestoneKind(kind),
        until=until,
        reason=reason.strip(),
    )


@transaction.atomic
def grant_extension(*, actor: User, manuscript: Manuscript) -> Extension:
    """Give exactly the time that the authors ask for."""
    locked = lock(actor, manuscript)
    require(may_extend(actor, locked), _NOT_ALLOWED)
    return author_actions.grant_asked_extension(actor=actor, manuscript=locked)


@transaction.atomic
def refuse_extension(*, actor: User, manuscript: Manuscript, note: str) -> ExtensionRequest:
    """Say no with a reason; the date stays as it is."""
    locked = lock(actor, manuscript)
    require(may_extend(actor, locked), _NOT_ALLOWED)
    return author_actions.refuse_extension(actor=actor, manuscript=locked, note=note)
