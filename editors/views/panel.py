"""The panel: ranked candidates, one page that shows the letters, one POST that invites all."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from editors import actions
from editors.actions.assignments import EXTRA_MAX, Pick
from editors.mails import invitation_preview
from editors.panel import propose_slate
from editors.queries import handling_editor, hidden_manuscripts, visible_to
from editors.queries.desk import Viewer, rows
from editors.queries.manuscript import reviewer_lines
from editors.queries.panel import earlier_reviewers
from editors.views.found import at_desk, attempt, find_manuscript, find_version, standing_of
from reviews.permissions import may_waive
from reviews.queries import Candidate, candidates, labels_of
from reviews.queries.history import histories
from submissions.models import Manuscript, NamedReviewer, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue import clock

BENCH_LENGTH = 12
LEFT_OUT_LENGTH = 8


@dataclass(frozen=True)
class Panel:
    """What the page needs of one manuscript's candidates."""

    viewer: Viewer
    manuscript: Manuscript
    version: Version
    everybody: list[Candidate]
    places: int
    may_waive: bool = False

    @property
    def open_ones(self) -> list[Candidate]:
        return [c for c in self.everybody if not c.is_blocked and not c.is_asked]

    @property
    def waivable(self) -> list[Candidate]:
        """In conflict, and to be invited all the same by this viewer, with a reason."""
        return [c for c in self.everybody if self.may_waive and c.is_waivable and not c.is_asked]

    @property
    def invitable(self) -> list[Candidate]:
        return [*self.open_ones, *self.waivable]


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET shows the candidates, POST invites those who were confirmed."""
    made = _made(request, public_id)
    if request.method == "POST":
        return _invite(request, made)
    earlier = earlier_reviewers(made.version)
    slate = propose_slate(
        made.open_ones,
        places=made.places,
        first={key for key, wanted in earlier.items() if wanted} | _brought(request, made),
        taken=[c for c in made.everybody if c.is_asked],
        priced=BENCH_LENGTH,
    )
    four = [c for c in made.open_ones if c.user.pk in slate.chosen]
    bench = [c for c in made.open_ones if c.user.pk not in slate.chosen]
    now = clock.now()
    return render(
        request,
        "editors/panel.html",
        {
            "issue": made.manuscript.issue,
            "viewer": made.viewer,
            "manuscript": made.manuscript,
            "version": made.version,
            "row": rows([made.manuscript], made.viewer, now)[0],
            "reviewers": reviewer_lines(made.version, now),
            "four": four,
            "bench": bench[:BENCH_LENGTH],
            "costs": slate.costs,
            "histories": histories(
                [c.user for c in [*four, *bench[:BENCH_LENGTH]]],
                visible_to(made.viewer.user, made.manuscript.issue, made.viewer.roles),
            ),
            "left_out": [c for c in made.everybody if c.is_blocked][:LEFT_OUT_LENGTH],
            "waivable": {c.user.pk for c in made.waivable},
            "named": NamedReviewer.objects.filter(version=made.version),
            "places": made.places,
            "extra": EXTRA_MAX,
            "earlier": labels_of(made.manuscript),
            "panel_title": _title(made.places, made.manuscript.issue.reviewers_needed),
            "four_title": f"The {_WORDS.get(len(four), len(four))}"
            if len(four) > 1
            else "The best",
            "four_note": _note(four),
            "bench_note": _bench_note(len(bench), bool(slate.costs)),
        },
    )


@at_desk
@require_safe
def panel_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letters that will go, before anything goes."""
    made = _made(request, public_id)
    picked = _picked(made, request.GET.getlist("pick"))
    previews = [
        {
            "candidate": candidate,
            "message": invitation_preview(
                version=made.version,
                reviewer=candidate.user,
                editor=handling_editor(made.manuscript) or made.viewer.user,
            ),
        }
        for candidate in picked
    ]
    return render(
        request,
        "editors/panel_confirm.html",
        {
            "issue": made.manuscript.issue,
            "viewer": made.viewer,
            "manuscript": made.manuscript,
            "version": made.version,
            "previews": previews,
            "places": made.places,
            "beyond": len(picked) > made.places,
            "too_many": len(picked) > made.places + EXTRA_MAX,
            "confirm_title": f"Letters to {_reviewers(len(picked))}",
            "confirm_act": f"Invite {_all(len(picked))}",
        },
    )


def _invite(request: HttpRequest, made: Panel) -> HttpResponse:
    keys = request.POST.getlist("pick")
    chosen = [c for c in made.everybody if c.user.public_id in set(keys)]
    picks = [
        Pick(
            reviewer=candidate.user,
            reasons=tuple(candidate.reasons),
            override_reason=request.POST.get(f"reason-{candidate.user.public_id}", "").strip(),
        )
        for candidate in chosen
    ]
    act = partial(
        actions.invite_panel,
        actor=made.viewer.user,
        manuscript=made.manuscript,
        picks=picks,
        beyond_need=request.POST.get("beyond") == "1",
    )
    if attempt(request, act, _told(chosen)):
        return redirect("desk:manuscript", made.manuscript.public_id)
    return redirect("desk:panel", made.manuscript.public_id)


_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def _title(places: int, need: int) -> str:
    if places == need:
        return f"{str(_WORDS.get(need, need)).capitalize()} reviewers"
    if not places:
        return "The panel is full"
    noun = "reviewer" if places == 1 else "reviewers"
    return f"{str(_WORDS.get(places, places)).capitalize()} more {noun}"


def _four_title(count: int) -> str:
    return f"The {_WORDS.get(count, count)}" if count > 1 else "The best"


def _note(four: list[Candidate]) -> str:
    institutions = len({c.affiliation for c in four if c.affiliation})
    countries = len({c.user.country for c in four if c.user.country})
    seniors = sum(c.is_senior for c in four)
    parts = [
        f"{countries} countries" if countries > 1 else "",
        f"{institutions} institutions" if institutions > 1 else "",
        f"{seniors} senior" if seniors else "",
    ]
    return " · ".join(part for part in parts if part)


def _bench_note(count: int, is_priced: bool) -> str:
    more = f"{count} more, best first" if count > BENCH_LENGTH else ""
    costs = "costs: what the fit of all loses if this one is in" if is_priced else ""
    return " · ".join(part for part in (more, costs) if part)


def _reviewers(count: int) -> str:
    return f"{_WORDS.get(count, count)} reviewer{'' if count == 1 else 's'}"


def _all(count: int) -> str:
    return "this reviewer" if count == 1 else f"all {_WORDS.get(count, count)}"


def _told(chosen: list[Candidate]) -> str:
    names = ", ".join(c.user.full_name for c in chosen)
    return f"Invited: {names}. Their letters are on the way." if names else ""


def _picked(made: Panel, keys: list[str]) -> list[Candidate]:
    return [c for c in made.invitable if c.user.public_id in set(keys)]


def _brought(request: HttpRequest, made: Panel) -> set[int]:
    """Whom the editor brings from the conflict clinic: ticked, as far as there are places."""
    wanted = set(request.GET.getlist("also"))
    return {c.user.pk for c in made.open_ones if c.user.public_id in wanted}


def _made(request: HttpRequest, public_id: str) -> Panel:
    viewer, found = find_manuscript(request, public_id)
    if not standing_of(viewer, found).may_handle:
        raise Http404
    version, _ = find_version(found)
    if found.stage != Stage.IN_REVIEW or version.revision_kind == RevisionKind.MINOR:
        return Panel(viewer, found, version, [], 0)
    editor = handling_editor(found) or viewer.user
    unseen = hidden_manuscripts(viewer.user, found.issue)
    brought = [*request.GET.getlist("also"), *request.GET.getlist("pick")]
    brought += request.POST.getlist("pick")
    everybody = candidates(version, editor_key=editor.public_id, unseen=unseen, also=brought)
    held = sum(c.is_asked for c in everybody)
    need = found.issue.reviewers_needed
    waives = may_waive(viewer.user, found.issue)
    return Panel(viewer, found, version, everybody, max(0, need - held), waives)
