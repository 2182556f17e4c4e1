"""The review as a text file: carried away, brought back, looked at before anything is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reviews import actions
from reviews.actions.writing import sheet_context
from reviews.models import Assignment, Review
from reviews.queries import sheet_for
from reviews.sheet import Answers, Sheet, label_of
from reviews.states import WORKING, AssignmentState
from reviews.textfile import BYTES_MAX, LineFault, Reading, read, write
from reviews.views.door import admitted, assignment_or_404
from tmi_special_issue.files import disposition
from tmi_special_issue.refusal import Refusal


@admitted
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file; or, when one comes back, what it would change."""
    assignment = assignment_or_404(request, public_id)
    sheet, answers, edit_count = _written(assignment)
    if request.method != "POST":
        label = assignment.version.label
        content = write(sheet, answers, sheet_context(assignment.version), label=label)
        answer = HttpResponse(content, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = disposition("attachment", f"{label}-review.txt")
        return answer
    _require_open(assignment)
    content, found = _uploaded(request, assignment, sheet)
    context = {
        "assignment": assignment,
        "version": assignment.version,
        "faults": found.faults,
        "changes": [] if found.faults else _changes(sheet, answers, found.onto(answers)),
        "content": content,
        "revision": edit_count,
    }
    return render(request, "reviews/text.html", context, status=400 if found.faults else 200)


@admitted
@require_POST
def take_text(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the preview showed."""
    assignment = assignment_or_404(request, public_id)
    _require_open(assignment)
    sheet, answers, _ = _written(assignment)
    found = _read(request.POST.get("content", ""), assignment, sheet)
    revision = request.POST.get("revision", "")
    if found.faults or not revision.isdecimal():
        raise Refusal(
            "file_refused", "The file is not the one that was shown. Upload it again.", status=400
        )
    actions.save_review(
        actor=assignment.reviewer,
        assignment=assignment,
        answers=found.onto(answers),
        edit_count=int(revision),
        sheet_number=sheet.number,
    )
    messages.success(request, "The answers of the file are saved.")
    return redirect("reviews:show", public_id)


def _written(assignment: Assignment) -> tuple[Sheet, Answers, int]:
    review = Review.objects.filter(assignment=assignment).select_related("form").first()
    sheet = sheet_for(assignment, review)
    return (sheet, review.answers, review.edit_count) if review else (sheet, {}, 0)


def _require_open(assignment: Assignment) -> None:
    if AssignmentState(assignment.state) not in WORKING:
        raise Refusal("review_closed", "This review is closed to changes.")


def _uploaded(request: HttpRequest, assignment: Assignment, sheet: Sheet) -> tuple[str, Reading]:
    upload = request.FILES.get("file")
    if upload is None:
        return "", Reading(faults=[LineFault(1, "Choose the text file of your review.")])
    if upload.size is None or upload.size > BYTES_MAX:
        sentence = f"The file is larger than {BYTES_MAX // 1000} kB; is it the right one?"
        return "", Reading(faults=[LineFault(1, sentence)])
    try:
        content = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sentence = "This is not UTF-8 text. Save the file as UTF-8 and upload it again."
        return "", Reading(faults=[LineFault(line, sentence)])
    return content, _read(content, assignment, sheet)


def _read(content: str, assignment: Assignment, sheet: Sheet) -> Reading:
    label = assignment.version.label
    return read(content, sheet, sheet_context(assignment.version), label=label)


def _changes(sheet: Sheet, before: Answers, after: Answers) -> list[dict[str, Any]]:
    """Each answer that the file changes: its question, and both texts."""
    return [
        {
            "label": question.label,
            "before": label_of(question, before[question.key]) if question.key in before else "",
            "after": label_of(question, after[question.key]) if question.key in after else "",
        }
        for question in sheet.questions
        if before.get(question.key) != after.get(question.key)
    ]
