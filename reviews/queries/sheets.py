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
    if number == str(TMI_1.number):
        return TMI_1
    forms = published_forms(assignment.version.manuscript.issue_id)
    known = forms.filter(number=int(number)).first() if re.fullmatch(r"[1-9]\d{0,3}", number) else None
    found = known or forms.first()
    return found.sheet if found else TMI_1
