"""What people look at to see whether the issue is on time: plain values in, series out. Pure.

Every series becomes a `Table`, which is what the page draws, what stands behind the drawing, and
what a file is made of: three views of the same rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from editors import lags
from editors.lags import Lag

CURVE_DAYS = 45
QUARTILES = (0.25, 0.5, 0.75, 0.9)

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Point:
    """A day and how many there were by then."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A date of the call on the axis of days."""

    label: str
    day: date


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in days: how many cases, the quartiles, and nine in ten."""

    label: str
    count: int
    quartiles: tuple[float, float, float, float] | None

    @property
    def cells(self) -> list[Cell]:
        return [self.label, self.count, *(self.quartiles or (None,) * 4)]


@dataclass(frozen=True, slots=True)
class Table:
    """One statistic: a code for its file, a title, the heads, the rows."""

    code: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def over_time(days: Iterable[date]) -> list[Point]:
    """How many have come by each day on which one came; days without one repeat the count."""
    counts = Counter(days)
    if not counts:
        return []
    day, last, total, points = min(counts), max(counts), 0, []
    while day <= last:
        total += counts[day]
        points.append(Point(day, total))
        day += timedelta(days=1)
    return points


def spread(label: str, days: Sequence[float]) -> Spread:
    """Median, quartiles and ninetieth of these days; nothing is said where there are none."""
    if not days:
        return Spread(label, 0, None)
    known = sorted(days)
    q1, q2, q3, q9 = (round(_at(known, share), 1) for share in QUARTILES)
    return Spread(label, len(known), (q1, q2, q3, q9))


def responses(waits: Iterable[Lag], until: int = CURVE_DAYS) -> list[lags.Step]:
    """The share that has answered or returned by each day; who still may counts until now."""
    return lags.curve(waits, until)


def crossed(pairs: Iterable[tuple[str, str]], columns: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Lines by their first word, columns by their second, the fullest line first."""
    counts = Counter(pairs)
    lines = Counter(line for line, _ in counts.elements())
    return [
        (line, *(counts[line, column] for column in columns), total)
        for line, total in sorted(lines.items(), key=lambda item: (-item[1], item[0]))
    ]


def counted(words: Iterable[str]) -> list[tuple[str, int]]:
    """Each word with how often it came, the most often first."""
    return sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))


def per_agreed(invited: int, agreed: int) -> float | None:
    """Invitations for one reviewer who agrees; None while nobody has."""
    return round(invited / agreed, 1) if agreed else None


def funnel(reached: Mapping[str, int]) -> list[tuple[Cell, ...]]:
    """The steps in their order, each with its share of the first."""
    first = next(iter(reached.values()), 0)
    return [
        (label, count, round(100 * count / first) if first else 0)
        for label, count in reached.items()
    ]


def _at(known: Sequence[float], share: float) -> float:
    place = share * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return known[low] + (known[high] - known[low]) * (place - low)
