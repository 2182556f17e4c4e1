"""Prepared and held letters: several held, released or recalled together."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from editors import actions
from editors.forms import HoldForm
from editors.letters import left_unfilled
from editors.models import Decision, Letter
from editors.permissions import Standing, may_read_letter_words
from editors.queries.desk import Viewer
from editors.queries.letters import prepared_letters
from editors.queries.visibility import visible_to
from editors.states import DecisionState, LetterState
from editors.views.found import at_desk, attempt, desk_viewer
from tmi_special_issue.models import DecisionAuthority


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that is not out, with what stands against its release and who may release it."""

    letter: Letter
    may_release: bool
    unfilled: tuple[str, ...]

    @property
    def decision(self) -> Decision:
        return self.letter.decision

    @property
    def is_held(self) -> bool:
        return self.decision.state == DecisionState.APPROVED

    @property
    def is_ready(self) -> bool:
        return self.letter.state == LetterState.RENDERED and not self.unfilled

    @property
    def is_failed(self) -> bool:
        return self.letter.state == LetterState.FAILED


@at_desk
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """All letters that are not out yet, and what can be done with several."""
    viewer = desk_viewer(request)
    lines = letter_lines(viewer)
    return _page(request, viewer, "letters", lines=lines, form=HoldForm(issue=viewer.issue))


@at_desk
@require_safe
def letters_progress(request: HttpRequest) -> HttpResponse:
    """How many letters are made, asked for again until all are."""
    viewer = desk_viewer(request)
    return _page(request, viewer, "letters_progress", lines=letter_lines(viewer))


@at_desk
@require_POST
def hold_letters(request: HttpRequest) -> HttpResponse:
    """Hold the chosen letters to one minute."""
    viewer, chosen = _chosen(request)
    form = HoldForm(request.POST, issue=viewer.issue)
    if not form.is_valid():
        messages.error(request, "Choose the minute until which the letters are held.")
        return redirect("desk:letters")
    minute = form.cleaned_data["release_at"]
    attempt(
        request,
        lambda: actions.hold_letters(actor=viewer.user, letters=chosen, release_at=minute),
        f"Held: {len(chosen)}. They go out at their minute, exactly as they are.",
    )
    return redirect("desk:letters")


@at_desk
@require_POST
def release_letters(request: HttpRequest) -> HttpResponse:
    """Release the chosen letters now: first asked, then done."""
    viewer, chosen = _chosen(request)
    if chosen and "sure" not in request.POST:
        return _page(request, viewer, "release_letters", chosen=chosen)
    attempt(
        request,
        lambda: actions.release_letters(actor=viewer.user, letters=chosen),
        f"Released: {len(chosen)}. The letters are on their way.",
    )
    return redirect("desk:letters")


@at_desk
@require_POST
def recall_letters(request: HttpRequest) -> HttpResponse:
    """Take the chosen held letters back."""
    viewer, chosen = _chosen(request)
    attempt(
        request,
        lambda: actions.recall_letters(actor=viewer.user, letters=chosen),
        f"Recalled: {len(chosen)}. They are drafts again.",
    )
    return redirect("desk:letters")


def letter_lines(viewer: Viewer) -> list[LetterLine]:
    """Those held first by their minute, then by number. A letter is seen by whoever decides on the
    manuscript or handles it; nobody else learns that there is one."""
    found = []
    for letter, editor in prepared_letters(viewer):
        may = Standing(
            roles=viewer.roles,
            is_visible=True,
            is_handling=editor == viewer.user,
            editor=editor,
            authority=DecisionAuthority(viewer.issue.decision_authority),
        )
        if may.may_decide or may.may_handle:
            found.append(LetterLine(letter, may.may_decide, tuple(left_unfilled(letter.decision))))
    return sorted(found, key=_order)


def _order(line: LetterLine) -> tuple[bool, float, str]:
    minute = line.decision.release_at
    return (not line.is_held, minute.timestamp() if minute else 0.0, line.letter.number)


def _chosen(request: HttpRequest) -> tuple[Viewer, list[Letter]]:
    """The ticked letters. One that went out meanwhile is kept for the act, which tells of it; one
    of a manuscript that must not be seen is not there."""
    viewer = desk_viewer(request)
    seen = visible_to(viewer.user, viewer.issue, viewer.roles)
    wanted = list(dict.fromkeys(request.POST.getlist("letter")))
    found = (
        Letter.objects.filter(public_id__in=wanted, decision__version__manuscript__in=seen)
        .select_related("decision__version__manuscript__issue")
        .order_by("number")
    )
    chosen = list(found)
    if len(chosen) != len(wanted):
        raise Http404
    return viewer, chosen


def _page(request: HttpRequest, viewer: Viewer, name: str, **context: Any) -> HttpResponse:
    lines: list[LetterLine] = context.get("lines", [])
    made = sum(line.letter.state != LetterState.WAITING for line in lines)
    context |= {
        "issue": viewer.issue,
        "viewer": viewer,
        "made": made,
        "count": len(lines),
        "is_making": made < len(lines),
        "may_choose": any(line.may_release for line in lines),
        "may_read_words": may_read_letter_words(viewer.user, viewer.issue),
    }
    return render(request, f"editors/{name}.html", context)
