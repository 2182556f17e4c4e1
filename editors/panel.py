"""Which candidates are ticked beforehand, and what another choice would cost. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from reviews.matching import (
    FORBIDDEN,
    GroupLimit,
    Instance,
    Matching,
    PairLimit,
    cost_of_change,
    solve,
)

UNITS = 10_000  # of a score of 1
SAME_COUNTRY_MOST = 2
SENIORS_LEAST = 1
SUGGESTED_MOST = 1  # domain.md F10


class Keyed(Protocol):
    """A person with a key and a country."""

    @property
    def pk(self) -> int: ...
    @property
    def country(self) -> str: ...


class Ranked(Protocol):
    """What the choice looks at."""

    @property
    def user(self) -> Keyed: ...
    @property
    def score(self) -> float: ...
    @property
    def affiliation(self) -> str: ...
    @property
    def is_senior(self) -> bool: ...
    @property
    def is_suggested(self) -> bool: ...
    @property
    def needs_reason(self) -> bool: ...


@dataclass(frozen=True)
class Slate:
    """The people proposed for the free places, and what each other choice would cost.

    `chosen` are keys. `costs` say by how much the sum of fits falls when somebody of the bench
    takes a place, in units of fit (0..1 per person); nobody who cannot join the slate is in it.
    """

    chosen: frozenset[int]
    costs: dict[int, float]


def propose_slate(
    candidates: Sequence[Ranked],
    *,
    places: int,
    first: Collection[int] = (),
    taken: Sequence[Ranked] = (),
    priced: int = 0,
) -> Slate:
    """The best people for the free places, exactly (`matching.md` section 4).

    Nobody whose invitation needs a reason, at most one of an institution, two of a country, one
    whom the authors suggested (F10), and a senior where there is one; those already on the panel
    count. `first` are the reviewers of the former round who should see the answer to their
    review: they are in, whatever the limits say. The costs of the first `priced` others are
    worked out.
    """
    everybody = [*taken, *candidates]
    returning = [
        number
        for number, person in enumerate(everybody)
        if number >= len(taken) and person.user.pk in first
    ][:places]
    held = [*range(len(taken)), *returning]
    free = set(held)
    row = [
        FORBIDDEN if person.needs_reason and n not in free else round(person.score * UNITS)
        for n, person in enumerate(everybody)
    ]
    instance = Instance.of(
        np.array([row], np.int64),
        demand=max(places, 0) + len(taken),
        most=1,
        locked=[(0, number) for number in held],
        groups=panel_groups(everybody),
        pair_limits=[
            PairLimit(
                "one whom the authors suggested",
                tuple((0, n) for n, c in enumerate(everybody) if c.is_suggested),
                SUGGESTED_MOST,
            )
        ],
    )
    found = solve(instance)
    chosen = {everybody[r].user.pk for r in found.reviewers_of(0) if r >= len(taken)}
    return Slate(
        chosen=frozenset(chosen),
        costs=_costs(instance, found, everybody, priced, len(taken)) if chosen else {},
    )


class Placed(Protocol):
    """What the limits of a panel look at."""

    @property
    def user(self) -> Keyed: ...
    @property
    def affiliation(self) -> str: ...
    @property
    def is_senior(self) -> bool: ...


def panel_groups(people: Sequence[Placed]) -> list[GroupLimit]:
    """On one manuscript: one of an institution, two of a country, a senior (`matching.md` 3)."""
    seniors = np.array([0 if person.is_senior else -1 for person in people], np.int64)
    return [
        GroupLimit("one of an institution", _groups(p.affiliation for p in people), most=1),
        GroupLimit("two of a country", _groups(p.user.country for p in people), SAME_COUNTRY_MOST),
        GroupLimit("a senior", seniors, least=SENIORS_LEAST),
    ]


@dataclass(frozen=True)
class Weighing:
    """What a choice of people is worth against the best choice: sums of fits, and what to mind."""

    fit: float
    best: float
    remarks: tuple[str, ...]

    @property
    def loss(self) -> float:
        return round(max(0.0, self.best - self.fit), 2)


def weigh(
    chosen: Sequence[Ranked], slate: Sequence[Ranked], *, taken: Sequence[Ranked] = ()
) -> Weighing:
    """How a choice compares with the proposed slate of the same length, and which limits it breaks.

    A broken limit is the editor's to allow: it is said, never refused.
    """
    best = sorted((person.score for person in slate), reverse=True)[: len(chosen)]
    everybody = [*taken, *chosen]
    institutions = Counter(p.affiliation.strip() for p in everybody if p.affiliation.strip())
    countries = Counter(p.user.country for p in everybody if p.user.country)
    remarks = [f"{number} of {name}" for name, number in institutions.items() if number > 1]
    remarks += [
        f"{number} of one country ({country})"
        for country, number in countries.items()
        if number > SAME_COUNTRY_MOST
    ]
    if everybody and not any(person.is_senior for person in everybody):
        remarks.append("no senior")
    suggested = sum(person.is_suggested for person in everybody)
    if suggested > SUGGESTED_MOST:
        remarks.append(f"{suggested} whom the authors suggested")
    if any(person.needs_reason for person in chosen):
        remarks.append("a written reason is needed")
    return Weighing(
        fit=round(sum(person.score for person in chosen), 2),
        best=round(sum(best), 2),
        remarks=tuple(remarks),
    )


def _groups(names: Iterable[str]) -> np.ndarray:
    """Numbers of equal names, whatever their case; -1 for none."""
    known: dict[str, int] = {}
    numbers = []
    for name in names:
        word = name.casefold().strip()
        numbers.append(known.setdefault(word, len(known)) if word else -1)
    return np.array(numbers, np.int64)


def _costs(
    instance: Instance, found: Matching, everybody: Sequence[Ranked], priced: int, taken: int
) -> dict[int, float]:
    chosen = set(found.reviewers_of(0))
    best = _sum(instance, found)
    costs: dict[int, float] = {}
    for number in range(taken, len(everybody)):
        if len(costs) >= priced:
            break
        if number in chosen or instance.scores[0, number] < 0:
            continue
        other = cost_of_change(instance, found, forced=[(0, number)])
        if other is not None and len(other.pairs) == len(found.pairs):
            costs[everybody[number].user.pk] = round((best - _sum(instance, other)) / UNITS, 2)
    return costs


def _sum(instance: Instance, matching: Matching) -> int:
    return int(sum(max(0, int(instance.scores[0, r])) for _, r in matching.pairs))
