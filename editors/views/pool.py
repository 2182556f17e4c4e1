"""The reviewers of the issue: the list, one person, limits, grades."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.countries import NAMES
from accounts.models import User
from accounts.queries import affiliations_of
from editors import actions
from editors.forms import GradeForm, LimitsForm
from editors.permissions import may_handle, may_keep_pool, may_merge_people
from editors.queries.desk import PAGE_SIZE, Viewer
from editors.queries.pool import (
    countries_of,
    past_reviews,
    pool_chips,
    pool_rows,
    search_pool,
)
from editors.queries.typed import SEARCH_LENGTH_MAX
from editors.views.found import (
    at_desk,
    attempt,
    desk_viewer,
    find_assignment,
    find_manuscript,
)
from reviews.models import PeopleMerge, Publication, ReviewGrade
from reviews.queries import reviewer_pool
from tmi_special_issue.models import Topic

PUBLICATIONS_SHOWN = 20


@at_desk
@require_safe
def reviewers(request: HttpRequest) -> HttpResponse:
    """The pool, searched and paged in the database."""
    viewer = desk_viewer(request)
    asked = wanted_people(request.GET)
    page = Paginator(search_pool(viewer.issue, **asked), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "editors/reviewers.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "rows": pool_rows(list(page.object_list), viewer),
            "asked": asked,
            "chips": [
                {
                    "label": chip.label,
                    "count": chip.count,
                    "url": f"?{urlencode({'show': chip.code})}" if chip.code else "?",
                    "current": asked["show"] == chip.code,
                }
                for chip in pool_chips(viewer.issue)
            ],
            "topics": Topic.objects.filter(issue=viewer.issue),
            "countries": [(code, NAMES.get(code, code)) for code in countries_of(viewer.issue)],
            "is_narrowed": any(asked.values()),
            "may_merge": may_merge_people(viewer.user, viewer.issue),
            "may_keep": may_keep_pool(viewer.user, viewer.issue),
        },
    )


def wanted_people(data: QueryDict) -> dict[str, str]:
    """The words and filters of the list, as `search_pool` takes them."""
    return {
        "text": data.get("who", "")[:SEARCH_LENGTH_MAX].replace("\x00", "").strip(),
        "show": data.get("show", "")[:10],
        "topic": data.get("topic", "")[:60].replace("\x00", ""),
        "country": data.get("country", "")[:2].replace("\x00", ""),
    }


@at_desk
@require_safe
def reviewer(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: places, publications, what they were asked and how it went, limits."""
    viewer = desk_viewer(request)
    person = find_reviewer(viewer, public_id)
    papers = Paginator(
        Publication.objects.filter(profile__user=person).order_by("-year", "title", "pk"),
        PUBLICATIONS_SHOWN,
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "editors/reviewer.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "person": person,
            "row": pool_rows([person], viewer)[0],
            "affiliations": affiliations_of(person),
            "country": NAMES.get(person.country, person.country),
            "page": papers,
            "past": past_reviews(person, viewer),
            "merges": PeopleMerge.objects.filter(kept=person, undone_at=None).select_related("gone")
            if may_merge_people(viewer.user, viewer.issue)
            else [],
            "may_keep": may_keep_pool(viewer.user, viewer.issue),
        },
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest, public_id: str) -> HttpResponse:
    """Seniority, limits and pause as the office knows them."""
    viewer = desk_viewer(request)
    if not may_keep_pool(viewer.user, viewer.issue):
        raise Http404
    person = find_reviewer(viewer, public_id)
    profile = getattr(person, "reviewer_profile", None)
    names = ("is_senior", "load_limit", "interval_days", "paused_from", "paused_until")
    form = LimitsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(profile, name) for name in names} if profile else {},
    )
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.keep_limits,
            actor=viewer.user,
            issue=viewer.issue,
            person=person,
            **form.cleaned_data,
        )
        if attempt(request, act, "Saved. Invitations will keep to it.", form):
            return redirect("desk:reviewer", public_id)
    return render(
        request,
        "editors/reviewer_limits.html",
        {"issue": viewer.issue, "viewer": viewer, "person": person, "form": form},
        status=422 if form.errors else 200,
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def grade(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """What the editor thinks of a review; for editors alone."""
    viewer, found = find_manuscript(request, public_id)
    if not may_handle(viewer.user, found):
        raise Http404
    assignment = find_assignment(found, assignment_id)
    known = ReviewGrade.objects.filter(review__assignment=assignment).first()
    names = ("quality", "timeliness", "note")
    form = GradeForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(known, name) for name in names} if known else {},
    )
    name = assignment.reviewer.full_name
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.grade_review, actor=viewer.user, assignment=assignment, **form.cleaned_data
        )
        if attempt(request, act, f"The grade of the review of {name} is kept.", form):
            return redirect(reverse("desk:manuscript", args=[public_id]))
    return render(
        request,
        "editors/reviewer_act.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "manuscript": found,
            "assignment": assignment,
            "form": form,
            "title": f"Grade the review of {name}",
            "text": "Only editors and the office see it, on the person's page. "
            "Neither the reviewer nor the authors learn of it.",
            "submit": "Keep the grade",
        },
        status=422 if form.errors else 200,
    )


def find_reviewer(viewer: Viewer, public_id: str) -> User:
    """Somebody of the pool, with the profile; nobody else has a page here."""
    person = reviewer_pool(viewer.issue).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person
