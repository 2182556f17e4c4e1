"""Decisions and letters: kinds, states, which decision is open in which round (`domain.md` E)."""

from enum import StrEnum

from submissions.states import RevisionKind, Stage


class DecisionKind(StrEnum):
    ACCEPT = "accept"
    MINOR_REVISION = "minor_revision"
    REJECT_RESUBMIT = "reject_resubmit"
    REJECT_OTHER_JOURNAL = "reject_other_journal"
    REJECT = "reject"
    IMMEDIATE_REJECT = "immediate_reject"


# TMI's exact words; the first paragraph of the letter carries them (`domain.md` E.1).
DECISION_WORDS: dict[DecisionKind, str] = {
    DecisionKind.ACCEPT: "Accept",
    DecisionKind.MINOR_REVISION: ("Accept pending minor revision: no external review required"),
    DecisionKind.REJECT_RESUBMIT: (
        "Reject/Resubmit: major revisions needed and new external review required"
    ),
    DecisionKind.REJECT_OTHER_JOURNAL: "Reject with recommendation to submit to another journal",
    DecisionKind.REJECT: "Reject",
    DecisionKind.IMMEDIATE_REJECT: "Immediate Reject",
}

# Where the manuscript goes when the decision is released.
OUTCOME: dict[DecisionKind, Stage] = {
    DecisionKind.ACCEPT: Stage.AWAITING_FINAL_FILES,
    DecisionKind.MINOR_REVISION: Stage.MINOR_REVISION,
    DecisionKind.REJECT_RESUBMIT: Stage.MAJOR_REVISION,
    DecisionKind.REJECT_OTHER_JOURNAL: Stage.REJECTED,
    DecisionKind.REJECT: Stage.REJECTED,
    DecisionKind.IMMEDIATE_REJECT: Stage.REJECTED,
}

ASKED_REVISION: dict[DecisionKind, RevisionKind] = {
    DecisionKind.MINOR_REVISION: RevisionKind.MINOR,
    DecisionKind.REJECT_RESUBMIT: RevisionKind.MAJOR,
}


class DecisionState(StrEnum):
    """Drafted, then approved (held until its minute), then released. Discarded is a dead end."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    RELEASED = "released"
    DISCARDED = "discarded"


class LetterState(StrEnum):
    WAITING = "waiting"
    RENDERED = "rendered"
    FAILED = "failed"
    ISSUED = "issued"
    REPLACED = "replaced"


def offered_decisions(revision_number: int, returned_count: int) -> tuple[DecisionKind, ...]:
    """The decisions open for a version.

    One major revision a manuscript (`domain.md` fact 4): a revised version is never offered
    Reject/Resubmit. An immediate reject is for an original without a single returned review.
    """
    offered = [
        DecisionKind.ACCEPT,
        DecisionKind.MINOR_REVISION,
        DecisionKind.REJECT_RESUBMIT,
        DecisionKind.REJECT_OTHER_JOURNAL,
        DecisionKind.REJECT,
        DecisionKind.IMMEDIATE_REJECT,
    ]
    if revision_number > 0:
        offered.remove(DecisionKind.REJECT_RESUBMIT)
    if revision_number > 0 or returned_count > 0:
        offered.remove(DecisionKind.IMMEDIATE_REJECT)
    return tuple(offered)
