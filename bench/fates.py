"""What becomes of manuscripts: the stages and rounds of the workload, in equal parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from editors.states import DecisionKind
from reviews.states import AssignmentState
from submissions.states import RevisionKind, Stage

NOW = datetime(2024, 8, 28, 9, tzinfo=UTC)
DECIDED_AT = NOW - timedelta(days=18)
S, A, D, R = Stage, AssignmentState, DecisionKind, RevisionKind


@dataclass(frozen=True)
class Fate:
    """What became of a manuscript.

    `first` is the decision on the original and `second` that on the revision `.R1`, both
    released unless `held` says "drafted" or "approved". `panel` are the reviewers beyond the
    four filed reviews: of the revision when there is one, else of the original; the first of
    those at work is late when `is_late`.
    """

    stage: Stage
    first: DecisionKind | None = None
    second: DecisionKind | None = None
    held: str = ""
    revision: str = ""
    panel: tuple[AssignmentState, ...] = ()
    is_late: bool = False

    @property
    def asked(self) -> RevisionKind | None:
        """The revision that the first decision asked for."""
        return REVISION_OF.get(self.first) if self.first and not self.held else None


FATES = (
    Fate(S.IN_REVIEW),
    Fate(S.IN_REVIEW, panel=(A.AGREED,), is_late=True),
    Fate(S.IN_REVIEW, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(
        S.IN_REVIEW,
        D.REJECT_RESUBMIT,
        revision="submitted",
        panel=(A.INVITED, A.AGREED, A.IN_PROGRESS, A.DECLINED),
    ),
    Fate(
        S.IN_REVIEW,
        D.REJECT_RESUBMIT,
        revision="submitted",
        panel=(A.IN_PROGRESS, A.AGREED, A.AGREED, A.IN_PROGRESS),
        is_late=True,
    ),
    Fate(S.IN_REVIEW, D.MINOR_REVISION, revision="submitted"),
    Fate(S.AWAITING_DECISION, D.ACCEPT, held="drafted"),
    Fate(S.AWAITING_DECISION, D.REJECT, held="approved"),
    Fate(S.SUBMITTED, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(S.AWAITING_EDITOR, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(S.UNSUBMITTED, D.REJECT_RESUBMIT, revision="returned"),
    Fate(S.MAJOR_REVISION, D.REJECT_RESUBMIT),
    Fate(S.MINOR_REVISION, D.MINOR_REVISION),
    Fate(S.REVISION_DRAFT, D.REJECT_RESUBMIT, revision="draft"),
    Fate(S.REVISION_LAPSED, D.REJECT_RESUBMIT),
    Fate(S.AWAITING_FINAL_FILES, D.MINOR_REVISION, D.ACCEPT, revision="submitted"),
    Fate(S.FINAL_FILES_RECEIVED, D.MINOR_REVISION, D.ACCEPT, revision="submitted"),
    Fate(S.READY_FOR_PRODUCTION, D.ACCEPT),
    Fate(S.REJECTED, D.REJECT),
    Fate(S.REJECTED, D.REJECT_OTHER_JOURNAL),
    Fate(S.WITHDRAWN),
    Fate(S.TRANSFERRED),
    Fate(S.ACCEPTANCE_RESCINDED, D.ACCEPT),
)
REVISION_OF = {D.REJECT_RESUBMIT: R.MAJOR, D.MINOR_REVISION: R.MINOR}
