"""Where a PDF has text that nobody sees: each stretch, with a picture of its page.

For the authors, who may not know of it: a template, a converter or a co-author left it there.
"""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from submissions import preflight, queries
from submissions.models import VersionFile
from submissions.preflight.facts import HiddenText
from submissions.views.files import back_to
from tmi_special_issue import files


@login_required
@require_safe
def hidden_text(request: HttpRequest, public_id: str) -> HttpResponse:
    """All stretches by page: why each is hidden, and its words."""
    row = _file(request, public_id)
    found = sorted(_stretches(row), key=lambda stretch: stretch.page)
    return render(
        request,
        "submissions/hidden_text.html",
        {
            "row": row,
            "manuscript": row.version.manuscript,
            "pages": [
                {"number": number, "stretches": list(stretches)}
                for number, stretches in groupby(found, key=lambda stretch: stretch.page)
            ],
            "count": len(found),
            "is_draft": row.version.is_draft,
            "files_url": back_to(row.version),
        },
    )


@login_required
@require_safe
@cache_control(private=True, max_age=3600)
def hidden_page(request: HttpRequest, public_id: str, page: int) -> HttpResponse:
    """A page on which something was found, as a picture with the places marked."""
    row = _file(request, public_id)
    boxes = [box for stretch in _stretches(row) if stretch.page == page for box in stretch.places]
    if not boxes:
        raise Http404
    picture = preflight.marked_page(files.read(row.file), page, boxes)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png")


def _file(request: HttpRequest, public_id: str) -> VersionFile:
    row = get_object_or_404(queries.files_of(request.user), public_id=public_id)
    if not row.hidden_text:
        raise Http404
    return row


def _stretches(row: VersionFile) -> list[HiddenText]:
    return [HiddenText.from_json(kept) for kept in row.hidden_text]
