"""Do the manuscripts that the risk board flags red two weeks before the date miss it?

Plays whole special issues day by day, with people who answer, forget, write late or never, and
with editors who are quick or slow. None of their habits is taken from the model: the model knows
the usual spans and what it has seen by day -14. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from editors.lags import Lag
from editors.risk import Case, Level, Model, Past, Place, as_if_usual, model_of, risk
from editors.stages import Progress, desk_stage
from reviews.dates import FIRST_ROUND_LEAD
from reviews.states import AssignmentState
from submissions.states import Stage

OPENS = datetime(2024, 6, 1, 12, tzinfo=UTC)
CLOSES = datetime(2024, 7, 1, 12, tzinfo=UTC)
DECISION = datetime(2024, 8, 15, 12, tzinfo=UTC)
LOOK_BEFORE = timedelta(days=14)
NEED, FLOOR, REVIEW_DAYS, INVITATION_DAYS = 4, 2, 21, 5
PLAYED_DAYS = 220
DAY = timedelta(days=1)


@dataclass(slots=True)
class Reviewer:
    """Habits of a person: the chance to agree, days to answer, how due dates are taken."""

    agrees: float
    answers_in: float
    kind: str  # prompt, on_the_day, late, or never
    past: list[float] = field(default_factory=list)
    past_answers: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Editor:
    """Habits of a guest editor, in days."""

    invites_in: float
    replaces_in: float
    decides_in: float
    cuts_short: bool  # decides on two or three reviews when the date is near


@dataclass(slots=True)
class Seat:
    """One invitation and what comes of it, decided when it is sent and seen when it happens."""

    reviewer: Reviewer
    invited_at: datetime
    answers_at: datetime | None
    agrees: bool
    due_at: datetime | None = None
    returns_at: datetime | None = None
    dropped_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        return self.invited_at + INVITATION_DAYS * DAY

    def state(self, at: datetime) -> AssignmentState:
        if self.dropped_at and self.dropped_at <= at:
            return AssignmentState.UNASSIGNED
        if self.answers_at is None or self.answers_at > at:
            return AssignmentState.INVITED if at < self.expires_at else AssignmentState.EXPIRED
        if not self.agrees:
            return AssignmentState.DECLINED
        returned = self.returns_at is not None and self.returns_at <= at
        return AssignmentState.RETURNED if returned else AssignmentState.AGREED


@dataclass(slots=True)
class Paper:
    """One manuscript from its arrival to its decision."""

    arrives_at: datetime
    admitted_at: datetime
    assigned_at: datetime
    editor: Editor
    seats: list[Seat] = field(default_factory=list)
    refills_at: list[datetime] = field(default_factory=list)
    complete_at: datetime | None = None
    decided_at: datetime | None = None


def reviewers(random: Random, count: int) -> list[Reviewer]:
    """A pool; some people have a past with the journal, some none."""
    made = []
    for _ in range(count):
        kind = random.choices(["prompt", "on_the_day", "late", "never"], [26, 44, 24, 6])[0]
        person = Reviewer(random.betavariate(3, 3.2), random.lognormvariate(0.5, 0.6), kind)
        for _ in range(random.choice([0, 0, 1, 2, 4, 6])):
            person.past.append(max(_review_days(person, REVIEW_DAYS, random) or 60, 1))
            person.past_answers.append(random.expovariate(1 / person.answers_in))
        made.append(person)
    return made


def _review_days(person: Reviewer, given: float, random: Random) -> float | None:
    """Days from agreeing to the review, None when it never comes."""
    if person.kind == "never" and random.random() < 0.7:
        return None
    if person.kind == "prompt":
        return max(given * random.betavariate(4, 3), 1)
    if person.kind == "on_the_day":
        return max(given + random.gauss(-0.7, 1.6), 1)
    return given + random.gammavariate(2.2, 3.0)


def play(random: Random, count: int) -> tuple[list[Paper], list[Reviewer]]:
    """A special issue played to its end."""
    pool = reviewers(random, count)
    editors = [
        Editor(
            invites_in=random.uniform(0.5, 5),
            replaces_in=random.uniform(0.5, 6),
            decides_in=random.uniform(1, 6),
            cuts_short=random.random() < 0.35,
        )
        for _ in range(7)
    ]
    papers = []
    for _ in range(count):
        # Most come in the last days.
        arrives = CLOSES - min(random.expovariate(1 / 5), 29) * DAY
        admitted = arrives + random.uniform(0.3, 4.5) * DAY
        assigned = admitted + random.expovariate(1 / 1.8) * DAY
        paper = Paper(arrives, admitted, assigned, random.choice(editors))
        first = assigned + paper.editor.invites_in * random.uniform(0.4, 1.6) * DAY
        paper.refills_at = [first] * NEED
        papers.append(paper)
    for number in range(PLAYED_DAYS):
        at = OPENS + number * DAY
        for paper in papers:
            if paper.decided_at is None or paper.decided_at > at:
                _live(paper, at, pool, random)
    return papers, pool


def _live(paper: Paper, at: datetime, pool: list[Reviewer], random: Random) -> None:
    """One day of a manuscript."""
    if paper.complete_at is not None:
        return
    for due in [one for one in paper.refills_at if one <= at]:
        paper.refills_at.remove(due)
        paper.seats.append(_invite(random.choice(pool), at, random))
    for seat in paper.seats:
        state = seat.state(at)
        ended = state in {AssignmentState.DECLINED, AssignmentState.EXPIRED}
        late = state == AssignmentState.AGREED and seat.due_at and at > seat.due_at + 9 * DAY
        if (ended and seat.dropped_at is None) or (late and random.random() < 0.2):
            seat.dropped_at = at
            wait = paper.editor.replaces_in * random.uniform(0.3, 1.7)
            paper.refills_at.append(at + wait * DAY)
    in_hand = sum(seat.state(at) == AssignmentState.RETURNED for seat in paper.seats)
    near = DECISION - at < 4 * DAY
    if in_hand >= NEED or (near and paper.editor.cuts_short and in_hand >= FLOOR):
        paper.complete_at = at
        paper.decided_at = at + paper.editor.decides_in * random.uniform(0.5, 1.5) * DAY


def _invite(person: Reviewer, at: datetime, random: Random) -> Seat:
    days = random.expovariate(1 / person.answers_in)
    answers = at + days * DAY if days < INVITATION_DAYS else None
    seat = Seat(person, at, answers, agrees=random.random() < person.agrees)
    if answers is not None and seat.agrees:
        latest = max(DECISION - FIRST_ROUND_LEAD, answers + 3 * DAY)
        seat.due_at = min(answers + REVIEW_DAYS * DAY, latest)
        given = (seat.due_at - answers) / DAY
        days_to_review = _review_days(person, given, random)
        seat.returns_at = answers + days_to_review * DAY if days_to_review is not None else None
    return seat


# --- What the board could know on that day ----------------------------------------------------


def seen(paper: Paper, at: datetime) -> Case:
    """The manuscript as it stands then; nothing that happens later."""
    places = tuple(
        Place(
            state=seat.state(at),
            invited_at=seat.invited_at,
            answer_by=seat.expires_at,
            answered_at=seat.answers_at if seat.answers_at and seat.answers_at <= at else None,
            due_at=seat.due_at if seat.answers_at and seat.answers_at <= at else None,
            past=Past(
                answers=tuple(Lag(days) for days in seat.reviewer.past_answers),
                reviews=tuple(Lag(days) for days in seat.reviewer.past),
            ),
        )
        for seat in paper.seats
        if seat.invited_at <= at
    )
    if at < paper.admitted_at:
        stage, since = Stage.SUBMITTED, paper.arrives_at
    elif at < paper.assigned_at:
        stage, since = Stage.AWAITING_EDITOR, paper.admitted_at
    else:
        stage, since = Stage.IN_REVIEW, paper.assigned_at
        if paper.complete_at is not None and paper.complete_at <= at:
            since = paper.complete_at
    bare = Case(desk_stage(stage, Progress(need=NEED)), since, DECISION, places, NEED, FLOOR)
    progress = Progress(need=NEED, holding=bare.holding, agreed=bare.agreed, returned=bare.returned)
    return Case(desk_stage(stage, progress), since, DECISION, places, NEED, FLOOR)


def learn(papers: list[Paper], pool: list[Reviewer], at: datetime) -> Model:
    """What the issue has shown of its people by then."""
    answers: list[Lag] = [Lag(days) for person in pool for days in person.past_answers]
    reviews: list[Lag] = [Lag(days) for person in pool for days in person.past]
    agreed = answered = 0
    asked = [seat for paper in papers for seat in paper.seats if seat.invited_at <= at]
    for seat in asked:
        has_answered = seat.answers_at is not None and seat.answers_at <= at
        end = seat.answers_at if has_answered and seat.answers_at else min(at, seat.expires_at)
        answers.append(Lag((end - seat.invited_at) / DAY, has_answered))
        answered += has_answered
        agreed += has_answered and seat.agrees
        if has_answered and seat.agrees and seat.answers_at:
            has_returned = seat.returns_at is not None and seat.returns_at <= at
            until = seat.returns_at if has_returned and seat.returns_at else at
            given = (seat.due_at - seat.answers_at) / DAY if seat.due_at else REVIEW_DAYS
            spent = (until - seat.answers_at) / DAY
            reviews.append(Lag(as_if_usual(spent, given, REVIEW_DAYS), has_returned))
    decisions = [
        Lag((paper.decided_at - paper.complete_at) / DAY)
        for paper in papers
        if paper.decided_at and paper.complete_at and paper.decided_at <= at
    ]
    return model_of(
        Past(tuple(answers), tuple(reviews), agreed, answered),
        decisions,
        invitation_days=INVITATION_DAYS,
        review_days=REVIEW_DAYS,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One manuscript on day -14: its level, and whether it missed the date in the end."""

    level: Level
    missed: bool


def outcomes(issues: int, count: int, seed: int) -> Iterator[Outcome]:
    """The manuscripts that were undecided on day -14, of several issues."""
    at = DECISION - LOOK_BEFORE
    for number in range(issues):
        papers, pool = play(Random(seed * 1000 + number), count)
        model = learn(papers, pool, at)
        for paper in papers:
            if paper.decided_at is not None and paper.decided_at <= at:
                continue
            told = risk(seen(paper, at), model, at)
            if told is not None:
                missed = paper.decided_at is None or paper.decided_at > DECISION
                yield Outcome(told.level, missed)


def measured(issues: int = 4, count: int = 150, seed: int = 1) -> dict[str, float | int]:
    """Precision and recall of red, the share of misses by level, and how many there were."""
    rows = list(outcomes(issues, count, seed))
    of_level = {level: [row.missed for row in rows if row.level == level] for level in Level}
    red = of_level[Level.RED]
    missed = sum(row.missed for row in rows)
    return {
        "precision": round(sum(red) / len(red), 3) if red else 0.0,
        "recall": round(sum(red) / missed, 3) if missed else 0.0,
        "manuscripts": len(rows),
        "missed": missed,
        **{
            f"missed_of_{level}": round(sum(these) / len(these), 3) if these else 0.0
            for level, these in of_level.items()
        },
    }


def main(arguments: list[str]) -> None:
    """Print how the levels fared, and the line of JSON."""
    parser = argparse.ArgumentParser(prog="bench.risk")
    parser.add_argument("--issues", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    found = measured(chosen.issues, 150, chosen.seed)
    print(f"{found['manuscripts']} undecided manuscripts on day -14, {found['missed']} miss it")
    for level in Level:
        print(f"{level.value:>6}: {100 * found[f'missed_of_{level}']:5.1f} % miss the date")
    wanted = ("precision", "recall", "manuscripts")
    print(json.dumps({key: found[key] for key in wanted}))


if __name__ == "__main__":
    main(sys.argv[1:])
