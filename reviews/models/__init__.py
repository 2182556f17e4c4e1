"""The tables of reviewers: the pool, assignments, reviews."""

from reviews.models.assignments import Assignment, InvitationLink, ReviewerLabel
from reviews.models.checks import ConflictCheck
from reviews.models.fits import VersionFit
from reviews.models.grades import ReviewGrade
from reviews.models.imports import ImportState, PoolImport, PoolImportLine
from reviews.models.merges import PeopleApart, PeopleMerge
from reviews.models.pool import Publication, ReviewerProfile
from reviews.models.reviews import TYPED_LATE, Review, ReviewAttachment, ReviewSnapshot

__all__ = [
    "TYPED_LATE",
    "Assignment",
    "ConflictCheck",
    "ImportState",
    "InvitationLink",
    "PeopleApart",
    "PeopleMerge",
    "PoolImport",
    "PoolImportLine",
    "Publication",
    "Review",
    "ReviewAttachment",
    "ReviewGrade",
    "ReviewSnapshot",
    "ReviewerLabel",
    "ReviewerProfile",
    "VersionFit",
]
