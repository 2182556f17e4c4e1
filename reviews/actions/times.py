"""More time for a review, and reminders."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.moves import (
    Actor,
    lock_assignment,
    lock_with_manuscript,
    make_link,
    queue_once,
    require_reviewing,
    stamp,
    tell_editor,
)
from reviews.dates import COPY_EDITOR_FROM, extension_limit, slack_limit
from reviews.models import Assignment
from reviews.permissions import may_extend_beyond, may_write
from reviews.queries import decision_due
from reviews.states import WORKING, AssignmentState
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal
from tmi_special_issue.templatetags.moments import OfficialZone, written


@transaction.atomic
def extend_assignment(*, actor: User, assignment: Assignment, until: datetime) -> Assignment:
    """Grant a new due date (M14). Beyond the round's limit only the editor-in-chief can.

    The caller has checked that `actor` may act on the manuscript.

    Raises:
        Refusal: review_closed, not_under_review, not_later, beyond_limit.
    """
    assignment = lock_with_manuscript(assignment)
    _require_working(assignment)
    require_reviewing(assignment, doing="the review")
    issue = assignment.version.manuscript.issue
    _require_later(assignment, until)
    limit = extension_limit(decision_due(assignment.version))
    if until > limit and not may_extend_beyond(actor, issue):
        zone = OfficialZone(issue.zone, issue.zone_label)
        raise Refusal(
            "beyond_limit",
            f"The latest due date that can be granted is {written(limit, zone)}, four days before "
            "the decision is due. Beyond it the editor-in-chief must sign.",
            field="until",
        )
    _grant(assignment, actor, until)
    return assignment


@transaction.atomic
def ask_for_time(
    *, actor: User, assignment: Assignment, until: datetime, reason: str = ""
) -> Assignment:
    """A reviewer asks for a later date: granted at once inside the issue's slack, else the
    editor is asked and the present date stands."""
    assignment = lock_with_manuscript(assignment)
    if not may_write(actor, assignment):
        raise Refusal("not_yours", "This review belongs to another person.", status=404)
    _require_working(assignment)
    require_reviewing(assignment, doing="the review")
    _require_later(assignment, until)
    if until <= slack_limit(decision_due(assignment.version)):
        _grant(assignment, actor, until)
        return assignment
    assignment.asked_until = until
    assignment.save(update_fields=["asked_until"])
    reason = reason.strip()[:1000]
    audit.record(actor, "assignment.time_asked", assignment, until=until, reason=reason)
    tell_editor(
        assignment,
        f"review_time_asked:{stamp(until)}",
        lambda editor: mails.review_time_asked(assignment, editor, reason),
    )
    return assignment


@transaction.atomic
def remind_reviewer(*, actor: Actor, assignment: Assignment, days: int) -> bool:
    """M13: remind of a due date, `days` from it. Returns whether a mail was queued.

    From three days late on, the editor gets a copy. Whoever has delivered meanwhile, or has got
    more time, hears nothing.
    """
    assignment = lock_assignment(assignment)
    if AssignmentState(assignment.state) not in WORKING:
        return False
    editor = assignment.invited_by
    cc = [editor.email] if editor and days >= COPY_EDITOR_FROM else []
    is_late = assignment.due_at is not None and assignment.due_at < clock.now()
    message = mails.review_reminded(assignment, link=make_link(assignment), is_late=is_late, cc=cc)
    event = f"review_reminded:{stamp(assignment.due_at)}:{days}"
    queue_once(message, event, assignment, assignment.reviewer)
    audit.record(actor, "assignment.reminded", assignment, days=days)
    return True


def _grant(assignment: Assignment, actor: Actor, until: datetime) -> None:
    before = assignment.due_at
    assignment.due_at = until
    assignment.due_set_at = clock.now()
    assignment.asked_until = None
    assignment.save(update_fields=["due_at", "due_set_at", "asked_until"])
    audit.record(actor, "assignment.extended", assignment, before=before, until=until)
    message = mails.review_extended(assignment, link=make_link(assignment))
    queue_once(message, f"review_extended:{stamp(until)}", assignment, assignment.reviewer)


def _require_working(assignment: Assignment) -> None:
    if AssignmentState(assignment.state) not in WORKING:
        raise Refusal("review_closed", "There is no open review whose date could be moved.")


def _require_later(assignment: Assignment, until: datetime) -> None:
    earliest = max(assignment.due_at or clock.now(), clock.now())
    if until <= earliest:
        issue = assignment.version.manuscript.issue
        zone = OfficialZone(issue.zone, issue.zone_label)
        raise Refusal(
            "not_later",
            f"The new date must be after {written(earliest, zone)}.",
            field="until",
            status=400,
        )
