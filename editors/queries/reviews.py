"""The reviews that are in, under the numbers by which the authors know their reviewers."""

from dataclasses import dataclass

from editors.models import Decision
from editors.points import PlannedPoint, renewed
from reviews.models import Assignment, Review
from reviews.points import points_of
from reviews.queries import labels_of, returned_reviews
from reviews.sheet import Answer, Sheet, in_words, open_to_author
from submissions.models import Version


@dataclass(frozen=True, slots=True)
class LabelledReview:
    """A returned review with its label."""

    number: int
    review: Review

    @property
    def label(self) -> str:
        return f"Reviewer {self.number}"

    @property
    def assignment(self) -> Assignment:
        return self.review.assignment

    @property
    def sheet(self) -> Sheet:
        return self.review.sheet

    @property
    def for_author(self) -> list[Answer]:
        """What the authors may read, in words."""
        return open_to_author(self.sheet, self.review.answers)

    @property
    def for_editor(self) -> list[Answer]:
        """Everything, in words."""
        return in_words(self.sheet, self.review.answers)


def labelled_reviews(version: Version) -> list[LabelledReview]:
    """The returned reviews of a version by label, whether or not its round is closed."""
    numbers = labels_of(version.manuscript)
    return [
        LabelledReview(numbers.get(review.assignment.reviewer_id, 0), review)
        for review in returned_reviews(version)
    ]


def arranged_points(decision: Decision) -> list[PlannedPoint]:
    """The points of a decision's reviews as they are now, in the editor's arrangement."""
    planned = [
        PlannedPoint(returned.number, point.text, point.must_answer)
        for returned in labelled_reviews(decision.version)
        for point in points_of(returned.for_author)
    ]
    return renewed(planned, [PlannedPoint.from_json(kept) for kept in decision.points])
