"""A reviewer who declined, or let the time pass, would review after all."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.moves import (
    lock_with_manuscript,
    move,
    require_reviewing,
    stamp,
    tell_editor,
)
from reviews.dates import answer_due
from reviews.models import Assignment
from reviews.permissions import may_answer
from reviews.queries import round_of
from reviews.states import FELL_FREE, AssignmentState
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def reconsider_assignment(*, actor: User, assignment: Assignment) -> Assignment:
    """Open a declined or expired invitation again while its place is free, else ask the editor.

    The person still has to agree on the page, with all declarations. When the places are taken
    the assignment stays as it is and the editor hears of the offer, once.

    Raises:
        Refusal: not_yours, assignment_moved, not_under_review.
    """
    assignment = lock_with_manuscript(assignment)
    if not may_answer(actor, assignment):
        raise Refusal("not_yours", "This invitation is for another person.", status=404)
    now = clock.decisive_now()
    if is_open(assignment, now):
        return assignment
    if not may_be_reconsidered(assignment, now):
        raise Refusal("assignment_moved", "This invitation has ended and cannot be taken up again.")
    require_reviewing(assignment, doing="the invitation")
    version = assignment.version
    counts = round_of(version)
    still_held = assignment.state == AssignmentState.INVITED
    has_place = still_held or counts.places_left > 0
    event = f"review_reconsidered:{stamp(assignment.ended_at or assignment.answer_by)}"
    if not has_place:
        audit.record(actor, "assignment.reconsideration_asked", assignment)
    else:
        issue = version.manuscript.issue
        assignment.invited_at = now
        assignment.answer_by = answer_due(now, days=issue.invitation_days, zone=issue.zone)
        assignment.answered_at = assignment.ended_at = assignment.ask_again_on = None
        assignment.decline_reason = assignment.decline_note = assignment.ended_reason = ""
        move(
            assignment,
            AssignmentState.INVITED,
            actor=actor,
            verb="assignment.reconsidered",
            fields=_FRESH,
        )
        counts = round_of(version)
    tell_editor(
        assignment,
        event,
        lambda editor: mails.review_reconsidered(assignment, editor, counts, has_place=has_place),
    )
    return assignment


_FRESH = (
    "invited_at",
    "answer_by",
    "answered_at",
    "ended_at",
    "ask_again_on",
    "decline_reason",
    "decline_note",
    "ended_reason",
)


def is_open(assignment: Assignment, now: datetime) -> bool:
    """Can the invitation be answered at this instant?"""
    is_over = assignment.answer_by is not None and now > assignment.answer_by
    return assignment.state == AssignmentState.INVITED and not is_over


def may_be_reconsidered(assignment: Assignment, now: datetime) -> bool:
    """Did the invitation end by the reviewer's own doing, and for no conflict?"""
    if assignment.state == AssignmentState.INVITED:
        return not is_open(assignment, now)
    ended_alone = AssignmentState(assignment.state) in FELL_FREE
    return ended_alone and not assignment.coi_statement and assignment.decline_reason != "conflict"
