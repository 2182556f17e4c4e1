"""People who may be in the pool twice: found, compared, joined, parted again."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from editors import actions
from editors.permissions import may_merge_people
from editors.queries.desk import PAGE_SIZE, Viewer
from editors.queries.pool import pool_rows
from editors.views.found import at_desk, attempt, desk_viewer
from editors.views.pool import find_reviewer
from reviews.actions.merges import refuse_merge
from reviews.models import PeopleMerge
from reviews.queries import reviewer_pool
from reviews.queries.duplicates import possible_duplicates
from tmi_special_issue.refusal import Refusal


@at_desk
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, with what they have in common."""
    viewer = _joiner(request)
    page = Paginator(possible_duplicates(viewer.issue), PAGE_SIZE).get_page(request.GET.get("page"))
    keys = {key for pair in page.object_list for key in (pair.first, pair.second)}
    rows = {
        row.user.pk: row
        for row in pool_rows(list(reviewer_pool(viewer.issue).filter(pk__in=keys)), viewer)
    }
    return render(
        request,
        "editors/duplicates.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "pairs": [
                {"first": rows[p.first], "second": rows[p.second], "evidence": p.evidence}
                for p in page.object_list
            ],
        },
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """What would move, and what stands against it; POST joins. `gone` is the other account."""
    viewer = _joiner(request)
    kept = find_reviewer(viewer, public_id)
    if not _other(request):
        return redirect("desk:duplicates")
    gone = find_reviewer(viewer, _other(request))
    if request.method == "POST":
        act = partial(
            actions.merge_people, actor=viewer.user, issue=viewer.issue, kept=kept, gone=gone
        )
        if attempt(request, act, f"{gone} is joined to {kept}. It can be undone here."):
            return redirect("desk:reviewer", kept.public_id)
        return redirect("desk:duplicates")
    first, second = (pool_rows([person], viewer)[0] for person in (kept, gone))
    return render(
        request,
        "editors/merge.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "kept": first,
            "gone": second,
            "against": _against(kept, gone),
        },
    )


@at_desk
@require_POST
def apart(request: HttpRequest, public_id: str) -> HttpResponse:
    """They are two people."""
    viewer = _joiner(request)
    one = find_reviewer(viewer, public_id)
    if not _other(request):
        return redirect("desk:duplicates")
    other = find_reviewer(viewer, _other(request))
    act = partial(actions.tell_apart, actor=viewer.user, issue=viewer.issue, one=one, other=other)
    attempt(request, act, f"Noted: {one} and {other} are two people.")
    return redirect("desk:duplicates")


@at_desk
@require_POST
def undo_merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Part two accounts again."""
    viewer = _joiner(request)
    found = PeopleMerge.objects.select_related("kept", "gone").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    act = partial(actions.undo_merge, actor=viewer.user, issue=viewer.issue, merge=found)
    attempt(request, act, f"{found.gone} is an account of its own again.")
    return redirect("desk:reviewers")


def _joiner(request: HttpRequest) -> Viewer:
    viewer = desk_viewer(request)
    if not may_merge_people(viewer.user, viewer.issue):
        raise Http404
    return viewer


def _other(request: HttpRequest) -> str:
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("gone", "").replace("\x00", "")


def _against(kept: User, gone: User) -> str:
    try:
        refuse_merge(kept, gone)
    except Refusal as refusal:
        return refusal.sentence
    return ""
