"""The mails about a manuscript, and about all of them."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from editors import actions
from editors.queries.mails import (
    PAGE_SIZE,
    STATE_WORDS,
    mail_lines,
    mails_about,
    mails_in_sight,
)
from editors.views.found import at_desk, attempt, desk_viewer, find_manuscript, standing_of
from submissions.models import Manuscript


@at_desk
@require_safe
def all_mails(request: HttpRequest) -> HttpResponse:
    """The mails of the whole issue, by state; for the office, the lead and the chief."""
    viewer = desk_viewer(request)
    if not (viewer.is_office or viewer.is_chief):
        raise Http404
    mails = mails_in_sight(viewer)
    state = request.GET.get("state", "")
    if state not in STATE_WORDS:
        state = ""
    page = Paginator(mails.filter(state=state) if state else mails, PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    chips = [{"url": "?", "label": "All", "current": not state}] + [
        {"url": f"?state={code}", "label": words.capitalize(), "current": code == state}
        for code, words in STATE_WORDS.items()
    ]
    return render(
        request,
        "editors/mails.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "lines": mail_lines(viewer, page),
            "page": page,
            "chips": chips,
        },
    )


@at_desk
@require_safe
def mails(request: HttpRequest, public_id: str) -> HttpResponse:
    """The mails about one manuscript."""
    viewer, found = find_manuscript(request, public_id)
    page = Paginator(mails_about(Manuscript.objects.filter(pk=found.pk)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "editors/mails.html",
        {
            "issue": found.issue,
            "viewer": viewer,
            "manuscript": found,
            "lines": mail_lines(viewer, page),
            "page": page,
            "may_resend": standing_of(viewer, found).may_resend,
        },
    )


@at_desk
@require_POST
def send_mail_again(request: HttpRequest, public_id: str, mail_id: str) -> HttpResponse:
    """A mail that was given up goes out again, to the same address."""
    viewer, found = find_manuscript(request, public_id)
    mail = mails_about(Manuscript.objects.filter(pk=found.pk)).filter(public_id=mail_id).first()
    if mail is None:
        raise Http404
    act = partial(actions.send_mail_again, actor=viewer.user, manuscript=found, mail=mail)
    attempt(request, act, f"The mail to {mail.to} goes out again.")
    return redirect("desk:mails", public_id)
