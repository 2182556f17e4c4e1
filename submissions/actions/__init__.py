"""Every write of the authors' door. The desk calls the privileged moves after its own checks."""

from submissions.actions.authorship import confirm_authorship, dispute_authorship
from submissions.actions.drafts import (
    save_authors,
    save_draft,
    save_named_reviewers,
    start_draft,
)
from submissions.actions.files import attach_file, remove_file
from submissions.actions.moves import (
    deliver_letter,
    grant_extension,
    lapse_revision,
    move_stage,
    pass_checklist,
    request_revision,
    unsubmit_manuscript,
)
from submissions.actions.revisions import receive_final_files, start_revision
from submissions.actions.submission import close_submissions, remind_author, submit_manuscript

__all__ = [
    "attach_file",
    "close_submissions",
    "confirm_authorship",
    "deliver_letter",
    "dispute_authorship",
    "grant_extension",
    "lapse_revision",
    "move_stage",
    "pass_checklist",
    "receive_final_files",
    "remind_author",
    "remove_file",
    "request_revision",
    "save_authors",
    "save_draft",
    "save_named_reviewers",
    "start_draft",
    "start_revision",
    "submit_manuscript",
    "unsubmit_manuscript",
]
