"""The author's side of a pre-submission enquiry: ask a guest editor, read the answer, go on."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from editors import actions
from editors.forms import AskForm, MessageForm
from editors.queries.enquiries import askable_editors, institutions_of, is_open, thread_of
from editors.views.found import attempt, person_of
from submissions.queries import enquiries_of
from tmi_special_issue import clock
from tmi_special_issue.deadlines import is_open as is_before
from tmi_special_issue.models import MilestoneKind, SpecialIssue
from tmi_special_issue.queries import current_issue, window

PER_PAGE = 25


@login_required
@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    """What this person asked, the latest first."""
    issue = _issue()
    page = Paginator(enquiries_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "editors/my_enquiries.html",
        {"issue": issue, "page": page, "may_ask": _is_before_closing(issue)},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Choose a guest editor, say what the work is, ask."""
    issue, person = _issue(), person_of(request)
    people = askable_editors(person, issue)
    form = AskForm(request.POST or None, people=people, institutions=institutions_of(people))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            chosen = next(p for p in people if p.public_id == values.pop("editor"))
            act = partial(actions.ask_editor, actor=person, issue=issue, editor=chosen, **values)
            if attempt(request, act, f"Your question is with {chosen.full_name}.", form):
                return redirect("enquiries:enquiries")
    return render(
        request,
        "editors/ask.html",
        {"issue": issue, "form": form, "people": people, "may_ask": _is_before_closing(issue)},
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One enquiry: what was written, and a further message."""
    found = get_object_or_404(
        enquiries_of(request.user).select_related("manuscript"), public_id=public_id
    )
    form = MessageForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = partial(
                actions.write_to_editor,
                actor=person_of(request),
                enquiry=found,
                text=form.cleaned_data["text"],
            )
            if attempt(request, act, "Your message is on its way.", form):
                return redirect("enquiries:enquiry", public_id)
    return render(
        request,
        "editors/my_enquiry.html",
        {
            "issue": found.issue,
            "enquiry": found,
            "thread": thread_of(found),
            "is_open": is_open(found),
            "may_submit": found.manuscript is None and _is_before_closing(found.issue),
            "form": form,
        },
        status=status,
    )


def _issue() -> SpecialIssue:
    issue = current_issue()
    if issue is None:
        raise Http404
    return issue


def _is_before_closing(issue: SpecialIssue) -> bool:
    return is_before(window(issue, MilestoneKind.SUBMISSION), clock.now())
