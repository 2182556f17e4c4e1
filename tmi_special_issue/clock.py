"""The one place that tells the time of the domain.

Deadlines, letters and the record live on this clock, which a rehearsal can move. Sign-in
sessions and the expiry of security codes stay on real time and do not ask here.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from tmi_special_issue.refusal import Refusal

_CACHE_SECONDS = 0.5

_lock = threading.Lock()
_frozen_at: datetime | None = None
_cached_offset: tuple[float, timedelta] | None = None
_table_is_there = False


def now() -> datetime:
    """The present instant of the domain, in UTC, by this machine's clock."""
    if _frozen_at is not None:
        return _frozen_at
    return datetime.now(UTC) + offset()


def decisive_now() -> datetime:
    """The instant that decides a deadline: the database server's clock (`security.md` F21).

    Several web and worker machines may disagree about the time; the database is the one they
    share. On SQLite it is this machine's clock.
    """
    if _frozen_at is not None:
        return _frozen_at
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
        return instant.astimezone(UTC) + offset()
    return now()


def real_now() -> datetime:
    """The present instant outside the domain: heartbeats, leases, retries."""
    return datetime.now(UTC)


def offset() -> timedelta:
    """How far the rehearsal clock is from the real one; zero in production."""
    global _cached_offset
    if not settings.REHEARSAL:
        return timedelta(0)
    cached = _cached_offset
    if cached and time.monotonic() - cached[0] < _CACHE_SECONDS:
        return cached[1]
    from tmi_special_issue.models import RehearsalClock  # models import this module

    if not _has_table(RehearsalClock._meta.db_table):
        return timedelta(0)
    row = RehearsalClock.objects.filter(pk=1).first()
    value = row.offset if row else timedelta(0)
    _cached_offset = (time.monotonic(), value)
    return value


def _has_table(name: str) -> bool:
    """Before the first migration there is no table, and Django's own checks ask for the time."""
    global _table_is_there
    _table_is_there = _table_is_there or name in connection.introspection.table_names()
    return _table_is_there


def move_to(instant: datetime) -> None:
    """Move the rehearsal clock, for all processes. Refused outside a rehearsal."""
    global _cached_offset
    if not settings.REHEARSAL:
        raise Refusal("not_a_rehearsal", "The clock can be moved in a rehearsal only.")
    from tmi_special_issue.models import RehearsalClock

    seconds = int((instant - real_now()).total_seconds())
    RehearsalClock.objects.update_or_create(pk=1, defaults={"offset_seconds": seconds})
    _cached_offset = None


@contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """Hold the clock of this process at one instant, for rehearsals and tests."""
    global _frozen_at
    if instant.tzinfo is None:
        raise ValueError("The clock needs an instant with a zone.")
    with _lock:
        before, _frozen_at = _frozen_at, instant.astimezone(UTC)
    try:
        yield
    finally:
        with _lock:
            _frozen_at = before
