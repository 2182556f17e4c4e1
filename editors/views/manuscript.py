"""The page of one manuscript, its files, the checklist, the editor, more time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.forms import (
    EditorForm,
    ExtensionForm,
    FaultForm,
    ReassignmentForm,
    ReviewerReasonForm,
    ReviewerUntilForm,
    TagForm,
)
from editors.letters import letter_day
from editors.permissions import (
    Standing,
    may_assign_editor,
    may_check,
    may_extend,
    may_handle,
)
from editors.queries import (
    current_decision,
    current_recommendation,
    editor_choices,
    handling_editor,
)
from editors.queries.checks import kept_checks
from editors.queries.desk import DeskRow, dots, rows
from editors.queries.enquiries import threads_about
from editors.queries.likenesses import likenesses_of
from editors.queries.manuscript import (
    agreement,
    authors_of,
    changed_metadata,
    file_lines,
    history,
    released_letters,
    review_texts,
    reviewer_lines,
    score_grid,
)
from editors.queries.notes import readable_notes
from editors.queries.panel import bench_view
from editors.queries.reviews import labelled_reviews
from editors.queries.tags import tags_about
from editors.queries.team import is_team_out, own_issue_findings
from editors.stages import DeskStage
from editors.views.found import (
    at_desk,
    attempt,
    find_assignment,
    find_manuscript,
    find_version,
    person_of,
    standing_of,
)
from reviews.dates import extension_limit
from reviews.models import ReviewAttachment
from reviews.permissions import may_extend_beyond
from reviews.queries import decision_due
from submissions.models import Author, Version, VersionFile
from submissions.queries import (
    by_reviewer,
    confided,
    declared,
    open_author_change,
    open_extension_request,
    open_withdrawal,
    points_of,
)
from submissions.queries.overlaps import overlap_of
from submissions.queries.statements import change_parts
from submissions.states import Stage
from tmi_special_issue import clock, files

BY_LINE_AUTHORS = 8


@at_desk
@require_safe
def manuscript(request: HttpRequest, public_id: str) -> HttpResponse:
    """State and next act on top; reviews, reviewers, files and history below."""
    viewer, found = find_manuscript(request, public_id)
    version, versions = find_version(found, request.GET.get("round", ""))
    now = clock.now()
    row = rows([found], viewer, now)[0]
    returned = labelled_reviews(version)
    heads, grid = score_grid(returned)
    lines = reviewer_lines(version, now)
    may = standing_of(viewer, found)
    is_latest = version.pk == versions[-1].pk
    is_open = is_latest and found.stage == Stage.IN_REVIEW
    is_asked = any(line.assignment.asked_until for line in lines)
    may_sign = is_asked and may_extend_beyond(viewer.user, found.issue)
    decision = current_decision(version)
    change = open_author_change(found)
    authors = authors_of(version)
    may_work = may.may_handle and is_latest and found.stage == Stage.IN_REVIEW
    return render(
        request,
        "editors/manuscript.html",
        {
            "issue": found.issue,
            "viewer": viewer,
            "manuscript": found,
            "version": version,
            "versions": versions,
            "is_latest": is_latest,
            "is_original": version.revision_number == 0,
            "declared": declared(version),
            "confided": confided(version),
            "overlap": overlap_of(version) if version.submitted_at else None,
            "row": row,
            "may": may,
            "authors": authors,
            "by_line": _by_line(authors, version),
            "heads": heads,
            "grid": grid,
            "agreement": agreement(returned),
            "reviews": review_texts(returned),
            "reviewers": lines,
            "dots": dots([line.assignment for line in lines], now),
            "may_work": may_work,
            "bench": bench_view(version, viewer, row.editor) if may_work else None,
            "may_grant": is_open and is_asked and (may.may_handle or may_sign),
            "grant_limit": None if may_sign or not is_asked else _grant_limit(version),
            "files": file_lines(version) if version.submitted_at else [],
            "responses": by_reviewer(points_of(version)) if version.submitted_at else [],
            "changes": changed_metadata(version) if version.submitted_at else [],
            "history": history(found),
            "letters": released_letters(found),
            "threads": threads_about(viewer, found),
            "alike": likenesses_of(viewer, found),
            "decision": decision,
            "recommendation": current_recommendation(version),
            "wish": open_withdrawal(found),
            "more_time": open_extension_request(found),
            "author_change": change,
            "change_parts": change_parts(change) if change else (),
            "consents": change.consents.all() if change else (),
            "checks": kept_checks(found, viewer.hidden),
            "notes": list(readable_notes(viewer.user, found)),
            "tags": tags_about(viewer, found),
            "tag_form": TagForm(),
            "next_act": _next_act(row, may, has_decision=decision is not None),
        },
    )


@at_desk
@require_safe
def overlap(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the manuscript and its conference paper have in common, side by side."""
    viewer, found = find_manuscript(request, public_id)
    version, _ = find_version(found, request.GET.get("round", ""))
    return render(
        request,
        "editors/overlap.html",
        {
            "issue": found.issue,
            "viewer": viewer,
            "manuscript": found,
            "version": version,
            "overlap": overlap_of(version) if version.submitted_at else None,
        },
    )


@at_desk
@require_safe
def review_file(request: HttpRequest, public_id: str, attachment_id: str) -> HttpResponse:
    """A PDF beside a returned review, cleaned when it was attached."""
    _, found = find_manuscript(request, public_id)
    row = get_object_or_404(
        ReviewAttachment.objects.select_related("file", "assignment__version__manuscript"),
        public_id=attachment_id,
        assignment__version__manuscript=found,
        assignment__review__submitted_at__isnull=False,
    )
    name = f"{row.assignment.version.label}-review-attachment-{row.number}.pdf"
    return files.respond(row.file, filename=name, inline=True, request=request)


@at_desk
@require_safe
def file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """A file of a version, in the cleaned copy that others get."""
    _, found = find_manuscript(request, public_id)
    row = (
        VersionFile.objects.filter(
            public_id=file_id, version__manuscript=found, version__submitted_at__isnull=False
        )
        .select_related("file__served", "version__manuscript")
        .first()
    )
    if row is None:
        raise Http404
    stored = row.file.for_others
    ending = row.file.original_name.rpartition(".")[2]
    return files.respond(
        stored,
        filename=f"{row.version.label}-{row.kind.replace('_', '-')}.{ending}",
        inline=request.GET.get("look") == "1",
        request=request,
    )


@at_desk
@require_POST
def admit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The checklist is passed."""
    _, found = find_manuscript(request, public_id)
    act = partial(actions.admit_manuscript, actor=person_of(request), manuscript=found)
    attempt(request, act, f"{found} is admitted.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def unsubmit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the manuscript with a list of faults."""
    viewer, found = find_manuscript(request, public_id)
    _must(may_check(viewer.user, found))
    form = FaultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.unsubmit_manuscript,
            actor=viewer.user,
            manuscript=found,
            faults=form.cleaned_data["faults"],
        )
        if attempt(request, act, f"{found} went back to its author with your list.", form):
            return redirect("desk:manuscript", public_id)
    version, _ = find_version(found)
    return _page(
        request,
        "editors/unsubmit.html",
        {"manuscript": found, "version": version, "form": form, "files": file_lines(version)},
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def assign_editor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose who handles the manuscript."""
    viewer, found = find_manuscript(request, public_id)
    _must(may_assign_editor(viewer.user, found))
    version, _ = find_version(found)
    choices = editor_choices(found, version, viewer.hidden)
    form = EditorForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        chosen = next(
            c.editor for c in choices if c.editor.public_id == form.cleaned_data["editor"]
        )
        act = partial(actions.assign_editor, actor=viewer.user, manuscript=found, editor=chosen)
        if attempt(request, act, f"{chosen.full_name} handles {found} now and was told.", form):
            return redirect("desk:manuscript", public_id)
    return _page(
        request,
        "editors/assign_editor.html",
        {
            "manuscript": found,
            "version": version,
            "form": form,
            "closed": [c for c in choices if not c.is_open],
            "own_issue": own_issue_findings(version, viewer.user),
            "none_left": is_team_out(choices, handling_editor(found)),
            "current": handling_editor(found),
        },
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reassignment(request: HttpRequest, public_id: str) -> HttpResponse:
    """The handling editor steps back."""
    viewer, found = find_manuscript(request, public_id)
    _must(handling_editor(found) == viewer.user)
    form = ReassignmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.ask_reassignment, actor=viewer.user, manuscript=found, **form.cleaned_data
        )
        if attempt(request, act, f"{found} was handed back. Thank you for saying so.", form):
            return redirect("desk:desk")
    return _page(request, "editors/ask_reassignment.html", {"manuscript": found, "form": form})


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """More time for this manuscript."""
    viewer, found = find_manuscript(request, public_id)
    _must(may_extend(viewer.user, found))
    form = ExtensionForm(request.POST or None, issue=found.issue)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.extend_manuscript, actor=viewer.user, manuscript=found, **form.cleaned_data
        )
        if attempt(request, act, f"{found} has more time now.", form):
            return redirect("desk:manuscript", public_id)
    return _page(request, "editors/extend.html", {"manuscript": found, "form": form})


@at_desk
@require_POST
def rescind(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """Withdraw an invitation."""
    _, found = find_manuscript(request, public_id)
    assignment = find_assignment(found, assignment_id)
    act = partial(actions.rescind_invitation, actor=person_of(request), assignment=assignment)
    attempt(request, act, f"The invitation of {assignment.reviewer} is withdrawn.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_POST
def remind(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """Remind a reviewer now."""
    _, found = find_manuscript(request, public_id)
    assignment = find_assignment(found, assignment_id)
    act = partial(actions.remind_reviewer, actor=person_of(request), assignment=assignment)
    attempt(request, act, f"A reminder to {assignment.reviewer} is on its way.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_POST
def settle_hold(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """Answer a declared conflict of a reviewer."""
    _, found = find_manuscript(request, public_id)
    assignment = find_assignment(found, assignment_id)
    uphold = request.POST.get("answer") != "clear"
    act = partial(
        actions.settle_hold,
        actor=person_of(request),
        assignment=assignment,
        uphold=uphold,
        reason=request.POST.get("reason", ""),
    )
    who = assignment.reviewer.full_name
    done = f"{who} does not review." if uphold else f"The conflict is cleared; {who} reviews."
    attempt(request, act, done)
    return redirect("desk:manuscript", public_id)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def unassign(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """Let a reviewer go."""
    return _with_reason(
        request,
        public_id,
        assignment_id,
        "unassign",
        actions.unassign_reviewer,
        "Let {name} go",
        "Access to the files ends at once. The mail thanks and blames nobody; what was begun is "
        "kept on record.",
        "{name} is no longer a reviewer of this manuscript.",
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """Return a review to be mended."""
    return _with_reason(
        request,
        public_id,
        assignment_id,
        "send_back",
        actions.send_back_review,
        "Send the review of {name} back",
        "The reviewer gets your words and edits the same sheet; the present text is kept.",
        "The review went back to {name}.",
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def extend_review(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """More time for one reviewer."""
    viewer, found = find_manuscript(request, public_id)
    _must(may_handle(viewer.user, found))
    assignment = find_assignment(found, assignment_id)
    form = ReviewerUntilForm(request.POST or None, issue=found.issue)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.extend_review,
            actor=viewer.user,
            assignment=assignment,
            until=form.cleaned_data["until"],
        )
        if attempt(request, act, f"{assignment.reviewer} has more time and was told.", form):
            return redirect("desk:manuscript", public_id)
    return _page(
        request,
        "editors/reviewer_act.html",
        {
            "manuscript": found,
            "assignment": assignment,
            "form": form,
            "title": f"More time for {assignment.reviewer.full_name}",
            "text": "The reminders follow the new date.",
            "submit": "Give more time",
        },
    )


def _with_reason(
    request: HttpRequest,
    public_id: str,
    assignment_id: str,
    name: str,
    action: Callable[..., object],
    title: str,
    text: str,
    done: str,
) -> HttpResponse:
    viewer, found = find_manuscript(request, public_id)
    _must(may_handle(viewer.user, found))
    assignment = find_assignment(found, assignment_id)
    form = ReviewerReasonForm(request.POST or None)
    who = assignment.reviewer.full_name
    if request.method == "POST" and form.is_valid():
        act = partial(
            action,
            actor=viewer.user,
            assignment=assignment,
            reason=form.cleaned_data["reason"],
        )
        if attempt(request, act, done.format(name=who), form):
            return redirect("desk:manuscript", public_id)
    return _page(
        request,
        "editors/reviewer_act.html",
        {
            "manuscript": found,
            "assignment": assignment,
            "form": form,
            "title": title.format(name=who),
            "text": text,
            "submit": title.format(name="this reviewer") if name == "unassign" else "Send it back",
        },
    )


def _grant_limit(version: Version) -> datetime:
    """The latest due date that the handling editor may sign."""
    return extension_limit(decision_due(version))


def _by_line(authors: list[Author], version: Version) -> SafeString:
    """Authors, topics and arrival in one line; a long list of authors is cut."""
    shown = authors[:BY_LINE_AUTHORS]
    names = format_html_join(", ", "<bdi>{}</bdi>", ((a.full_name,) for a in shown))
    parts = [names]
    if len(authors) > len(shown):
        parts.append(format_html("and {} more", len(authors) - len(shown)))
    parts += [format_html("{}", topic.short_name) for topic in version.topics.all()]
    if version.first_submitted_at:
        day = letter_day(version.first_submitted_at, version.manuscript.issue)
        parts.append(format_html("received {}", day.replace("-", " ").lstrip("0")))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _next_act(row: DeskRow, may: Standing, *, has_decision: bool) -> str:
    """The one act that the page offers first: a name that the template knows, or ""."""
    stage = row.stage
    if stage == DeskStage.CHECKLIST:
        return "check" if may.may_check else ""
    if stage == DeskStage.AWAITING_EDITOR:
        return "assign" if may.may_assign_editor else ""
    if stage == DeskStage.ASSIGNING:
        has_place = row.progress.holding < row.progress.need
        return "panel" if may.may_handle and has_place else ""
    if stage in {DeskStage.COMPLETE, DeskStage.MINOR_CHECK}:
        return _decide_or_recommend(may)
    if stage in {DeskStage.DECIDING, DeskStage.HELD} and has_decision:
        return "letter" if may.may_handle or may.may_decide else ""
    return ""


def _decide_or_recommend(may: Standing) -> str:
    if may.may_decide:
        return "decide"
    return "recommend" if may.may_recommend else ""


def _must(allowed: bool) -> None:
    if not allowed:
        raise Http404


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page with a form; what was refused comes back with status 422 and loses nothing."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)
