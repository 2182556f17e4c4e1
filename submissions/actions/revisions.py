"""The author's answers to a decision: a revision, or the final files."""

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.actions.moves import move_stage
from submissions.actions.submission import write_receipt
from submissions.copying import begin_next_version
from submissions.locks import lock_manuscript
from submissions.models import Manuscript, Version, VersionFile
from submissions.permissions import BEGINNABLE, may_begin_revision, may_work_on
from submissions.queries import deadline_window, draft_version, latest_version, revision_window
from submissions.states import AUTHOR_LABELS, FILE_KIND_LABELS, ReceiptPurpose, Stage
from submissions.supporting import FINAL_KINDS
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.deadlines import is_open
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def start_revision(*, actor: User, manuscript: Manuscript) -> Version:
    """Begin the revision that was asked for: a copy of metadata and authors, without files.

    Beginning what is begun returns the draft. Raises Refusal "deadline_passed" once its time is
    over.
    """
    locked = lock_manuscript(manuscript)
    newest = latest_version(locked)
    newest.manuscript = locked
    if not may_begin_revision(actor, newest):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    draft = draft_version(locked)
    if locked.stage == Stage.REVISION_DRAFT and draft is not None:
        return draft
    if locked.stage not in BEGINNABLE:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; no revision is asked for.",
        )
    window = deadline_window(draft) if draft else revision_window(locked)
    now = clock.decisive_now()
    if not is_open(window, now):
        raise Refusal(
            "deadline_passed",
            f"The time for the revision ended on "
            f"{mails.instant(window.effective_at, locked.issue)}. By the server's clock it is "
            f"{mails.server_time(now)}. Ask for more time if you still want to submit it.",
        )
    version = draft or begin_next_version(locked)
    version.manuscript = move_stage(
        actor=actor,
        manuscript=manuscript,
        to=Stage.REVISION_DRAFT,
        version=version.revision_number,
    )
    return version


@transaction.atomic
def receive_final_files(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """The author has uploaded all final files: they go to the office. Twice counts once."""
    locked = lock_manuscript(manuscript)
    version = latest_version(locked)
    version.manuscript = locked
    if not may_work_on(actor, version):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if locked.stage == Stage.FINAL_FILES_RECEIVED:
        return locked
    if locked.stage != Stage.AWAITING_FINAL_FILES:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; no final files are asked for.",
        )
    rows = VersionFile.objects.filter(version=version).select_related("file")
    here = {row.kind: row.file.sha256 for row in rows}
    lacking = [FILE_KIND_LABELS[kind] for kind in FINAL_KINDS if kind not in here]
    if lacking:
        raise Refusal(
            "incomplete",
            f"Still missing: {', '.join(lacking)}. Upload what is missing, then hand in.",
            status=422,
        )
    now = clock.decisive_now()
    moved = move_stage(
        actor=actor,
        manuscript=manuscript,
        to=Stage.FINAL_FILES_RECEIVED,
        files=[[kind.value, here[kind]] for kind in FINAL_KINDS],
    )
    audit.record(actor, "final_files.received", moved, version=version.revision_number)
    write_receipt(version, ReceiptPurpose.FINAL_FILES, now)
    for message, key in mails.final_files_received(version, now):
        outbox.queue(message, key)
    return moved
