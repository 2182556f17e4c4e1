"""PDF files beside a review: cleaned before anything is kept, so no uncleaned copy exists."""

from io import SEEK_END
from typing import IO

from django.db import transaction

from accounts.models import User
from reviews.actions.moves import lock_assignment
from reviews.actions.writing import require_open
from reviews.models import Assignment, ReviewAttachment
from submissions import preflight
from submissions.checks import PdfRules, examine_pdf
from submissions.supporting import too_large
from tmi_special_issue import audit, clock, files
from tmi_special_issue.refusal import Refusal

COUNT_MAX = 5
PDF = "application/pdf"


def attach_to_review(
    *, actor: User, assignment: Assignment, upload: IO[bytes], author_sees: bool
) -> ReviewAttachment:
    """Check a PDF as a manuscript is checked, and keep its cleaned copy under a neutral name.

    Notes, properties, names of annotations and the Exif data of pictures are not in the copy.
    The examination, which may take seconds, runs before the transaction.

    Raises:
        Refusal: not_yours, review_closed, not_under_review, too_many_attachments, too_large,
            or what the preflight says of the file.
    """
    require_open(actor, assignment)
    limit = assignment.version.manuscript.issue.main_file_bytes_max
    byte_count = upload.seek(0, SEEK_END)
    upload.seek(0)
    if byte_count > limit:
        raise _refused("too_large", too_large("The attachment", byte_count, limit))
    content, page_count = _cleaned(upload.read(), limit)
    with transaction.atomic():
        locked = lock_assignment(assignment)
        require_open(actor, locked)
        numbers = list(locked.attachments.values_list("number", flat=True))
        if len(numbers) >= COUNT_MAX:
            raise _refused(
                "too_many_attachments",
                f"A review has at most {COUNT_MAX} attachments. Remove one first.",
            )
        number = max(numbers, default=0) + 1
        stored = files.store(content, name=f"attachment-{number}.pdf", media_type=PDF)
        row = ReviewAttachment.objects.create(
            assignment=locked,
            number=number,
            file=stored,
            page_count=page_count,
            author_sees=author_sees,
            attached_at=clock.now(),
        )
        _record(actor, "review.attached", row)
    return row


@transaction.atomic
def show_attachment(*, actor: User, attachment: ReviewAttachment, author_sees: bool) -> None:
    """Let the authors see an attachment with the decision, or the editors alone."""
    require_open(actor, lock_assignment(attachment.assignment))
    row = ReviewAttachment.objects.select_for_update().get(pk=attachment.pk)
    row.author_sees = author_sees
    row.save(update_fields=["author_sees"])
    _record(actor, "review.attachment_shown", row)


@transaction.atomic
def remove_attachment(*, actor: User, attachment: ReviewAttachment) -> None:
    """Take an attachment off a review that is being written. Twice is once."""
    require_open(actor, lock_assignment(attachment.assignment))
    row = ReviewAttachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if row is not None:
        _record(actor, "review.attachment_removed", row)
        row.delete()


def _cleaned(content: bytes, limit: int) -> tuple[bytes, int]:
    rules = PdfRules(
        slot="The attachment",
        page_limit=None,
        advised_pages=None,
        byte_limit=limit,
        is_paper=False,
        wants_abstract=False,
    )
    with preflight.workspace() as folder:
        path = folder / "upload.pdf"
        path.write_bytes(content)
        facts = preflight.inspect(path)
        report = examine_pdf(facts, rules, field="file")
        if report.refusal:
            raise _refused(report.refusal.code, report.refusal.sentence)
        try:
            return preflight.clean_copy(content), facts.pages or 0
        except preflight.CleaningFailed as failed:
            raise _refused("not_cleanable", f"The attachment: {failed}") from failed


def _refused(code: str, sentence: str) -> Refusal:
    return Refusal(code, sentence, field="file", status=422)


def _record(actor: User, verb: str, row: ReviewAttachment) -> None:
    audit.record(
        actor,
        verb,
        row.assignment,
        attachment=row.public_id,
        sha256=row.file.sha256,
        author_sees=row.author_sees,
    )
