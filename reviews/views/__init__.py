"""Pages of the reviewers' door, one function per address."""

from reviews.views.invitations import agree, decline, invitation, reconsider
from reviews.views.reviewers import assignments, profile
from reviews.views.reviews import deliver, file, preview, save, show, time

__all__ = [
    "agree",
    "assignments",
    "decline",
    "deliver",
    "file",
    "invitation",
    "preview",
    "profile",
    "reconsider",
    "save",
    "show",
    "time",
]
