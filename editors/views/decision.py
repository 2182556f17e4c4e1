"""Decide: write, look at the exact letter, release, hold, recall, discard."""

from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.forms import DecisionForm, RecommendForm, ReleaseForm
from editors.letters import left_unfilled, names_found, recipients
from editors.mails import letter_file_name
from editors.models import Decision, Letter
from editors.permissions import Standing
from editors.points import fingerprint, numbered
from editors.queries import current_decision, current_letter, current_recommendation, deciders
from editors.queries.desk import Viewer, rows
from editors.queries.manuscript import agreement, review_texts, score_grid
from editors.queries.reviews import arranged_points, labelled_reviews
from editors.queries.wording import words_numbered
from editors.states import (
    ASKED_REVISION,
    DecisionKind,
    DecisionState,
    LetterState,
    offered_decisions,
)
from editors.views.found import (
    at_desk,
    attempt,
    find_decision,
    find_manuscript,
    find_version,
    standing_of,
)
from reviews.queries import round_of
from submissions.differences import compared
from submissions.models import Manuscript, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue import clock, files
from tmi_special_issue.refusal import Refusal

_OPEN = frozenset({Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.AWAITING_DECISION})


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the decision left, see the exact PDF right."""
    viewer, found, version, may = _found(request, public_id)
    if not (may.may_decide or may.may_handle):
        raise Http404
    decision = current_decision(version)
    if not may.may_decide:
        if decision is None:
            return redirect("desk:recommend", public_id)
        return _show(request, viewer, found, version, may, decision, None)
    form = _form(DecisionForm, request, version, decision)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.draft_decision, actor=viewer.user, manuscript=found, **form.cleaned_data
        )
        if attempt(request, act, "", form):
            messages.success(request, "The draft is saved; its letter is being made.")
            return redirect("desk:decide", public_id)
        decision = current_decision(version)
    return _show(request, viewer, found, version, may, decision, form)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: HttpRequest, public_id: str) -> HttpResponse:
    """The handling editor's advice, with the letter drafted for whoever decides."""
    viewer, found, version, may = _found(request, public_id)
    if may.may_decide:
        return redirect("desk:decide", public_id)
    if not may.may_recommend:
        raise Http404
    decision = current_decision(version)
    form = _form(RecommendForm, request, version, decision)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.recommend_decision, actor=viewer.user, manuscript=found, **form.cleaned_data
        )
        told = " and ".join(p.full_name for p in deciders(found)) or "Nobody"
        if attempt(request, act, f"Your recommendation is made; {told} was told.", form):
            return redirect("desk:recommend", public_id)
        decision = current_decision(version)
    return _show(request, viewer, found, version, may, decision, form)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, public_id: str) -> HttpResponse:
    """The points that the authors will answer: join, cut, say which must be answered."""
    viewer, found, version, may = _found(request, public_id)
    if not (may.may_decide or may.may_recommend):
        raise Http404
    decision = find_decision(version)
    trouble, status = "", 200
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            actions.arrange_points(
                actor=viewer.user,
                decision=decision,
                must_answer={int(n) for n in request.POST.getlist("must") if n.isdecimal()},
                act=act,
                seen=request.POST.get("seen", ""),
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise Http404 from refusal
            trouble, status = refusal.sentence, refusal.status
            decision = find_decision(version)
        else:
            here = reverse("desk:points", args=[public_id])
            return redirect(f"{here}{_point_after(act)}")
    listed = arranged_points(decision)
    groups = [
        {"label": f"Reviewer {number}", "items": list(items)}
        for number, items in groupby(numbered(listed), key=lambda item: item.point.reviewer)
    ]
    context = {
        "issue": found.issue,
        "viewer": viewer,
        "manuscript": found,
        "version": version,
        "groups": groups,
        "seen": fingerprint(listed),
        "trouble": trouble,
        "is_open": decision.state == DecisionState.DRAFTED,
        "asks_revision": decision.kind in ASKED_REVISION,
    }
    return render(request, "editors/points.html", context, status=status)


def _point_after(act: str) -> str:
    """Where the page goes on: the point that was joined or cut."""
    verb, _, rest = act.partition("-")
    index = rest.partition("-")[0]
    if not index.isdecimal():
        return ""
    return f"#point-{max(0, int(index) - 1) if verb == 'merge' else int(index)}"


@at_desk
@require_safe
def letter_state(request: HttpRequest, public_id: str) -> HttpResponse:
    """The part of the page that shows the letter, asked for again until the PDF is there."""
    _, found, version, may = _found(request, public_id)
    if not (may.may_decide or may.may_handle):
        raise Http404
    decision = find_decision(version)
    context = _letter_context(found, decision, current_letter(decision), may)
    return render(request, "editors/letter_preview.html", context)


@at_desk
@require_safe
def letter(request: HttpRequest, public_id: str, letter_id: str) -> HttpResponse:
    """The bytes of a letter: those that were previewed are those that go out."""
    _, found = find_manuscript(request, public_id)
    row = (
        Letter.objects.filter(public_id=letter_id, decision__version__manuscript=found)
        .exclude(file__isnull=True)
        .select_related("file", "decision__version__manuscript")
        .first()
    )
    if row is None or row.file is None:
        raise Http404
    return files.respond(
        row.file,
        filename=letter_file_name(row),
        inline=request.GET.get("look") == "1",
        request=request,
    )


@at_desk
@require_POST
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the decision out, now or at a minute."""
    viewer, found, version, _ = _found(request, public_id)
    decision = find_decision(version)
    form = ReleaseForm(request.POST, issue=found.issue)
    if not form.is_valid():
        for field in form.errors.values():
            messages.error(request, " ".join(str(error) for error in field))
        return redirect("desk:decide", public_id)
    chosen = Letter.objects.filter(public_id=form.cleaned_data["letter"], decision=decision).first()
    if chosen is None:
        raise Http404
    release_at = form.cleaned_data["release_at"]
    act = partial(
        actions.release_decision,
        actor=viewer.user,
        decision=decision,
        letter=chosen,
        release_at=release_at,
    )
    held = release_at is not None and release_at > clock.now()
    done = (
        f"The decision on {version.label} is approved and held until its minute."
        if held
        else f"The decision on {version.label} is out; the letter is on its way."
    )
    if attempt(request, act, done) and not held:
        return redirect("desk:manuscript", public_id)
    return redirect("desk:decide", public_id)


@at_desk
@require_POST
def recall(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a held decision back."""
    viewer, _, version, _ = _found(request, public_id)
    act = partial(actions.recall_decision, actor=viewer.user, decision=find_decision(version))
    attempt(request, act, "The decision is recalled; it is a draft again.")
    return redirect("desk:decide", public_id)


@at_desk
@require_POST
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw the draft away; back to review."""
    viewer, found, version, _ = _found(request, public_id)
    act = partial(
        actions.discard_decision,
        actor=viewer.user,
        decision=find_decision(version),
        reason=request.POST.get("reason", "")[:500],
    )
    attempt(request, act, f"The draft is discarded; {found} is back in review.")
    return redirect("desk:manuscript", public_id)


def _found(request: HttpRequest, public_id: str) -> tuple[Viewer, Manuscript, Version, Standing]:
    viewer, found = find_manuscript(request, public_id)
    version, _ = find_version(found)
    return viewer, found, version, standing_of(viewer, found)


def _form(
    form_class: type[DecisionForm],
    request: HttpRequest,
    version: Version,
    decision: Decision | None,
) -> DecisionForm:
    counts = round_of(version)
    offered = offered_decisions(version.revision_number, counts.returned)
    needs_early = (
        counts.returned < version.manuscript.issue.reviewers_needed
        and version.revision_kind != RevisionKind.MINOR
    )
    initial: dict[str, Any] = {}
    if decision is not None:
        initial = {
            "kind": decision.kind,
            "reasons": decision.reasons,
            "early_reason": decision.early_reason,
            "edit_count": decision.edit_count,
            "wording": decision.wording,
        }
        advice = current_recommendation(version)
        initial["note"] = advice.note if advice else ""
    return form_class(
        request.POST or None,
        initial=initial,
        offered=offered,
        needs_early=needs_early,
        is_drafted=decision is not None,
    )


def _show(
    request: HttpRequest,
    viewer: Viewer,
    found: Manuscript,
    version: Version,
    may: Standing,
    decision: Decision | None,
    form: DecisionForm | None,
) -> HttpResponse:
    returned = labelled_reviews(version)
    heads, grid = score_grid(returned)
    counts = round_of(version)
    issue = found.issue
    is_minor = version.revision_kind == RevisionKind.MINOR
    context: dict[str, Any] = {
        "issue": found.issue,
        "viewer": viewer,
        "manuscript": found,
        "version": version,
        "row": rows([found], viewer, clock.now())[0],
        "may": may,
        "form": form,
        "is_open": Stage(found.stage) in _OPEN,
        "is_recommending": may.may_recommend,
        "recommendation": current_recommendation(version),
        "reviews": review_texts(returned),
        "heads": heads,
        "grid": grid,
        "agreement": agreement(returned),
        "counts": counts,
        "is_minor": is_minor,
        "is_short": not is_minor and counts.returned < issue.reviewers_needed,
        "is_under_floor": not is_minor and counts.returned < issue.reviewers_floor,
        "still_working": counts.agreed - counts.returned + counts.invited,
        "decide_title": "Recommendation" if may.may_recommend else "Decision",
        "form_title": "What you recommend" if may.may_recommend else "What you decide",
        "form_act": _form_act(may, decision),
        "given_away": [
            {"label": entry.label, "words": words}
            for entry in returned
            if (words := names_found(entry))
        ],
    }
    if decision is not None and decision.kind in ASKED_REVISION:
        listed = arranged_points(decision)
        context["point_count"] = len(listed)
        context["must_count"] = sum(point.must_answer for point in listed)
        context["may_arrange"] = may.may_decide or may.may_recommend
    if decision is not None:
        context.update(_letter_context(found, decision, current_letter(decision), may))
        former = words_numbered(issue, DecisionKind(decision.kind), decision.template_number)
        if former is not None and former.text != decision.wording:
            context["template_note"] = f"version {former.number}"
            context["changed_words"] = compared(former.text, decision.wording)
        context["unfilled"] = left_unfilled(decision)
    status = 422 if form is not None and form.errors else 200
    return render(request, "editors/decide.html", context, status=status)


def _form_act(may: Standing, decision: Decision | None) -> str:
    if may.may_recommend:
        return "Recommend and draft the letter" if decision is None else "Recommend anew"
    return "Draft the letter" if decision is None else "Save and make a new letter"


def _letter_context(
    found: Manuscript, decision: Decision, shown: Letter | None, may: Standing
) -> dict[str, Any]:
    corresponding, others = recipients(decision.version)
    return {
        "manuscript": found,
        "decision": decision,
        "letter": shown,
        "is_waiting": shown is not None and shown.state == LetterState.WAITING,
        "is_ready": shown is not None and shown.state == LetterState.RENDERED,
        "is_failed": shown is not None and shown.state == LetterState.FAILED,
        "is_held": decision.state == DecisionState.APPROVED,
        "is_released": decision.state == DecisionState.RELEASED,
        "release_form": ReleaseForm(
            initial={"letter": shown.public_id if shown else ""}, issue=found.issue
        ),
        "may_release": may.may_decide,
        "letter_title": "The letter that went out"
        if decision.state == DecisionState.RELEASED
        else "The letter, as the author will get it",
        "discard_words": "Back to review…",
        "deciders": deciders(found),
        "corresponding": corresponding,
        "copied": others,
    }
