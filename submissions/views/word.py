"""The response as a Word file: take it away, bring it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from submissions import actions, queries, word
from submissions.actions.responses import Imported, word_rows
from submissions.models import Version
from submissions.upload_limit import LimitedUpload
from submissions.views.screens import me, version_or_404
from tmi_special_issue import clock
from tmi_special_issue.files import disposition
from tmi_special_issue.refusal import Refusal


@login_required
@never_cache
@require_safe
def response_word(request: HttpRequest, public_id: str) -> HttpResponse:
    """All points with the answers so far, a table for each reviewer."""
    version = _revision(request, public_id)
    groups = queries.by_reviewer(queries.points_of(version))
    content = word.written(
        version.title,
        version.label,
        [(group.label, word_rows(group.points)) for group in groups],
        clock.now(),
    )
    return HttpResponse(
        content,
        content_type=word.MEDIA_TYPE,
        headers={
            "Content-Disposition": disposition("attachment", f"{version.label}-response.docx"),
            "X-Content-Type-Options": "nosniff",
        },
    )


@csrf_exempt  # the inner view checks: the limit must stand before the first byte is read
@login_required
@require_POST
def import_word(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read the answers of a Word file in."""
    version = _revision(request, public_id)
    limiter = LimitedUpload(request, word.BYTES_MOST)
    request.upload_handlers.insert(0, limiter)
    return _import_word(request, version, limiter)


@csrf_protect
def _import_word(request: HttpRequest, version: Version, limiter: LimitedUpload) -> HttpResponse:
    chosen = request.FILES.get("file")
    try:
        if limiter.is_exceeded:
            raise Refusal(
                "too_large",
                f"The Word file has more than {word.BYTES_MOST // 1024 // 1024} MB, which is the "
                "limit. Take pictures out of it; only the words in its tables are read.",
                status=413,
            )
        if chosen is None or chosen.file is None:
            raise Refusal("no_file", "Word file: none was chosen.", status=422)
        done = actions.import_answers(
            actor=me(request),
            version=version,
            upload=chosen.file,
            replaces=request.POST.get("replaces") == "on",
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _told(done))
    return redirect("submissions:response", version.public_id)


def _told(done: Imported) -> str:
    sentences = [f"{done.given} answer{'' if done.given == 1 else 's'} read in from the Word file."]
    if done.left_alone:
        sentences.append(
            f"Empty in the file and left as they are here: {', '.join(done.left_alone)}."
        )
    if done.with_pictures:
        sentences.append(
            f"Pictures cannot be read in: {', '.join(done.with_pictures)}. Put them into the paper "
            "and name the place."
        )
    return " ".join(sentences)


def _revision(request: HttpRequest, public_id: str) -> Version:
    version = version_or_404(request, public_id)
    if not version.revision_number or not version.is_draft:
        raise Http404
    return version
