"""The tables of reviewers: the pool, assignments, reviews."""

from reviews.models.assignments import Assignment, InvitationLink, ReviewerLabel
from reviews.models.checks import ConflictCheck
from reviews.models.fits import VersionFit
from reviews.models.pool import Publication, ReviewerProfile
from reviews.models.proposals import ProposedReviewer
from reviews.models.reviews import Review, ReviewSnapshot
from reviews.models.service import CalendarFeed, ServiceCertificate

__all__ = [
    "Assignment",
    "CalendarFeed",
    "ConflictCheck",
    "InvitationLink",
    "ProposedReviewer",
    "Publication",
    "Review",
    "ReviewSnapshot",
    "ReviewerLabel",
    "ReviewerProfile",
    "ServiceCertificate",
    "VersionFit",
]
