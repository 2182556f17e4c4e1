"""Is it still open? Pure rules on instants (`domain.md` B.3, J2).

Pages, API, actions and workers ask here with the time they were given, so that no answer depends
on whether a worker has run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Window:
    """Until when something may be handed in.

    `closes_at` is the date of the issue or of the manuscript, `extended_until` the latest
    extension of this manuscript, `grace` how much later an upload that began in time may end.
    """

    closes_at: datetime
    grace: timedelta = timedelta(0)
    extended_until: datetime | None = None

    @property
    def effective_at(self) -> datetime:
        """The instant that counts: an extension can only make it later."""
        if self.extended_until is None:
            return self.closes_at
        return max(self.closes_at, self.extended_until)


def is_open(window: Window, at: datetime, *, began_at: datetime | None = None) -> bool:
    """May it be handed in at `at`? The last second counts.

    `began_at`: when the request or upload began; begun in time, it may end within the grace.
    """
    if at <= window.effective_at:
        return True
    if began_at is None:
        return False
    return began_at <= window.effective_at and at <= window.effective_at + window.grace


def has_ended(window: Window, at: datetime) -> bool:
    """Is it over for everybody, the grace included? The schedule acts only then."""
    return at > window.effective_at + window.grace


def latest(instants: Iterable[datetime]) -> datetime | None:
    """The latest of the instants, or None."""
    return max(instants, default=None)


def end_of_day(day: date, zone: str) -> datetime:
    """The last second of a day in a zone, as an instant in UTC.

    `Etc/GMT+12` is Anywhere on Earth: the sign of these zone names is reversed by POSIX.
    """
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def due_offsets(
    due_at: datetime, offsets_days: Iterable[int], at: datetime, *, since: datetime
) -> int | None:
    """The one reminder to send now: the latest offset passed, unless it passed before `since`.

    After an outage only the latest counts, so that nobody gets 26 mails at once. Offsets are days
    from the due date, negative before it. Returns None when none is due.
    """
    passed = [o for o in offsets_days if since < due_at + timedelta(days=o) <= at]
    return max(passed, default=None)
