"""How long people take, as shares of whole days, learnt from what was seen. Pure.

A `Shape` holds the share of the cases that end on day 0, 1, 2 …; its last entry is "that day or
later", so that nothing is lost at the edge. What has not ended yet counts for as long as it was
watched (Kaplan and Meier), and what was expected beforehand counts as so many cases seen, so that
two quick answers do not promise a quick third (`domain.md` C has the usual spans).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import erf, log, sqrt

import numpy as np
from numpy.typing import NDArray

HORIZON = 240
_NINETIETH = 1.2816  # of the normal distribution
# Who has taken longer than anybody before ends with this chance on each further day.
_LONG_TAIL = 0.06
_NOTHING_LEFT = 1e-6

Shape = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lag:
    """Days from the question to the end, or until now where it has not ended."""

    days: float
    has_ended: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """The curve of one day: how many were still watched at its begin, ended on it, and the
    share that had ended by its close."""

    day: int
    watched: int
    ended: int
    share: float


def at_once(day: float = 0) -> Shape:
    """All of it on one day."""
    shape = np.zeros(HORIZON)
    shape[min(max(int(day), 0), HORIZON - 1)] = 1
    return shape


def expected(median: float, ninetieth: float) -> Shape:
    """What is expected beforehand: half ended after `median` days, nine in ten by `ninetieth`."""
    spread = log(ninetieth / median) / _NINETIETH

    def ended_by(day: float) -> float:
        return 0.5 * (1 + erf(log(day / median) / (spread * sqrt(2))))

    ended = np.array([0, *(ended_by(day + 0.5) for day in range(HORIZON - 1)), 1])
    return np.diff(ended)


def learnt(prior: Shape, weight: float, lags: Iterable[Lag]) -> Shape:
    """The prior, counted as `weight` cases, together with the cases that were seen."""
    ended, left = np.zeros(HORIZON), np.zeros(HORIZON)
    for lag in lags:
        day = min(max(int(lag.days), 0), HORIZON - 1)
        (ended if lag.has_ended else left)[day] += 1
    watched = np.cumsum((ended + left)[::-1])[::-1]
    still = np.cumsum(prior[::-1])[::-1]
    at_risk = watched + weight * still
    chance = np.divide(ended + weight * prior, at_risk, out=np.ones(HORIZON), where=at_risk > 0)
    chance = np.clip(chance, 0, 1)
    survival = np.concatenate([[1], np.cumprod(1 - chance)[:-1]])
    shape = survival * chance
    shape[-1] += 1 - shape.sum()
    return shape


def curve(lags: Iterable[Lag], until: int) -> list[Step]:
    """The share that has ended by each day from 0 to `until`, the unfinished counted rightly."""
    known = list(lags)
    steps, survival = [], 1.0
    for day in range(until + 1):
        watched = sum(int(lag.days) >= day for lag in known)
        ended = sum(lag.has_ended and int(lag.days) == day for lag in known)
        if watched == 0:
            break
        survival *= 1 - ended / watched
        steps.append(Step(day, watched, ended, 1 - survival))
    return steps


def remaining(shape: Shape, days: float) -> Shape:
    """How long it still takes where it has not ended after so many days."""
    elapsed = min(max(int(days), 0), HORIZON - 1)
    left = shape[elapsed:]
    total = left.sum()
    if elapsed == HORIZON - 1 or total < _NOTHING_LEFT:
        tail = np.full(HORIZON, _LONG_TAIL) * np.power(1 - _LONG_TAIL, np.arange(HORIZON))
        tail[-1] += 1 - tail.sum()
        return tail
    found = np.zeros(HORIZON)
    found[: left.size - 1] = left[:-1] / total
    found[-1] += left[-1] / total
    return found


def stretched(shape: Shape, factor: float) -> Shape:
    """The same, taking `factor` times as long."""
    if factor == 1:
        return shape
    found = np.zeros(HORIZON)
    days = np.minimum((np.arange(HORIZON) * factor + 0.5).astype(int), HORIZON - 1)
    days[-1] = HORIZON - 1
    np.add.at(found, days, shape)
    return found


def then(first: Shape, second: Shape) -> Shape:
    """One after the other. Parts of a whole are kept as parts."""
    whole = np.convolve(first, second)
    found = whole[:HORIZON].copy()
    found[-1] += whole[HORIZON:].sum()
    return found


def by_day(shape: Shape) -> Shape:
    """The share that has ended by each day. What lies beyond the edge has not."""
    ended = np.cumsum(shape)
    ended[-1] -= shape[-1]
    return np.minimum(ended, 1)


def at_least(count: int, shapes: Iterable[Shape]) -> Shape:
    """When `count` of these, which go on side by side, have ended."""
    if count <= 0:
        return at_once()
    # exactly[n, day]: the chance that n of them have ended by that day.
    exactly = np.zeros((count + 1, HORIZON))
    exactly[0] = 1
    for shape in shapes:
        ended = by_day(shape)
        grown = exactly * (1 - ended)
        grown[1:] += exactly[:-1] * ended
        grown[count] += exactly[count] * ended
        exactly = grown
    enough = exactly[count]
    found = np.diff(np.concatenate([[0], enough]))
    found[-1] += 1 - enough[-1]
    return np.clip(found, 0, 1)


def quantile(shape: Shape, share: float) -> int:
    """The first day by which this share has ended."""
    return min(int(np.searchsorted(np.cumsum(shape), share - 1e-9)), HORIZON - 1)
