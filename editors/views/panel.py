"""The panel: ranked candidates and the bench, the letters, one POST that invites all."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.actions.assignments import EXTRA_MAX, BenchWish, Pick
from editors.mails import invitation_preview
from editors.panel import weigh
from editors.queries import visible_to
from editors.queries.desk import dots
from editors.queries.manuscript import reviewer_lines
from editors.views.candidates import Choice, Panel, choice_of, panel_of
from editors.views.found import at_desk, attempt, find_manuscript, find_version, standing_of
from reviews.actions import Standby
from reviews.models import Alternate, Bench
from reviews.queries import Candidate, labels_of, proposals_for
from reviews.queries.benches import bench_of, waiting_alternates
from reviews.queries.history import histories
from tmi_special_issue import clock

BENCH_LENGTH = 12
LEFT_OUT_LENGTH = 8
STANDBYS = 4  # proposed for a bench that the editor has not approved yet


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET shows the candidates, POST invites those who were confirmed and keeps the bench."""
    made = panel_of(request, public_id)
    if request.method == "POST":
        return _invite(request, made)
    slate = made.slate(priced=BENCH_LENGTH)
    ticked = slate.chosen
    if made.sought:
        ticked = frozenset(
            c.user.pk for c in made.everybody if c.user.public_id in made.sought.picked
        )
    four = [c for c in made.open_ones if c.user.pk in ticked]
    found = made.found(but=ticked)
    others = [c for c in made.open_ones if c.user.pk not in ticked and c not in found]
    bench = bench_of(made.version)
    standing_by = _standing_by(made, bench, others)
    shown = others[:BENCH_LENGTH] + [c for c in others[BENCH_LENGTH:] if c.user.pk in standing_by]
    now = clock.now()
    labels = labels_of(made.manuscript)
    lines = reviewer_lines(made.version, now, numbers=labels, named=made.named)
    return render(
        request,
        "editors/panel.html",
        {
            "issue": made.manuscript.issue,
            "viewer": made.viewer,
            "manuscript": made.manuscript,
            "version": made.version,
            "reviewers": lines,
            "dots": dots([line.assignment for line in lines], now),
            "four": four,
            "matched": made.matched,
            "bench": shown,
            "standing_by": standing_by,
            "costs": slate.costs,
            "sought": made.sought,
            "found": [c for c in found if c in made.open_ones],
            "found_shut": [c for c in found if c not in made.open_ones],
            "weighing": weigh(
                four, [c for c in made.open_ones if c.user.pk in slate.chosen], taken=made.asked
            ),
            "histories": histories(
                [c.user for c in [*four, *found, *shown]],
                visible_to(
                    made.viewer.user, made.manuscript.issue, made.viewer.roles, made.viewer.hidden
                ),
            ),
            "left_out": [c for c in made.everybody if c.is_blocked][:LEFT_OUT_LENGTH],
            "waivable": {c.user.pk for c in made.waivable},
            "named": made.named,
            "proposals": proposals_for(
                made.version, editor_key=made.editor.public_id, rows=made.proposed
            ),
            "places": made.places,
            "extra": EXTRA_MAX,
            "earlier": labels,
            "panel_title": _title(made.places, made.manuscript.issue.reviewers_needed),
            "four_title": f"The {_WORDS.get(len(four), len(four))}"
            if len(four) > 1
            else "The best",
            "four_note": _note(four),
            "bench_note": _bench_note(len(others), bool(slate.costs)),
        },
    )


@at_desk
@require_safe
def panel_weigh(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the present ticks are worth beside the proposal: a line of the page."""
    made = panel_of(request, public_id)
    weighing = weigh(choice_of(made, request.GET).picks, _slated(made), taken=made.asked)
    return render(request, "editors/panel_weighing.html", {"weighing": weighing})


@at_desk
@require_safe
def panel_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letters that will go and the bench, before anything goes.

    Asked for from within the panel's page, only the form is answered, to be shown in that page.
    """
    made = panel_of(request, public_id)
    choice = choice_of(made, request.GET)
    previews = [
        {
            "candidate": candidate,
            "message": invitation_preview(
                version=made.version, reviewer=candidate.user, editor=made.editor
            ),
        }
        for candidate in choice.picks
    ]
    count = len(choice.picks)
    bench = bench_of(made.version)
    is_part = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "editors/panel_letters.html" if is_part else "editors/panel_confirm.html",
        {
            "issue": made.manuscript.issue,
            "viewer": made.viewer,
            "manuscript": made.manuscript,
            "version": made.version,
            "previews": previews,
            "standbys": choice.standbys,
            "invites_at_once": bool(bench and bench.invites_at_once),
            "places": made.places,
            "beyond": count > made.places,
            "too_many": count > made.places + EXTRA_MAX,
            "is_part": is_part,
            "confirm_title": f"Letters to {_reviewers(count)}" if count else "The bench",
            "confirm_act": f"Invite {_all(count)}" if count else "Keep this bench",
        },
    )


@at_desk
@require_POST
def invite_alternate(request: HttpRequest, public_id: str, alternate_id: str) -> HttpResponse:
    """Ask the next of the bench."""
    viewer, found = find_manuscript(request, public_id)
    version, _ = find_version(found)
    row = Alternate.objects.filter(public_id=alternate_id, bench__version=version).first()
    if row is None or not standing_of(viewer, found).may_handle:
        raise Http404
    act = partial(actions.invite_alternate, actor=viewer.user, manuscript=found, alternate=row)
    attempt(request, act, f"{row.reviewer.full_name} is invited.")
    return redirect("desk:manuscript", public_id)


def _slated(made: Panel) -> list[Candidate]:
    """The people of the proposed slate."""
    chosen = made.slate().chosen
    return [c for c in made.open_ones if c.user.pk in chosen]


def _invite(request: HttpRequest, made: Panel) -> HttpResponse:
    choice = choice_of(made, request.POST, among=made.everybody)
    picks = [
        Pick(
            reviewer=candidate.user,
            reasons=candidate.reasons,
            override_reason=request.POST.get(f"reason-{candidate.user.public_id}", "").strip(),
        )
        for candidate in choice.picks
    ]
    bench = None
    if request.POST.get("bench") == "1":
        bench = BenchWish(
            standbys=tuple(Standby(c.user, c.reasons) for c in choice.standbys),
            invites_at_once=request.POST.get("when_free") == "invite",
        )
    act = partial(
        actions.invite_panel,
        actor=made.viewer.user,
        manuscript=made.manuscript,
        picks=picks,
        beyond_need=request.POST.get("beyond") == "1",
        bench=bench,
    )
    if attempt(request, act, _told(choice)):
        return redirect("desk:manuscript", made.manuscript.public_id)
    return redirect("desk:panel", made.manuscript.public_id)


def _standing_by(made: Panel, bench: Bench | None, others: list[Candidate]) -> set[int]:
    """The keys of those who stand by now; before the first approval those proposed for it."""
    if made.sought is not None:
        return {c.user.pk for c in made.everybody if c.user.public_id in made.sought.standby}
    if bench is not None:
        return {row.reviewer_id for row in waiting_alternates(made.version)}
    return {c.user.pk for c in [c for c in others if not c.needs_reason and not c.state][:STANDBYS]}


_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def _title(places: int, need: int) -> str:
    if places == need:
        return f"{str(_WORDS.get(need, need)).capitalize()} reviewers"
    if not places:
        return "The panel is full"
    noun = "reviewer" if places == 1 else "reviewers"
    return f"{str(_WORDS.get(places, places)).capitalize()} more {noun}"


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


def _told(choice: Choice) -> str:
    names = ", ".join(c.user.full_name for c in choice.picks)
    told = f"Invited: {names}. Their letters are on the way." if names else "The bench is kept."
    count = len(choice.standbys)
    return f"{told} {count} stand{'s' if count == 1 else ''} by." if count else told
