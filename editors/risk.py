"""Which manuscript will miss its date, why, and which single act helps most. Pure.

Everything that is still missing is laid out as lags (`lags.py`): reviewers side by side, the
editor's steps one after the other. What a person or the pool has done so far speaks where there
is enough of it; else the usual spans of `domain.md` B.3 and C. An act is weighed by working out
the same manuscript once more as if it were done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

import numpy as np

from editors import lags
from editors.lags import Lag, Shape
from editors.stages import DeskStage
from reviews.dates import FIRST_ROUND_LEAD, LATER_ROUND_LEAD
from reviews.states import HOLDING, WORKING, AssignmentState

# By the likely end six in ten are out, by the pessimistic one nine in ten. Six and not five: a
# warning too many costs a look, one too few costs the date.
LIKELY, PESSIMISTIC = 0.6, 0.9
DAY = timedelta(days=1)

# The usual spans in days: half are done by the first, nine in ten by the second.
ANSWER = lags.expected(1.5, 4.5)
REVIEW = lags.expected(18, 27)
CHECKLIST = lags.expected(2, 4)
ASSIGN = lags.expected(1.5, 4)
INVITE = lags.expected(2, 5)
REPLACE = lags.expected(2, 5)
DECIDE = lags.expected(3, 7)
AGREE_SHARE = 0.5

# As how many cases the usual counts beside what the pool did, and the pool beside a person.
POOL_WEIGHT = 12.0
PERSON_WEIGHT = 4.0
# A reminded reviewer takes this part of the time that was left.
REMINDED = 0.75
REMIND_BEFORE_DUE = 2 * DAY
# Less time is given near a date, but nobody reviews in less than this part of the usual time.
SHORTEST_PART = 0.4
# A place that falls free is filled again, at most so many times.
REFILLS = 12

# Nothing of these stages waits for a decision.
SETTLED = frozenset(
    {
        DeskStage.LAPSED,
        DeskStage.FINAL_FILES,
        DeskStage.ACCEPTED,
        DeskStage.PRODUCTION,
        DeskStage.REJECTED,
        DeskStage.CLOSED,
    }
)


class Level(StrEnum):
    """Red: it will likely miss its date. Amber: only with bad luck. Green: not even then."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


LEVEL_WORDS: dict[Level, str] = {
    Level.RED: "In danger",
    Level.AMBER: "Tight",
    Level.GREEN: "In time",
}


class Act(StrEnum):
    """What somebody on the desk can do for a manuscript."""

    CHECK = "check"
    ASSIGN = "assign"
    INVITE = "invite"
    INVITE_ANOTHER = "invite_another"
    BENCH = "bench"
    REMIND = "remind"
    DECIDE = "decide"
    DECIDE_EARLY = "decide_early"
    APPROVE = "approve"
    RELEASE = "release"
    NOTHING = "nothing"


ACT_WORDS: dict[Act, str] = {
    Act.CHECK: "Pass the checklist",
    Act.ASSIGN: "Assign an editor",
    Act.INVITE: "Fill the open places",
    Act.INVITE_ANOTHER: "Invite another reviewer",
    Act.BENCH: "Invite from the bench",
    Act.REMIND: "Remind the reviewers",
    Act.DECIDE: "Write the decision",
    Act.DECIDE_EARLY: "Decide on the reviews that are in",
    Act.APPROVE: "Approve the letter",
    Act.RELEASE: "Release it now",
    Act.NOTHING: "Nothing to do now",
}


@dataclass(frozen=True, slots=True)
class Past:
    """What a person, or the pool, has done: days to answer, days to review (`as_if_usual`), and
    how many of those who answered agreed."""

    answers: tuple[Lag, ...] = ()
    reviews: tuple[Lag, ...] = ()
    agreed: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One reviewer of the present round."""

    state: AssignmentState
    invited_at: datetime | None = None
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    due_at: datetime | None = None
    past: Past = Past()


@dataclass(frozen=True, slots=True)
class Case:
    """A manuscript as the model needs it. `rules_at` is the date that it must keep."""

    stage: DeskStage
    stage_since: datetime
    rules_at: datetime
    places: tuple[Place, ...] = ()
    need: int = 4
    floor: int = 2
    is_minor: bool = False
    is_later_round: bool = False
    on_bench: int = 0
    refills_itself: bool = False
    release_at: datetime | None = None
    author_due_at: datetime | None = None

    @property
    def returned(self) -> int:
        return sum(place.state == AssignmentState.RETURNED for place in self.places)

    @property
    def agreed(self) -> int:
        return self.returned + sum(place.state in WORKING for place in self.places)

    @property
    def holding(self) -> int:
        return sum(place.state in HOLDING for place in self.places)

    def late(self, now: datetime) -> int:
        """How many reviews are past their date."""
        return sum(_is_late(place, now) for place in self.places)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the decision will be out: likely, and with bad luck (nine in ten are earlier)."""

    likely_at: datetime
    pessimistic_at: datetime


@dataclass(frozen=True, slots=True)
class Risk:
    """What the board says of one manuscript. Days are whole; slack below zero is too late."""

    level: Level
    forecast: Forecast
    rules_at: datetime
    slack_days: int
    pessimistic_slack_days: int
    reason: str
    act: Act
    gain_days: int

    @property
    def words(self) -> str:
        return LEVEL_WORDS[self.level]

    @property
    def act_words(self) -> str:
        return ACT_WORDS[self.act]

    @property
    def danger(self) -> tuple[int, int]:
        """Sorts the most endangered first."""
        return self.slack_days, self.pessimistic_slack_days


@dataclass
class Model:
    """How long things take in this issue; keeps what it has worked out."""

    answer: Shape = field(default_factory=lambda: ANSWER)
    review: Shape = field(default_factory=lambda: REVIEW)
    decide: Shape = field(default_factory=lambda: DECIDE)
    agree_share: float = AGREE_SHARE
    invitation_days: int = 5
    review_days: int = 21
    _fresh: dict[tuple[int, bool], Shape] = field(default_factory=dict, repr=False)

    def fresh(self, allowed: int, *, refills_itself: bool) -> Shape:
        """From an invitation sent today to somebody unknown until a review is in."""
        key = (allowed, refills_itself)
        if key not in self._fresh:
            review = self.scaled(self.review, allowed)
            found = lags.at_once(lags.HORIZON)
            for _ in range(REFILLS):
                found = self.answered(
                    self.answer, self.agree_share, self.invitation_days, review, found,
                    refills_itself=refills_itself,
                )  # fmt: skip
            self._fresh[key] = found
        return self._fresh[key]

    def answered(
        self,
        answer: Shape,
        agrees: float,
        days_left: int,
        review: Shape,
        fresh: Shape,
        *,
        refills_itself: bool,
    ) -> Shape:
        """An invitation: agreed and then reviewed, or declined or expired and asked anew."""
        answers = answer.copy()
        answers[max(days_left, 0) + 1 :] = 0
        lost = answers * (1 - agrees)
        lost[max(days_left, 0)] += 1 - answers.sum()
        refilled = fresh if refills_itself else lags.then(REPLACE, fresh)
        return lags.then(answers * agrees, review) + lags.then(lost, refilled)

    def scaled(self, review: Shape, allowed: float) -> Shape:
        """The time a review takes where so many days are given."""
        return lags.stretched(review, round(_part(allowed, self.review_days), 2))


def as_if_usual(days: float, given: float, usual: int) -> float:
    """How long a review would have taken with the usual time, that took so long with `given`."""
    return days / _part(given, usual)


def model_of(
    pool: Past, decisions: Iterable[Lag], *, invitation_days: int = 5, review_days: int = 21
) -> Model:
    """The usual spans, corrected by what this issue has seen so far."""
    return Model(
        answer=lags.learnt(ANSWER, POOL_WEIGHT, pool.answers),
        review=lags.learnt(REVIEW, POOL_WEIGHT, pool.reviews),
        decide=lags.learnt(DECIDE, POOL_WEIGHT, decisions),
        agree_share=_share(AGREE_SHARE, POOL_WEIGHT, pool),
        invitation_days=invitation_days,
        review_days=review_days,
    )


def risk(case: Case, model: Model, now: datetime) -> Risk | None:
    """Slack, level, reason and the act that gains most; None where nothing is to be decided."""
    if case.stage in SETTLED:
        return None
    before = _time_left(case, model, now)
    likely, pessimistic = _quantiles(before)
    slack, bad_slack = (_slack(case, now, days) for days in (likely, pessimistic))
    level = Level.RED if slack < 0 else Level.AMBER if bad_slack < 0 else Level.GREEN
    act, gain = _best_act(case, model, now, before, level)
    return Risk(
        level=level,
        forecast=Forecast(now + likely * DAY, now + pessimistic * DAY),
        rules_at=case.rules_at,
        slack_days=slack,
        pessimistic_slack_days=bad_slack,
        reason=_reason(case, now),
        act=act,
        gain_days=gain,
    )


# --- What is still missing --------------------------------------------------------------------


def _time_left(
    case: Case,
    model: Model,
    now: datetime,
    *,
    done: Act = Act.NOTHING,
) -> Shape:
    """From now to the decision, if this act is done now."""
    stage = case.stage
    if stage == DeskStage.HELD:
        return lags.at_once(0 if done == Act.RELEASE else _days(case.release_at, now))
    decide = lags.at_once() if done in {Act.DECIDE, Act.DECIDE_EARLY} else model.decide
    if stage == DeskStage.DECIDING:
        return lags.at_once() if done == Act.APPROVE else _going_on(model.decide, case, now)
    if stage in {DeskStage.COMPLETE, DeskStage.MINOR_CHECK}:
        return decide if done == Act.DECIDE else _going_on(model.decide, case, now)
    if stage in {DeskStage.ASSIGNING, DeskStage.WAITING}:
        if done == Act.DECIDE_EARLY:
            return decide
        return lags.then(_reviews(case, model, now, done), decide)
    return lags.then(_arrival(case, model, now, done), decide)


def _arrival(case: Case, model: Model, now: datetime, done: Act) -> Shape:
    """From where review has not begun until the reviews are in."""
    passed = lags.at_once()
    if case.stage in {DeskStage.REVISING, DeskStage.RETURNED_TO_AUTHOR}:
        # Authors use the time they are given.
        passed = lags.at_once(_days(case.author_due_at, now))
        passed = lags.then(passed, CHECKLIST)
    elif case.stage == DeskStage.CHECKLIST and done != Act.CHECK:
        passed = _going_on(CHECKLIST, case, now)
    if case.stage == DeskStage.AWAITING_EDITOR:
        if done != Act.ASSIGN:
            passed = _going_on(ASSIGN, case, now)
    elif not case.is_later_round:  # a revision goes to the editor whom it had
        passed = lags.then(passed, ASSIGN)
    if case.is_minor:
        return passed
    passed = lags.then(passed, INVITE)
    begins_at = now + lags.quantile(passed, LIKELY) * DAY
    fresh = model.fresh(_allowed(case, model, begins_at), refills_itself=False)
    return lags.then(passed, lags.at_least(case.need, [fresh] * case.need))


def _reviews(case: Case, model: Model, now: datetime, done: Act) -> Shape:
    """The reviewers side by side, until as many as needed have returned."""
    allowed = _allowed(case, model, now)
    fresh = model.fresh(allowed, refills_itself=case.refills_itself and case.on_bench > 0)
    shapes = [
        _place(place, case, model, now, fresh, done=done)
        for place in case.places
        if place.state in HOLDING
    ]
    is_filled = done in {Act.INVITE, Act.INVITE_ANOTHER, Act.BENCH}
    open_places = max(case.need - len(shapes), 0)
    waits = lags.at_once() if is_filled else _going_on(INVITE, case, now)
    shapes += [lags.then(waits, fresh)] * open_places
    if done in {Act.INVITE_ANOTHER, Act.BENCH} and not open_places:
        shapes.append(fresh)
    return lags.at_least(case.need, shapes)


def _place(
    place: Place, case: Case, model: Model, now: datetime, fresh: Shape, *, done: Act
) -> Shape:
    """Until this reviewer's review is in, or another one in its place."""
    if place.state == AssignmentState.RETURNED:
        return lags.at_once()
    own = lags.learnt(model.review, PERSON_WEIGHT, place.past.reviews)
    if place.state in WORKING:
        begun = place.answered_at or now
        given = (place.due_at - begun) / DAY if place.due_at else model.review_days
        left = lags.remaining(model.scaled(own, given), (now - begun) / DAY)
        is_reminded = done == Act.REMIND and _needs_reminder(place, now)
        return lags.stretched(left, REMINDED) if is_reminded else left
    answer = lags.learnt(model.answer, PERSON_WEIGHT, place.past.answers)
    asked = place.invited_at or now
    review = model.scaled(own, _allowed(case, model, now))
    return model.answered(
        lags.remaining(answer, (now - asked) / DAY),
        _share(model.agree_share, PERSON_WEIGHT, place.past),
        _days(place.answer_by, now) if place.answer_by else model.invitation_days,
        review,
        fresh,
        refills_itself=case.refills_itself and case.on_bench > 0,
    )


def _going_on(usual: Shape, case: Case, now: datetime) -> Shape:
    """A step that has been waited for since the stage was entered."""
    return lags.remaining(usual, (now - case.stage_since) / DAY)


def _allowed(case: Case, model: Model, begins_at: datetime) -> int:
    """Days that somebody who agrees then is given (`reviews.dates.review_due`)."""
    lead = LATER_ROUND_LEAD if case.is_later_round else FIRST_ROUND_LEAD
    given = (case.rules_at - lead - begins_at) / DAY
    return int(min(max(given, 3), model.review_days))


# --- Which act helps most ---------------------------------------------------------------------


def _candidates(case: Case, now: datetime, level: Level) -> Iterator[Act]:
    """The acts that are open, the least trouble first: the first of equal ones is taken."""
    stage = case.stage
    steps = {
        DeskStage.CHECKLIST: Act.CHECK,
        DeskStage.AWAITING_EDITOR: Act.ASSIGN,
        DeskStage.COMPLETE: Act.DECIDE,
        DeskStage.MINOR_CHECK: Act.DECIDE,
        DeskStage.DECIDING: Act.APPROVE,
        DeskStage.HELD: Act.RELEASE,
    }
    if stage in steps:
        yield steps[stage]
    if stage not in {DeskStage.ASSIGNING, DeskStage.WAITING}:
        return
    if case.returned >= case.need:
        yield Act.DECIDE_EARLY
        return
    if any(_needs_reminder(place, now) for place in case.places):
        yield Act.REMIND
    if case.on_bench:
        yield Act.BENCH
    yield Act.INVITE if case.holding < case.need else Act.INVITE_ANOTHER
    # Fewer reviews than the issue wants is for an emergency (`domain.md` B.2).
    if level == Level.RED and case.returned >= case.floor:
        yield Act.DECIDE_EARLY


def _best_act(
    case: Case, model: Model, now: datetime, before: Shape, level: Level
) -> tuple[Act, int]:
    """The act that gains most days at the likely end, else at the pessimistic one, else in the
    mean; with the days it gains there, rounded up."""
    best: Act = Act.NOTHING
    most: tuple[float, ...] = (0.0, 0.0, 0.0)
    ends = _ends(before)
    for act in _candidates(case, now, level):
        sooner = _ends(_time_left(case, model, now, done=act))
        gain = tuple(max(then - by_act, 0.0) for then, by_act in zip(ends, sooner, strict=True))
        if gain > most:
            best, most = act, gain
    return best, ceil(next((days for days in most if days), 0))


def _ends(shape: Shape) -> tuple[float, float, float]:
    """The likely end, the pessimistic one, the mean: what decides where the former are equal."""
    return *_quantiles(shape), round(float(shape @ np.arange(lags.HORIZON)), 2)


# --- In words ---------------------------------------------------------------------------------

_WAITS: dict[DeskStage, str] = {
    DeskStage.CHECKLIST: "It waits for the checklist; no reviewer has been asked yet.",
    DeskStage.AWAITING_EDITOR: "No guest editor handles it; no reviewer has been asked yet.",
    DeskStage.RETURNED_TO_AUTHOR: "The authors complete it; review has not begun.",
    DeskStage.MINOR_CHECK: "The minor revision waits for the decision.",
    DeskStage.DECIDING: "The decision is made but its letter is not approved.",
}


def _reason(case: Case, now: datetime) -> str:
    """In one sentence what stands between now and the decision."""
    if case.stage in _WAITS:
        return _WAITS[case.stage]
    if case.stage == DeskStage.HELD:
        return "The letter is approved and goes out at its minute."
    if case.stage == DeskStage.REVISING:
        round_words = "a check by the editor" if case.is_minor else "another round of review"
        return f"The authors revise it; after that comes {round_words}."
    if case.stage == DeskStage.COMPLETE:
        return f"All {case.returned} reviews are in and wait for the decision."
    said = [f"{case.returned} of {case.need} reviews are in"]
    late = case.late(now)
    working = case.agreed - case.returned
    if working:
        said.append(f"{working} being written" + (f" ({late} late)" if late else ""))
    if case.holding > case.agreed:
        said.append(f"{case.holding - case.agreed} not answered")
    if case.holding < case.need:
        said.append(_places(case.need - case.holding))
    return ", ".join(said) + "."


def _places(count: int) -> str:
    return "nobody asked for the last place" if count == 1 else f"nobody asked for {count} places"


# --- Small rules ------------------------------------------------------------------------------


def _quantiles(shape: Shape) -> tuple[int, int]:
    return lags.quantile(shape, LIKELY), lags.quantile(shape, PESSIMISTIC)


def _slack(case: Case, now: datetime, days: int) -> int:
    """Whole days from the expected end to the date, rounded down."""
    return (case.rules_at - (now + days * DAY)).days


def _days(until: datetime | None, now: datetime) -> int:
    return max((until - now).days, 0) if until else 0


def _is_late(place: Place, now: datetime) -> bool:
    return place.state in WORKING and place.due_at is not None and place.due_at < now


def _needs_reminder(place: Place, now: datetime) -> bool:
    return (
        place.state in WORKING
        and place.due_at is not None
        and place.due_at - REMIND_BEFORE_DUE <= now
    )


def _part(given: float, usual: int) -> float:
    return min(max(given / usual, SHORTEST_PART), 1.0)


def _share(prior: float, weight: float, past: Past) -> float:
    return (past.agreed + weight * prior) / (past.answered + weight)
