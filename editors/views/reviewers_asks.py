"""What comes from reviewers: more time, and names of people who could review instead."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from editors import actions
from editors.permissions import may_handle
from editors.views.found import at_desk, attempt, find_assignment, find_manuscript
from reviews.models import ProposedReviewer
from reviews.permissions import may_extend_beyond


@at_desk
@require_POST
def grant_time(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """The reviewer gets the time asked for, by one tap."""
    viewer, found = find_manuscript(request, public_id)
    if not (may_handle(viewer.user, found) or may_extend_beyond(viewer.user, found.issue)):
        raise Http404
    assignment = find_assignment(found, assignment_id)
    act = partial(actions.grant_time, actor=viewer.user, assignment=assignment)
    attempt(request, act, f"{assignment.reviewer} has more time and was told.")
    return redirect("desk:manuscript", public_id)


@at_desk
@require_POST
def admit_proposal(request: HttpRequest, public_id: str, proposal_id: str) -> HttpResponse:
    """Take a named person among the candidates."""
    viewer, found = find_manuscript(request, public_id)
    if not may_handle(viewer.user, found):
        raise Http404
    proposal = ProposedReviewer.objects.filter(
        assignment__version__manuscript=found, public_id=proposal_id
    ).first()
    if proposal is None:
        raise Http404
    act = partial(actions.admit_proposal, actor=viewer.user, manuscript=found, proposal=proposal)
    attempt(
        request, act, f"{proposal.name} is among the candidates now and has not been written to."
    )
    return redirect("desk:panel", public_id)
