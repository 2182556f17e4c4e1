"""The score sheet at the desk: its versions, the draft, the previews."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.forms import QuestionForm
from editors.permissions import may_edit_sheet
from editors.queries.desk import Viewer
from editors.queries.sheets import SheetLine, draft_of, sheet_lines, waiting_reviews
from editors.views.found import at_desk, attempt, desk_viewer
from reviews.forms import SheetForm
from reviews.models import ReviewForm
from reviews.queries import sheet_version
from reviews.sheet import (
    FIXED,
    Answer,
    Context,
    Question,
    Sheet,
    added,
    changes_between,
    exchanged,
    moved,
    new_question,
    removed,
    reworded,
)


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section of the draft with its questions, and of each whether it may go."""

    title: str
    note: str
    questions: list[tuple[Question, bool]]


@at_desk
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """All versions, how many reviews are in each, and what differs between two of them."""
    viewer = _viewer(request)
    lines = sheet_lines(viewer)
    compared = _compared(request, lines)
    return _page(
        request,
        viewer,
        "sheets",
        lines=lines,
        waiting=waiting_reviews(viewer),
        draft=draft_of(viewer.issue),
        compared=compared,
        changes=changes_between(*compared) if compared else [],
    )


@at_desk
@require_POST
def begin_sheet(request: HttpRequest) -> HttpResponse:
    """Begin a draft as a copy of a version."""
    viewer = _viewer(request)
    act = partial(
        actions.begin_sheet, actor=viewer.user, issue=viewer.issue, number=_number(request, "copy")
    )
    attempt(request, act, "The draft is begun. Reviewers see nothing of it before it is published.")
    return redirect("desk:sheet_draft" if draft_of(viewer.issue) else "desk:sheets")


@at_desk
@require_safe
def sheet_draft(request: HttpRequest) -> HttpResponse:
    """The draft to be changed, question by question."""
    viewer, draft = _found_draft(request)
    current = sheet_lines(viewer)[0].sheet
    return _page(
        request,
        viewer,
        "sheet_draft",
        draft=draft,
        sections=_sections(draft.sheet),
        changes=changes_between(current, draft.sheet),
        current=current,
    )


@at_desk
@require_POST
def arrange_questions(request: HttpRequest) -> HttpResponse:
    """Move a question up or down in its section, or take it off the sheet."""
    viewer, draft = _found_draft(request)
    questions = draft.sheet.questions
    if "remove" in request.POST:
        questions = removed(questions, request.POST["remove"])
        done = "The question is taken off the draft."
    else:
        is_up = "up" in request.POST
        questions = moved(questions, request.POST.get("up" if is_up else "down", ""), up=is_up)
        done = ""
    act = partial(
        actions.change_sheet,
        actor=viewer.user,
        issue=viewer.issue,
        questions=questions,
        edit_count=_number(request, "edit_count"),
    )
    attempt(request, act, done)
    return redirect("desk:sheet_draft")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def add_question(request: HttpRequest) -> HttpResponse:
    """Ask something besides."""
    viewer, draft = _found_draft(request)
    form = QuestionForm(_sent(request), edit_count=draft.edit_count)
    if request.method == "POST" and form.is_valid():
        taken = {q.key for line in sheet_lines(viewer) for q in line.sheet.questions}
        taken |= {q.key for q in draft.sheet.questions}
        question = new_question(
            form.chosen_kind,
            label=form.cleaned_data["label"],
            help_text=form.cleaned_data["help"],
            is_required=form.cleaned_data["is_required"],
            author_sees=form.author_sees,
            choices=form.lines,
            taken=taken,
        )
        if _kept(request, viewer, draft, form, added(draft.sheet.questions, question)):
            return redirect("desk:sheet_draft")
    return _question_page(request, viewer, form, "Add a question")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def edit_question(request: HttpRequest, key: str) -> HttpResponse:
    """Put a question in other words."""
    viewer, draft = _found_draft(request)
    question = draft.sheet.question(key)
    if question is None:
        raise Http404
    form = QuestionForm(_sent(request), question=question, edit_count=draft.edit_count)
    if request.method == "POST" and form.is_valid():
        changed = reworded(
            question,
            label=form.cleaned_data["label"],
            help_text=form.cleaned_data["help"],
            is_required=form.cleaned_data.get("is_required", question.is_required),
            choices=form.lines if "choices" in form.fields else None,
        )
        if _kept(request, viewer, draft, form, exchanged(draft.sheet.questions, changed)):
            return redirect("desk:sheet_draft")
    return _question_page(request, viewer, form, "Change a question")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def publish_sheet(request: HttpRequest) -> HttpResponse:
    """What publishing changes and for whom; then publish."""
    viewer, draft = _found_draft(request)
    if request.method == "POST":
        act = partial(
            actions.publish_sheet,
            actor=viewer.user,
            issue=viewer.issue,
            edit_count=_number(request, "edit_count"),
        )
        done = f"Version {draft.number} is published. New reviews are begun with it."
        if attempt(request, act, done):
            return redirect("desk:sheets")
        return redirect("desk:publish_sheet")
    lines = sheet_lines(viewer)
    return _page(
        request,
        viewer,
        "publish_sheet",
        draft=draft,
        changes=changes_between(lines[0].sheet, draft.sheet),
        lines=lines,
        waiting=waiting_reviews(viewer),
    )


@at_desk
@require_POST
def discard_sheet(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    viewer, _ = _found_draft(request)
    act = partial(
        actions.discard_sheet,
        actor=viewer.user,
        issue=viewer.issue,
        edit_count=_number(request, "edit_count"),
    )
    return redirect(
        "desk:sheets" if attempt(request, act, "The draft is discarded.") else "desk:sheet_draft"
    )


@at_desk
@require_safe
def sheet_preview(request: HttpRequest, number: int) -> HttpResponse:
    """A version as the reviewers fill it in and as the authors read it."""
    viewer = _viewer(request)
    draft = draft_of(viewer.issue)
    is_draft = draft is not None and draft.number == number
    sheet = draft.sheet if draft and is_draft else sheet_version(viewer.issue.pk, number)
    if sheet is None:
        raise Http404
    words = "What the reviewer answers stands here."
    return _page(
        request,
        viewer,
        "sheet_preview",
        sheet=sheet,
        is_draft=is_draft,
        form=SheetForm(sheet, Context(extends_conference_paper=True)),
        answers=[
            Answer(q, ", ".join(c.label for c in q.choices) or words)
            for q in sheet.questions
            if q.author_sees
        ],
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, which may be nothing at all; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _viewer(request: HttpRequest) -> Viewer:
    viewer = desk_viewer(request)
    if not may_edit_sheet(viewer.user, viewer.issue):
        raise Http404
    return viewer


def _found_draft(request: HttpRequest) -> tuple[Viewer, ReviewForm]:
    viewer = _viewer(request)
    draft = draft_of(viewer.issue)
    if draft is None:
        raise Http404
    return viewer, draft


def _kept(
    request: HttpRequest,
    viewer: Viewer,
    draft: ReviewForm,
    form: QuestionForm,
    questions: tuple[Question, ...],
) -> bool:
    """Keep the draft; where another was faster, the form stands with all that was typed."""
    act = partial(
        actions.change_sheet,
        actor=viewer.user,
        issue=viewer.issue,
        questions=questions,
        edit_count=form.cleaned_data["edit_count"],
    )
    if attempt(request, act, "The draft is saved.", form):
        return True
    form.data = {**request.POST.dict(), "edit_count": str(draft.edit_count)}
    return False


def _question_page(
    request: HttpRequest, viewer: Viewer, form: QuestionForm, title: str
) -> HttpResponse:
    return _page(request, viewer, "question", 422 if form.errors else 200, form=form, title=title)


def _sections(sheet: Sheet) -> list[DraftSection]:
    return [
        DraftSection(
            title, note, [(q, q.key not in FIXED) for q in sheet.questions if q.section == key]
        )
        for key, title, note in sheet.sections
    ]


def _compared(request: HttpRequest, lines: list[SheetLine]) -> tuple[Sheet, Sheet] | None:
    """The two versions asked for, the earlier first; the newest two when none are."""
    by_number = {str(line.number): line.sheet for line in lines}
    first = by_number.get(request.GET.get("before", ""))
    second = by_number.get(request.GET.get("after", ""))
    if first and second:
        return first, second
    return (lines[1].sheet, lines[0].sheet) if len(lines) > 1 else None


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the form; -1, which matches none, when it is missing."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else -1


def _page(
    request: HttpRequest, viewer: Viewer, name: str, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"issue": viewer.issue, "viewer": viewer}
    return render(request, f"editors/{name}.html", context, status=status)
