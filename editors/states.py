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


class MatchingMode(StrEnum):
    """What reviewers are matched for when all manuscripts are matched at once."""

    FAIR = "fair"
    BEST = "best"
    MEND = "mend"
    DRAW = "draw"

    @property
    def label(self) -> str:
        return MATCHING_WORDS[self]


MATCHING_WORDS = {
    MatchingMode.FAIR: "Fair: the worst served manuscript as well as can be, then the sum",
    MatchingMode.BEST: "Best sum: the highest sum of fits over all manuscripts",
    MatchingMode.MEND: "Mend: keep the last proposal, fill only what fell free",
    MatchingMode.DRAW: "Draw: at random, so that nobody can be sure of a manuscript",
}


class MatchingState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


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
