"""The words of the issue's letters: read, tried on a manuscript, changed."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from editors import actions
from editors.forms import LetterWordsForm
from editors.letters import author_due_of, place_values
from editors.models import Decision
from editors.permissions import may_edit_letter_words, may_read_letter_words
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from editors.queries.wording import Words, all_words
from editors.states import DECISION_WORDS, DecisionKind
from editors.views.found import at_desk, attempt, desk_viewer
from editors.wording import blocks, places_of, unfilled, wording_faults
from submissions.differences import compared
from submissions.models import Version
from tmi_special_issue import clock

# The newest are enough to try words on; a list of all would be a page of its own.
_TRIED_ON = 50
_REASONS = "Here stand the words of the editor who decides."


@at_desk
@require_safe
def letter_words(request: HttpRequest) -> HttpResponse:
    """Each outcome with the present version of its words."""
    viewer = _viewer(request)
    lines = [(DECISION_WORDS[kind], versions) for kind, versions in all_words(viewer.issue).items()]
    return _page(request, viewer, "letter_words", lines=lines)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def edit_letter_words(request: HttpRequest, outcome: str) -> HttpResponse:
    """Change the words for an outcome, or only look how they read on a manuscript."""
    viewer = _viewer(request)
    if outcome not in set(DecisionKind):
        raise Http404
    kind = DecisionKind(outcome)
    versions = all_words(viewer.issue)[kind]
    may_edit = may_edit_letter_words(viewer.user, viewer.issue)
    tried_on = _tried_on(viewer)
    form = LetterWordsForm(
        request.POST if request.method == "POST" else None,
        initial={"text": versions[0].text, "number": versions[0].number},
        papers=[(v.manuscript.public_id, f"{v.label} · {v.title[:80]}") for v in tried_on],
        may_edit=may_edit,
    )
    text = versions[0].text
    if request.method == "POST":
        if not may_edit:
            raise Http404
        if form.is_valid():
            text = form.cleaned_data["text"]
            if "try" in request.POST:
                for fault in wording_faults(text, kind):
                    form.add_error("text", str(fault))
            elif _is_kept(request, viewer, kind, form):
                return redirect("desk:edit_letter_words", outcome)
    chosen = request.POST.get("paper") or request.GET.get("paper", "")
    version = next((v for v in tried_on if v.manuscript.public_id == chosen), None) or (
        tried_on[0] if tried_on else None
    )
    return _page(
        request,
        viewer,
        "edit_letter_words",
        422 if form.errors else 200,
        form=form,
        kind=kind,
        title=DECISION_WORDS[kind],
        places=places_of(kind).items(),
        may_edit=may_edit,
        version=version,
        preview=_preview(text, kind, version) if version else None,
        lines=_lines(versions),
    )


def _is_kept(
    request: HttpRequest, viewer: Viewer, kind: DecisionKind, form: LetterWordsForm
) -> bool:
    act = partial(
        actions.change_letter_words,
        actor=viewer.user,
        issue=viewer.issue,
        kind=kind,
        text=form.cleaned_data["text"],
        number=form.cleaned_data["number"],
    )
    done = "The words are kept as a new version. Letters drafted from now on begin with them."
    if attempt(request, act, done, form):
        return True
    present = all_words(viewer.issue)[kind][0]
    form.data = {**request.POST.dict(), "number": str(present.number)}
    return False


def _preview(text: str, kind: DecisionKind, version: Version) -> dict[str, Any]:
    """The words on a manuscript as if it were decided now, and what would be left to fill."""
    decision = Decision(version=version, kind=kind)
    due_at = author_due_of(decision, clock.now())
    values = place_values(version, kind, due_at, _REASONS)
    return {"body": blocks(text, values), "unfilled": unfilled(text, values)}


def _lines(versions: list[Words]) -> list[dict[str, Any]]:
    """The versions with what each changed of the one before."""
    before = [*(words.text for words in versions[1:]), None]
    return [
        {"words": words, "parts": compared(old, words.text) if old is not None else None}
        for words, old in zip(versions, before, strict=True)
    ]


def _tried_on(viewer: Viewer) -> list[Version]:
    """The handed-in versions of the newest manuscripts that exist for the viewer, the last each."""
    seen = visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden)
    papers = list(seen.filter(number__gt="").order_by("-number").values_list("pk", flat=True))
    found: dict[int, Version] = {}
    for version in (
        Version.objects.filter(manuscript__in=papers[:_TRIED_ON], submitted_at__isnull=False)
        .select_related("manuscript__issue")
        .order_by("-manuscript__number", "-revision_number")
    ):
        found.setdefault(version.manuscript_id, version)
    return list(found.values())


def _viewer(request: HttpRequest) -> Viewer:
    viewer = desk_viewer(request)
    if not may_read_letter_words(viewer.user, viewer.issue):
        raise Http404
    return viewer


def _page(
    request: HttpRequest, viewer: Viewer, name: str, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"issue": viewer.issue, "viewer": viewer}
    return render(request, f"editors/{name}.html", context, status=status)
