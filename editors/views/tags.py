"""Put a word on a manuscript, take it off."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from editors import actions
from editors.views.found import at_desk, attempt, find_manuscript

ANCHOR = "#tags"


@at_desk
@require_POST
def add_tag(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more word."""
    viewer, found = find_manuscript(request, public_id)
    act = partial(
        actions.add_tag,
        actor=viewer.user,
        manuscript=found,
        name=request.POST.get("name", ""),
    )
    attempt(request, act, "")
    return redirect(reverse("desk:manuscript", args=[public_id]) + ANCHOR)


@at_desk
@require_POST
def remove_tag(request: HttpRequest, public_id: str) -> HttpResponse:
    """One word less."""
    viewer, found = find_manuscript(request, public_id)
    act = partial(
        actions.remove_tag,
        actor=viewer.user,
        manuscript=found,
        name=request.POST.get("name", ""),
    )
    attempt(request, act, "")
    return redirect(reverse("desk:manuscript", args=[public_id]) + ANCHOR)
