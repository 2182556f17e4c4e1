"""Reads of a version's round of review: counts, labels, returned reviews, due dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from reviews.models import (
    TYPED_LATE,
    Assignment,
    Review,
    ReviewAttachment,
    ReviewerLabel,
    ReviewSnapshot,
)
from reviews.sheet import Answer, in_words
from reviews.states import COUNTED, HOLDING, WORKING, AssignmentState
from submissions.models import Manuscript, Version
from tmi_special_issue.models import Milestone, MilestoneKind


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """How far the review of a version is.

    `invited` waits for an answer, `agreed` has agreed (returned ones included: k of
    `domain.md` B.2), `returned` is in (r), `held` takes up a place, `need` are the places.
    """

    invited: int = 0
    agreed: int = 0
    returned: int = 0
    held: int = 0
    need: int = 4

    @property
    def is_staffed(self) -> bool:
        return self.agreed >= self.need

    @property
    def is_complete(self) -> bool:
        """Are there enough reviewers, and is every review in?"""
        return self.is_staffed and self.returned == self.agreed

    @property
    def places_left(self) -> int:
        return max(0, self.need - self.held)


def round_of(version: Version) -> RoundCounts:
    """The counts of one version."""
    return round_counts([version.pk])[version.pk]


def round_counts(version_ids: Iterable[int]) -> dict[int, RoundCounts]:
    """The counts of many versions in one query; every key asked for is in the answer."""
    keys = list(version_ids)
    rows = (
        Version.objects.filter(pk__in=keys)
        .order_by()
        .values_list("pk", "manuscript__issue__reviewers_needed")
        .annotate(
            invited=_count(Q(assignments__state=AssignmentState.INVITED)),
            agreed=_count(_RETURNED | Q(assignments__state__in=sorted(COUNTED))),
            returned=_count(_RETURNED),
            held=_count(_RETURNED | Q(assignments__state__in=sorted(HOLDING))),
        )
    )
    return {
        key: RoundCounts(invited=invited, agreed=agreed, returned=returned, held=held, need=need)
        for key, need, invited, agreed, returned, held in rows
    }


# A round that has ended locks what was returned: still a review, no longer open to change.
_RETURNED = Q(assignments__state=AssignmentState.RETURNED) | Q(
    assignments__state=AssignmentState.CLOSED, assignments__returned_at__isnull=False
)


def _count(condition: Q) -> Count:
    return Count("assignments", filter=condition)


def returned_reviews(version: Version) -> list[Review]:
    """The reviews of a version that are in, ordered by their labels. Two queries."""
    labels = labels_of(version.manuscript)
    rows = Review.objects.filter(
        assignment__version=version,
        submitted_at__isnull=False,
        assignment__state__in=[AssignmentState.RETURNED, AssignmentState.CLOSED],
    ).select_related("assignment__reviewer", "form")
    return sorted(rows, key=lambda row: (labels.get(row.assignment.reviewer_id, 0), row.pk))


def labels_of(manuscript: Manuscript) -> dict[int, int]:
    """The numbers of a manuscript's reviewers, by user key."""
    rows = ReviewerLabel.objects.filter(manuscript=manuscript)
    return dict(rows.values_list("reviewer_id", "number"))


def decision_due(version: Version) -> datetime:
    """The date on which the decision of this round is due: initial, or final acceptance."""
    kind = (
        MilestoneKind.INITIAL_DECISION
        if version.revision_number == 0
        else MilestoneKind.FINAL_ACCEPTANCE
    )
    issue = version.manuscript.issue_id
    return Milestone.objects.values_list("due_at", flat=True).get(issue=issue, kind=kind)


def late_assignments(now: datetime, *, days: int) -> QuerySet[Assignment]:
    """The reviews that are at least so many days late, for those who must know.

    The package that knows who may see a manuscript tells the lead editor (5 days) and the
    editor-in-chief (8 days); an editor in conflict must not learn a reviewer's name from a copy.
    """
    return (
        Assignment.objects.filter(state__in=sorted(WORKING), due_at__lte=now - timedelta(days=days))
        .select_related("version__manuscript__issue", "reviewer")
        .order_by("due_at", "pk")
    )


def panel_of(version: Version) -> Sequence[Assignment]:
    """The assignments of a version that take up a place."""
    return list(
        Assignment.objects.filter(version=version)
        .filter(Q(state__in=sorted(HOLDING)) | Q(state=AssignmentState.CLOSED))
        .select_related("reviewer")
    )


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A review as it stood before it was changed again: when, why, and its answers in words."""

    taken_at: datetime
    reason: str
    answers: list[Answer]


def earlier_texts(reviews: Sequence[Review]) -> dict[int, list[EarlierText]]:
    """What was submitted or sent back before the present text, by the review's key. One query.

    A text is listed once, with the last thing that happened to it; the present text is not. What
    somebody typed after the end of an assignment is for its writer alone and not here.
    """
    by_key = {review.pk: review for review in reviews}
    found: dict[int, list[EarlierText]] = {key: [] for key in by_key}
    last: dict[int, Any] = {}
    rows = ReviewSnapshot.objects.filter(review__in=list(by_key)).exclude(reason=TYPED_LATE)
    for row in rows.order_by("-taken_at", "-pk"):
        review = by_key[row.review_id]
        if row.answers == last.get(row.review_id, review.answers):
            continue
        last[row.review_id] = row.answers
        words = in_words(review.sheet, row.answers)
        found[row.review_id].append(EarlierText(row.taken_at, row.reason, words))
    return found


def attachments_of(assignments: Sequence[Assignment]) -> dict[int, list[ReviewAttachment]]:
    """The files beside reviews, by the assignment's key. One query."""
    found: dict[int, list[ReviewAttachment]] = {assignment.pk: [] for assignment in assignments}
    for row in ReviewAttachment.objects.filter(assignment__in=list(found)).select_related("file"):
        found[row.assignment_id].append(row)
    return found
