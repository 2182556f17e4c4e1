"""An invitation that was sent to one address and is answered with the account of another."""

from django.db import transaction

from accounts.actions import grant_role
from accounts.models import RoleName, User
from reviews import mails
from reviews.actions.moves import (
    drop_links,
    lock_with_manuscript,
    queue_once,
    require_reviewing,
    tell_editor,
)
from reviews.models import Assignment, ReviewerLabel
from reviews.permissions import may_claim
from reviews.states import HOLDING, WORKING, AssignmentState
from submissions.models import Manuscript
from tmi_special_issue import audit
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def claim_invitation(*, actor: User, assignment: Assignment) -> Assignment:
    """Move an invitation, or a review in work, to the account of whoever holds its link.

    The caller has seen the secret of the mail. Conflicts are judged for the new account, the
    editor and the former address are told, and all links made so far die. What was written stays
    with the review, and so does its number.

    Raises:
        Refusal: assignment_moved, not_under_review, not_for_this_account.
    """
    assignment = lock_with_manuscript(assignment)
    former = assignment.reviewer
    if actor == former:
        return assignment
    if assignment.state != AssignmentState.INVITED and assignment.state not in WORKING:
        raise Refusal("assignment_moved", "There is no open invitation behind this link.")
    require_reviewing(assignment, doing="the invitation")
    if not may_claim(actor, assignment):
        raise Refusal(
            "not_for_this_account",
            "This account has another part in this manuscript or a conflict of interest with it.",
            status=403,
        )
    manuscript = assignment.version.manuscript
    assignment.reviewer = actor
    assignment.save(update_fields=["reviewer"])
    _keep_number(manuscript, former, actor)
    grant_role(
        actor="system:claim", issue=manuscript.issue, person=actor, name=RoleName.REVIEWER.value
    )
    audit.record(
        actor,
        "assignment.claimed",
        assignment,
        former=former.audit_key,
        reviewer=actor.audit_key,
        manuscript=manuscript.audit_key,
    )
    drop_links(assignment)
    event = f"review_claimed:{actor.public_id}"
    tell_editor(assignment, event, lambda editor: mails.review_claimed(assignment, editor, former))
    queue_once(mails.review_moved_away(assignment, former), event, assignment, former)
    return assignment


def _keep_number(manuscript: Manuscript, former: User, actor: User) -> None:
    """The number goes with the review, unless it belongs to an earlier review of the former."""
    labels = ReviewerLabel.objects.filter(manuscript=manuscript)
    has_more = Assignment.objects.filter(
        version__manuscript=manuscript,
        reviewer=former,
        state__in=[*sorted(HOLDING), AssignmentState.CLOSED],
    ).exists()
    if not has_more and not labels.filter(reviewer=actor).exists():
        labels.filter(reviewer=former).update(reviewer=actor)
