"""The review: read, write, preview, submit."""

from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reviews import actions
from reviews.actions.reconsidering import may_be_reconsidered
from reviews.actions.writing import Incomplete, sheet_context
from reviews.care import Advice, advice_on
from reviews.dates import slack_limit
from reviews.forms import SheetForm, TimeForm
from reviews.models import Assignment, Review
from reviews.queries import (
    EarlierText,
    answers_for_reviewer,
    decision_due,
    earlier_texts,
    file_at_the_door,
    files_for_reviewer,
    own_earlier_review,
    sheet_for,
    writer_of,
    written_before_the_end,
)
from reviews.sheet import (
    Answer,
    Missing,
    differing,
    in_words,
    missing_answers,
    open_to_author,
)
from reviews.states import WORKING, AssignmentState
from reviews.views.door import admitted, assignment_or_404, scope_of
from reviews.views.invitations import invitation_page
from submissions.models import Author, VersionFile
from submissions.states import FileKind
from tmi_special_issue import clock, files
from tmi_special_issue.refusal import Refusal


@admitted
@never_cache
@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The assignment as it stands: the invitation, the sheet, or what became of it."""
    assignment = assignment_or_404(request, public_id)
    state = AssignmentState(assignment.state)
    if state == AssignmentState.INVITED:
        return invitation_page(request, assignment)
    if state in WORKING:
        return _sheet_page(request, assignment, _form(assignment))
    if state in {AssignmentState.RETURNED, AssignmentState.CLOSED}:
        return _frozen_page(request, assignment)
    template = "held" if state == AssignmentState.COI_HOLD else "ended"
    return render(
        request,
        f"reviews/{template}.html",
        {
            "assignment": assignment,
            "version": assignment.version,
            "answers": written_before_the_end(assignment),
            "may_reconsider": may_be_reconsidered(assignment, clock.now()),
        },
    )


@admitted
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the answers so far: by the page's script every few seconds, or by the button."""
    assignment = assignment_or_404(request, public_id)
    is_script = request.headers.get("X-Requested-With") == "autosave"
    form = _form(assignment, data=request.POST)
    if not form.is_valid():
        if is_script:
            return JsonResponse({"errors": form.errors}, status=422)
        return _sheet_page(request, assignment, form, status=400)
    try:
        review = actions.save_review(
            actor=assignment.reviewer,
            assignment=assignment,
            answers=form.answers(),
            edit_count=form.read_revision,
            sheet_number=form.sheet.number,
        )
    except Refusal as refusal:
        _keep_late(assignment, form, refusal)
        if is_script:
            return JsonResponse(_for_script(assignment, form, refusal), status=refusal.status)
        return _refused(request, assignment, form, refusal)
    if is_script:
        return JsonResponse(
            {"saved_at": review.saved_at.isoformat(), "revision": review.edit_count}
        )
    messages.success(request, "Saved.")
    if request.POST.get("then") == "preview":
        return redirect("reviews:preview", public_id)
    return redirect("reviews:show", public_id)


@admitted
@never_cache
@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The review exactly as the authors would read it, and what is still missing."""
    assignment = assignment_or_404(request, public_id)
    review = Review.objects.filter(assignment=assignment).select_related("form").first()
    if review is None or not _is_readable(assignment):
        raise Http404
    sheet = review.sheet
    is_open = AssignmentState(assignment.state) in WORKING
    asked_of = sheet_context(assignment.version)
    advice = advice_on(sheet, review.answers, asked_of, writer_of(assignment)) if is_open else []
    context = {
        "assignment": assignment,
        "version": assignment.version,
        "answers": open_to_author(sheet, review.answers),
        "missing": [
            {"sentence": item.sentence, "url": _sheet_url(assignment, item)}
            for item in missing_answers(sheet, review.answers, asked_of)
        ],
        "advice": [
            {"sentence": item.sentence, "url": _sheet_url(assignment, item)} for item in advice
        ],
        "review": review,
        "is_open": is_open,
    }
    return render(request, "reviews/preview.html", context)


@admitted
@require_POST
def deliver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Submit. What was typed is saved first, so that a missing answer loses nothing."""
    assignment = assignment_or_404(request, public_id)
    form: SheetForm | None = None
    if "revision" in request.POST:
        form = _form(assignment, data=request.POST)
        if not form.is_valid():
            return _sheet_page(request, assignment, form, status=400)
        try:
            actions.save_review(
                actor=assignment.reviewer,
                assignment=assignment,
                answers=form.answers(),
                edit_count=form.read_revision,
                sheet_number=form.sheet.number,
            )
        except Refusal as refusal:
            _keep_late(assignment, form, refusal)
            return _refused(request, assignment, form, refusal)
    try:
        actions.deliver_review(actor=assignment.reviewer, assignment=assignment)
    except Incomplete as refusal:
        return _sheet_page(
            request,
            assignment,
            _form(assignment),
            status=400,
            missing=refusal.missing,
            sentence=refusal.sentence,
        )
    except Refusal as refusal:
        return _refused(request, assignment, form, refusal)
    messages.success(
        request, "Your review has arrived. Thank you. A copy is on its way to you by mail."
    )
    return redirect("reviews:show", public_id)


@admitted
@require_POST
def time(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for more time; inside the round's limit it is granted at once."""
    assignment = assignment_or_404(request, public_id)
    form = TimeForm(request.POST)
    in_list = request.POST.get("from") == "list"
    back = reverse("reviews:assignments") if in_list else reverse("reviews:show", args=[public_id])
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, str(sentences[0]))
        return redirect(back)
    try:
        changed = actions.ask_for_time(
            actor=assignment.reviewer,
            assignment=assignment,
            until=form.until_instant(assignment),
            reason=form.cleaned_data["reason"],
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        if changed.asked_until is None:
            messages.success(request, "You have more time; the new date is shown above.")
        else:
            messages.success(
                request,
                "The editor has been asked for the later date and will answer by mail. Until then "
                "the present date stands.",
            )
    return redirect(back)


@admitted
@require_safe
def file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """One file of the assigned version, cleaned and under a neutral name."""
    found = file_at_the_door(request.user, scope_of(request), public_id, file_id)
    if found is None:
        raise Http404
    return files.respond(
        found.file.for_others,
        filename=_neutral_name(found),
        inline="inline" in request.GET,
        request=request,
    )


# --- Pages ------------------------------------------------------------------------------------


def _sheet_page(
    request: HttpRequest,
    assignment: Assignment,
    form: SheetForm,
    *,
    status: int = 200,
    missing: list[Missing] | None = None,
    others: list[Answer] | None = None,
    sentence: str = "",
) -> HttpResponse:
    version = assignment.version
    review = Review.objects.filter(assignment=assignment).first()
    own_answers, other_answers = answers_for_reviewer(assignment)
    context = {
        **_reading(assignment),
        "form": form,
        "review": review,
        "saved_text": _saved_text(request, review),
        "missing": missing or [],
        "sentence": sentence,
        "others": others or [],
        "time_form": TimeForm(),
        "slack_limit": slack_limit(decision_due(version)),
        "is_late": assignment.due_at is not None and clock.now() > assignment.due_at,
        "earlier": _earlier(assignment),
        "earlier_texts": _earlier_texts(review),
        "own_answers": own_answers,
        "other_answers": other_answers,
    }
    return render(request, "reviews/sheet.html", context, status=status)


def _frozen_page(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    review = Review.objects.filter(assignment=assignment).select_related("form").first()
    answers = in_words(review.sheet, review.answers) if review else []
    return render(
        request,
        "reviews/frozen.html",
        {
            **_reading(assignment),
            "review": review,
            "answers": answers,
            "earlier_texts": _earlier_texts(review),
        },
    )


def _reading(assignment: Assignment) -> dict[str, Any]:
    """What every page with the manuscript beside it needs."""
    rows = [
        {
            "label": row.get_kind_display(),
            "name": _neutral_name(row),
            "description": row.description,
            "byte_count": row.file.for_others.byte_count,
            "pages": row.page_count,
            "url": reverse("reviews:file", args=[assignment.public_id, row.public_id]),
            "is_main": row.kind == FileKind.MAIN,
        }
        for row in files_for_reviewer(assignment)
    ]
    return {
        "assignment": assignment,
        "version": assignment.version,
        "authors": Author.objects.filter(version=assignment.version).order_by("position"),
        "files": rows,
        "main_file": next((row for row in rows if row["is_main"]), None),
        "attachments": assignment.attachments.select_related("file"),
    }


def _earlier(assignment: Assignment) -> dict[str, Any] | None:
    """The reviewer's own review of the version before, in words."""
    if assignment.version.revision_number == 0:
        return None
    review = own_earlier_review(assignment)
    if review is None:
        return None
    return {"review": review, "answers": in_words(review.sheet, review.answers)}


def _earlier_texts(review: Review | None) -> list[EarlierText]:
    return earlier_texts([review])[review.pk] if review else []


def _form(assignment: Assignment, *, data: Any = None) -> SheetForm:
    review = Review.objects.filter(assignment=assignment).select_related("form").first()
    own, _ = answers_for_reviewer(assignment)
    shown = (data or {}).get("sheet_number", "")
    return SheetForm(
        sheet_for(assignment, review, number=shown),
        sheet_context(assignment.version),
        answers=review.answers if review else None,
        revision=review.edit_count if review else 0,
        points=[point for group in own for point in group.points],
        data=data,
    )


def _keep_late(assignment: Assignment, form: SheetForm, refusal: Refusal) -> None:
    """Whoever was removed while typing keeps the last words too."""
    if refusal.code in {"review_closed", "not_under_review"}:
        actions.keep_late_answers(
            actor=assignment.reviewer, assignment=assignment, answers=form.answers()
        )


def _for_script(assignment: Assignment, form: SheetForm, refusal: Refusal) -> dict[str, Any]:
    """The refusal, and where another tab was faster, what that tab saved."""
    answer: dict[str, Any] = {"detail": refusal.sentence}
    if refusal.code == "stale_edit":
        revision, saved = _saved(assignment)
        answer["revision"] = revision
        answer["fields"] = form.typed(saved)
    return answer


def _saved(assignment: Assignment) -> tuple[int, dict[str, Any]]:
    """What is kept by now: its edit count and answers; nothing where nothing was saved yet."""
    review = Review.objects.filter(assignment=assignment).first()
    return (review.edit_count, review.answers) if review else (0, {})


def _refused(
    request: HttpRequest, assignment: Assignment, form: SheetForm | None, refusal: Refusal
) -> HttpResponse:
    """The sheet again with the sentence on top and everything typed still in it."""
    assignment.refresh_from_db(fields=["state"])
    if form is None or AssignmentState(assignment.state) not in WORKING:
        raise refusal
    sentence, others = refusal.sentence, []
    if refusal.code == "stale_edit":
        sentence += (
            " Your text is below; where the other tab has another text, that stands on top. Take "
            "from it what you need and save again."
        )
        revision, saved = _saved(assignment)
        others = differing(form.sheet, saved, form.answers())
        form = _form(assignment, data={**request.POST.dict(), "revision": str(revision)})
        form.is_valid()
    form.add_error(refusal.field if refusal.field in form.fields else None, sentence)
    return _sheet_page(request, assignment, form, status=refusal.status, others=others)


def _saved_text(request: HttpRequest, review: Review | None) -> str:
    """ "saved 14:04": when the answers were last kept, on the reader's own clock."""
    if review is None:
        return "nothing written yet"
    name = getattr(request.user, "time_zone", "") or "UTC"
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        name, zone = "UTC", ZoneInfo("UTC")
    at, now = review.saved_at.astimezone(zone), clock.now().astimezone(zone)
    day = "" if at.date() == now.date() else f"{at:%-d %b}, "
    return f"saved {day}{at:%H:%M}{' UTC' if name == 'UTC' else ''}"


def _is_readable(assignment: Assignment) -> bool:
    state = AssignmentState(assignment.state)
    return state in WORKING or state in {AssignmentState.RETURNED, AssignmentState.CLOSED}


def _sheet_url(assignment: Assignment, item: Missing | Advice) -> str:
    return f"{reverse('reviews:show', args=[assignment.public_id])}{item.url}"


def _neutral_name(row: VersionFile) -> str:
    """What the reviewer's computer calls the file: number and kind, nothing of the author's."""
    kind = FileKind(row.kind).value.replace("_", "-")
    kind = "manuscript" if row.kind == FileKind.MAIN else kind
    ending = PurePath(row.file.for_others.original_name).suffix.lower()[:8]
    return f"{row.version.label}-{kind}{ending}"
