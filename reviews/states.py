"""Where an assignment stands, and which moves are allowed (`domain.md` C)."""

from enum import StrEnum


class AssignmentState(StrEnum):
    """One person, one version of a manuscript. "Overdue" is derived, never stored."""

    SELECTED = "selected"
    INVITED = "invited"
    AGREED = "agreed"
    COI_HOLD = "coi_hold"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    DECLINED = "declined"
    EXPIRED = "expired"
    BOUNCED = "bounced"
    RESCINDED = "rescinded"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"


MOVES: dict[AssignmentState, frozenset[AssignmentState]] = {
    AssignmentState.SELECTED: frozenset({AssignmentState.INVITED, AssignmentState.UNASSIGNED}),
    AssignmentState.INVITED: frozenset(
        {
            AssignmentState.AGREED,
            AssignmentState.DECLINED,
            AssignmentState.EXPIRED,
            AssignmentState.BOUNCED,
            AssignmentState.RESCINDED,
            AssignmentState.COI_HOLD,
        }
    ),
    AssignmentState.COI_HOLD: frozenset(
        {
            AssignmentState.AGREED,
            AssignmentState.IN_PROGRESS,
            AssignmentState.DECLINED,
            AssignmentState.UNASSIGNED,
        }
    ),
    AssignmentState.AGREED: frozenset(
        {
            AssignmentState.IN_PROGRESS,
            AssignmentState.RETURNED,
            AssignmentState.COI_HOLD,
            AssignmentState.UNASSIGNED,
            AssignmentState.CLOSED,
        }
    ),
    AssignmentState.IN_PROGRESS: frozenset(
        {
            AssignmentState.RETURNED,
            AssignmentState.COI_HOLD,
            AssignmentState.UNASSIGNED,
            AssignmentState.CLOSED,
        }
    ),
    AssignmentState.RETURNED: frozenset({AssignmentState.AGREED, AssignmentState.CLOSED}),
    # Declined or silent is not for ever: the editor may ask again with fresh dates.
    AssignmentState.DECLINED: frozenset({AssignmentState.INVITED}),
    AssignmentState.EXPIRED: frozenset({AssignmentState.INVITED}),
    AssignmentState.BOUNCED: frozenset({AssignmentState.INVITED}),
    AssignmentState.RESCINDED: frozenset({AssignmentState.INVITED}),
    AssignmentState.UNASSIGNED: frozenset({AssignmentState.INVITED}),
    AssignmentState.CLOSED: frozenset(),
}

# States in which the reviewer has work to do.
WORKING = frozenset({AssignmentState.AGREED, AssignmentState.IN_PROGRESS})
# States that count towards "agreed" (k in `domain.md` B.2).
COUNTED = WORKING | {AssignmentState.RETURNED}
# States that take up one of the places on a manuscript.
HOLDING = COUNTED | {AssignmentState.INVITED, AssignmentState.COI_HOLD, AssignmentState.SELECTED}
# States in which the manuscript's files are open to the reviewer.
READING = COUNTED | {AssignmentState.CLOSED}

# How a place falls free without the editor's doing. Whoever takes an invitation back chooses.
FELL_FREE = frozenset({AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.BOUNCED})

LABELS: dict[AssignmentState, str] = {
    AssignmentState.SELECTED: "Selected",
    AssignmentState.INVITED: "Invited",
    AssignmentState.AGREED: "Agreed",
    AssignmentState.COI_HOLD: "Held: possible conflict",
    AssignmentState.IN_PROGRESS: "Review begun",
    AssignmentState.RETURNED: "Returned",
    AssignmentState.DECLINED: "Declined",
    AssignmentState.EXPIRED: "No answer",
    AssignmentState.BOUNCED: "Mail came back",
    AssignmentState.RESCINDED: "Invitation withdrawn",
    AssignmentState.UNASSIGNED: "Unassigned",
    AssignmentState.CLOSED: "Closed",
}

# Why a reviewer says no, as the page offers it.
DECLINE_REASONS: dict[str, str] = {
    "no_time": "No time at present",
    "outside_expertise": "Outside my expertise",
    "conflict": "Conflict of interest",
    "away": "Away or on leave",
    "ask_later": "Not now, but ask me again later",
    "other": "Another reason",
}


class CheckAct(StrEnum):
    """At which act the conflict rules were applied and the result kept."""

    INVITED = "invited"
    AGREED = "agreed"
    AUTHORS_CHANGED = "authors_changed"
    FACTS_CHANGED = "facts_changed"
    HOLD_ANSWERED = "hold_answered"
    EDITOR_ASSIGNED = "editor_assigned"
    DECIDED = "decided"


CHECK_LABELS: dict[CheckAct, str] = {
    CheckAct.INVITED: "at the invitation",
    CheckAct.AGREED: "when the reviewer agreed",
    CheckAct.AUTHORS_CHANGED: "when the authors changed",
    CheckAct.FACTS_CHANGED: "when affiliations or publications changed",
    CheckAct.HOLD_ANSWERED: "when a held review was looked at",
    CheckAct.EDITOR_ASSIGNED: "when the editor was assigned",
    CheckAct.DECIDED: "at the decision",
}


def may_move(origin: AssignmentState, target: AssignmentState) -> bool:
    """Is this move in the table?"""
    return target in MOVES[origin]
