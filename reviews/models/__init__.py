"""The tables of reviewers: the pool, assignments, reviews."""

from reviews.models.assignments import Assignment, InvitationLink, ReviewerLabel
from reviews.models.benches import Alternate, Bench
from reviews.models.checks import ConflictCheck
from reviews.models.fits import VersionFit
from reviews.models.grades import ReviewGrade
from reviews.models.imports import ImportState, PoolImport, PoolImportLine
from reviews.models.merges import PeopleApart, PeopleMerge
from reviews.models.pool import Publication, ReviewerProfile
from reviews.models.proposals import ProposedReviewer
from reviews.models.recruiting import PoolRequest
from reviews.models.reviews import TYPED_LATE, Review, ReviewAttachment, ReviewSnapshot
from reviews.models.rounds import PresentRound
from reviews.models.service import CalendarFeed, ServiceCertificate
from reviews.models.sheets import ReviewForm

__all__ = [
    "TYPED_LATE",
    "Alternate",
    "Assignment",
    "Bench",
    "CalendarFeed",
    "ConflictCheck",
    "ImportState",
    "InvitationLink",
    "PeopleApart",
    "PeopleMerge",
    "PoolImport",
    "PoolImportLine",
    "PoolRequest",
    "PresentRound",
    "ProposedReviewer",
    "Publication",
    "Review",
    "ReviewAttachment",
    "ReviewForm",
    "ReviewGrade",
    "ReviewSnapshot",
    "ReviewerLabel",
    "ReviewerProfile",
    "ServiceCertificate",
    "VersionFit",
]
