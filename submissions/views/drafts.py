"""The author's screens: files, manuscript, authors, declarations, check and submit. A revision has
one before these, the response.

Each saves by a plain POST and goes on; scripts save the same form as it is typed (`save`).
"""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import editors
from submissions import actions, queries
from submissions.actions.files import byte_limit, kinds_for
from submissions.author_list import arranged, told, with_pasted
from submissions.forms import (
    DeclarationsForm,
    ManuscriptForm,
    ResponseForm,
    author_entries,
    author_formset,
    corresponding_row,
    declared_conflict_entries,
    declared_conflict_formset,
    funder_entries,
    funder_formset,
    named_reviewer_entries,
    named_reviewer_formset,
)
from submissions.models import Enquiry, Upload, Version, VersionFile
from submissions.name_list import read_names
from submissions.queries.overlaps import overlap_of
from submissions.states import FILE_KIND_LABELS, PDF_KINDS, FileKind, Stage
from submissions.views.kept_text import NOTICE, keeps_text, kept_text, let_go
from submissions.views.screens import (
    edit_count,
    findings_as_links,
    me,
    next_screen,
    panel,
    show_screen,
    version_or_404,
)
from tmi_special_issue import clock, problems
from tmi_special_issue.deadlines import Window, is_open
from tmi_special_issue.models import MilestoneKind
from tmi_special_issue.queries import current_issue, milestones
from tmi_special_issue.refusal import Refusal

Bound = tuple[Any, ...]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A page with what to have at hand and one button; the button begins a draft."""
    issue = current_issue()
    if issue is None:
        return redirect("submissions:call")
    if request.method == "POST":
        asked = queries.enquiries_of(request.user).filter(issue=issue)
        manuscript = actions.start_draft(
            actor=me(request),
            issue=issue,
            enquiry=asked.filter(public_id=request.POST.get("enquiry", "")).first(),
        )
        return redirect("submissions:files", queries.latest_version(manuscript).public_id)
    closing = milestones(issue)[MilestoneKind.SUBMISSION]
    mine = queries.manuscripts_of(request.user).filter(issue=issue, stage=Stage.DRAFT)
    now = clock.now()
    return render(
        request,
        "submissions/start.html",
        {
            "issue": issue,
            "closing": closing,
            "may_submit": is_open(Window(closing.due_at, closing.grace), now),
            "drafts": queries.my_lines(list(mine[:20]), now),
        },
    )


@login_required
@require_safe
def files(request: HttpRequest, public_id: str) -> HttpResponse:
    """Screen 1: the files, each with what the checks found."""
    version = version_or_404(request, public_id)
    if not version.is_draft:
        return redirect("submissions:show", version.manuscript.public_id)
    parts = queries.Parts(version)
    proposals = queries.proposals_of(version, parts)
    return show_screen(
        request,
        "files",
        parts,
        interrupted=Upload.objects.filter(version=version, owner=me(request)),
        proposals=proposals,
        has_empty=any(not proposal.typed for proposal in proposals),
        **file_slots(parts),
    )


def file_slots(parts: queries.Parts) -> dict[str, Any]:
    """The files of this screen: those that are wanted as places, the others as a list."""
    version, rows = parts.version, parts.files
    by_kind = {row.kind: row for row in rows}
    slots = [FileKind.MAIN]
    if version.revision_number:
        slots += [FileKind.RESPONSE, FileKind.MARKED_COPY]
    if version.extends_conference_paper or FileKind.CONFERENCE_PAPER in by_kind:
        slots.append(FileKind.CONFERENCE_PAPER)
    issue = version.manuscript.issue
    return {
        "slots": [_slot(version, kind, by_kind.get(kind)) for kind in slots],
        "others": [
            {"row": row, "kinds": other_kinds(version, row), "checks": checks_of(row)}
            for row in rows
            if row.kind not in slots
        ],
        "kinds": kind_choices(version),
        "here": " ".join(sorted(by_kind)),
        "main_bytes_max": issue.main_file_bytes_max,
        "supporting_bytes_max": issue.supporting_file_bytes_max,
    }


def kind_choices(version: Version) -> list[tuple[str, str, int]]:
    """What a file may be, in the order of the list of kinds, with the most bytes of each."""
    wanted = kinds_for(version)
    return [
        (kind.value, FILE_KIND_LABELS[kind], byte_limit(version, kind))
        for kind in FileKind
        if kind in wanted
    ]


def other_kinds(version: Version, row: VersionFile) -> list[tuple[str, str]]:
    """What this file may be called instead; a paper is uploaded as what it is."""
    return [
        (value, label)
        for value, label, _ in kind_choices(version)
        if value == row.kind or value not in PDF_KINDS
    ]


_SLOT_NOTES = {
    FileKind.MAIN: "required",
    FileKind.RESPONSE: "required for a revision",
    FileKind.MARKED_COPY: "helps the reviewers",
    FileKind.CONFERENCE_PAPER: "only if this work extends one",
}


def _slot(version: Version, kind: FileKind, row: VersionFile | None) -> dict[str, Any]:
    note = _SLOT_NOTES[kind]
    if kind == FileKind.CONFERENCE_PAPER and version.extends_conference_paper:
        note = "required: you said that this work extends one"
    return {
        "kind": kind.value,
        "label": FILE_KIND_LABELS[kind].removesuffix(" (PDF)"),
        "note": note,
        "row": row,
        "checks": checks_of(row) if row else [],
        "counts": counts_of(row) if row else {},
    }


_TONES = {"error": "bad", "warning": "warn", "ok": "ok"}


def checks_of(row: VersionFile) -> list[dict[str, str]]:
    """The preflight's answers as sentences; what passed is drawn together into one line."""
    shown = reverse("submissions:hidden_text", args=[row.public_id]) if row.hidden_text else ""
    loud = [
        {
            "tone": _TONES[str(finding["level"])],
            "sentence": str(finding["sentence"]),
            "url": shown if finding["code"] == "hidden_text" else "",
        }
        for finding in row.findings
        if finding["level"] != "ok"
    ]
    passed = [str(finding["sentence"]) for finding in row.findings if finding["level"] == "ok"]
    return [*loud, {"tone": "ok", "sentence": " ".join(passed)}] if passed else loud


def counts_of(row: VersionFile) -> dict[str, int]:
    """How many checks passed, warn, and must be mended."""
    levels = [str(finding["level"]) for finding in row.findings]
    return {
        "all": len(levels),
        "ok": levels.count("ok"),
        "warning": levels.count("warning"),
        "error": levels.count("error"),
    }


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def response(request: HttpRequest, public_id: str) -> HttpResponse:
    """First screen of a revision: each point of the reviewers with its answer."""
    version = version_or_404(request, public_id)
    if not version.revision_number:
        raise Http404
    return _screen(request, version, "response")


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def manuscript(request: HttpRequest, public_id: str) -> HttpResponse:
    """Screen 2: title, abstract, terms, topics."""
    return _screen(request, version_or_404(request, public_id), "manuscript")


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def declarations(request: HttpRequest, public_id: str) -> HttpResponse:
    """Screen 4: cover letter, statements, named reviewers."""
    return _screen(request, version_or_404(request, public_id), "declarations")


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def authors(request: HttpRequest, public_id: str) -> HttpResponse:
    """Screen 3: the authors in order. The buttons of a row work without scripts."""
    return _screen(request, version_or_404(request, public_id), "authors")


@login_required
@require_safe
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Screen 5: everything as the editors will see it, and one button."""
    version = version_or_404(request, public_id)
    if not version.is_draft:
        return redirect("submissions:show", version.manuscript.public_id)
    parts = queries.Parts(version)
    return show_screen(
        request,
        "check",
        parts,
        files=parts.files,
        authors=parts.authors,
        topics=parts.topics,
        declared=queries.declared(version),
        confided=queries.confided(version, parts),
        overlap=overlap_of(version) if version.extends_conference_paper else None,
        advice=findings_as_links(version, queries.advice(version, parts)),
        linkable=queries.linkable_enquiries(request.user, version),
    )


@login_required
@require_safe
def missing(request: HttpRequest, public_id: str) -> HttpResponse:
    """The panel "Still missing" alone, for the page that has just saved."""
    version = version_or_404(request, public_id)
    return render(request, "submissions/missing.html", panel(queries.Parts(version)))


@login_required
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save a screen as it is typed: {saved_at, revision}, 409 on a stale page, 422 on errors."""
    version = version_or_404(request, public_id)
    screen = request.POST.get("screen", "")
    if screen not in _SCREENS:
        return JsonResponse({"errors": {"screen": ["There is no such screen."]}}, status=400)
    build, keep = _SCREENS[screen]
    forms = build(request.POST, queries.Parts(version))
    if not all(form.is_valid() for form in forms):
        return JsonResponse({"errors": _errors(forms)}, status=422)
    try:
        saved = keep(request, version, forms)
    except Refusal as refusal:
        return problems.respond(refusal)
    let_go(request)
    return JsonResponse({"saved_at": saved.saved_at.isoformat(), "revision": saved.edit_count})


@login_required
@require_POST
def submit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand in. What is refused is told on the last screen, with the draft as it was."""
    began_at = clock.now()
    version = version_or_404(request, public_id)
    was_draft = version.is_draft
    try:
        submitted = actions.submit_manuscript(
            actor=me(request),
            version=version,
            began_at=began_at,
            enquiries=_ticked(request),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
        return redirect("submissions:check", public_id)
    if was_draft:
        messages.success(
            request,
            f"Received as {submitted.label}. The receipt is on its way to you by mail.",
        )
    return redirect("submissions:show", submitted.manuscript.public_id)


def _ticked(request: HttpRequest) -> list[Enquiry] | None:
    """The enquiries ticked on the last screen; None where it offered none."""
    if "enquiries_offered" not in request.POST:
        return None
    ticked = request.POST.getlist("enquiry")
    return list(queries.enquiries_of(request.user).filter(public_id__in=ticked))


# --- What each screen reads and saves --------------------------------------------------------


def _screen(request: HttpRequest, version: Version, name: str) -> HttpResponse:
    if not version.is_draft:
        return redirect("submissions:show", version.manuscript.public_id)
    build, keep = _SCREENS[name]
    parts = queries.Parts(version)
    typed = request.POST if request.method == "POST" else kept_text(request)
    forms = build(typed or None, parts)
    status, trouble = 200, NOTICE if typed and request.method != "POST" else ""
    if request.method == "POST":
        status = 422
        if all(form.is_valid() for form in forms):
            try:
                saved = keep(request, version, forms)
                let_go(request)
                return redirect(_onward(request, name, saved))
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                status, trouble = refusal.status, refusal.sentence
    revision = (typed.get("revision") if typed else "") or version.edit_count
    return show_screen(
        request,
        name,
        parts,
        status=status,
        trouble=trouble,
        revision=revision,
        **_context(name, forms, typed or None, parts),
    )


def _context(
    name: str, forms: Bound, typed: QueryDict | None, parts: queries.Parts
) -> dict[str, Any]:
    if name == "authors":
        rows = parts.authors
        corresponding = next((n for n, row in enumerate(rows) if row.is_corresponding), None)
        return {
            "formset": forms[0],
            "corresponding": corresponding if typed is None else corresponding_row(typed),
            "pasted": typed.get("pasted", "") if typed else "",
            "confirmed": {row.public_id for row in rows if row.is_orcid_confirmed},
            "may_remove": not parts.version.authors_are_settled,
        }
    if name == "declarations":
        extends = parts.version.extends_conference_paper
        measured = overlap_of(parts.version) if extends else None
        return {**dict(zip(_DECLARATION_FORMS, forms, strict=True)), "overlap": measured}
    if name == "response":
        groups = queries.by_reviewer(parts.points)
        return {"form": forms[0], "groups": [_answering(forms[0], group) for group in groups]}
    return {"form": forms[0]}


def _answering(form: ResponseForm, group: queries.ReviewerPoints) -> dict[str, Any]:
    """One reviewer's points, each with the fields of its answer."""
    return {
        "label": group.label,
        "progress": group.progress,
        "points": [
            {
                "point": point,
                "answer": form[f"answer_{point.key}"],
                "place": form[f"place_{point.key}"],
            }
            for point in group.points
        ],
    }


def _onward(request: HttpRequest, name: str, version: Version) -> str:
    """Where a plain POST leads: on to the next screen, or back to the row that was moved."""
    act = request.POST.get("act", "")
    here = reverse(f"submissions:{name}", args=[version.public_id])
    if name == "authors" and (act == "paste" or _pasted(request).strip()):
        return f"{here}#authors"
    if act.startswith(("up-", "down-", "remove-", "move-")) or act == "add":
        return f"{here}#authors"
    if act.startswith("name-"):
        return f"{here}#{act.removeprefix('name-')}"
    if act == "stay":
        return here
    blocked = {finding.screen.value for finding in queries.missing(version)}
    following = next_screen(name, version, blocked)
    return reverse(f"submissions:{following}", args=[version.public_id])


def _response_forms(data: QueryDict | None, parts: queries.Parts) -> Bound:
    return (ResponseForm(data, parts=parts),)


def _save_response(request: HttpRequest, version: Version, forms: Bound) -> Version:
    form: ResponseForm = forms[0]
    return actions.save_answers(
        actor=me(request),
        version=version,
        answers=form.entries(),
        summary=form.cleaned_data["response_summary"].replace("\r\n", "\n"),
        edit_count=edit_count(request),
    )


def _manuscript_forms(data: QueryDict | None, parts: queries.Parts) -> Bound:
    return (ManuscriptForm(data, parts=parts),)


def _save_manuscript(request: HttpRequest, version: Version, forms: Bound) -> Version:
    values = dict(forms[0].cleaned_data)
    topics = values.pop("topics")
    return actions.save_draft(
        actor=me(request),
        version=version,
        values=values,
        topics=topics,
        edit_count=edit_count(request),
    )


_DECLARATION_FORMS = ("form", "funders", "conflicts", "suggested", "opposed")


def _declaration_forms(data: QueryDict | None, parts: queries.Parts) -> Bound:
    version = parts.version
    people = {person.public_id: person for person in editors(version.manuscript.issue)}
    return (
        DeclarationsForm(data, version=version, editors=people),
        funder_formset(data, version),
        declared_conflict_formset(data, parts, people),
        named_reviewer_formset(data, parts, is_opposed=False),
        named_reviewer_formset(data, parts, is_opposed=True),
    )


def _save_declarations(request: HttpRequest, version: Version, forms: Bound) -> Version:
    form, funders, conflicts, suggested, opposed = forms
    actor, loaded_at = me(request), edit_count(request)
    saved = actions.save_draft(
        actor=actor,
        version=version,
        values={**form.values(), "funders": funder_entries(funders)},
        edit_count=loaded_at,
    )
    people = [
        *named_reviewer_entries(suggested, is_opposed=False),
        *named_reviewer_entries(opposed, is_opposed=True),
    ]
    # Each save that has changed something counts; the next continues from there.
    loaded_at += saved.edit_count == loaded_at + 1
    saved = actions.save_declared_conflicts(
        actor=actor,
        version=saved,
        conflicts=declared_conflict_entries(conflicts, form.editors),
        edit_count=loaded_at,
    )
    loaded_at += saved.edit_count == loaded_at + 1
    return actions.save_named_reviewers(
        actor=actor, version=saved, people=people, edit_count=loaded_at
    )


def _author_forms(data: QueryDict | None, parts: queries.Parts) -> Bound:
    return (author_formset(data, parts),)


def _save_authors(request: HttpRequest, version: Version, forms: Bound) -> Version:
    entries = author_entries(forms[0], corresponding_row(request.POST))
    listed = arranged(entries, request.POST.get("act", ""))
    pasted = read_names(_pasted(request))
    if pasted.people:
        listed = with_pasted(listed, pasted)
    saved = actions.save_authors(
        actor=me(request), version=version, authors=listed, edit_count=edit_count(request)
    )
    if pasted.people or pasted.unread:
        messages.info(request, told(len(entries), len(listed), pasted))
    return saved


def _pasted(request: HttpRequest) -> str:
    """A pasted list counts once a button is pressed; saving while it is typed leaves it alone."""
    return request.POST.get("pasted", "") if request.POST.get("act") else ""


def _errors(forms: Bound) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in forms:
        parts: list[django_forms.BaseForm] = (
            list(form.forms) if isinstance(form, BaseFormSet) else [form]
        )
        for part in parts:
            for field, sentences in part.errors.items():
                found[part.add_prefix(field)] = [str(sentence) for sentence in sentences]
    return found


_SCREENS: dict[
    str,
    tuple[
        Callable[[QueryDict | None, queries.Parts], Bound],
        Callable[[HttpRequest, Version, Bound], Version],
    ],
] = {
    "response": (_response_forms, _save_response),
    "manuscript": (_manuscript_forms, _save_manuscript),
    "authors": (_author_forms, _save_authors),
    "declarations": (_declaration_forms, _save_declarations),
}
