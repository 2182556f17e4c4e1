"""Where the lines and bars of a statistic lie in its drawing. Pure.

A drawing is 640 by 220 units and has no styles of its own; the style sheet colours its classes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from editors.statistics import Mark, Table

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, FLOOR = 44, 12, 16, 188
BARS_MOST = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place of an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A line over days, or bars beside their words; `told` says the gist in one sentence."""

    line: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    bars: tuple[tuple[str, int], ...]
    told: str


def plot_of(table: Table, marks: Iterable[Mark] = ()) -> Plot | None:
    """The drawing that fits a statistic; none where the table alone says it best."""
    if not table.rows:
        return None
    if table.code == "arrivals":
        days = [(date.fromisoformat(str(day)), _number(count)) for day, count in table.rows]
        return _arrivals(days, list(marks))
    if table.code in {"answers", "reviews"}:
        points = [(_number(row[0]), _number(row[3])) for row in table.rows]
        return _curve(points)
    column = {"durations": 3}.get(table.code, len(table.heads) - 1)
    if table.code == "funnel":
        column = 1
    if table.code == "invitations":
        return None
    bars = tuple(
        (str(row[0]), round(_number(row[column])))
        for row in table.rows[:BARS_MOST]
        if row[column] is not None
    )
    return Plot("", (), (), (), bars, "")


def _arrivals(days: list[tuple[date, float]], marks: list[Mark]) -> Plot:
    first = min(day for day, _ in days)
    last = max([day for day, _ in days] + [mark.day for mark in marks])
    span = max((last - first).days, 1)
    most = days[-1][1]
    points = [(_across((day - first).days / span), _up(count / most)) for day, count in days]
    return Plot(
        line=_steps(points),
        across=tuple(Tick(_across(share), _words(first, share, span)) for share in (0, 1)),
        up=_heights(most),
        marks=tuple(
            Tick(_across((mark.day - first).days / span), mark.label)
            for mark in marks
            if mark.day >= first
        ),
        bars=(),
        told=f"{round(most)} submitted from {_day(first)} to {_day(days[-1][0])}.",
    )


def _curve(points: list[tuple[float, float]]) -> Plot:
    span = max(points[-1][0], 1)
    half = next((day for day, share in points if share >= 50), None)
    said = f"Half by day {round(half)}." if half is not None else "Not yet half."
    return Plot(
        line=_steps([(_across(day / span), _up(share / 100)) for day, share in points]),
        across=tuple(Tick(_across(share), f"day {round(span * share)}") for share in (0, 0.5, 1)),
        up=_heights(100, " %"),
        marks=(),
        bars=(),
        told=f"{said} {round(points[-1][1])} % by day {round(points[-1][0])}.",
    )


def _steps(points: list[tuple[float, float]]) -> str:
    """A stair: level until the next day, then up."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    parts += [f"H{x:.1f}V{y:.1f}" for x, y in points[1:]]
    return "".join(parts)


def _heights(most: float, unit: str = "") -> tuple[Tick, ...]:
    return tuple(Tick(_up(share), f"{round(most * share)}{unit}") for share in (0, 0.5, 1))


def _across(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _up(share: float) -> float:
    return round(FLOOR - share * (FLOOR - TOP), 1)


def _words(first: date, share: float, span: int) -> str:
    return _day(date.fromordinal(first.toordinal() + round(span * share)))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
