"""Pages of the reviewers' door, one function per address."""

from reviews.views.attachments import attach, attachment, detach, show_attachment
from reviews.views.invitations import agree, decline, invitation
from reviews.views.offline import take_text, text
from reviews.views.reviewers import assignments, profile
from reviews.views.reviews import deliver, file, preview, save, show, time

__all__ = [
    "agree",
    "assignments",
    "attach",
    "attachment",
    "decline",
    "deliver",
    "detach",
    "file",
    "invitation",
    "preview",
    "profile",
    "save",
    "show",
    "show_attachment",
    "take_text",
    "text",
    "time",
]
