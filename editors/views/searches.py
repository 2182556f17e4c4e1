"""Searches kept by name, and the columns that a person chooses."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from editors import actions
from editors.models import SavedSearch
from editors.queries.searches import saved_searches
from editors.search import SearchFault
from editors.views.found import at_desk, desk_viewer
from tmi_special_issue.refusal import Refusal


@at_desk
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the search of the desk under a name, and stay where one is."""
    viewer = desk_viewer(request)
    given = {key: request.POST.get(key, "").replace("\x00", "") for key in ("q", "show", "sort")}
    try:
        search = actions.save_search(
            actor=viewer.user,
            issue=viewer.issue,
            name=request.POST.get("name", "").replace("\x00", ""),
            text=given["q"],
            show=given["show"],
            sort=given["sort"],
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(address_of(given["q"], given["show"], given["sort"]))
    messages.success(request, f"“{search.name}” is kept beside your searches.")
    return redirect(address_of(search.text, search.show, search.sort))


@at_desk
@require_POST
def forget_search(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget one of one's own searches."""
    viewer = desk_viewer(request)
    search: SavedSearch | None = saved_searches(viewer).filter(public_id=public_id).first()
    if search is None:
        raise Http404
    actions.forget_search(actor=viewer.user, search=search)
    messages.success(request, f"“{search.name}” is forgotten.")
    return redirect("desk:desk")


@at_desk
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Choose the columns of the desk, and stay on the same list."""
    viewer = desk_viewer(request)
    actions.choose_columns(
        actor=viewer.user, issue=viewer.issue, columns=request.POST.getlist("columns")
    )
    given = [request.POST.get(key, "").replace("\x00", "") for key in ("q", "show", "sort")]
    return redirect(address_of(*given))


def address_of(text: str, show: str = "", sort: str = "") -> str:
    """Where the desk shows this search."""
    given = {"q": text, "show": show, "sort": sort}
    query = {key: value for key, value in given.items() if value}
    return f"{reverse('desk:desk')}?{urlencode(query)}" if query else reverse("desk:desk")


def pointed(text: str, fault: SearchFault) -> dict[str, str]:
    """The text in three parts, the middle one being what is wrong, not longer than a line."""
    start = max(fault.at - 60, 0)
    return {
        "sentence": fault.sentence,
        "before": ("…" if start else "") + text[start : fault.at],
        "word": text[fault.at : min(fault.end, fault.at + 60)],
        "after": text[fault.end : fault.end + 60],
    }
