"""The reviewers' part of a manuscript: four filed reviews, and whoever is asked beyond them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from bench import words
from bench.fates import DECIDED_AT, NOW, A, Fate
from bench.press import Press
from reviews.models import Assignment, InvitationLink, Review, ReviewerLabel, ReviewSnapshot
from reviews.states import COUNTED, AssignmentState
from submissions.models import Version

RECOMMENDED = ("accept", "minor_revision", "reject_resubmit", "reject")


def reviewers_of(press: Press, number: int, count: int) -> list[User]:
    """Different people for each place; the measured one comes first in some."""
    pool = press.people.reviewers
    chosen = [pool[(number * 4 + place) % len(pool)] for place in range(count)]
    if number % press.every == 0 and pool[0] not in chosen:
        chosen[0] = pool[0]
    return chosen


def add_assignment(
    press: Press,
    version: Version,
    reviewer: User,
    editor: User,
    place: int,
    state: AssignmentState,
    handed_in_at: datetime,
    *,
    is_late: bool = False,
) -> Assignment:
    invited_at = handed_in_at + timedelta(days=2)
    has_agreed = state in COUNTED or state == A.CLOSED
    returned = state in {A.RETURNED, A.CLOSED}
    due_at = NOW - timedelta(days=2) if is_late else invited_at + timedelta(days=40)
    if version.revision_number == 0:
        press.rows.add(
            ReviewerLabel(manuscript=version.manuscript, reviewer=reviewer, number=place + 1)
        )
    assignment = press.rows.add(
        Assignment(
            version=version,
            reviewer=reviewer,
            state=state,
            invited_by=editor,
            invited_at=invited_at,
            answer_by=max(invited_at, NOW) + timedelta(days=3),
            answered_at=invited_at + timedelta(days=2) if has_agreed else None,
            due_at=due_at if has_agreed else None,
            due_set_at=invited_at + timedelta(days=2) if has_agreed else None,
            returned_at=invited_at + timedelta(days=20 + place) if returned else None,
            ended_at=DECIDED_AT if state in {A.CLOSED, A.DECLINED} else None,
            reasons=["3 own papers on the subject.", "Topic of the call: pretraining."],
            decline_reason="no_time" if state == A.DECLINED else "",
            accepted_terms_at=invited_at + timedelta(days=2) if has_agreed else None,
        )
    )
    press.record(editor, "assignment.invited", assignment.audit_key, invited_at)
    press.mail(assignment, "review_invited", reviewer, invited_at)
    if has_agreed:
        press.record(reviewer, "review.agreed", assignment.audit_key, invited_at)
    if returned:
        press.record(reviewer, "review.delivered", assignment.audit_key, DECIDED_AT)
        press.mail(assignment, "review_received", reviewer, DECIDED_AT)
    if state in {A.INVITED, A.AGREED, A.IN_PROGRESS}:
        secret = hashlib.sha256(assignment.public_id.encode()).hexdigest()
        press.rows.add(
            InvitationLink(assignment=assignment, secret_hash=secret, made_at=invited_at)
        )
    return assignment


def add_review(
    press: Press, assignment: Assignment, number: int, place: int, *, filed: bool
) -> None:
    recommendation = RECOMMENDED[(number + place) % len(RECOMMENDED)]
    if assignment.version.revision_number and recommendation == "reject_resubmit":
        recommendation = "minor_revision"
    answers = _answers(press, assignment.version, number, place, recommendation)
    review = press.rows.add(
        Review(
            assignment=assignment,
            answers=answers if filed else {"originality": 4},
            recommendation=recommendation if filed else "",
            edit_count=3,
            saved_at=assignment.returned_at or NOW,
            submitted_at=assignment.returned_at if filed else None,
        )
    )
    press.record(assignment.reviewer, "review.started", review.audit_key, assignment.due_at or NOW)
    if filed:
        press.rows.add(
            ReviewSnapshot(
                review=review,
                answers=answers,
                reason="submitted",
                taken_at=assignment.returned_at or NOW,
            )
        )


def _answers(
    press: Press, version: Version, number: int, place: int, recommendation: str
) -> dict[str, Any]:
    """Every question answered that this version is asked."""
    theme, ratings = number % len(words.THEMES), (number + place) % 3 + 2
    answers: dict[str, Any] = {
        "overall_evaluation": ratings,
        "originality": ratings + 1,
        "scientific_merit": ratings,
        "impact": 3,
        "practical_value": 4,
        "reader_interest": ratings,
        "novelty_met": "yes",
        "quality_met": "partly",
        "appropriateness_met": "yes",
        "impact_met": "partly",
        "real_large_scale_validation": "partly",
        "validation_note": "A second centre is missing.",
        "reproducibility": "yes",
        "english_quality": "satisfactory",
        "comments_to_author": words.comment(press.random, theme),
        "suggested_references": ["On Scanners, 2022, 10.5555/scan.1"],
        "confidential_comments_to_editor": "Sound work; the second claim needs more support.",
        "recommendation": recommendation,
        "expertise_confidence": 4,
        "willing_to_review_revision": "yes",
        "ethics_concern": "none",
        "ai_use_declaration": "none",
        "coi_confirmed": True,
    }
    if version.extends_conference_paper:
        answers["conference_extension_adequate"] = "yes"
    return answers


def add_further_panel(
    press: Press, version: Version, number: int, editor: User, fate: Fate
) -> None:
    """Reviewers at work or asked now: the former ones again, or a fifth."""
    since = version.first_submitted_at or NOW
    asked = reviewers_of(press, number, 4 if version.revision_number else 5)[-len(fate.panel) :]
    for place, state in enumerate(fate.panel):
        at_work = state in {A.AGREED, A.IN_PROGRESS}
        assignment = add_assignment(
            press,
            version,
            asked[place],
            editor,
            place if version.revision_number else 4,
            state,
            since,
            is_late=fate.is_late and place == 0 and at_work,
        )
        if state == A.IN_PROGRESS:
            add_review(press, assignment, number, place, filed=False)
