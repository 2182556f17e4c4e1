"""What the author keeps: receipts, what changed between versions, an archive to carry away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from submissions import exports, queries
from submissions.differences import differences
from submissions.models import Manuscript, Receipt
from submissions.permissions import may_work_on
from submissions.queries.overlaps import overlap_of
from submissions.states import ReceiptPurpose
from submissions.views.screens import version_or_404
from tmi_special_issue import files

PRESENT = "draft"


@login_required
@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """One receipt, made to be printed: number, server time with zone, each file's SHA-256."""
    row = get_object_or_404(queries.receipts_of(request.user), public_id=public_id)
    manuscript = row.version.manuscript
    return render(
        request,
        "submissions/receipt.html",
        {
            "receipt": row,
            "title": dict(row.metadata).get("Title", ""),
            "is_final": row.purpose == ReceiptPurpose.FINAL_FILES,
            "manuscript": manuscript,
            "issue": manuscript.issue,
        },
    )


@login_required
@require_safe
def changes(request: HttpRequest, public_id: str) -> HttpResponse:
    """What changed in title, abstract, authors and statements from one hand-in to another."""
    manuscript = get_object_or_404(queries.manuscripts_of(request.user), public_id=public_id)
    states = _states(request, manuscript)
    if not states:
        raise Http404
    keys = [state["key"] for state in states]
    before = _chosen(request, "from", keys, states[max(0, len(states) - 2)]["key"])
    after = _chosen(request, "to", keys, states[-1]["key"])
    texts = {state["key"]: state["metadata"] for state in states}
    return render(
        request,
        "submissions/changes.html",
        {
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "states": states,
            "before": before,
            "after": after,
            "is_single": len(states) == 1,
            "is_same": before == after,
            "differences": differences(texts[before], texts[after]),
        },
    )


@login_required
@require_safe
def archive(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """The whole version as one archive, also after the deadline."""
    version = version_or_404(request, public_id)
    response = FileResponse(exports.version_archive(version), content_type="application/zip")
    name = f"{version.label.replace(' ', '-')} {version.title}"[:80].strip()
    response["Content-Disposition"] = files.disposition("attachment", f"{name}.zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _states(request: HttpRequest, manuscript: Manuscript) -> list[dict[str, Any]]:
    """The hand-ins of a manuscript, the oldest first, and the present draft for its writers."""
    receipts = Receipt.objects.filter(
        version__manuscript=manuscript, purpose=ReceiptPurpose.SUBMISSION
    ).order_by("received_at", "id")
    states = [
        {
            "key": row.public_id,
            "label": row.label,
            "at": row.received_at,
            "metadata": [(label, text) for label, text in row.metadata],
        }
        for row in receipts
    ]
    draft = queries.draft_version(manuscript)
    if draft is not None:
        draft.manuscript = manuscript
        if may_work_on(request.user, draft):
            states.append(
                {
                    "key": PRESENT,
                    "label": "present draft",
                    "at": draft.saved_at,
                    "metadata": queries.metadata(draft),
                }
            )
    return states


def _chosen(request: HttpRequest, name: str, keys: list[str], default: str) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in keys else default


@login_required
@require_safe
def overlap(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the manuscript and its conference paper have in common, side by side."""
    version = version_or_404(request, public_id)
    return render(
        request,
        "submissions/overlap.html",
        {
            "issue": version.manuscript.issue,
            "manuscript": version.manuscript,
            "version": version,
            "overlap": overlap_of(version),
        },
    )
