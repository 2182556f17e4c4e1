"""The reviewers' points with the authors' answers, and what a revision has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from submissions.checks import Change, Metadata, changes_between
from submissions.models import Author, ResponsePoint, Version, VersionFile
from submissions.states import FileKind


@dataclass(frozen=True, slots=True)
class ReviewerPoints:
    """The points of one reviewer in their order."""

    reviewer: int
    points: list[ResponsePoint]

    @property
    def label(self) -> str:
        return f"Reviewer {self.reviewer}"

    @property
    def progress(self) -> "Progress":
        return progress_of(self.points)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the points that must be answered are."""

    answered: int
    wanted: int

    @property
    def is_complete(self) -> bool:
        return self.answered >= self.wanted


def points_of(version: Version) -> list[ResponsePoint]:
    """The points that a revision answers, by reviewer and number; none for an original."""
    if not version.revision_number:
        return []
    return list(
        ResponsePoint.objects.filter(
            manuscript=version.manuscript_id, revision_number=version.revision_number
        ).order_by("reviewer", "position")
    )


def by_reviewer(points: Iterable[ResponsePoint]) -> list[ReviewerPoints]:
    """Points that are in order, in one group for each reviewer."""
    return [
        ReviewerPoints(reviewer, list(group))
        for reviewer, group in groupby(points, key=lambda point: point.reviewer)
    ]


def progress_of(points: Iterable[ResponsePoint]) -> Progress:
    """How far the answers are."""
    wanted = [point for point in points if point.must_answer]
    return Progress(sum(point.is_answered for point in wanted), len(wanted))


def unmade_responses(attempts_most: int) -> QuerySet[Version]:
    """Revisions that were handed in with points and wait for the PDF of their answers."""
    points = ResponsePoint.objects.filter(
        manuscript=OuterRef("manuscript"), revision_number=OuterRef("revision_number")
    )
    made = VersionFile.objects.filter(version=OuterRef("pk"), kind=FileKind.ANSWERS)
    return Version.objects.filter(
        ~Exists(made),
        Exists(points),
        submitted_at__isnull=False,
        revision_number__gt=0,
        response_attempts__lt=attempts_most,
    ).select_related("manuscript__issue")


def metadata_changes(version: Version) -> list[Change]:
    """What a revision has changed since the version before it. Three queries."""
    if not version.revision_number:
        return []
    return changes_with(version, Author.objects.filter(version=version).order_by("position"))


def changes_with(version: Version, authors: Iterable[Author]) -> list[Change]:
    """The same with the authors of the version at hand, in order. Two queries."""
    former = Version.objects.filter(
        manuscript=version.manuscript_id, revision_number=version.revision_number - 1
    ).first()
    if former is None:
        return []
    before = Author.objects.filter(version=former).order_by("position")
    return changes_between(_metadata(former, before), _metadata(version, authors))


def _metadata(version: Version, authors: Iterable[Author]) -> Metadata:
    return Metadata(
        title=version.title,
        abstract=version.abstract,
        index_terms=tuple(version.index_terms),
        authors=tuple(author.full_name for author in authors),
    )
