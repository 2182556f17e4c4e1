"""What the desk calls a manuscript's stage, and whose turn it is (`domain.md` B.2).

Few stages are stored; the fine ones are derived from the counts of the round, because a stored
copy drifts. `queries.desk` repeats the same rules in SQL for filters and counts, and a test holds
the two together.
"""

from dataclasses import dataclass
from enum import StrEnum

from submissions.states import REVISING, Stage


class DeskStage(StrEnum):
    """The stage as an editor needs to know it."""

    CHECKLIST = "checklist"
    RETURNED_TO_AUTHOR = "returned_to_author"
    AWAITING_EDITOR = "awaiting_editor"
    ASSIGNING = "assigning"
    WAITING = "waiting"
    COMPLETE = "complete"
    MINOR_CHECK = "minor_check"
    DECIDING = "deciding"
    HELD = "held"
    REVISING = "revising"
    LAPSED = "lapsed"
    FINAL_FILES = "final_files"
    ACCEPTED = "accepted"
    PRODUCTION = "production"
    REJECTED = "rejected"
    CLOSED = "closed"


# TMI's words where TMI has them.
LABELS: dict[DeskStage, str] = {
    DeskStage.CHECKLIST: "Editorial office checklist",
    DeskStage.RETURNED_TO_AUTHOR: "Returned to the author to be completed",
    DeskStage.AWAITING_EDITOR: "Awaiting a guest editor",
    DeskStage.ASSIGNING: "Guest editor is assigning reviewers",
    DeskStage.WAITING: "Waiting for reviewers' scores",
    DeskStage.COMPLETE: "Reviews complete, with the guest editor",
    DeskStage.MINOR_CHECK: "Minor revision, with the guest editor",
    DeskStage.DECIDING: "Decision in progress",
    DeskStage.HELD: "Decision held until its minute",
    DeskStage.REVISING: "Revision with the author",
    DeskStage.LAPSED: "Revision period ended",
    DeskStage.FINAL_FILES: "Accepted, final files wanted",
    DeskStage.ACCEPTED: "Accepted, final files received",
    DeskStage.PRODUCTION: "Sent to production",
    DeskStage.REJECTED: "Rejected",
    DeskStage.CLOSED: "Closed",
}


class Turn(StrEnum):
    """Who holds the ball."""

    OFFICE = "office"
    LEAD = "lead"
    EDITOR = "editor"
    REVIEWERS = "reviewers"
    AUTHORITY = "authority"
    AUTHOR = "author"
    CLOCK = "clock"
    NOBODY = "nobody"


TURN_WORDS: dict[Turn, str] = {
    Turn.OFFICE: "editorial office",
    Turn.LEAD: "lead or editor-in-chief",
    Turn.EDITOR: "guest editor",
    Turn.REVIEWERS: "reviewers",
    Turn.AUTHORITY: "whoever decides",
    Turn.AUTHOR: "author",
    Turn.CLOCK: "waits for its minute",
    Turn.NOBODY: "nobody",
}

_TURNS: dict[DeskStage, Turn] = {
    DeskStage.CHECKLIST: Turn.OFFICE,
    DeskStage.RETURNED_TO_AUTHOR: Turn.AUTHOR,
    DeskStage.AWAITING_EDITOR: Turn.LEAD,
    DeskStage.WAITING: Turn.REVIEWERS,
    DeskStage.COMPLETE: Turn.EDITOR,
    DeskStage.MINOR_CHECK: Turn.EDITOR,
    DeskStage.DECIDING: Turn.AUTHORITY,
    DeskStage.HELD: Turn.CLOCK,
    DeskStage.REVISING: Turn.AUTHOR,
    DeskStage.LAPSED: Turn.LEAD,
    DeskStage.FINAL_FILES: Turn.AUTHOR,
    DeskStage.ACCEPTED: Turn.OFFICE,
    DeskStage.PRODUCTION: Turn.NOBODY,
    DeskStage.REJECTED: Turn.NOBODY,
    DeskStage.CLOSED: Turn.NOBODY,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What is counted in the present round.

    `holding` places are taken (invited, agreed, returned); `agreed` is k of `domain.md` B.2
    (agreed or returned), `returned` is r.
    """

    need: int
    holding: int = 0
    agreed: int = 0
    returned: int = 0
    late: int = 0
    is_minor: bool = False
    is_held: bool = False


# The stages that need no counting.
STORED: dict[Stage, DeskStage] = {
    Stage.DRAFT: DeskStage.RETURNED_TO_AUTHOR,
    Stage.SUBMITTED: DeskStage.CHECKLIST,
    Stage.UNSUBMITTED: DeskStage.RETURNED_TO_AUTHOR,
    Stage.AWAITING_EDITOR: DeskStage.AWAITING_EDITOR,
    **dict.fromkeys(REVISING, DeskStage.REVISING),
    Stage.REVISION_LAPSED: DeskStage.LAPSED,
    Stage.AWAITING_FINAL_FILES: DeskStage.FINAL_FILES,
    Stage.FINAL_FILES_RECEIVED: DeskStage.ACCEPTED,
    Stage.READY_FOR_PRODUCTION: DeskStage.PRODUCTION,
    Stage.REJECTED: DeskStage.REJECTED,
    Stage.WITHDRAWN: DeskStage.CLOSED,
    Stage.TRANSFERRED: DeskStage.CLOSED,
    Stage.ACCEPTANCE_RESCINDED: DeskStage.CLOSED,
}


def desk_stage(stage: Stage, progress: Progress) -> DeskStage:
    """The desk's stage of a manuscript in this stored stage with this progress."""
    if stage == Stage.AWAITING_DECISION:
        return DeskStage.HELD if progress.is_held else DeskStage.DECIDING
    if stage != Stage.IN_REVIEW:
        return STORED[stage]
    if progress.is_minor:
        return DeskStage.MINOR_CHECK
    if progress.agreed < progress.need:
        return DeskStage.ASSIGNING
    if progress.returned < progress.agreed:
        return DeskStage.WAITING
    return DeskStage.COMPLETE


def turn(stage: DeskStage, progress: Progress) -> Turn:
    """Who must act next. With enough invitations out, it is the invited who must answer."""
    if stage == DeskStage.ASSIGNING:
        return Turn.REVIEWERS if progress.holding >= progress.need else Turn.EDITOR
    return _TURNS[stage]


def tone(stage: DeskStage, *, is_mine: bool) -> str:
    """The tone of the stage badge: it is the reader's turn, somebody else's, or over."""
    if is_mine:
        return "turn"
    if stage in {DeskStage.FINAL_FILES, DeskStage.ACCEPTED, DeskStage.PRODUCTION}:
        return "good"
    if stage in {DeskStage.REJECTED, DeskStage.LAPSED}:
        return "bad"
    return "rest" if stage == DeskStage.CLOSED else "wait"
