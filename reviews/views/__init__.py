"""Pages of the reviewers' door, one function per address."""

from reviews.views.invitations import agree, decline, invitation, reconsider
from reviews.views.reviewers import assignments, profile
from reviews.views.reviews import deliver, file, preview, save, show, time
from reviews.views.service import (
    ask_certificate,
    calendar,
    certificate,
    check_certificate,
    close_calendar,
    renew_calendar,
)

__all__ = [
    "agree",
    "ask_certificate",
    "assignments",
    "calendar",
    "certificate",
    "check_certificate",
    "close_calendar",
    "decline",
    "deliver",
    "file",
    "invitation",
    "preview",
    "profile",
    "reconsider",
    "renew_calendar",
    "save",
    "show",
    "time",
]
