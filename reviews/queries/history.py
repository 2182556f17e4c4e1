"""What is known of people from what they were asked: derived from assignments, never stored."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from reviews.models import Assignment
from reviews.queries.pool import OPEN_STATES
from reviews.states import DECLINE_REASONS, AssignmentState
from submissions.models import Manuscript


@dataclass(frozen=True)
class History:
    """A reviewer in numbers. Days are medians, grades means of 1..5; None where there is none."""

    invited: int = 0
    agreed: int = 0
    declined: int = 0
    unanswered: int = 0
    returned: int = 0
    open: int = 0
    decline_reasons: tuple[tuple[str, int], ...] = ()
    answer_days: float | None = None
    review_days: float | None = None
    quality: float | None = None
    timeliness: float | None = None

    @property
    def words(self) -> str:
        """In a line: "asked 3, agreed 2 · answers in 1 d · reviews in 18 d"; else ""."""
        parts = [f"asked {self.invited}, agreed {self.agreed}"] if self.invited else []
        if self.answer_days is not None:
            parts.append(f"answers in {self.answer_days:.0f} d")
        if self.review_days is not None:
            parts.append(f"reviews in {self.review_days:.0f} d")
        return " · ".join(parts)


NO_HISTORY = History()


def histories(users: Iterable[User | int], manuscripts: QuerySet[Manuscript]) -> dict[int, History]:
    """The history of each person by user key, on these manuscripts only. One query.

    `manuscripts` are those that exist for whoever looks: what happened on another one must show
    neither in a count nor in a median (`security.md` T1).
    """
    by_person: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    rows = (
        Assignment.objects.filter(
            reviewer__in=list(users),
            invited_at__isnull=False,
            version__manuscript__in=manuscripts,
        )
        .order_by("pk")
        .values(
            "reviewer_id",
            "state",
            "invited_at",
            "answered_at",
            "accepted_terms_at",
            "returned_at",
            "decline_reason",
            "review__grade__quality",
            "review__grade__timeliness",
        )
    )
    for row in rows:
        by_person[row["reviewer_id"]].append(row)
    return {key: _history(rows) for key, rows in by_person.items()}


def _history(rows: Sequence[Mapping[str, Any]]) -> History:
    states = Counter(row["state"] for row in rows)
    reasons = Counter(
        DECLINE_REASONS.get(row["decline_reason"], "No reason given")
        for row in rows
        if row["state"] == AssignmentState.DECLINED
    )
    return History(
        invited=len(rows),
        agreed=sum(row["accepted_terms_at"] is not None for row in rows),
        declined=states[AssignmentState.DECLINED],
        unanswered=states[AssignmentState.EXPIRED],
        returned=sum(row["returned_at"] is not None for row in rows),
        open=sum(row["state"] in OPEN_STATES for row in rows),
        decline_reasons=tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        answer_days=_median(_days(row["invited_at"], row["answered_at"]) for row in rows),
        review_days=_median(_days(row["answered_at"], row["returned_at"]) for row in rows),
        quality=_mean(row["review__grade__quality"] for row in rows),
        timeliness=_mean(row["review__grade__timeliness"] for row in rows),
    )


def _days(since: datetime | None, until: datetime | None) -> float | None:
    return (until - since).total_seconds() / 86400 if since and until else None


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _mean(values: Iterable[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
