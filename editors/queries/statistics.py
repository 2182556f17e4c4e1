"""The reads of the statistics, over any set of manuscripts that the viewer may see.

Only released decisions are counted, and nothing is read beyond the set that is given, so that a
chart tells no more than the list it is drawn from.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Concat

from accounts import countries
from editors import statistics
from editors.lags import Lag, Step
from editors.models import Decision, Handling
from editors.states import DECISION_WORDS, DecisionKind, DecisionState
from editors.statistics import Cell, Mark, Point, Spread, Table
from reviews.models import Assignment
from reviews.states import FELL_FREE, WORKING, AssignmentState
from submissions.models import Author, Manuscript, Version
from submissions.states import ACCEPTED, REVISING, Stage
from tmi_special_issue.models import AuditEntry, Milestone, SpecialIssue

_DAY = timedelta(days=1)

# The stages whose length the desk answers for, in their order.
TIMED: dict[Stage, str] = {
    Stage.SUBMITTED: "Checklist of the office",
    Stage.AWAITING_EDITOR: "Awaiting a guest editor",
    Stage.IN_REVIEW: "In review",
    Stage.AWAITING_DECISION: "Decision in progress",
    Stage.MAJOR_REVISION: "Major revision, not begun",
    Stage.MINOR_REVISION: "Minor revision, not begun",
    Stage.REVISION_DRAFT: "Revision in preparation",
}
IN_PROGRESS = "Undecided"
OUTCOMES = ("Accepted", "Revision", "Rejected", "Withdrawn or moved", IN_PROGRESS)
_AGREED = WORKING | {AssignmentState.RETURNED, AssignmentState.CLOSED}
UNKNOWN = "Not said"


@dataclass(frozen=True)
class Statistics:
    """All series of one set of manuscripts."""

    count: int
    arrivals: list[Point]
    marks: list[Mark]
    answered: list[Step]
    returned: list[Step]
    tables: list[Table]


def statistics_of(
    manuscripts: QuerySet[Manuscript],
    issue: SpecialIssue,
    dates: Iterable[Milestone],
    now: datetime,
) -> Statistics:
    """Every series, in nine queries however many manuscripts there are."""
    zone = ZoneInfo(issue.zone)
    stages = dict(manuscripts.order_by().values_list("pk", "stage"))
    keys = manuscripts.order_by().values("pk")
    decisions = list(
        Decision.objects.filter(version__manuscript__in=keys, state=DecisionState.RELEASED)
        .order_by("pk")
        .values_list("version__manuscript", "version__revision_number", "kind", "released_at")
    )
    arrived = (
        Version.objects.filter(manuscript__in=keys, revision_number=0)
        .order_by()
        .values_list("manuscript", "first_submitted_at")
    )
    first_in = {key: at for key, at in arrived if at is not None}
    asked = list(
        Assignment.objects.filter(version__manuscript__in=keys, invited_at__isnull=False)
        .order_by("pk")
        .values_list(
            *("version__manuscript", "reviewer__given_name", "reviewer__family_name"),
            *("reviewer_id", "state", "invited_at", "answer_by", "answered_at"),
            *("returned_at", "ended_at"),
        )
    )
    seats = [_Seat(*line) for line in asked]
    answered = statistics.responses(_answer(seat, now) for seat in seats)
    returned = statistics.responses(
        _review(seat, now) for seat in seats if seat.answered_at and seat.state in _AGREED
    )
    arrivals = statistics.over_time(at.astimezone(zone).date() for at in first_in.values())
    return Statistics(
        count=len(stages),
        arrivals=arrivals,
        marks=[Mark(str(row), row.due_at.astimezone(zone).date()) for row in dates],
        answered=answered,
        returned=returned,
        tables=[
            _arrivals(arrivals),
            _funnel(stages, seats, decisions),
            _durations(manuscripts, decisions, first_in),
            _curve("answers", "Days until an invitation is answered", answered),
            _curve("reviews", "Days from agreeing to the review", returned),
            _invitations(seats),
            _reviewers(seats),
            _editors(keys, stages),
            _decisions(decisions),
            _topics(keys, stages),
            _countries(keys),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Seat:
    manuscript: int
    given_name: str
    family_name: str
    reviewer_key: int
    state: str
    invited_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    returned_at: datetime | None
    ended_at: datetime | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def has_agreed(self) -> bool:
        return self.state in _AGREED


def _answer(seat: _Seat, now: datetime) -> Lag:
    until = seat.answered_at or min(now, seat.answer_by or now, seat.ended_at or now)
    return Lag(max((until - seat.invited_at) / _DAY, 0), seat.answered_at is not None)


def _review(seat: _Seat, now: datetime) -> Lag:
    begun = seat.answered_at or seat.invited_at
    until = seat.returned_at or min(now, seat.ended_at or now)
    return Lag(max((until - begun) / _DAY, 0), seat.returned_at is not None)


def _arrivals(points: list[Point]) -> Table:
    rows = tuple((point.day.isoformat(), point.count) for point in points)
    return Table("arrivals", "Submissions over time", ("Day", "Submitted by then"), rows)


def _funnel(stages: dict[int, str], seats: list[_Seat], decisions: list[tuple[Any, ...]]) -> Table:
    invited = {seat.manuscript for seat in seats}
    returned = {seat.manuscript for seat in seats if seat.returned_at}
    decided = {key for key, *_ in decisions}
    revised = {key for key, number, *_ in decisions if number > 0}
    reached = {
        "Submitted": len(stages),
        "Reviewers invited": len(invited),
        "A review is in": len(returned),
        "Decided": len(decided),
        "Decided in a later round": len(revised),
        "Accepted": sum(stage in ACCEPTED for stage in stages.values()),
    }
    rows = tuple(statistics.funnel(reached))
    return Table("funnel", "How far they came", ("Step", "Manuscripts", "Per cent"), rows)


def _durations(
    manuscripts: QuerySet[Manuscript],
    decisions: list[tuple[Any, ...]],
    first_in: dict[int, datetime],
) -> Table:
    """Days in each stage from the record of moves; immediate rejects apart."""
    subjects = (
        manuscripts.order_by()
        .annotate(subject=Concat(Value("manuscript:"), "public_id", output_field=CharField()))
        .values("subject")
    )
    moves = (
        AuditEntry.objects.filter(verb="manuscript.moved", subject__in=subjects)
        .order_by("sequence")
        .values_list("subject", "facts", "at")
    )
    entered: dict[str, datetime] = {}
    spent: dict[str, list[float]] = defaultdict(list)
    for subject, facts, at in moves:
        if subject in entered:
            spent[str(facts.get("origin", ""))].append((at - entered[subject]) / _DAY)
        entered[subject] = at
    spreads: list[Spread] = [
        statistics.spread(words, spent[stage]) for stage, words in TIMED.items()
    ]
    first = {key: (kind, at) for key, number, kind, at in decisions if number == 0}
    waits: dict[bool, list[float]] = {True: [], False: []}
    for key, (kind, at) in first.items():
        if key in first_in:
            is_immediate = kind == DecisionKind.IMMEDIATE_REJECT
            waits[is_immediate].append((at - first_in[key]) / _DAY)
    spreads.append(statistics.spread("Submission to first decision", waits[False]))
    spreads.append(statistics.spread("Submission to immediate reject", waits[True]))
    heads = ("Stage", "Cases", "First quarter", "Median", "Third quarter", "Nine in ten")
    return Table(
        "durations", "Days in each stage", heads, tuple(tuple(one.cells) for one in spreads)
    )


def _curve(code: str, title: str, steps: list[Step]) -> Table:
    rows = tuple((step.day, step.watched, step.ended, round(100 * step.share)) for step in steps)
    return Table(code, title, ("Day", "Still watched", "On that day", "Per cent by then"), rows)


def _invitations(seats: list[_Seat]) -> Table:
    agreed = sum(seat.has_agreed for seat in seats)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Invited", len(seats)),
        ("Agreed", agreed),
        ("Returned", sum(seat.returned_at is not None for seat in seats)),
        ("Declined, silent or not reached", sum(seat.state in FELL_FREE for seat in seats)),
        ("Invitations for one who agrees", statistics.per_agreed(len(seats), agreed)),
    )
    return Table("invitations", "Invitations", ("What", "Number"), rows)


def _reviewers(seats: list[_Seat]) -> Table:
    by_person: dict[tuple[str, int], list[_Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.name, seat.reviewer_key].append(seat)
    rows = [
        (
            name,
            len(own),
            sum(seat.has_agreed for seat in own),
            sum(seat.returned_at is not None for seat in own),
            sum(seat.state in WORKING for seat in own),
        )
        for (name, _), own in by_person.items()
    ]
    rows.sort(key=lambda row: (-row[4], -row[1], row[0]))
    heads = ("Reviewer", "Invited", "Agreed", "Returned", "Open")
    return Table("reviewers", "Load of the reviewers", heads, tuple(rows))


def _editors(keys: QuerySet[Any, Any], stages: dict[int, str]) -> Table:
    handled = (
        Handling.objects.filter(manuscript__in=keys, ended_at__isnull=True)
        .order_by("editor__family_name", "editor__given_name", "pk")
        .values_list("manuscript", "editor_id", "editor__given_name", "editor__family_name")
    )
    own: dict[tuple[str, int], list[int]] = defaultdict(list)
    for key, editor, given, family in handled:
        own[f"{given} {family}".strip(), editor].append(key)
    open_stages = {Stage.IN_REVIEW, Stage.AWAITING_DECISION}
    rows = tuple(
        (name, len(these), sum(stages.get(key) in open_stages for key in these))
        for (name, _), these in own.items()
    )
    heads = ("Guest editor", "Handles", "Of these in review or decision")
    return Table("editors", "Load of the guest editors", heads, rows)


def _decisions(decisions: list[tuple[Any, ...]]) -> Table:
    pairs = [
        (DECISION_WORDS[DecisionKind(kind)], "Round 1" if number == 0 else "Later rounds")
        for _, number, kind, _ in decisions
    ]
    columns = ("Round 1", "Later rounds")
    rows = tuple(statistics.crossed(pairs, columns))
    return Table("decisions", "Decisions by round", ("Decision", *columns, "All"), rows)


def _outcome(stage: str) -> str:
    if stage in ACCEPTED:
        return OUTCOMES[0]
    if stage in REVISING or stage == Stage.REVISION_LAPSED:
        return OUTCOMES[1]
    if stage == Stage.REJECTED:
        return OUTCOMES[2]
    if stage in {Stage.WITHDRAWN, Stage.TRANSFERRED, Stage.ACCEPTANCE_RESCINDED}:
        return OUTCOMES[3]
    return IN_PROGRESS


def _topics(keys: QuerySet[Any, Any], stages: dict[int, str]) -> Table:
    through: Any = Version.topics.through
    chosen = (
        through.objects.filter(
            version__manuscript__in=keys, version__first_submitted_at__isnull=False
        )
        .order_by()
        .values_list("topic__short_name", "version__manuscript")
        .distinct()
    )
    pairs = [(topic, _outcome(stages[key])) for topic, key in chosen if key in stages]
    rows = tuple(statistics.crossed(pairs, OUTCOMES))
    return Table("topics", "Topics and outcomes", ("Topic", *OUTCOMES, "All"), rows)


def _countries(keys: QuerySet[Any, Any]) -> Table:
    """Of how many manuscripts each country has an author."""
    named = (
        Author.objects.filter(
            version__manuscript__in=keys, version__first_submitted_at__isnull=False
        )
        .order_by()
        .values_list("country", "version__manuscript")
        .distinct()
    )
    rows = tuple(statistics.counted(countries.name(country) or UNKNOWN for country, _ in named))
    return Table("countries", "Countries of the authors", ("Country", "Manuscripts"), rows)
