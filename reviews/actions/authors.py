"""Reviewers who turn out to be authors of the manuscript."""

from django.db import transaction

from reviews import mails
from reviews.actions.moves import Actor, drop_links, lock_assignment, stamp, tell_editor
from reviews.guards import AUTHOR_FOUND
from reviews.models import Assignment
from reviews.queries.checks import told_of
from reviews.states import AssignmentState
from tmi_special_issue import audit


@transaction.atomic
def report_author(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Record a hold that the database set, end the links, and tell the editor.

    A hold that the editor has answered meanwhile is left alone.
    """
    assignment = lock_assignment(assignment)
    is_held = assignment.state == AssignmentState.COI_HOLD
    if not is_held or assignment.coi_statement != AUTHOR_FOUND:
        return assignment
    audit.record(
        actor,
        "assignment.held",
        assignment,
        to=AssignmentState.COI_HOLD.value,
        version=assignment.version.label,
        manuscript=assignment.version.manuscript.audit_key,
        reason=AUTHOR_FOUND,
    )
    drop_links(assignment)
    if any(rule == "F1" for rule, _ in told_of(assignment)):
        return assignment  # the check of conflicts came first and told the editor
    tell_editor(
        assignment,
        f"review_held:author:{stamp(assignment.invited_at)}",
        lambda editor: mails.review_held(assignment, editor),
    )
    return assignment
