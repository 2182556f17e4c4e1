"""Every write of the review.

What editors do here (invite, rescind, unassign, send back, extend, release a hold, close a
round) is called by the desk's actions, which know who handles a manuscript and have checked it.
What reviewers do is checked here.
"""

from reviews.actions.answers import agree_assignment, decline_assignment, release_hold
from reviews.actions.attachments import (
    attach_to_review,
    remove_attachment,
    show_attachment,
)
from reviews.actions.authors import report_author
from reviews.actions.benches import Standby, approve_bench, invite_alternate, refill_places
from reviews.actions.certificates import ask_certificate, render_certificate
from reviews.actions.checks import recheck_assignment
from reviews.actions.claims import claim_invitation
from reviews.actions.ending import (
    close_round,
    hand_over_assignments,
    rescind_invitation,
    unassign_reviewer,
)
from reviews.actions.feeds import close_feed, renew_feed
from reviews.actions.fits import keep_fits
from reviews.actions.grades import grade_review
from reviews.actions.imports import (
    begin_import,
    confirm_import,
    discard_import,
    read_import,
    write_import,
)
from reviews.actions.invitations import (
    expire_invitation,
    invite_reviewer,
    nudge_invitation,
    return_invitation,
)
from reviews.actions.merges import merge_people, tell_apart, undo_merge
from reviews.actions.profiles import keep_limits, save_profile
from reviews.actions.reconsidering import reconsider_assignment
from reviews.actions.recruiting import (
    Joining,
    ask_person,
    claim_pool_request,
    decline_pool,
    join_pool,
)
from reviews.actions.times import ask_for_time, extend_assignment, remind_reviewer
from reviews.actions.writing import (
    deliver_review,
    keep_late_answers,
    save_review,
    send_back_review,
)

__all__ = [
    "Joining",
    "Standby",
    "agree_assignment",
    "approve_bench",
    "ask_certificate",
    "ask_for_time",
    "ask_person",
    "attach_to_review",
    "begin_import",
    "claim_invitation",
    "claim_pool_request",
    "close_feed",
    "close_round",
    "confirm_import",
    "decline_assignment",
    "decline_pool",
    "deliver_review",
    "discard_import",
    "expire_invitation",
    "extend_assignment",
    "grade_review",
    "hand_over_assignments",
    "invite_alternate",
    "invite_reviewer",
    "join_pool",
    "keep_fits",
    "keep_late_answers",
    "keep_limits",
    "merge_people",
    "nudge_invitation",
    "read_import",
    "recheck_assignment",
    "reconsider_assignment",
    "refill_places",
    "release_hold",
    "remind_reviewer",
    "remove_attachment",
    "render_certificate",
    "renew_feed",
    "report_author",
    "rescind_invitation",
    "return_invitation",
    "save_profile",
    "save_review",
    "send_back_review",
    "show_attachment",
    "tell_apart",
    "unassign_reviewer",
    "undo_merge",
    "write_import",
]
