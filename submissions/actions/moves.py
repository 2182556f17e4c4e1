"""The stage of a manuscript: `move_stage` is the only place that writes it.

The other moves here are made by the desk or the schedule, which have checked their own rights:
the actor that they pass is taken as it is.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.locks import lock_manuscript
from submissions.models import Correspondence, Manuscript, VersionFile
from submissions.queries import (
    deadline_window,
    draft_version,
    revision_window,
    submitted_version,
)
from submissions.states import (
    AUTHOR_LABELS,
    REVISING,
    FileKind,
    RevisionKind,
    Stage,
    may_move,
)
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.deadlines import has_ended
from tmi_special_issue.models import StoredFile
from tmi_special_issue.refusal import Refusal

RETURNED_DAYS = 5  # domain.md B.2: time to mend a submission that the office returned


@transaction.atomic
def move_stage(*, actor: User | str, manuscript: Manuscript, to: Stage, **facts: Any) -> Manuscript:
    """Move a manuscript along the table of moves and tell the record.

    `facts` go into the record. The passed object shows the new stage too. Raises Refusal
    "wrong_stage" when the table has no such move.
    """
    locked = lock_manuscript(manuscript)
    origin = Stage(locked.stage)
    if not may_move(origin, to):
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[origin]}” and cannot go to “{AUTHOR_LABELS[to]}” "
            "from there. Perhaps somebody else was faster; look at the page again.",
        )
    locked.stage = to
    locked.stage_since = clock.now()
    locked.save(update_fields=["stage", "stage_since"])
    manuscript.stage, manuscript.stage_since = locked.stage, locked.stage_since
    audit.record(actor, "manuscript.moved", locked, origin=origin.value, target=to.value, **facts)
    return locked


@transaction.atomic
def pass_checklist(*, actor: User | str, manuscript: Manuscript, to: Stage) -> Manuscript:
    """The office found the submission complete: it goes to the editors."""
    locked = lock_manuscript(manuscript)
    locked.fault_list = ""
    locked.save(update_fields=["fault_list"])
    return move_stage(actor=actor, manuscript=manuscript, to=to, act="checklist_passed")


@transaction.atomic
def unsubmit_manuscript(*, actor: User | str, manuscript: Manuscript, faults: str) -> Manuscript:
    """Return a submission to its author with a list of faults (`domain.md` B.2).

    The version becomes a draft again under the same number. It may be handed in until its
    deadline, and in any case within five days from now.
    """
    locked = lock_manuscript(manuscript)
    version = submitted_version(locked)
    if not faults.strip():
        raise Refusal(
            "faults_missing", "Say what the author must mend; the list is empty.", field="faults"
        )
    if locked.stage != Stage.SUBMITTED or version is None:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; only a submission that waits "
            "for the office's check can be returned.",
        )
    version.manuscript = locked
    soonest = clock.decisive_now() + timedelta(days=RETURNED_DAYS)
    version.due_at = max(deadline_window(version).effective_at, soonest)
    version.submitted_at = None
    version.response_attempts = 0
    version.save(update_fields=["due_at", "submitted_at", "response_attempts"])
    # The answers are open again, so the PDF made of them no longer tells the truth.
    VersionFile.objects.filter(version=version, kind=FileKind.ANSWERS).delete()
    locked.fault_list = faults.strip()
    locked.save(update_fields=["fault_list"])
    manuscript.fault_list = locked.fault_list
    moved = move_stage(
        actor=actor, manuscript=manuscript, to=Stage.UNSUBMITTED, faults=locked.fault_list
    )
    _tell_authors(mails.manuscript_returned(moved, version))
    return moved


@transaction.atomic
def request_revision(
    *,
    actor: User | str,
    manuscript: Manuscript,
    kind: RevisionKind,
    due_at: datetime | None = None,
) -> Manuscript:
    """A decision asks for a revision, due at its own date or at the issue's milestone."""
    locked = lock_manuscript(manuscript)
    locked.revision_kind = kind
    locked.revision_due_at = due_at
    locked.save(update_fields=["revision_kind", "revision_due_at"])
    manuscript.revision_kind, manuscript.revision_due_at = kind, due_at
    to = Stage.MINOR_REVISION if kind == RevisionKind.MINOR else Stage.MAJOR_REVISION
    return move_stage(
        actor=actor, manuscript=manuscript, to=to, due_at=due_at.isoformat() if due_at else ""
    )


@transaction.atomic
def deliver_letter(
    *,
    actor: User | str,
    manuscript: Manuscript,
    file: StoredFile,
    title: str,
    sent_at: datetime,
) -> Correspondence:
    """Put a released letter on the author's page. The same file twice is delivered once."""
    letter, is_new = Correspondence.objects.get_or_create(
        manuscript=manuscript, file=file, defaults={"title": title, "sent_at": sent_at}
    )
    if is_new:
        audit.record(
            actor, "letter.delivered", manuscript, letter=letter.public_id, sha256=file.sha256
        )
    return letter


@transaction.atomic
def lapse_revision(*, actor: User | str, manuscript: Manuscript) -> Manuscript:
    """The time for a revision is over. Nothing is deleted, nothing is decided."""
    locked = lock_manuscript(manuscript)
    draft = draft_version(locked)
    if draft is not None:
        draft.manuscript = locked
    window = deadline_window(draft) if draft else revision_window(locked)
    if locked.stage not in REVISING or not has_ended(window, clock.decisive_now()):
        raise Refusal("not_lapsed", f"The revision of {locked} is not overdue.")
    moved = move_stage(actor=actor, manuscript=manuscript, to=Stage.REVISION_LAPSED)
    _tell_authors(mails.revision_lapsed(moved, window.effective_at))
    return moved


def _tell_authors(messages: list[tuple[outbox.Message, str]]) -> None:
    for message, key in messages:
        outbox.queue(message, key)
