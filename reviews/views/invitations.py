"""Answering an invitation: through the mail's link, or signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.queries import is_confirmed
from reviews import actions
from reviews.actions.reconsidering import may_be_reconsidered
from reviews.dates import review_due
from reviews.forms import AgreeForm, DeclineForm
from reviews.models import Assignment, InvitationLink
from reviews.permissions import may_claim
from reviews.queries import decision_due, link_of
from reviews.states import READING, WORKING, AssignmentState
from reviews.tokens import hash_of
from reviews.views.door import admitted, assignment_or_404, open_scope
from submissions.models import Author
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

_AGREE, _DECLINE, _OPEN, _CLAIM, _RECONSIDER = "agree", "decline", "open", "claim", "reconsider"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a mail's link. Opening it changes nothing, so a mail scanner may.

    The address holds a secret, so it is nobody's referrer, and after the answer the visitor is
    sent on to an address without it. The name of the site alone is still told: without it a
    browser posts as if from nowhere, and the answer would be refused as forged.
    """
    link = link_of(hash_of(token))
    response = _unknown(request) if link is None else _answer_link(request, link, token)
    response["Referrer-Policy"] = "strict-origin"
    return response


@admitted
@require_POST
def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree, signed in."""
    return _agree(request, assignment_or_404(request, public_id), link=None)


@admitted
@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decline, signed in."""
    return _decline(request, assignment_or_404(request, public_id), link=None)


@admitted
@require_POST
def reconsider(request: HttpRequest, public_id: str) -> HttpResponse:
    """Review after all, signed in."""
    assignment = assignment_or_404(request, public_id)
    _think_again(request, assignment)
    return redirect("reviews:show", public_id)


def invitation_page(
    request: HttpRequest,
    assignment: Assignment,
    *,
    token: str = "",
    agree_form: AgreeForm | None = None,
    decline_form: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Title, authors, abstract, what is expected, by when, and the two answers."""
    version = assignment.version
    issue = version.manuscript.issue
    due_at = review_due(
        clock.now(),
        days=issue.review_days,
        decision_at=decision_due(version),
        revision_number=version.revision_number,
        zone=issue.zone,
    )
    own = reverse("reviews:invitation", args=[token]) if token else ""
    context: dict[str, Any] = {
        "assignment": assignment,
        "version": version,
        "special_issue": issue,
        "authors": Author.objects.filter(version=version).order_by("position"),
        "topics": version.topics.all(),
        "due_at": due_at,
        "agree_form": agree_form or AgreeForm(),
        "decline_form": decline_form or DeclineForm(),
        "agree_url": own or reverse("reviews:agree", args=[assignment.public_id]),
        "decline_url": own or reverse("reviews:decline", args=[assignment.public_id]),
        "is_over": _is_over(assignment),
    }
    return render(request, "reviews/invitation.html", context, status=status)


def _is_over(assignment: Assignment) -> bool:
    return assignment.answer_by is not None and clock.now() > assignment.answer_by


def _answer_link(request: HttpRequest, link: InvitationLink, token: str) -> HttpResponse:
    assignment = link.assignment
    state = AssignmentState(assignment.state)
    act = request.POST.get("act")
    if isinstance(request.user, User) and request.user.pk != assignment.reviewer_id:
        return _of_another(request, request.user, assignment)
    if state == AssignmentState.INVITED and not _is_over(assignment):
        if act == _AGREE:
            return _agree(request, assignment, link=link, token=token)
        if act == _DECLINE:
            return _decline(request, assignment, link=link, token=token)
        # A POST that says neither is no answer: some mail programs send empty ones.
        return invitation_page(request, assignment, token=token)
    if state == AssignmentState.COI_HOLD:
        return render(request, "reviews/held.html", {"assignment": assignment})
    if state in READING:
        if request.method == "POST" and request.POST.get("act") == _OPEN:
            open_scope(request, link)
            return redirect("reviews:show", assignment.public_id)
        return render(
            request,
            "reviews/reopen.html",
            {"assignment": assignment, "version": assignment.version},
        )
    if act == _RECONSIDER and _think_again(request, assignment):
        return redirect("reviews:invitation", token)
    return _ended(request, assignment)


def _of_another(request: HttpRequest, user: User, assignment: Assignment) -> HttpResponse:
    """The link in the hands of another account: it may take the invitation over, or is told why
    it may not, with no word of the manuscript: the account may be an author's."""
    is_open = assignment.state in WORKING or (
        assignment.state == AssignmentState.INVITED and not _is_over(assignment)
    )
    if not is_open or not may_claim(user, assignment):
        return render(request, "reviews/link_of_another.html", status=403)
    if request.POST.get("act") != _CLAIM:
        return render(request, "reviews/claim.html")
    actions.claim_invitation(actor=user, assignment=assignment)
    messages.success(request, "The invitation belongs to this account now.")
    return redirect("reviews:show", assignment.public_id)


def _think_again(request: HttpRequest, assignment: Assignment) -> bool:
    """Take the reviewer's second thought; tells in a message what came of it."""
    try:
        changed = actions.reconsider_assignment(actor=assignment.reviewer, assignment=assignment)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return False
    if changed.state == AssignmentState.INVITED:
        messages.success(request, "Thank you. The invitation is open to you again.")
        return True
    messages.success(
        request,
        "Thank you. All places are taken by now; the editor has been told of your offer and may "
        "invite you again.",
    )
    return False


def _agree(
    request: HttpRequest, assignment: Assignment, *, link: InvitationLink | None, token: str = ""
) -> HttpResponse:
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return invitation_page(request, assignment, token=token, agree_form=form, status=400)
    try:
        answered = actions.agree_assignment(
            actor=assignment.reviewer,
            assignment=assignment,
            has_conflict=form.declares_conflict,
            coi_statement=form.cleaned_data["coi_statement"],
            accepts_terms=True,
            is_by_link=link is not None,
        )
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
        return invitation_page(
            request, assignment, token=token, agree_form=form, status=refusal.status
        )
    if link is not None:
        open_scope(request, link)
    if answered.state == AssignmentState.COI_HOLD:
        messages.success(request, "Thank you. The editor reads your declaration and will answer.")
    elif is_confirmed(assignment.reviewer):
        messages.success(request, "Thank you for agreeing. The manuscript is open to you now.")
    else:
        messages.warning(
            request,
            "Thank you for agreeing. The files open as soon as you have confirmed your e-mail "
            "address or your ORCID iD on your account page.",
        )
    return redirect("reviews:show", assignment.public_id)


def _decline(
    request: HttpRequest, assignment: Assignment, *, link: InvitationLink | None, token: str = ""
) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return invitation_page(request, assignment, token=token, decline_form=form, status=400)
    try:
        declined = actions.decline_assignment(
            actor=assignment.reviewer,
            assignment=assignment,
            **form.values(),
        )
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
        return invitation_page(
            request, assignment, token=token, decline_form=form, status=refusal.status
        )
    if link is None:
        messages.success(request, "Your answer has arrived. Thank you for telling us.")
        return redirect("reviews:assignments")
    return render(request, "reviews/declined.html", {"assignment": declined, "token": token})


def _unknown(request: HttpRequest) -> HttpResponse:
    """The same page for a link that never was and for one that ended: neither tells more."""
    return render(request, "reviews/link_unknown.html", status=404)


def _ended(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    context = {
        "assignment": assignment,
        "may_reconsider": may_be_reconsidered(assignment, clock.now()),
    }
    return render(request, "reviews/link_ended.html", context, status=410)
