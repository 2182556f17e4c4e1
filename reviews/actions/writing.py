"""Writing a review: save, deliver, send back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.moves import (
    lock_assignment,
    lock_with_manuscript,
    make_link,
    move,
    queue_once,
    require_move,
    require_reviewing,
    stamp,
    tell_editor,
)
from reviews.dates import SHORTEST, end_of_local_day
from reviews.models import TYPED_LATE, Assignment, Review, ReviewForm, ReviewSnapshot
from reviews.permissions import may_write
from reviews.queries import published_forms, round_of
from reviews.sheet import TMI_1, Context, faults, missing_answers
from reviews.states import WORKING, AssignmentState
from submissions.models import Version
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal


class Incomplete(Refusal):
    """A review that cannot be submitted yet; `missing` is the list of what to add."""

    def __init__(self, missing: list[Any]) -> None:
        count = len(missing)
        noun = "answer is" if count == 1 else "answers are"
        super().__init__(
            "review_incomplete",
            f"{count} {noun} still missing; the list says which. Everything you wrote is saved.",
            status=400,
        )
        self.missing = missing


class Faulty(Refusal):
    """Answers that the sheet cannot hold; `faults` has a sentence for each question."""

    def __init__(self, found: dict[str, str]) -> None:
        key, sentence = next(iter(found.items()))
        super().__init__("answers_refused", sentence, field=key, status=400)
        self.faults = found


def sheet_context(version: Version) -> Context:
    """What of a version decides which questions its reviewers get."""
    return Context(
        revision_number=version.revision_number,
        extends_conference_paper=version.extends_conference_paper,
    )


@transaction.atomic
def save_review(
    *,
    actor: User,
    assignment: Assignment,
    answers: Mapping[str, Any],
    edit_count: int,
    sheet_number: int | None = None,
) -> Review:
    """Keep the answers so far. The first save moves the assignment to "begun".

    `edit_count` is the one that the page was made with; a save from a stale tab is refused, so
    that it cannot overwrite newer text. Answers without content are not kept. A review is begun
    with the version of the score sheet that its page showed, `sheet_number`, so that nothing typed
    is lost when another is published meanwhile; without one, with the present version.

    Raises:
        Refusal: not_yours, review_closed, not_under_review, stale_edit.
        Faulty: unknown questions or values.
    """
    assignment = lock_assignment(assignment)
    require_open(actor, assignment)
    review = _review_of(assignment, sheet_number)
    if review.edit_count != edit_count:
        raise Refusal(
            "stale_edit",
            "This review was changed in another tab or on another device since you opened this "
            "page. Nothing was overwritten.",
        )
    _keep(review, assignment, answers)
    if assignment.state == AssignmentState.AGREED:
        move(assignment, AssignmentState.IN_PROGRESS, actor=actor, verb="review.begun")
    return review


@transaction.atomic
def deliver_review(
    *,
    actor: User,
    assignment: Assignment,
    answers: Mapping[str, Any] | None = None,
    edit_count: int | None = None,
) -> Review:
    """Submit the review: it is frozen, a snapshot is kept, reviewer and editor are told.

    With `answers` they are what is submitted; the caller saves them first, so that a refusal
    for missing answers loses nothing.

    Raises:
        Refusal: not_yours, review_closed, not_under_review, stale_edit.
        Incomplete: with the list of what is missing.
        Faulty: unknown questions or values.
    """
    assignment = lock_with_manuscript(assignment)
    require_open(actor, assignment)
    review = _review_of(assignment)
    if edit_count is not None and review.edit_count != edit_count:
        raise Refusal(
            "stale_edit",
            "This review was changed in another tab or on another device since you opened this "
            "page, so it was not submitted. Load the page again and look it over.",
        )
    if answers is not None:
        _keep(review, assignment, answers)
    sheet = review.sheet
    missing = missing_answers(sheet, review.answers, sheet_context(assignment.version))
    if missing:
        raise Incomplete(missing)
    now = clock.decisive_now()
    review.recommendation = str(review.answers["recommendation"])
    review.submitted_at = now
    review.saved_at = now
    review.edit_count += 1
    review.save()
    ReviewSnapshot.objects.create(
        review=review, answers=review.answers, reason="Submitted", taken_at=now
    )
    assignment.returned_at = now
    assignment.asked_until = None
    move(
        assignment,
        AssignmentState.RETURNED,
        actor=actor,
        verb="review.delivered",
        fields=("returned_at", "asked_until"),
        review=review.audit_key,
    )
    event = stamp(now)
    queue_once(
        mails.review_delivered(assignment, review),
        f"review_delivered:{event}",
        assignment,
        assignment.reviewer,
    )
    counts = round_of(assignment.version)
    tell_editor(
        assignment,
        f"review_received:{event}",
        lambda editor: mails.review_received(assignment, editor, counts),
    )
    return review


@transaction.atomic
def send_back_review(*, actor: User, assignment: Assignment, reason: str) -> Assignment:
    """Open a returned review again, with a reason to the reviewer (M16). Its text is kept.

    The new due date leaves at least three days. The caller has checked that `actor` handles the
    manuscript.
    """
    assignment = lock_with_manuscript(assignment)
    require_move(assignment, AssignmentState.AGREED, doing="sending it back")
    if assignment.state != AssignmentState.RETURNED:
        raise Refusal("assignment_moved", "There is no returned review to send back.")
    require_reviewing(assignment, doing="changes to the review")
    if len(reason.strip()) < 10:
        raise Refusal(
            "reason_needed",
            "Tell the reviewer in a sentence what to look at again (at least ten characters).",
            field="reason",
            status=400,
        )
    now = clock.now()
    review = Review.objects.select_for_update().get(assignment=assignment)
    ReviewSnapshot.objects.create(
        review=review,
        answers=review.answers,
        reason=f"Sent back: {reason.strip()}"[:500],
        taken_at=now,
    )
    review.submitted_at = None
    review.edit_count += 1
    review.save(update_fields=["submitted_at", "edit_count"])
    shortest = end_of_local_day(now + SHORTEST, assignment.version.manuscript.issue.zone)
    assignment.due_at = max(assignment.due_at or shortest, shortest)
    assignment.due_set_at = now
    assignment.returned_at = None
    move(
        assignment,
        AssignmentState.AGREED,
        actor=actor,
        verb="review.sent_back",
        fields=("due_at", "due_set_at", "returned_at"),
        reason=reason.strip(),
    )
    message = mails.review_sent_back(assignment, link=make_link(assignment), reason=reason.strip())
    queue_once(message, f"review_sent_back:{stamp(now)}", assignment, assignment.reviewer)
    return assignment


@transaction.atomic
def keep_late_answers(*, actor: User, assignment: Assignment, answers: Mapping[str, Any]) -> None:
    """Keep what was typed while the assignment ended: for its writer, as no part of any round.

    Only beside a review that was begun, only until a day after the end, and only what differs
    from what is kept already. Nothing is refused: this is what is left to do after a refusal.
    """
    assignment = lock_assignment(assignment)
    review = Review.objects.select_for_update().filter(assignment=assignment).first()
    state = AssignmentState(assignment.state)
    if not may_write(actor, assignment) or review is None or state == AssignmentState.RETURNED:
        return
    given = {key: value for key, value in answers.items() if value not in (None, "", [], {}, False)}
    newest = review.snapshots.order_by("-taken_at", "-pk").first()
    kept = newest.answers if newest and newest.reason == TYPED_LATE else review.answers
    ended_at = assignment.ended_at or assignment.version.manuscript.stage_since
    is_late = clock.now() > ended_at + timedelta(days=1)
    is_ours = not faults(review.sheet, given, sheet_context(assignment.version))
    if is_late or not is_ours or given == kept or review.submitted_at is not None:
        return
    ReviewSnapshot.objects.create(
        review=review, answers=given, reason=TYPED_LATE, taken_at=clock.now()
    )
    audit.record(actor, "review.typed_late", review, assignment=assignment.audit_key)


def require_open(actor: User, assignment: Assignment) -> None:
    """Refuse whoever may not write this review now. The assignment is locked by the caller."""
    if not may_write(actor, assignment):
        raise Refusal("not_yours", "This review belongs to another person.", status=404)
    state = AssignmentState(assignment.state)
    if state == AssignmentState.RETURNED:
        raise Refusal(
            "review_closed",
            "Your review was submitted and is closed to changes. If you found a mistake, write to "
            f"{assignment.version.manuscript.issue.contact_email}: the editor can open it again.",
        )
    if state not in WORKING:
        raise Refusal(
            "review_closed",
            "This assignment has ended, so nothing more can be saved. What was saved before is "
            "kept; thank you for the time that you gave.",
        )
    require_reviewing(assignment, doing="your work on it")


def _review_of(assignment: Assignment, sheet_number: int | None = None) -> Review:
    """The review's row under lock; made at the first save."""
    review = Review.objects.select_for_update().filter(assignment=assignment).first()
    if review is not None:
        return review
    form = _form_to_begin(assignment, sheet_number)
    return Review(assignment=assignment, form=form, saved_at=clock.now(), edit_count=0)


def _form_to_begin(assignment: Assignment, number: int | None) -> ReviewForm | None:
    """The version that the page showed, or the present one; None is the journal's own."""
    if number == TMI_1.number:
        return None
    forms = published_forms(assignment.version.manuscript.issue_id)
    return (forms.filter(number=number).first() if number else None) or forms.first()


def _keep(review: Review, assignment: Assignment, answers: Mapping[str, Any]) -> None:
    sheet = review.sheet
    given = {key: value for key, value in answers.items() if value not in (None, "", [], {}, False)}
    found = faults(sheet, given, sheet_context(assignment.version))
    if found:
        raise Faulty(found)
    is_new = review.pk is None
    review.answers = given
    review.saved_at = clock.now()
    review.edit_count += 1
    review.save()
    if is_new:
        audit.record(assignment.reviewer, "review.started", review, assignment=assignment.audit_key)
