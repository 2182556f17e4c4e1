"""The button that takes over what page 1 of the PDF says."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from submissions import actions, queries
from submissions.proposals import Offer
from submissions.views.screens import edit_count, me, next_screen, version_or_404
from tmi_special_issue.refusal import Refusal

EVERYTHING_EMPTY = "empty"


@login_required
@require_POST
def fill(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one part, and stay; or all that is still empty, and go on to read it."""
    version = version_or_404(request, public_id)
    chosen = request.POST.get("use", "")
    try:
        if chosen not in {EVERYTHING_EMPTY, *Offer}:
            raise Refusal("unknown_offer", "Choose what to take over from the PDF.", status=422)
        taken = actions.fill_draft(
            actor=me(request),
            version=version,
            offer=None if chosen == EVERYTHING_EMPTY else Offer(chosen),
            edit_count=edit_count(request),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, _told_no(refusal))
        return redirect("submissions:files", public_id)
    messages.success(request, told(taken))
    if chosen == EVERYTHING_EMPTY:
        blocked = {finding.screen.value for finding in queries.missing(version)}
        return redirect(f"submissions:{next_screen('files', version, blocked)}", public_id)
    return redirect(reverse("submissions:files", args=[public_id]) + "#files")


def told(taken: list[queries.Proposal]) -> str:
    """What was taken over, and what is still to be done about it."""
    parts = [
        f"{len(proposal.names)} authors" if proposal.names else proposal.label.lower()
        for proposal in taken
    ]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    sentence = f"Taken over from your PDF: {listed}. Read it once more; print is easily misread."
    if any(proposal.names for proposal in taken):
        sentence += " E-mail addresses and institutions of the authors are still missing."
    return sentence


def _told_no(refusal: Refusal) -> str:
    if refusal.code == "stale_edit":
        return (
            "The draft was changed since you opened this page, so nothing was taken over. Look at "
            "it once more and press again."
        )
    return refusal.sentence
