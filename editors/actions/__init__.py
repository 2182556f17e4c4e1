"""Every write of the desk, one file per noun."""

from editors.actions.acceptance import take_snapshot
from editors.actions.assignments import (
    extend_review,
    grade_review,
    grant_time,
    invite_alternate,
    invite_panel,
    refill_places,
    remind_reviewer,
    rescind_invitation,
    send_back_review,
    settle_hold,
    unassign_reviewer,
)
from editors.actions.author_changes import approve_author_change, decline_author_change
from editors.actions.batches import hold_letters, recall_letters, release_letters
from editors.actions.decisions import (
    discard_decision,
    draft_decision,
    recall_decision,
    recommend_decision,
    release_decision,
    release_due_decision,
)
from editors.actions.enquiries import answer_enquiry, ask_editor, write_to_editor
from editors.actions.extensions import extend_manuscript, grant_extension, refuse_extension
from editors.actions.handling import (
    admit_manuscript,
    ask_reassignment,
    assign_editor,
    rescreen_manuscript,
    screen_conflicts,
    unsubmit_manuscript,
)
from editors.actions.letters import render_letter
from editors.actions.likenesses import compare_version, sketch_version
from editors.actions.mails import send_mail_again
from editors.actions.matching import (
    apply_matching,
    ask_matching,
    keep_matching,
    note_matching,
)
from editors.actions.notes import strike_note, write_note
from editors.actions.office import (
    change_authority,
    change_conflict_rules,
    end_role,
    grant_role,
)
from editors.actions.overdue import lower_flags, raise_flag
from editors.actions.points import arrange_points
from editors.actions.pool import (
    begin_import,
    confirm_import,
    discard_import,
    keep_limits,
    merge_people,
    tell_apart,
    undo_merge,
)
from editors.actions.proposals import admit_proposal
from editors.actions.recruiting import ask_people
from editors.actions.searches import choose_columns, forget_search, save_search
from editors.actions.sheets import begin_sheet, change_sheet, discard_sheet, publish_sheet
from editors.actions.tags import add_tag, remove_tag
from editors.actions.withdrawals import confirm_withdrawal, decline_withdrawal
from editors.actions.wording import change_letter_words

__all__ = [
    "add_tag",
    "admit_manuscript",
    "admit_proposal",
    "answer_enquiry",
    "apply_matching",
    "approve_author_change",
    "arrange_points",
    "ask_editor",
    "ask_matching",
    "ask_people",
    "ask_reassignment",
    "assign_editor",
    "begin_import",
    "begin_sheet",
    "change_authority",
    "change_conflict_rules",
    "change_letter_words",
    "change_sheet",
    "choose_columns",
    "compare_version",
    "confirm_import",
    "confirm_withdrawal",
    "decline_author_change",
    "decline_withdrawal",
    "discard_decision",
    "discard_import",
    "discard_sheet",
    "draft_decision",
    "end_role",
    "extend_manuscript",
    "extend_review",
    "forget_search",
    "grade_review",
    "grant_extension",
    "grant_role",
    "grant_time",
    "hold_letters",
    "invite_alternate",
    "invite_panel",
    "keep_limits",
    "keep_matching",
    "lower_flags",
    "merge_people",
    "note_matching",
    "publish_sheet",
    "raise_flag",
    "recall_decision",
    "recall_letters",
    "recommend_decision",
    "refill_places",
    "refuse_extension",
    "release_decision",
    "release_due_decision",
    "release_letters",
    "remind_reviewer",
    "remove_tag",
    "render_letter",
    "rescind_invitation",
    "rescreen_manuscript",
    "save_search",
    "screen_conflicts",
    "send_back_review",
    "send_mail_again",
    "settle_hold",
    "sketch_version",
    "strike_note",
    "take_snapshot",
    "tell_apart",
    "unassign_reviewer",
    "undo_merge",
    "unsubmit_manuscript",
    "write_note",
    "write_to_editor",
]
