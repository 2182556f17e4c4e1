"""Reviewers for all manuscripts at once: the question as an instance, the answer in words. Pure.

One manuscript is a row, one person a column. Whoever is in conflict, paused, could only be invited
with written words, or has declined is forbidden; whoever was asked already is locked and counts
into places, load and limits (`matching.md` section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import numpy as np

from editors.panel import SUGGESTED_MOST, UNITS, Keyed, panel_groups
from editors.states import MatchingMode
from reviews.matching import (
    FORBIDDEN,
    Instance,
    Matching,
    PairLimit,
    explain,
    randomise,
    repair,
    solve,
)
from reviews.matching.instance import Pairs, Scores

PARTS = 100  # chances are whole percents
SECONDS = 60.0


class Person(Keyed, Protocol):
    """Somebody with a random public id."""

    @property
    def public_id(self) -> str: ...


class Candidate(Protocol):
    """What the matching looks at of one person for one manuscript."""

    @property
    def user(self) -> Person: ...
    @property
    def score(self) -> float: ...
    @property
    def affiliation(self) -> str: ...
    @property
    def is_senior(self) -> bool: ...
    @property
    def is_suggested(self) -> bool: ...
    @property
    def is_blocked(self) -> bool: ...
    @property
    def is_asked(self) -> bool: ...
    @property
    def needs_reason(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def load(self) -> int: ...
    @property
    def load_limit(self) -> int: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Asked:
    """One manuscript: `places` are all that it needs, those taken already included."""

    key: str
    places: int
    candidates: Sequence[Candidate]
    before: tuple[str, ...] = ()  # public ids of an earlier proposal


@dataclass(frozen=True)
class Chosen:
    """One person for one manuscript; `runner_up` (a public id, "" for nobody) would come next."""

    person: str
    fit: float
    is_held: bool
    is_in_demand: bool = False
    runner_up: str = ""
    runner_up_fit: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Served:
    """The people of one manuscript, and what is missing for which reason."""

    key: str
    people: tuple[Chosen, ...]
    missing: int = 0
    why: str = ""

    @property
    def fit(self) -> float:
        return round(sum(person.fit for person in self.people), 4)


@dataclass(frozen=True)
class Answer:
    """The whole matching. `fit` is the sum over the free places, `bound` what no other exceeds;
    `worst` and `worst_bound` the same for the worst served manuscript of a fair one."""

    served: tuple[Served, ...]
    fit: float
    bound: float
    worst: float | None = None
    worst_bound: float | None = None
    pair_count: int = 0
    loads: dict[str, int] = field(default_factory=dict)

    @property
    def is_optimal(self) -> bool:
        return self.fit >= self.bound

    def as_rows(self) -> dict[str, Any]:
        """As plain values, to keep."""
        return asdict(self)


def match(
    asked: Sequence[Asked],
    mode: MatchingMode,
    *,
    chance_most: int = PARTS,
    seed: int = 0,
    seconds: float = SECONDS,
) -> Answer:
    """The reviewers of all these manuscripts.

    A draw keeps load and conflicts, no limits by institution, country or seniority: no pair has
    a higher chance than `chance_most` percent, and the same `seed` draws the same.
    """
    if not asked:
        return Answer((), 0.0, 0.0)
    people = list({c.user.public_id: c for one in asked for c in one.candidates}.values())
    instance = _instance(asked, people, has_limits=mode != MatchingMode.DRAW)
    if mode == MatchingMode.DRAW:
        drawn = randomise(instance, cap=chance_most, parts=PARTS, seed=seed)
        return _answer(asked, people, instance, drawn.pairs, len(drawn.possible))
    if mode == MatchingMode.MEND:
        before = _before(asked, people)
        gone = [pair for pair in before if instance.scores[pair] < 0]
        gone = [pair for pair in gone if pair not in set(instance.locked)]
        found = repair(instance, before, gone, seconds=seconds)
    else:
        found = solve(instance, is_fair=mode == MatchingMode.FAIR, seconds=seconds)
    return _explained(asked, people, instance, found)


def _instance(asked: Sequence[Asked], people: Sequence[Candidate], *, has_limits: bool) -> Instance:
    column = {person.user.public_id: number for number, person in enumerate(people)}
    scores: Scores = np.full((len(asked), len(people)), FORBIDDEN, np.int64)
    locked, suggested = [], []
    for row, one in enumerate(asked):
        for c in one.candidates:
            pair = (row, column[c.user.public_id])
            if c.is_asked:
                locked.append(pair)
            if c.is_asked or not (c.is_blocked or c.needs_reason or c.state):
                scores[pair] = round(c.score * UNITS)
            if c.is_suggested:
                suggested.append(pair)
    held = np.bincount(np.array([r for _, r in locked], np.int64), minlength=len(people))
    rest = np.array([person.load_limit - person.load for person in people], np.int64)
    taken = np.bincount(np.array([p for p, _ in locked], np.int64), minlength=len(asked))
    places = np.array([one.places for one in asked], np.int64)
    by_row = [tuple(pair for pair in suggested if pair[0] == row) for row in range(len(asked))]
    return Instance.of(
        scores,
        demand=np.maximum(places, taken),
        most=np.maximum(rest, 0) + held,
        locked=locked,
        groups=panel_groups(people) if has_limits else (),
        pair_limits=[
            PairLimit("one whom the authors suggested", pairs, SUGGESTED_MOST)
            for pairs in by_row
            if len(pairs) > SUGGESTED_MOST
        ]
        if has_limits
        else (),
    )


def _before(asked: Sequence[Asked], people: Sequence[Candidate]) -> list[tuple[int, int]]:
    """The pairs of the earlier proposals, as far as the people are still among the candidates."""
    column = {person.user.public_id: number for number, person in enumerate(people)}
    return [
        (row, column[key]) for row, one in enumerate(asked) for key in one.before if key in column
    ]


def _explained(
    asked: Sequence[Asked], people: Sequence[Candidate], instance: Instance, found: Matching
) -> Answer:
    plain = _answer(asked, people, instance, found.pairs, found.pair_count)
    column = {person.user.public_id: number for number, person in enumerate(people)}
    why: dict[int, tuple[int, list[str]]] = {}
    for lack in found.shortages:
        missing, words = why.get(lack.paper, (0, []))
        why[lack.paper] = (missing + lack.missing, [*words, lack.reason])

    def reasoned(row: int, person: Chosen) -> Chosen:
        if person.is_held:
            return person
        told = explain(instance, found, (row, column[person.person]))
        next_one = told.runners_up[0][0] if told.runners_up else None
        return Chosen(
            person.person,
            person.fit,
            is_held=False,
            is_in_demand=told.is_in_demand,
            runner_up="" if next_one is None else people[next_one].user.public_id,
            runner_up_fit=0.0 if next_one is None else int(instance.scores[row, next_one]) / UNITS,
            reasons=person.reasons,
        )

    return Answer(
        served=tuple(
            Served(
                one.key,
                tuple(reasoned(row, person) for person in one.people),
                missing=why.get(row, (0, []))[0],
                why=" ".join(why.get(row, (0, []))[1]),
            )
            for row, one in enumerate(plain.served)
        ),
        fit=round(found.objective / UNITS, 4),
        bound=round(found.bound / UNITS, 4),
        worst=None if found.floor is None else round(found.floor / UNITS, 4),
        worst_bound=None if found.floor_bound is None else round(found.floor_bound / UNITS, 4),
        pair_count=plain.pair_count,
        loads=plain.loads,
    )


def _answer(
    asked: Sequence[Asked],
    people: Sequence[Candidate],
    instance: Instance,
    pairs: Pairs,
    pair_count: int,
) -> Answer:
    locked = set(instance.locked)
    of_row: dict[int, list[Chosen]] = {row: [] for row in range(len(asked))}
    reasons: Mapping[tuple[int, str], tuple[str, ...]] = {
        (row, c.user.public_id): c.reasons for row, one in enumerate(asked) for c in one.candidates
    }
    total = 0
    loads: dict[str, int] = {}
    for row, number in pairs.tolist():
        key = people[number].user.public_id
        is_held = (row, number) in locked
        score = max(0, int(instance.scores[row, number]))
        total += 0 if is_held else score
        loads[key] = loads.get(key, 0) + 1
        of_row[row].append(Chosen(key, score / UNITS, is_held, reasons=reasons[row, key]))
    served = []
    for row, one in enumerate(asked):
        chosen = sorted(of_row[row], key=lambda c: (not c.is_held, -c.fit, c.person))
        missing = max(0, int(instance.demand[row]) - len(chosen))
        served.append(Served(one.key, tuple(chosen), missing=missing))
    fit = round(total / UNITS, 4)
    return Answer(tuple(served), fit, fit, pair_count=pair_count, loads=loads)
