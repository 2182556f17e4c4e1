"""The clock: real in production, moved by one stored offset in a rehearsal, frozen in tests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tmi_special_issue import clock
from tmi_special_issue.models import RehearsalClock
from tmi_special_issue.refusal import Refusal

JULY = datetime(2024, 7, 2, 12, tzinfo=UTC)
A_MOMENT = timedelta(seconds=3)


@pytest.fixture(autouse=True)
def _forget_offset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "_cached_offset", None)
    monkeypatch.setattr(clock, "_table_is_there", True)
    yield
    clock._cached_offset = None


@pytest.mark.django_db
def test_a_stored_offset_counts_for_nothing_outside_a_rehearsal(settings: Any) -> None:
    settings.REHEARSAL = False
    RehearsalClock.objects.create(offset_seconds=-80_000_000)
    assert clock.offset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT
    assert abs(clock.decisive_now() - datetime.now(UTC)) < A_MOMENT


def test_the_clock_asks_no_database_outside_a_rehearsal(settings: Any) -> None:
    settings.REHEARSAL = False
    assert clock.now().tzinfo is UTC


@pytest.mark.django_db
def test_moving_is_refused_outside_a_rehearsal(settings: Any) -> None:
    settings.REHEARSAL = False
    with pytest.raises(Refusal) as caught:
        clock.move_to(JULY)
    assert caught.value.code == "not_a_rehearsal"
    assert not RehearsalClock.objects.exists()


@pytest.mark.django_db
def test_a_moved_clock_stands_there_and_goes_on(settings: Any) -> None:
    settings.REHEARSAL = True
    clock.move_to(JULY)
    assert abs(clock.now() - JULY) < A_MOMENT
    assert abs(clock.decisive_now() - JULY) < A_MOMENT
    assert abs(clock.real_now() - datetime.now(UTC)) < A_MOMENT


@pytest.mark.django_db
def test_moving_twice_keeps_one_row_and_the_last_instant(settings: Any) -> None:
    settings.REHEARSAL = True
    clock.move_to(JULY)
    clock.move_to(JULY + timedelta(days=45))
    assert RehearsalClock.objects.count() == 1
    assert abs(clock.now() - JULY - timedelta(days=45)) < A_MOMENT


@pytest.mark.django_db
def test_another_process_sees_the_moved_clock(settings: Any) -> None:
    settings.REHEARSAL = True
    before = clock.now()
    RehearsalClock.objects.create(offset_seconds=3600)  # as another process writes it
    clock._cached_offset = None  # half a second later
    assert abs(clock.now() - before - timedelta(hours=1)) < A_MOMENT


@pytest.mark.django_db
def test_the_offset_is_read_once_in_half_a_second(
    settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REHEARSAL = True
    with django_assert_num_queries(1):
        for _ in range(20):
            clock.now()


@pytest.mark.django_db
def test_before_the_first_migration_the_clock_is_real(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REHEARSAL = True
    monkeypatch.setattr(clock, "_table_is_there", False)
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert clock.offset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


def test_frozen_time_stands_still_and_nests() -> None:
    with clock.frozen_at(JULY):
        assert [clock.now(), clock.now(), clock.decisive_now()] == [JULY] * 3
        with clock.frozen_at(JULY + timedelta(days=1)):
            assert clock.now() == JULY + timedelta(days=1)
        assert clock.now() == JULY
    assert clock.now() != JULY


def test_frozen_time_is_given_back_after_an_error() -> None:
    with pytest.raises(KeyError), clock.frozen_at(JULY):
        raise KeyError
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


def test_frozen_time_is_told_in_utc() -> None:
    east = JULY.astimezone(ZoneInfo("Asia/Tokyo"))
    with clock.frozen_at(east):
        assert (clock.now(), clock.now().tzinfo) == (JULY, UTC)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.frozen_at(JULY.replace(tzinfo=None)):
        pass


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_servers_clock_decides(settings: Any) -> None:
    settings.REHEARSAL = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
        told = clock.decisive_now()
        cursor.execute("SELECT clock_timestamp()")
        after = cursor.fetchone()[0]
    assert before <= told <= after
