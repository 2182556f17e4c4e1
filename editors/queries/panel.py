"""Reads for the second round's panel."""

from reviews.models import Review
from submissions.models import Version


def earlier_reviewers(version: Version) -> dict[int, bool]:
    """Who returned a review of an earlier version, by user key: should they be asked again?

    By default all but those who recommended to accept (`domain.md` C, round 2).
    """
    rows = (
        Review.objects.filter(
            assignment__version__manuscript=version.manuscript_id,
            assignment__version__revision_number__lt=version.revision_number,
            submitted_at__isnull=False,
            assignment__returned_at__isnull=False,
        )
        .order_by("assignment__version__revision_number")
        .values_list("assignment__reviewer_id", "recommendation")
    )
    return {reviewer: recommendation != "accept" for reviewer, recommendation in rows}
