"""Every write of the authors' door. The desk calls the privileged moves after its own checks."""

from submissions.actions.author_changes import (
    answer_author_change,
    apply_author_change,
    ask_author_change,
    decline_author_change,
    take_back_author_change,
)
from submissions.actions.authorship import confirm_authorship, dispute_authorship
from submissions.actions.drafts import (
    save_authors,
    save_declared_conflicts,
    save_draft,
    save_named_reviewers,
    start_draft,
)
from submissions.actions.enquiries import link_enquiries
from submissions.actions.extensions import (
    ask_extension,
    grant_asked_extension,
    grant_extension,
    refuse_extension,
)
from submissions.actions.files import attach_file, describe_file, remove_file
from submissions.actions.moves import (
    deliver_letter,
    lapse_revision,
    move_stage,
    pass_checklist,
    request_revision,
    unsubmit_manuscript,
)
from submissions.actions.overlaps import measure_overlap
from submissions.actions.proposals import fill_draft
from submissions.actions.responses import (
    deliver_points,
    import_answers,
    render_response,
    save_answers,
)
from submissions.actions.revisions import receive_final_files, start_revision
from submissions.actions.submission import (
    close_submissions,
    remind_author,
    submit_manuscript,
    take_back_manuscript,
)
from submissions.actions.uploads import (
    begin_upload,
    cancel_upload,
    finish_upload,
    receive_part,
    sweep_uploads,
)
from submissions.actions.withdrawals import (
    ask_withdrawal,
    decline_withdrawal,
    take_back_withdrawal,
    withdraw_manuscript,
)

__all__ = [
    "answer_author_change",
    "apply_author_change",
    "ask_author_change",
    "ask_extension",
    "ask_withdrawal",
    "attach_file",
    "begin_upload",
    "cancel_upload",
    "close_submissions",
    "confirm_authorship",
    "decline_author_change",
    "decline_withdrawal",
    "deliver_letter",
    "deliver_points",
    "describe_file",
    "dispute_authorship",
    "fill_draft",
    "finish_upload",
    "grant_asked_extension",
    "grant_extension",
    "import_answers",
    "lapse_revision",
    "link_enquiries",
    "measure_overlap",
    "move_stage",
    "pass_checklist",
    "receive_final_files",
    "receive_part",
    "refuse_extension",
    "remind_author",
    "remove_file",
    "render_response",
    "request_revision",
    "save_answers",
    "save_authors",
    "save_declared_conflicts",
    "save_draft",
    "save_named_reviewers",
    "start_draft",
    "start_revision",
    "submit_manuscript",
    "sweep_uploads",
    "take_back_author_change",
    "take_back_manuscript",
    "take_back_withdrawal",
    "unsubmit_manuscript",
    "withdraw_manuscript",
]
