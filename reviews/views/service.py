"""What a reviewer carries away: the calendar of due dates, certificates of service."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from reviews import actions
from reviews.calendars import feed
from reviews.queries import (
    certificate_by_code,
    certificates_of,
    dated_assignments,
    feed_by_token,
)
from tmi_special_issue import files
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The own due dates for a calendar program, which has no session but the secret address."""
    found = feed_by_token(token)
    if found is None:
        raise Http404
    content = feed(dated_assignments(found.user), made_at=found.made_at)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@login_required
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Switch the calendar on, or give it another address."""
    actions.renew_feed(actor=_person(request))
    messages.success(request, "The calendar has a new address. A former one no longer works.")
    return redirect("reviews:assignments")


@login_required
@require_POST
def close_calendar(request: HttpRequest) -> HttpResponse:
    """Switch the calendar off."""
    actions.close_feed(actor=_person(request))
    messages.success(request, "The calendar is off; its address no longer works.")
    return redirect("reviews:assignments")


@login_required
@require_POST
def ask_certificate(request: HttpRequest) -> HttpResponse:
    """Ask for the certificate of a year."""
    issue = SpecialIssue.objects.filter(key=request.POST.get("issue", "")).first()
    year = request.POST.get("year", "")
    if issue is None or not (year.isdecimal() and len(year) == 4):
        messages.error(request, "Choose a year in which you delivered a review.")
        return redirect("reviews:assignments")
    try:
        actions.ask_certificate(actor=_person(request), issue=issue, year=int(year))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The certificate is being made; load the page in a moment.")
    return redirect("reviews:assignments")


@login_required
@require_safe
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The PDF of an own certificate."""
    found = certificates_of(_person(request)).filter(public_id=public_id).first()
    if found is None or found.file is None:
        raise Http404
    name = f"review-service-{found.year}.pdf"
    return files.respond(found.file, filename=name, request=request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_certificate(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is real: says what stands on it and nothing more.

    A code that was never given and one that is no code at all get the same answer.
    """
    if request.method != "POST":
        return render(request, "reviews/check_certificate.html")
    if not ratelimit.consume(request, action="check_certificate"):
        raise Refusal(
            "too_many_checks", "Too many codes were asked for. Wait some minutes.", status=429
        )
    found = certificate_by_code(request.POST.get("code", ""))
    return render(
        request,
        "reviews/check_certificate.html",
        {"found": found, "is_asked": True},
        status=200 if found else 404,
    )


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
