"""Reviewers for all manuscripts at once: ask the optimiser, look, put it on the panels."""

from functools import partial

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.forms import MatchingForm
from editors.models import MatchingRun
from editors.permissions import may_match
from editors.queries.desk import Viewer
from editors.queries.matching import proposed_panels, versions_to_match
from editors.states import MatchingMode, MatchingState
from editors.views.found import at_desk, attempt, desk_viewer, person_of
from tmi_special_issue.refusal import Refusal

RUNS_SHOWN = 12


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def matching(request: HttpRequest) -> HttpResponse:
    """GET shows the question and one's former runs, POST asks."""
    viewer = _matcher(request)
    form = MatchingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.ask_matching(
                actor=viewer.user,
                issue=viewer.issue,
                mode=MatchingMode(form.cleaned_data["mode"]),
                chance_most=form.cleaned_data["chance_most"],
                seed=form.cleaned_data["seed"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field else None, refusal.sentence)
        else:
            return redirect("desk:matching_run", run.public_id)
    return render(
        request,
        "editors/matching.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "form": form,
            "count": versions_to_match(viewer.user, viewer.issue).count(),
            "runs": _runs(viewer).order_by("-asked_at")[:RUNS_SHOWN],
        },
        status=422 if form.errors else 200,
    )


@at_desk
@require_safe
def matching_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was proposed, with reasons; while a worker is at it, how far it is."""
    viewer = _matcher(request)
    run = _find(viewer, public_id)
    is_waiting = run.state == MatchingState.WAITING
    panels = [] if is_waiting else proposed_panels(run, viewer.user)
    loads = sorted(run.result.get("loads", {}).values())
    is_part = request.headers.get("HX-Request") == "true"
    if is_part and not is_waiting:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(
        request,
        "editors/matching_waiting.html" if is_part else "editors/matching_run.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "run": run,
            "mode_words": MatchingMode(run.mode).label,
            "is_waiting": is_waiting,
            "is_failed": run.state == MatchingState.FAILED,
            "is_draw": run.mode == MatchingMode.DRAW,
            "panels": panels,
            "short": [panel for panel in panels if panel.missing],
            "has_news": any(panel.has_news for panel in panels),
            "loads": [(n, loads.count(n)) for n in sorted(set(loads))],
        },
    )


@at_desk
@require_POST
def matching_apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tick the proposed people on the panels."""
    viewer = _matcher(request)
    run = _find(viewer, public_id)
    act = partial(actions.apply_matching, actor=viewer.user, run=run)
    attempt(request, act, "The proposed people are ticked on their panels. Nobody is invited yet.")
    return redirect("desk:matching_run", public_id)


def _matcher(request: HttpRequest) -> Viewer:
    viewer = desk_viewer(request)
    if not may_match(person_of(request), viewer.issue):
        raise Http404
    return viewer


def _runs(viewer: Viewer) -> QuerySet[MatchingRun]:
    return MatchingRun.objects.filter(issue=viewer.issue, asked_by=viewer.user)


def _find(viewer: Viewer, public_id: str) -> MatchingRun:
    run = _runs(viewer).filter(public_id=public_id).select_related("issue").first()
    if run is None:
        raise Http404
    return run
