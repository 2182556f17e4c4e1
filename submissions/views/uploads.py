"""Uploads in parts, for the script of the page; the plain form works without them.

begin      POST kind, name, byte_count, fingerprint -> 200 {part_url, finish_url, received, …}
part       GET -> 200 {received}; POST bytes with `Upload-Offset` -> 200 {received}
           409 {code: wrong_offset}: another tab was faster, ask where to go on
finish     POST kind -> 200 {file}; a refusal tells what is wrong with the file
cancel     POST, for the script and for the plain button of an interrupted upload

What is refused is a problem object (RFC 9457); a stranger gets 404.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from submissions import actions, queries
from submissions.actions.uploads import PART_BYTES_MOST
from submissions.models import Upload
from submissions.views.files import back_to, kind_named
from submissions.views.screens import me, version_or_404
from tmi_special_issue import problems
from tmi_special_issue.refusal import Refusal

BYTES_MOST_DIGITS = 15


@login_required
@require_POST
def begin_upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """Announce a file; the answer says from which byte on it is wanted."""
    version = version_or_404(request, public_id)
    try:
        upload = actions.begin_upload(
            actor=me(request),
            version=version,
            kind=kind_named(request.POST.get("kind", "")),
            name=request.POST.get("name", "")[:1000],
            byte_count=_number(request.POST.get("byte_count", ""), "byte_count"),
            fingerprint=request.POST.get("fingerprint", "")[:64],
        )
    except Refusal as refusal:
        return problems.respond(refusal)
    return JsonResponse(
        {
            "part_url": reverse("submissions:upload_part", args=[upload.public_id]),
            "finish_url": reverse("submissions:finish_upload", args=[upload.public_id]),
            "cancel_url": reverse("submissions:cancel_upload", args=[upload.public_id]),
            "part_bytes_most": PART_BYTES_MOST,
            **_state(upload),
        }
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: how much is here. POST: the next part."""
    upload = _upload(request, public_id)
    if request.method == "POST":
        try:
            upload = actions.receive_part(
                actor=me(request),
                upload=upload,
                offset=_number(request.headers.get("Upload-Offset", ""), "Upload-Offset"),
                content=_whole_body(request),
            )
        except Refusal as refusal:
            return problems.respond(refusal)
    return JsonResponse(_state(upload))


@login_required
@require_POST
def finish_upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """All bytes are here: check the file and keep it, or say what is wrong with it."""
    upload = _upload(request, public_id)
    try:
        row = actions.finish_upload(
            actor=me(request),
            upload=upload,
            kind=kind_named(request.POST.get("kind") or upload.kind),
            description=request.POST.get("description", ""),
        )
    except Refusal as refusal:
        return problems.respond(refusal)
    return JsonResponse(
        {"file": row.public_id, "told": f"{row.get_kind_display()}: “{row.file.original_name}”"}
    )


@login_required
@require_POST
def cancel_upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an upload up: nothing of it stays."""
    upload = _upload(request, public_id)
    actions.cancel_upload(actor=me(request), upload=upload)
    if request.headers.get("X-Requested-With") == "upload":
        return HttpResponse(status=204)
    messages.info(request, f"The upload of “{upload.name}” was given up. Nothing of it is kept.")
    return redirect(back_to(upload.version))


def _upload(request: HttpRequest, public_id: str) -> Upload:
    return get_object_or_404(queries.uploads_of(request.user), public_id=public_id)


def _state(upload: Upload) -> dict[str, Any]:
    return {"upload": upload.public_id, "received": upload.received, "of": upload.byte_count}


def _number(typed: str, field: str) -> int:
    if not typed.isascii() or not typed.isdecimal() or len(typed) > BYTES_MOST_DIGITS:
        raise Refusal("not_a_number", f"{field} must be a number of bytes.", status=400)
    return int(typed)


def _whole_body(request: HttpRequest) -> bytes:
    """The body, if all of it arrived: a connection that broke gives fewer bytes than it said."""
    try:
        content = request.body
    except (UnreadablePostError, RawPostDataException) as error:
        raise _cut() from error
    if len(content) != int(request.headers.get("Content-Length") or 0):
        raise _cut()
    return content


def _cut() -> Refusal:
    return Refusal(
        "part_cut", "The connection broke within this part. Send the part again.", status=400
    )
