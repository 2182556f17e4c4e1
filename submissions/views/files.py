"""Files of the authors' door: take one in, show it, give it back, take it off."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from submissions import actions, queries, supporting
from submissions.actions.files import byte_limit
from submissions.models import Version, VersionFile
from submissions.states import FILE_KIND_LABELS, FileKind
from submissions.upload_limit import LimitedUpload
from submissions.views.screens import me, version_or_404
from tmi_special_issue import clock, problems
from tmi_special_issue import files as stored_files
from tmi_special_issue.refusal import Refusal


@csrf_exempt  # the inner view checks: the limit must stand before the first byte is read
@login_required
@require_POST
def upload(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Take in one file. `kind` "chosen" lets the form's own `kind` say which."""
    began_at = clock.now()
    version = version_or_404(request, public_id)
    limit = byte_limit(version, FileKind.VIDEO if kind == "chosen" else kind_named(kind))
    limiter = LimitedUpload(request, limit)
    request.upload_handlers.insert(0, limiter)
    return _upload(request, version, kind, limiter, began_at)


@csrf_protect
def _upload(
    request: HttpRequest,
    version: Version,
    kind: str,
    limiter: LimitedUpload,
    began_at: datetime,
) -> HttpResponse:
    try:
        chosen = request.FILES.get("file")
        wanted = kind_named(request.POST.get("kind", "") if kind == "chosen" else kind)
        label = FILE_KIND_LABELS[wanted].removesuffix(" (PDF)")
        if limiter.is_exceeded:
            sentence = supporting.too_large(label, limiter.byte_count, limiter.byte_limit)
            raise Refusal("too_large", f"{sentence} Reading stopped there.", status=413)
        if chosen is None or chosen.file is None:
            raise Refusal("no_file", f"{label}: no file was chosen.", field=kind, status=422)
        row = actions.attach_file(
            actor=me(request),
            version=version,
            kind=wanted,
            upload=chosen.file,
            name=chosen.name or "file",
            description=request.POST.get("description", ""),
            began_at=began_at,
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        if request.headers.get("X-Requested-With") == "upload":
            return problems.respond(refusal)
        messages.error(request, refusal.sentence)
        return redirect(back_to(version))
    messages.success(request, f"{row.get_kind_display()}: “{row.file.original_name}” is here.")
    return redirect(back_to(version))


@login_required
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a file off a draft."""
    row = _file(request, public_id)
    version = version_or_404(request, row.version.public_id)
    try:
        actions.remove_file(actor=me(request), file=row)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
    return redirect(back_to(version))


@login_required
@require_POST
def describe(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say as what a file counts and what it shows."""
    row = _file(request, public_id)
    version = version_or_404(request, row.version.public_id)
    try:
        actions.describe_file(
            actor=me(request),
            file=row,
            kind=kind_named(request.POST.get("kind") or row.kind),
            description=request.POST.get("description", ""),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
    return redirect(back_to(version))


@login_required
@require_safe
def file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The author's own file, byte for byte."""
    row = _file(request, public_id)
    return stored_files.respond(row.file, filename=row.file.original_name, request=request)


@login_required
@require_safe
def served(request: HttpRequest, public_id: str) -> HttpResponse:
    """The copy that editors and reviewers get."""
    row = _file(request, public_id)
    copy = row.file.for_others
    name = copy.original_name if copy.pk != row.file.pk else row.file.original_name
    return stored_files.respond(copy, filename=name, inline=True, request=request)


@login_required
@require_safe
def thumbnail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The first page as a picture."""
    row = _file(request, public_id)
    if row.thumbnail is None:
        raise Http404
    return stored_files.respond(row.thumbnail, filename="page-1.png", inline=True)


@login_required
@require_safe
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """A letter to the authors."""
    row = get_object_or_404(queries.letters_of(request.user), public_id=public_id)
    name = f"{row.manuscript.number or 'letter'} {row.title}.pdf"
    return stored_files.respond(row.file, filename=name, inline=True, request=request)


def back_to(version: Version) -> str:
    """The page that shows the files of this version."""
    if version.is_draft:
        return reverse("submissions:files", args=[version.public_id])
    return reverse("submissions:final_files", args=[version.manuscript.public_id])


def _file(request: HttpRequest, public_id: str) -> VersionFile:
    return get_object_or_404(queries.files_of(request.user), public_id=public_id)


def kind_named(typed: str) -> FileKind:
    """The kind that a form names. Raises Refusal when there is none of this name."""
    try:
        return FileKind(typed)
    except ValueError as error:
        raise Refusal(
            "unknown_kind", "Choose what kind of file this is.", field="kind", status=422
        ) from error
