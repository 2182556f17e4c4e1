"""Plays several stories on one clock: each act happens at its own instant, in the right order.

A story is a generator that yields the instant at which it wants to go on. The conductor holds the
clock of the domain there and lets it go on until its next instant.
"""

import heapq
from collections.abc import Generator, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from tmi_special_issue import clock, tick

# What a story returns is for the story that goes on with it; the conductor does not care.
Story = Generator[datetime, None, Any]
YEAR = 2024


def at(month: int, day: float, hour: float = 10) -> datetime:
    """An instant of the rehearsal's year, in UTC. `day` may be a fraction or run over."""
    first = datetime(YEAR, month, 1, tzinfo=UTC)
    return first + timedelta(days=day - 1, hours=hour)


def play(stories: Iterable[Story], until: datetime) -> int:
    """Run all stories in the order of their instants; returns how many acts there were.

    A story that wants to go on after `until` is left where it is: that is its state.
    """
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _wait(waiting, number, story)
    acts = 0
    while waiting and waiting[0][0] <= until:
        instant, number, story = heapq.heappop(waiting)
        acts += 1
        with clock.frozen_at(instant):
            _wait(waiting, number, story)
    for _, _, story in waiting:
        story.close()
    return acts


def _wait(waiting: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    instant = next(story, None)
    if instant is not None:
        heapq.heappush(waiting, (instant, number, story))


def schedule(first: datetime, last: datetime) -> Story:
    """The minute's tick, every other day: reminders and endings come out as they would, for a
    thousandth of the work."""
    day = datetime.combine(first.date(), time(6, 30), UTC)
    while day <= last:
        yield day
        tick.run()
        day += timedelta(days=2)
