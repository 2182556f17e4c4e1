"""Hand a version in, close the door at the deadline, remind those who are late."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.actions.enquiries import link_enquiries
from submissions.actions.extensions import close_extension_request
from submissions.actions.moves import move_stage
from submissions.locks import lock_manuscript, lock_version
from submissions.models import Author, Enquiry, Manuscript, Receipt, Version, VersionFile
from submissions.permissions import SUBMITTABLE, may_submit, may_work_on
from submissions.queries import deadline_window, latest_version, metadata, missing
from submissions.queries.editors import editor_submissions, editors_among_authors
from submissions.states import AUTHOR_LABELS, ReceiptPurpose, Stage
from tmi_special_issue import audit, clock, doorbell, outbox
from tmi_special_issue.deadlines import Window, is_open
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def submit_manuscript(
    *,
    actor: User,
    version: Version,
    began_at: datetime,
    enquiries: Sequence[Enquiry] | None = None,
) -> Version:
    """Hand in a draft: freeze it, give the number, tell the authors.

    `enquiries` are the actor's questions to guest editors that belong to it; None leaves those
    that were tied to it before.

    Submitting what is submitted changes nothing and returns it, so that a double click submits
    once. The database server's clock decides about the deadline; a click or an upload that began
    in time (`began_at`, or the begin of a file's upload) may end within the grace. Raises Refusal
    "deadline_passed" or "incomplete", which lists what is missing.
    """
    locked = lock_version(version)
    manuscript = locked.manuscript
    if not may_submit(actor, locked):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if not locked.is_draft:
        return locked
    stage = Stage(manuscript.stage)
    if stage not in SUBMITTABLE:
        raise Refusal(
            "wrong_stage",
            f"{manuscript} is at “{AUTHOR_LABELS[stage]}” and cannot be submitted now.",
        )
    now = clock.decisive_now()
    _refuse_late(locked, now, began_at)
    faults = missing(locked)
    if faults:
        raise Refusal("incomplete", " ".join(f.sentence for f in faults), status=422)
    _refuse_beyond_cap(locked)
    if enquiries is not None:
        link_enquiries(actor=actor, version=locked, enquiries=enquiries)
    if manuscript.number is None:
        manuscript.number = _next_number(manuscript)
        manuscript.save(update_fields=["number"])
    close_extension_request(actor=actor, manuscript=manuscript)
    locked.submitted_at = now
    locked.first_submitted_at = locked.first_submitted_at or now
    locked.save(update_fields=["submitted_at", "first_submitted_at"])
    _link_accounts(locked)
    locked.manuscript = move_stage(
        actor=actor,
        manuscript=manuscript,
        to=Stage.SUBMITTED,
        version=locked.revision_number,
        files=[[f.kind, f.file.sha256] for f in _files(locked)],
    )
    audit.record(
        actor, "manuscript.submitted", manuscript, number=manuscript.number, label=locked.label
    )
    write_receipt(locked, ReceiptPurpose.SUBMISSION, now)
    if locked.revision_number:
        doorbell.ring("submissions.tasks.render_response", locked.public_id)
    for message, key in mails.submission_received(locked, now):
        outbox.queue(message, key)
    for message, key in mails.authorship_asked(locked, actor):
        outbox.queue(message, key)
    return locked


@transaction.atomic
def take_back_manuscript(*, actor: User, manuscript: Manuscript) -> Version:
    """Open a submitted original again, to be edited and submitted under the same number.

    Possible while submissions are open and before the office has admitted it (decision 0016).
    Until it is submitted again it does not count as submitted. Twice counts once.
    """
    locked = lock_manuscript(manuscript)
    version = latest_version(locked)
    version.manuscript = locked
    if not may_work_on(actor, version):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if version.is_draft and locked.stage == Stage.UNSUBMITTED:
        return version
    if version.revision_number or locked.stage != Stage.SUBMITTED:
        raise Refusal(
            "wrong_stage",
            f"{version.label} is at “{AUTHOR_LABELS[Stage(locked.stage)]}”; it can be taken back "
            "only before the editorial office has admitted it. Write to the office at "
            f"{locked.issue.contact_email} if something must be changed.",
        )
    now = clock.decisive_now()
    window = deadline_window(version)
    if not is_open(window, now):
        raise Refusal(
            "deadline_passed",
            f"Submissions closed on {mails.instant(window.effective_at, locked.issue)}. What you "
            "have submitted stands; it cannot be opened any more, because it could not be "
            "submitted again.",
        )
    version.submitted_at = None
    version.save(update_fields=["submitted_at"])
    locked.fault_list = ""  # an earlier return of the office is settled
    locked.save(update_fields=["fault_list"])
    version.manuscript = move_stage(
        actor=actor,
        manuscript=manuscript,
        to=Stage.UNSUBMITTED,
        version=version.revision_number,
        act="taken_back",
    )
    audit.record(actor, "manuscript.taken_back", version.manuscript, label=version.label)
    for message, key in mails.manuscript_taken_back(version, window.effective_at, now):
        outbox.queue(message, key)
    return version


def write_receipt(version: Version, purpose: ReceiptPurpose, at: datetime) -> Receipt:
    """Keep what was handed in and when. To be called in the transaction of the hand-in."""
    return Receipt.objects.create(
        version=version,
        purpose=purpose,
        label=version.label,
        received_at=at,
        files=[
            {
                "kind": row.get_kind_display(),
                "name": row.file.original_name,
                "bytes": row.file.byte_count,
                "sha256": row.file.sha256,
            }
            for row in _files(version)
        ],
        metadata=metadata(version),
    )


@transaction.atomic
def close_submissions(*, actor: str, issue: SpecialIssue) -> None:
    """Note in the record how many were handed in when the door closed. Deletes nothing."""
    listed = Manuscript.objects.filter(issue=issue)
    audit.record(
        actor,
        "submissions.closed",
        issue,
        submitted=listed.exclude(stage=Stage.DRAFT).count(),
        drafts=listed.filter(stage=Stage.DRAFT).count(),
    )


@transaction.atomic
def remind_author(
    *,
    actor: str,
    manuscript: Manuscript,
    about: str,
    messages: Sequence[tuple[outbox.Message, str]],
) -> None:
    """Send the reminder mails that are due and note it. `about` says which, e.g. "draft -3"."""
    for message, key in messages:
        outbox.queue(message, key)
    audit.record(actor, "author.reminded", manuscript, about=about)


def _refuse_beyond_cap(version: Version) -> None:
    """F13: an issue may limit how many manuscripts its own editors write for it.

    The sentence tells the co-authors no more than that an editor is among the authors, which
    the call says, and the limit.
    """
    manuscript = version.manuscript
    cap = manuscript.issue.editor_submissions_cap
    if cap is None or version.authors_are_settled:
        return
    for editor in editors_among_authors(version):
        if editor_submissions(editor, manuscript.issue).exclude(pk=manuscript.pk).count() >= cap:
            limit = "none" if cap == 0 else f"at most {cap}"
            raise Refusal(
                "editor_cap",
                f"{editor.full_name} is an editor of this special issue, and the issue takes "
                f"{limit} of the manuscripts that its editors write. Please ask the editorial "
                f"office at {manuscript.issue.contact_email}.",
                status=422,
            )


def _refuse_late(version: Version, now: datetime, began_at: datetime) -> None:
    window = deadline_window(version)
    if is_open(window, now, began_at=_earliest_begin(version, window, began_at)):
        return
    issue = version.manuscript.issue
    raise Refusal(
        "deadline_passed",
        f"The time to submit ended on {mails.instant(window.effective_at, issue)}. By the server's "
        f"clock your click came at {mails.server_time(now)}. The draft stays here to be read and "
        "downloaded.",
    )


def _earliest_begin(version: Version, window: Window, began_at: datetime) -> datetime:
    """A file whose upload ran across the deadline takes its submission along."""
    across = [
        f.upload_began_at
        for f in _files(version)
        if f.upload_began_at and f.uploaded_at > window.effective_at
    ]
    return min([began_at, *across])


def _files(version: Version) -> list[VersionFile]:
    return list(VersionFile.objects.filter(version=version).select_related("file"))


def _next_number(manuscript: Manuscript) -> str:
    """The next number of the issue, under the lock of its row: no gap, none twice."""
    issue = SpecialIssue.objects.select_for_update().get(pk=manuscript.issue_id)
    number = f"{issue.number_prefix}-{issue.next_number:04d}"
    issue.next_number += 1
    issue.save(update_fields=["next_number"])
    return number


def _link_accounts(version: Version) -> None:
    """Join authors with the accounts that own their addresses."""
    for author in Author.objects.filter(version=version, user__isnull=True):
        author.user = User.objects.filter(email__iexact=author.email, is_active=True).first()
        if author.user:
            author.save(update_fields=["user"])
