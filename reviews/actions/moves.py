"""What every act on an assignment shares: locks, the state table, links, mail, labels.

Locks are taken in one order: the manuscript, then assignments by key, then the record's chain.
An act that changes what is counted of a round (places, answers, dates, returns) locks the
manuscript; writing a review locks the assignment alone, so that four people can write at once.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from reviews.models import Alternate, Assignment, InvitationLink, ReviewerLabel
from reviews.states import COUNTED, FELL_FREE, LABELS, AssignmentState, may_move
from reviews.tokens import hash_of, new_secret
from submissions.models import Manuscript
from submissions.states import Stage
from tmi_special_issue import audit, clock, doorbell, links, outbox
from tmi_special_issue.refusal import Refusal

# Stages in which reviewers work. A review that comes in while the decision is prepared counts.
REVIEWING = frozenset({Stage.IN_REVIEW, Stage.AWAITING_DECISION})

Actor = User | str


def lock_manuscript(manuscript_id: int) -> Manuscript:
    """The manuscript under a row lock, with its issue."""
    return (
        Manuscript.objects.select_for_update(of=("self",))
        .select_related("issue")
        .get(pk=manuscript_id)
    )


def lock_assignment(assignment: Assignment) -> Assignment:
    """The assignment as it stands now, under a row lock, with all that acts look at."""
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("reviewer", "invited_by", "version__manuscript__issue")
        .get(pk=assignment.pk)
    )


def lock_with_manuscript(assignment: Assignment) -> Assignment:
    """The same, after its manuscript: for acts that change what is counted of a round."""
    lock_manuscript(assignment.version.manuscript_id)
    return lock_assignment(assignment)


def require_move(assignment: Assignment, to: AssignmentState, *, doing: str) -> None:
    """Refuse a move that is not in the table, with the state in words."""
    origin = AssignmentState(assignment.state)
    if not may_move(origin, to):
        raise Refusal(
            "assignment_moved",
            f"The assignment stands at “{LABELS[origin]}” by now, which does not allow {doing}.",
        )


def require_reviewing(assignment: Assignment, *, doing: str) -> None:
    """Refuse when the manuscript is not under review, or a newer version has taken its place."""
    manuscript = assignment.version.manuscript
    if Stage(manuscript.stage) not in REVIEWING or assignment.version.submitted_at is None:
        raise Refusal(
            "not_under_review",
            f"{assignment.version.label} is no longer under review, which ends {doing}. "
            "Nothing that you wrote is lost.",
        )


def move(
    assignment: Assignment,
    to: AssignmentState,
    *,
    actor: Actor,
    verb: str,
    fields: tuple[str, ...] = (),
    **facts: object,
) -> None:
    """Write the new state with the named fields, and record it. The row is locked by the caller."""
    origin = assignment.state
    assignment.state = to
    assignment.save(update_fields=["state", *fields])
    if to == AssignmentState.INVITED:
        # Asked again: should this place fall free once more, somebody else may stand in for it.
        Alternate.objects.filter(stands_in_for=assignment).update(stands_in_for=None)
    audit.record(
        actor,
        verb,
        assignment,
        origin=origin,
        to=to.value,
        version=assignment.version.label,
        manuscript=assignment.version.manuscript.audit_key,
        **facts,
    )


def end(
    assignment: Assignment,
    to: AssignmentState,
    *,
    actor: Actor,
    verb: str,
    reason: str = "",
    fields: tuple[str, ...] = (),
    keep_links: bool = False,
) -> None:
    """End an assignment without a review: its links die, its number is free again.

    `keep_links`: the link still leads to a page on which the reviewer can think again.
    """
    assignment.ended_at = clock.now()
    assignment.ended_reason = reason[:500]
    assignment.asked_until = None
    move(
        assignment,
        to,
        actor=actor,
        verb=verb,
        fields=("ended_at", "ended_reason", "asked_until", *fields),
        reason=reason,
    )
    if not keep_links:
        drop_links(assignment)
    free_label(assignment)
    if to in FELL_FREE:
        doorbell.ring("editors.tasks.refill_places", assignment.version.public_id)


def make_link(assignment: Assignment) -> str:
    """A fresh link for one mail. The secret exists in the returned address only."""
    secret = new_secret()
    InvitationLink.objects.create(
        assignment=assignment, secret_hash=hash_of(secret), made_at=clock.now()
    )
    return links.absolute("reviews:invitation", secret)


def drop_links(assignment: Assignment) -> None:
    """Make every link of the assignment, and every session opened through one, worthless."""
    InvitationLink.objects.filter(assignment=assignment).delete()


def queue_once(message: outbox.Message, event: str, assignment: Assignment, person: User) -> None:
    """Queue a mail, once for this event and recipient."""
    outbox.queue(message, f"{event}:{assignment.public_id}:{person.public_id}")


def tell_editor(
    assignment: Assignment, event: str, build: Callable[[User], outbox.Message]
) -> None:
    """Mail the editor who looks after the assignment."""
    if assignment.invited_by is not None:
        queue_once(build(assignment.invited_by), event, assignment, assignment.invited_by)


def stamp(instant: datetime | None) -> str:
    """An instant for a mail's key: the same event later is another event."""
    return instant.strftime("%Y%m%dT%H%M%S.%f") if instant else "-"


# --- Labels -----------------------------------------------------------------------------------


def draw_label(assignment: Assignment) -> ReviewerLabel:
    """The number of a reviewer: kept from an earlier round, else drawn among the free ones.

    At random, because a number by order of invitation or of return tells the authors something
    (`security.md` T2). The caller holds the manuscript's lock.
    """
    manuscript = assignment.version.manuscript
    kept = ReviewerLabel.objects.filter(
        manuscript=manuscript, reviewer=assignment.reviewer_id
    ).first()
    if kept:
        return kept
    taken = set(
        ReviewerLabel.objects.filter(manuscript=manuscript).values_list("number", flat=True)
    )
    highest = max(manuscript.issue.reviewers_needed, len(taken) + 1)
    free = [number for number in range(1, highest + 1) if number not in taken]
    return ReviewerLabel.objects.create(
        manuscript=manuscript, reviewer=assignment.reviewer, number=secrets.choice(free)
    )


def free_label(assignment: Assignment) -> None:
    """Give the number back unless the authors know a review under it, or a place still holds it."""
    manuscript = assignment.version.manuscript
    others = Assignment.objects.filter(
        version__manuscript=manuscript, reviewer=assignment.reviewer_id
    ).exclude(pk=assignment.pk)
    holding = [*sorted(COUNTED), AssignmentState.COI_HOLD, AssignmentState.CLOSED]
    if not others.filter(state__in=holding).exists():
        ReviewerLabel.objects.filter(
            manuscript=manuscript, reviewer=assignment.reviewer_id
        ).delete()
