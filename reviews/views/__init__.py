"""Pages of the reviewers' door, one function per address."""

from reviews.views.attachments import attach, attachment, detach, show_attachment
from reviews.views.invitations import agree, decline, invitation, reconsider
from reviews.views.offline import take_text, text
from reviews.views.recruiting import join
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
    "attach",
    "attachment",
    "calendar",
    "certificate",
    "check_certificate",
    "close_calendar",
    "decline",
    "deliver",
    "detach",
    "file",
    "invitation",
    "join",
    "preview",
    "profile",
    "reconsider",
    "renew_calendar",
    "save",
    "show",
    "show_attachment",
    "take_text",
    "text",
    "time",
]
