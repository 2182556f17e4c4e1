"""Editors grade a review, for editors alone."""

from django.db import transaction

from accounts.models import User
from reviews.models import Assignment, Review, ReviewGrade
from reviews.models.grades import GRADE_LEAST, GRADE_MOST
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

NOTE_MAX = 500


@transaction.atomic
def grade_review(
    *, actor: User, assignment: Assignment, quality: int, timeliness: int, note: str = ""
) -> ReviewGrade:
    """Keep the private grade of a filed review; a second one replaces the first.

    Both grades are 1 (poor) to 5 (excellent). The caller has checked that `actor` may. Neither
    reviewer nor author learns of it (`domain.md` A, "reviewer rating").

    Raises:
        Refusal: not_returned, grade_out_of_range.
    """
    review = (
        Review.objects.select_for_update(of=("self",))
        .filter(assignment=assignment, submitted_at__isnull=False)
        .first()
    )
    if review is None:
        raise Refusal("not_returned", "There is no filed review to grade yet.")
    for field, grade in (("quality", quality), ("timeliness", timeliness)):
        if not GRADE_LEAST <= grade <= GRADE_MOST:
            raise Refusal(
                "grade_out_of_range",
                f"The grade is a number from {GRADE_LEAST} to {GRADE_MOST}, not {grade}.",
                field=field,
                status=400,
            )
    kept, _ = ReviewGrade.objects.update_or_create(
        review=review,
        defaults={
            "editor": actor,
            "quality": quality,
            "timeliness": timeliness,
            "note": note.strip()[:NOTE_MAX],
            "graded_at": clock.now(),
        },
    )
    audit.record(actor, "review.graded", review, quality=quality, timeliness=timeliness)
    return kept
