"""The rehearsal's own pages: move the clock, read the mail. They exist in rehearsal mode only."""

from datetime import UTC, datetime, time

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tmi_special_issue import clock, doorbell, files
from tmi_special_issue.models import OutboxAttachment, OutboxMessage


@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Move the clock to noon UTC of a day and let the worker act."""
    day = parse_date(request.POST.get("to", ""))
    if day is None:
        messages.error(request, "The clock needs a day such as 2024-07-02.")
    else:
        clock.move_to(datetime.combine(day, time(12), UTC))
        doorbell.ring("tmi_special_issue.tasks.tick")
        messages.success(
            request,
            f"It is now {day:%-d %b %Y}. The worker closes, reminds and releases what has come "
            "due; this takes a few seconds.",
        )
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "submissions:call")


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail of the rehearsal, newest first; `?to=` shows one person's."""
    mails = OutboxMessage.objects.prefetch_related("attached")
    to = request.GET.get("to", "").strip().lower()
    if to:
        mails = mails.filter(to__iexact=to)
    page = Paginator(mails, 40).get_page(request.GET.get("page"))
    return render(request, "rehearsal/mailbox.html", {"page": page, "to": to})


@require_safe
def mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail as it went out."""
    found = get_object_or_404(OutboxMessage, public_id=public_id)
    return render(request, "rehearsal/mail.html", {"mail": found, "attached": found.attached.all()})


@require_safe
def mail_attachment(request: HttpRequest, public_id: str, attachment_id: int) -> HttpResponse:
    """A file that went out with a mail."""
    attached = get_object_or_404(
        OutboxAttachment.objects.select_related("file"),
        pk=attachment_id,
        message__public_id=public_id,
    )
    return files.respond(attached.file, filename=attached.name, inline=True, request=request)
