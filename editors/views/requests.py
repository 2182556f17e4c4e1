"""Answers to what authors ask: more time, to withdraw a manuscript, to have other authors."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from editors import actions
from editors.forms import DeclineForm
from editors.permissions import may_approve_authors, may_extend, may_see, may_settle_withdrawal
from editors.views.found import at_desk, attempt, find_manuscript
from submissions.queries import (
    latest_version,
    open_author_change,
    open_extension_request,
    open_withdrawal,
)
from submissions.queries.statements import change_parts


@at_desk
@require_POST
def grant_extension(request: HttpRequest, public_id: str) -> HttpResponse:
    """The manuscript gets exactly the time that its authors ask for."""
    viewer, found = find_manuscript(request, public_id)
    act = partial(actions.grant_extension, actor=viewer.user, manuscript=found)
    attempt(request, act, f"{found} has more time now. Its authors were told.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_extension(request: HttpRequest, public_id: str) -> HttpResponse:
    """The date stays; the authors read why."""
    viewer, found = find_manuscript(request, public_id)
    if not may_extend(viewer.user, found):
        raise Http404
    asked = open_extension_request(found)
    if asked is None:
        return redirect("desk:manuscript", public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.refuse_extension,
            actor=viewer.user,
            manuscript=found,
            note=form.cleaned_data["note"],
        )
        if attempt(request, act, f"{found} keeps its date. The authors were told why.", form):
            return redirect("desk:manuscript", public_id)
    return render(
        request,
        "editors/refuse_extension.html",
        {"manuscript": found, "version": latest_version(found), "asked": asked, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@at_desk
@require_POST
def confirm_withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """The manuscript is withdrawn."""
    viewer, found = find_manuscript(request, public_id)
    act = partial(actions.confirm_withdrawal, actor=viewer.user, manuscript=found)
    attempt(request, act, f"{found} is withdrawn. Its authors were told.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def decline_withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    """The manuscript goes on; the author reads why."""
    viewer, found = find_manuscript(request, public_id)
    if not may_settle_withdrawal(viewer.user, found):
        raise Http404
    wish = open_withdrawal(found)
    if wish is None:
        return redirect("desk:manuscript", public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.decline_withdrawal,
            actor=viewer.user,
            manuscript=found,
            note=form.cleaned_data["note"],
        )
        if attempt(request, act, f"{found} goes on. The author was told why.", form):
            return redirect("desk:manuscript", public_id)
    return render(
        request,
        "editors/decline_withdrawal.html",
        {"manuscript": found, "version": latest_version(found), "wish": wish, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@at_desk
@require_POST
def approve_author_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The manuscript gets the authors to whom all have agreed."""
    viewer, found = find_manuscript(request, public_id)
    act = partial(actions.approve_author_change, actor=viewer.user, manuscript=found)
    attempt(request, act, f"{found} has its new authors. Everybody concerned was told.")
    # One of the new authors may be somebody for whom the manuscript has just vanished.
    if not may_see(viewer.user, found):
        return redirect("desk:desk")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def decline_author_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The authors stay as they are; the author reads why."""
    viewer, found = find_manuscript(request, public_id)
    if not may_approve_authors(viewer.user, found):
        raise Http404
    change = open_author_change(found)
    if change is None:
        return redirect("desk:manuscript", public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.decline_author_change,
            actor=viewer.user,
            manuscript=found,
            note=form.cleaned_data["note"],
        )
        if attempt(request, act, f"{found} keeps its authors. They were told why.", form):
            return redirect("desk:manuscript", public_id)
    return render(
        request,
        "editors/decline_author_change.html",
        {
            "manuscript": found,
            "version": latest_version(found),
            "change": change,
            "parts": change_parts(change),
            "form": form,
        },
        status=422 if request.method == "POST" else 200,
    )
