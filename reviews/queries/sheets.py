"""Which version of the score sheet is asked."""

import re

from django.db.models import QuerySet

from reviews.models import Assignment, Review, ReviewForm
from reviews.sheet import TMI_1, Sheet


def published_forms(issue_id: int) -> QuerySet[ReviewForm]:
    """The published versions of an issue's score sheet after the first, the newest first."""
    return ReviewForm.objects.filter(issue=issue_id, published_at__isnull=False).order_by("-number")


def current_sheet(issue_id: int) -> Sheet:
    """What a review that is begun now is begun with: the newest published version."""
    form = published_forms(issue_id).first()
    return form.sheet if form else TMI_1


def sheet_for(assignment: Assignment, review: Review | None, *, number: str = "") -> Sheet:
    """What this reviewer is asked: the version of the own review, or else the present one.

    `number` is the version that an open page was made with: a review that is not begun yet goes
    on with it, so that nothing typed there is lost.
    """
    if review is not None:
        return review.sheet
    issue_id = assignment.version.manuscript.issue_id
    shown = sheet_version(issue_id, int(number)) if re.fullmatch(r"\d{1,4}", number) else None
    return shown or current_sheet(issue_id)


def sheet_version(issue_id: int, number: int) -> Sheet | None:
    """A published version of an issue's score sheet by its number; None where there is none."""
    if number == TMI_1.number:
        return TMI_1
    form = published_forms(issue_id).filter(number=number).first()
    return form.sheet if form else None
