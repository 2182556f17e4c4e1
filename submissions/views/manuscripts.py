"""The author's manuscripts: the list, the page of one, the answers to a decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions import actions, queries
from submissions.models import Author, Correspondence, Manuscript, Upload, Version, VersionFile
from submissions.permissions import may_work_on
from submissions.queries.manuscripts import with_files
from submissions.states import FILE_KIND_LABELS, FileKind, Stage
from submissions.supporting import FINAL_KINDS
from submissions.views.drafts import checks_of
from submissions.views.screens import me
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

PER_PAGE = 25


@login_required
@require_safe
def manuscripts(request: HttpRequest) -> HttpResponse:
    """All manuscripts of which this person is submitter or author, the newest first."""
    mine = queries.manuscripts_of(request.user).order_by("-created_at", "-id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.my_lines(list(page.object_list), clock.now())
    return render(request, "submissions/manuscripts.html", {"page": page, "lines": lines})


@login_required
@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One manuscript: where it is, what next, by when, and everything that was sent."""
    manuscript = _manuscript(request, public_id)
    newest = queries.latest_version(manuscript)
    newest.manuscript = manuscript
    may_work = may_work_on(request.user, newest)
    readable = queries.versions_of(request.user).filter(manuscript=manuscript)
    versions = list(with_files(readable).order_by("-revision_number"))
    for version in versions:
        version.manuscript = manuscript
    step = queries.story(manuscript, newest, clock.now())
    shown = next((v for v in versions if not v.is_draft), versions[0] if versions else newest)
    return render(
        request,
        "submissions/show.html",
        {
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "step": step,
            "may_work": may_work,
            "draft": newest if newest.is_draft and may_work else None,
            "shown": shown,
            "versions": versions,
            "authors": Author.objects.filter(version=shown),
            "letters": Correspondence.objects.filter(manuscript=manuscript).select_related("file"),
            "timeline": queries.timeline(manuscript, versions),
            "is_returned": manuscript.stage == Stage.UNSUBMITTED,
        },
    )


@login_required
@require_POST
def revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the revision that the decision asked for."""
    manuscript = _manuscript(request, public_id)
    try:
        version = actions.start_revision(actor=me(request), manuscript=manuscript)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
        return redirect("submissions:show", public_id)
    return redirect("submissions:response", version.public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def final_files(request: HttpRequest, public_id: str) -> HttpResponse:
    """After acceptance: final PDF, sources, copyright form; POST hands them in."""
    manuscript = _manuscript(request, public_id)
    version = queries.latest_version(manuscript)
    version.manuscript = manuscript
    is_theirs = may_work_on(request.user, version)
    if not is_theirs or manuscript.stage != Stage.AWAITING_FINAL_FILES:
        return redirect("submissions:show", public_id)
    if request.method == "POST":
        try:
            actions.receive_final_files(actor=me(request), manuscript=manuscript)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("submissions:final_files", public_id)
        messages.success(request, "The final files are here. The receipt comes by mail.")
        return redirect("submissions:show", public_id)
    slots = _final_slots(version)
    return render(
        request,
        "submissions/final_files.html",
        {
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "version": version,
            "slots": slots,
            "interrupted": Upload.objects.filter(version=version, owner=me(request)),
            "lacking": [slot["label"] for slot in slots if slot["row"] is None],
            "due_at": queries.final_files_due_at(manuscript),
        },
    )


_FINAL_NOTES = {
    FileKind.FINAL_PDF: "the accepted paper as it shall appear, PDF",
    FileKind.SOURCES: "LaTeX as ZIP archive, or Word",
    FileKind.COPYRIGHT_FORM: "signed, PDF",
}


def _final_slots(version: Version) -> list[dict[str, Any]]:
    rows = VersionFile.objects.filter(version=version, kind__in=[k.value for k in FINAL_KINDS])
    by_kind = {row.kind: row for row in rows.select_related("file__served", "thumbnail")}
    issue = version.manuscript.issue
    return [
        {
            "kind": kind.value,
            "label": FILE_KIND_LABELS[kind],
            "note": _FINAL_NOTES[kind],
            "row": by_kind.get(kind.value),
            "checks": checks_of(by_kind[kind.value]) if kind.value in by_kind else [],
            "bytes_max": issue.supporting_file_bytes_max
            if kind == FileKind.SOURCES
            else issue.main_file_bytes_max,
        }
        for kind in FINAL_KINDS
    ]


def _manuscript(request: HttpRequest, public_id: str) -> Manuscript:
    return get_object_or_404(queries.manuscripts_of(request.user), public_id=public_id)
