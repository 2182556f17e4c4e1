"""The guest editor's side of a pre-submission enquiry: read the question, answer it."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from editors import actions
from editors.forms import AnswerForm
from editors.queries import visible_to
from editors.queries.enquiries import enquiries_to, thread_of
from editors.views.found import at_desk, attempt, desk_viewer

PER_PAGE = 25


@at_desk
@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    """What authors asked this guest editor: what waits for an answer first."""
    viewer = desk_viewer(request)
    if not viewer.is_editor:
        raise Http404
    asked = enquiries_to(viewer.user, viewer.issue).order_by(
        F("answered_at").asc(nulls_first=True), "-asked_at"
    )
    page = Paginator(asked, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "editors/enquiries.html",
        {"issue": viewer.issue, "viewer": viewer, "page": page},
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One enquiry with the answer to give."""
    viewer = desk_viewer(request)
    found = get_object_or_404(enquiries_to(viewer.user, viewer.issue), public_id=public_id)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = partial(
                actions.answer_enquiry, actor=viewer.user, enquiry=found, **form.cleaned_data
            )
            if attempt(request, act, "Your words are on their way to the author.", form):
                return redirect("desk:enquiry", public_id)
    seen = visible_to(viewer.user, viewer.issue, viewer.roles)
    manuscript = seen.filter(pk=found.manuscript_id).first() if found.manuscript_id else None
    return render(
        request,
        "editors/enquiry.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "enquiry": found,
            "thread": thread_of(found),
            "manuscript": manuscript,
            "form": form,
        },
        status=status,
    )
