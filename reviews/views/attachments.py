"""PDF files beside a review, at their writer's door."""

from typing import IO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from reviews import actions
from reviews.models import ReviewAttachment
from reviews.states import READING, AssignmentState
from reviews.views.door import admitted, assignment_or_404
from tmi_special_issue import files
from tmi_special_issue.refusal import Refusal


@admitted
@require_POST
def attach(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a PDF beside the review."""
    assignment = assignment_or_404(request, public_id)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "Choose the PDF that you want to attach.")
        return _back(public_id)
    try:
        row = actions.attach_to_review(
            actor=assignment.reviewer,
            assignment=assignment,
            upload=cast(IO[bytes], upload),
            author_sees="author_sees" in request.POST,
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Attachment {row.number} is kept in its cleaned copy.")
    return _back(public_id)


@admitted
@require_safe
def attachment(request: HttpRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """The cleaned copy, as the others get it."""
    row = _attachment(request, public_id, attachment_id)
    name = f"{row.assignment.version.label}-review-attachment-{row.number}.pdf"
    return files.respond(row.file, filename=name, inline=True, request=request)


@admitted
@require_POST
def detach(request: HttpRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """Take an attachment away."""
    row = _attachment(request, public_id, attachment_id)
    try:
        actions.remove_attachment(actor=row.assignment.reviewer, attachment=row)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return _back(public_id)


@admitted
@require_POST
def show_attachment(request: HttpRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """Let the authors see an attachment, or the editors alone."""
    row = _attachment(request, public_id, attachment_id)
    try:
        actions.show_attachment(
            actor=row.assignment.reviewer,
            attachment=row,
            author_sees=request.POST.get("author_sees") == "yes",
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return _back(public_id)


def _attachment(request: HttpRequest, public_id: str, attachment_id: str) -> ReviewAttachment:
    assignment = assignment_or_404(request, public_id)
    row = assignment.attachments.select_related("file").filter(public_id=attachment_id).first()
    if row is None or AssignmentState(assignment.state) not in READING:
        raise Http404
    row.assignment = assignment
    return row


def _back(public_id: str) -> HttpResponse:
    return redirect(f"{reverse('reviews:show', args=[public_id])}#attachments")
