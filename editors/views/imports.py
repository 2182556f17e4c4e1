"""Files of people for the pool: upload, preview, confirmation, progress, result."""

import csv
from functools import partial
from io import StringIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editors import actions
from editors.exports import inert
from editors.forms import ImportForm
from editors.permissions import may_keep_pool
from editors.queries.desk import PAGE_SIZE, Viewer
from editors.views.found import at_desk, attempt, desk_viewer
from reviews.actions.imports import BYTES_MOST
from reviews.importing import Outcome
from reviews.importing.spreadsheet import COLUMNS
from reviews.models import ImportState, PoolImport, PoolImportLine
from reviews.models.imports import OUTCOME_LABELS
from reviews.queries.imports import evidence_counts, imports_of, outcome_counts
from submissions.upload_limit import LimitedUpload
from tmi_special_issue.files import disposition
from tmi_special_issue.refusal import Refusal

IMPORTS_SHOWN = 20
# With these columns the list comes back as a file that can be sent again.
COLUMNS_TO_COMPLETE = ("email", "given_name", "family_name", "orcid", "institution", "country")


@csrf_exempt  # the inner view checks: the limit must stand before the first byte is read
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def pool_imports(request: HttpRequest) -> HttpResponse:
    """The form for a file, and the files that came before."""
    viewer = _keeper(request)
    limiter = LimitedUpload(request, BYTES_MOST)
    if request.method == "POST":
        request.upload_handlers.insert(0, limiter)
    return _pool_imports(request, viewer, limiter)


@csrf_protect
def _pool_imports(request: HttpRequest, viewer: Viewer, limiter: LimitedUpload) -> HttpResponse:
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if limiter.is_exceeded:
            form.add_error(
                "file",
                f"The file has more than {BYTES_MOST // 1024**2} MB. Divide it, and send the "
                "parts one after the other.",
            )
        elif form.is_valid():
            try:
                made = _begun(viewer, form)
                return redirect("desk:pool_import", made.public_id)
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
    else:
        form = ImportForm(initial={"owner": request.GET.get("owner", "")[:254]})
    return render(
        request,
        "editors/pool_imports.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "form": form,
            "imports": imports_of(viewer.issue)[:IMPORTS_SHOWN],
            "columns": COLUMNS.items(),
        },
        status=422 if form.errors else 200,
    )


def _begun(viewer: Viewer, form: ImportForm) -> PoolImport:
    upload: UploadedFile[Any] = form.cleaned_data["file"]
    return actions.begin_import(
        actor=viewer.user,
        issue=viewer.issue,
        content=upload.read(),
        name=upload.name or "people",
        owner=form.cleaned_data["owner"],
    )


@at_desk
@require_safe
def pool_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a file stands: progress, what would come of it, or what came of it."""
    viewer = _keeper(request)
    found = _find(viewer, public_id)
    counts = outcome_counts(found)
    show = request.GET.get("show", "")
    lines = PoolImportLine.objects.filter(pool_import=found).select_related("person")
    if show in OUTCOME_LABELS:
        lines = lines.filter(outcome=show)
    page = Paginator(lines.order_by("line", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "editors/pool_import.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "found": found,
            "is_at_work": found.state in (ImportState.READING, ImportState.WRITING),
            "is_read": found.state == ImportState.READ,
            "is_done": found.state == ImportState.DONE,
            "new": counts.get(Outcome.NEW, 0),
            "known": counts.get(Outcome.KNOWN, 0),
            "without": counts.get(Outcome.NO_ADDRESS, 0),
            "faults": counts.get(Outcome.FAULT, 0),
            "evidence": evidence_counts(found),
            "page": page,
            "place": "Entry" if found.kind == "json" else "Line",
            "chips": [
                {"label": label, "count": count, "url": url, "current": show == code}
                for code, label, count, url in _chips(counts)
            ],
        },
    )


@at_desk
@require_POST
def confirm_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write what was shown."""
    viewer = _keeper(request)
    found = _find(viewer, public_id)
    attempt(request, partial(actions.confirm_import, actor=viewer.user, pool_import=found), "")
    return redirect("desk:pool_import", public_id)


@at_desk
@require_POST
def discard_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw the file away."""
    viewer = _keeper(request)
    found = _find(viewer, public_id)
    act = partial(actions.discard_import, actor=viewer.user, pool_import=found)
    if attempt(request, act, f"“{found}” was thrown away; nobody was written."):
        return redirect("desk:pool_imports")
    return redirect("desk:pool_import", public_id)


@at_desk
@require_safe
def without_address(request: HttpRequest, public_id: str) -> HttpResponse:
    """Those who have no address, as a file to complete and to send again."""
    viewer = _keeper(request)
    found = _find(viewer, public_id)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS_TO_COMPLETE)
    rows = PoolImportLine.objects.filter(pool_import=found, outcome=Outcome.NO_ADDRESS)
    for name, orcid, institution, country in rows.values_list(
        "name", "orcid", "institution", "country"
    ):
        given, _, family = name.rpartition(" ")
        writer.writerow([inert(cell) for cell in ("", given, family, orcid, institution, country)])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": disposition("attachment", "without-address.csv"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _chips(counts: dict[str, int]) -> list[tuple[str, str, int, str]]:
    return [
        ("", "All", sum(counts.values()), "?"),
        *(
            (outcome.value, label, counts[outcome], f"?show={outcome.value}")
            for outcome, label in OUTCOME_LABELS.items()
            if counts.get(outcome)
        ),
    ]


def _keeper(request: HttpRequest) -> Viewer:
    viewer = desk_viewer(request)
    if not may_keep_pool(viewer.user, viewer.issue):
        raise Http404
    return viewer


def _find(viewer: Viewer, public_id: str) -> PoolImport:
    found = imports_of(viewer.issue).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
