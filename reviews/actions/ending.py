"""How an assignment ends by an editor's act, and how a round closes."""

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.moves import (
    Actor,
    drop_links,
    end,
    lock_manuscript,
    lock_with_manuscript,
    move,
    queue_once,
    require_move,
    stamp,
)
from reviews.models import Assignment
from reviews.states import WORKING, AssignmentState
from submissions.models import Manuscript, Version
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

_BEFORE_WORK = frozenset({AssignmentState.SELECTED, AssignmentState.COI_HOLD})


@transaction.atomic
def rescind_invitation(*, actor: User, assignment: Assignment, reason: str = "") -> Assignment:
    """Withdraw an invitation that was not answered; its links die at once."""
    assignment = lock_with_manuscript(assignment)
    require_move(assignment, AssignmentState.RESCINDED, doing="withdrawing the invitation")
    _rescind(assignment, actor, reason)
    return assignment


@transaction.atomic
def unassign_reviewer(*, actor: User, assignment: Assignment, reason: str) -> Assignment:
    """Let a reviewer go: access ends at once, the text is kept, the mail blames nobody (M17)."""
    assignment = lock_with_manuscript(assignment)
    require_move(assignment, AssignmentState.UNASSIGNED, doing="letting the reviewer go")
    if len(reason.strip()) < 3:
        raise Refusal(
            "reason_needed",
            "Say in a few words why; the reason stays with the editors.",
            field="reason",
            status=400,
        )
    _unassign(assignment, actor, reason.strip(), is_round_over=False)
    return assignment


@transaction.atomic
def close_round(*, actor: Actor, version: Version, is_withdrawn: bool = False) -> list[Assignment]:
    """End a round when its decision is released or the manuscript leaves the review.

    Returned reviews are locked, open ones let go with thanks, invitations withdrawn. The mails
    say "decided", or "withdrawn" when the authors took the manuscript back. A second call finds
    nothing to do.
    """
    why = "The manuscript was withdrawn" if is_withdrawn else "The round is over"
    lock_manuscript(version.manuscript_id)
    rows = list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(version=version)
        .select_related("reviewer", "invited_by", "version__manuscript__issue")
        .order_by("pk")
    )
    touched = []
    for assignment in rows:
        state = AssignmentState(assignment.state)
        if state == AssignmentState.RETURNED:
            assignment.ended_at = clock.now()
            move(
                assignment,
                AssignmentState.CLOSED,
                actor=actor,
                verb="assignment.closed",
                fields=("ended_at",),
            )
            drop_links(assignment)
        elif state in WORKING or state in _BEFORE_WORK:
            _unassign(
                assignment, actor, why, is_round_over=not is_withdrawn, is_withdrawn=is_withdrawn
            )
        elif state == AssignmentState.INVITED:
            _rescind(assignment, actor, why)
        else:
            drop_links(assignment)  # a second thought comes too late
            continue
        touched.append(assignment)
    return touched


@transaction.atomic
def hand_over_assignments(*, actor: Actor, manuscript: Manuscript, editor: User) -> int:
    """Another editor looks after the manuscript: news of its reviewers go there from now on.

    An editor who stepped back for a conflict must hear nothing more of them. Returns how many
    assignments changed hands.
    """
    lock_manuscript(manuscript.pk)
    rows = Assignment.objects.filter(version__manuscript=manuscript).exclude(invited_by=editor)
    changed = rows.update(invited_by=editor)
    if changed:
        audit.record(
            actor, "assignments.handed_over", manuscript, editor=editor.audit_key, count=changed
        )
    return changed


def _rescind(assignment: Assignment, actor: Actor, reason: str) -> None:
    event = f"review_rescinded:{stamp(assignment.invited_at)}"
    end(
        assignment,
        AssignmentState.RESCINDED,
        actor=actor,
        verb="assignment.rescinded",
        reason=reason.strip(),
    )
    queue_once(mails.review_rescinded(assignment), event, assignment, assignment.reviewer)


def _unassign(
    assignment: Assignment,
    actor: Actor,
    reason: str,
    *,
    is_round_over: bool,
    is_withdrawn: bool = False,
) -> None:
    was_told = assignment.state != AssignmentState.SELECTED
    end(
        assignment,
        AssignmentState.UNASSIGNED,
        actor=actor,
        verb="assignment.unassigned",
        reason=reason,
    )
    if was_told:
        queue_once(
            mails.review_unassigned(
                assignment, is_round_over=is_round_over, is_withdrawn=is_withdrawn
            ),
            f"review_unassigned:{stamp(assignment.ended_at)}",
            assignment,
            assignment.reviewer,
        )
