"""More time for one manuscript: the authors ask, the desk grants or refuses (`domain.md` B.2, J4).

The desk has checked its own rights before it comes here: its actor is taken as it is.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.actions.moves import move_stage
from submissions.copying import begin_next_version
from submissions.locks import lock_manuscript
from submissions.models import Extension, ExtensionRequest, Manuscript
from submissions.permissions import may_work_on
from submissions.queries import (
    deadline_window,
    draft_version,
    latest_version,
    open_extension_request,
    present_window,
    revision_window,
)
from submissions.states import (
    AUTHOR_LABELS,
    MORE_TIME_FOR,
    RequestOutcome,
    Stage,
)
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.models import MilestoneKind
from tmi_special_issue.refusal import Refusal

ASKED_WITHOUT_REASON = "The authors asked for it."


@transaction.atomic
def ask_extension(
    *, actor: User, manuscript: Manuscript, until: datetime, reason: str = ""
) -> ExtensionRequest:
    """Ask for more time for a revision, also for one that has lapsed. Asking twice asks once.

    Nothing moves before the desk has answered. Raises Refusal "wrong_stage" or "not_longer".
    """
    locked = lock_manuscript(manuscript)
    newest = latest_version(locked)
    newest.manuscript = locked
    if not may_work_on(actor, newest):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if locked.stage not in MORE_TIME_FOR:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; more time is given for a "
            "revision that is not submitted yet.",
        )
    request = open_extension_request(locked)
    if request is not None:
        return request
    now = clock.decisive_now()
    due = present_window(locked, newest).effective_at
    if until <= max(now, due):
        raise Refusal(
            "not_longer",
            f"New date: it must be later than {mails.instant(max(now, due), locked.issue)}. "
            "Choose another one.",
            field="until",
            status=422,
        )
    request = ExtensionRequest.objects.create(
        manuscript=locked, until=until, reason=reason.strip()[:500], asked_by=actor, asked_at=now
    )
    audit.record(actor, "extension.asked", locked, until=until.isoformat(), reason=request.reason)
    _tell(mails.extension_asked(request, newest, due))
    return request


@transaction.atomic
def grant_extension(
    *,
    actor: User,
    manuscript: Manuscript,
    kind: MilestoneKind,
    until: datetime,
    reason: str,
) -> Extension:
    """Give one manuscript more time; a revision that had lapsed opens again.

    An open request of the authors is answered by it, whatever date they had asked for.
    """
    locked = lock_manuscript(manuscript)
    version = latest_version(locked)
    version.manuscript = locked
    asked = kind == MilestoneKind.REVISION and not version.is_draft
    window = revision_window(locked) if asked else deadline_window(version)
    now = clock.decisive_now()
    if not reason.strip():
        raise Refusal(
            "reason_missing", "Say why more time is given; the field is empty.", field="reason"
        )
    if until <= max(now, window.effective_at):
        raise Refusal(
            "not_longer",
            f"The new date must be later than {mails.instant(window.effective_at, locked.issue)} "
            "and than now.",
            field="until",
        )
    row = Extension.objects.create(
        manuscript=locked,
        kind=kind,
        until=until,
        reason=reason.strip(),
        granted_by=actor,
        granted_at=now,
    )
    audit.record(
        actor,
        "extension.granted",
        locked,
        kind=str(kind),
        until=until.isoformat(),
        reason=row.reason,
    )
    request = open_extension_request(locked)
    if request is not None and kind == MilestoneKind.REVISION:
        _answer(request, RequestOutcome.GRANTED, now)
    if kind == MilestoneKind.REVISION and locked.stage == Stage.REVISION_LAPSED:
        _reopen(actor, manuscript, locked)
    _tell(mails.extension_granted(locked, row))
    return row


@transaction.atomic
def grant_asked_extension(*, actor: User, manuscript: Manuscript) -> Extension:
    """Give exactly the time that the authors ask for."""
    locked = lock_manuscript(manuscript)
    request = _asked(locked)
    return grant_extension(
        actor=actor,
        manuscript=manuscript,
        kind=MilestoneKind.REVISION,
        until=request.until,
        reason=request.reason or ASKED_WITHOUT_REASON,
    )


@transaction.atomic
def refuse_extension(*, actor: User, manuscript: Manuscript, note: str) -> ExtensionRequest:
    """Say no, with words that the authors read; the date stays as it is."""
    locked = lock_manuscript(manuscript)
    request = _asked(locked)
    if not note.strip():
        raise Refusal(
            "reason_missing",
            "Reason: it is empty. The authors read it; write at least one sentence.",
            field="note",
            status=422,
        )
    newest = latest_version(locked)
    newest.manuscript = locked
    _answer(request, RequestOutcome.REFUSED, clock.now(), note.strip()[:500])
    audit.record(actor, "extension.refused", locked, note=request.answer)
    _tell(mails.extension_refused(request, newest, present_window(locked, newest).effective_at))
    return request


def close_extension_request(*, actor: User, manuscript: Manuscript) -> None:
    """The revision came, or the work went, before the desk had answered.

    To be called in the transaction of the act that holds the manuscript's row.
    """
    request = open_extension_request(manuscript)
    if request is not None:
        _answer(request, RequestOutcome.CLOSED, clock.now())
        audit.record(actor, "extension.closed", manuscript)


def _asked(manuscript: Manuscript) -> ExtensionRequest:
    request = open_extension_request(manuscript)
    if request is None:
        raise Refusal(
            "not_asked",
            f"Nobody asks for more time for {manuscript} any more: somebody has answered, or the "
            "revision has come. Look at the page again.",
        )
    return request


def _answer(
    request: ExtensionRequest, outcome: RequestOutcome, at: datetime, words: str = ""
) -> None:
    request.outcome = outcome
    request.answer = words
    request.answered_at = at
    request.save(update_fields=["outcome", "answer", "answered_at"])


def _reopen(actor: User, manuscript: Manuscript, locked: Manuscript) -> None:
    """Back to the author's draft; one that was never begun gets its row now."""
    if draft_version(locked) is None:
        begin_next_version(locked)
    move_stage(actor=actor, manuscript=manuscript, to=Stage.REVISION_DRAFT)


def _tell(messages: mails.Mails) -> None:
    for message, key in messages:
        outbox.queue(message, key)
