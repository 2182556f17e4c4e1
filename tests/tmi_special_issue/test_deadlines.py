"""Is it still open? To the second, in every zone, with grace and extension."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmi_special_issue.deadlines import (
    Window,
    due_offsets,
    end_of_day,
    has_ended,
    is_open,
    latest,
)

CLOSES = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)  # 1 July 2024, 23:59:59 AoE
SECOND = timedelta(seconds=1)
GRACE = timedelta(minutes=15)
WINDOW = Window(closes_at=CLOSES, grace=GRACE)

instants = st.timedeltas(min_value=timedelta(days=-180), max_value=timedelta(days=180)).map(
    lambda distance: CLOSES + distance
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(CLOSES - SECOND, True), (CLOSES, True), (CLOSES + SECOND, False)],
    ids=["a second before", "the last second", "a second after"],
)
def test_the_last_second_counts(at: datetime, expected: bool) -> None:
    assert is_open(WINDOW, at) is expected


def test_less_than_a_second_late_is_late() -> None:
    assert not is_open(WINDOW, CLOSES + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("began_at", "at", "expected"),
    [
        (CLOSES, CLOSES + GRACE, True),
        (CLOSES, CLOSES + GRACE + SECOND, False),
        (CLOSES + SECOND, CLOSES + SECOND, False),
        (CLOSES - timedelta(hours=3), CLOSES + SECOND, True),
        (None, CLOSES + SECOND, False),
    ],
    ids=["ends with the grace", "grace over", "begun too late", "a long upload", "no beginning"],
)
def test_an_upload_begun_in_time_may_end_within_the_grace(
    began_at: datetime | None, at: datetime, expected: bool
) -> None:
    assert is_open(WINDOW, at, began_at=began_at) is expected


def test_an_extension_moves_the_date_and_its_grace() -> None:
    until = CLOSES + timedelta(days=5)
    window = Window(CLOSES, GRACE, extended_until=until)
    assert window.effective_at == until
    assert [is_open(window, until), is_open(window, until + SECOND)] == [True, False]
    assert is_open(window, until + GRACE, began_at=until)


def test_an_extension_reopens_what_has_closed() -> None:
    at = CLOSES + timedelta(days=1)
    assert not is_open(WINDOW, at)
    assert is_open(Window(CLOSES, GRACE, extended_until=at + SECOND), at)


def test_an_extension_never_makes_the_date_earlier() -> None:
    window = Window(CLOSES, GRACE, extended_until=CLOSES - timedelta(days=3))
    assert window.effective_at == CLOSES
    assert is_open(window, CLOSES)


def test_the_schedule_ends_it_only_after_the_grace() -> None:
    ends = [
        has_ended(WINDOW, at) for at in (CLOSES + SECOND, CLOSES + GRACE, CLOSES + GRACE + SECOND)
    ]
    assert ends == [False, False, True]


@given(at=instants, began=instants, extended=st.one_of(st.none(), instants))
def test_nothing_is_open_that_has_ended(
    at: datetime, began: datetime, extended: datetime | None
) -> None:
    window = Window(CLOSES, GRACE, extended)
    if has_ended(window, at):
        assert not is_open(window, at, began_at=began)
    if is_open(window, at):
        assert is_open(window, at, began_at=began)


@given(at=instants, days=st.integers(0, 60))
def test_more_time_never_closes_anything(at: datetime, days: int) -> None:
    longer = Window(CLOSES, GRACE, CLOSES + timedelta(days=days))
    assert is_open(longer, at) >= is_open(WINDOW, at)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Etc/GMT+12", datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)),
        ("UTC", datetime(2024, 7, 1, 23, 59, 59, tzinfo=UTC)),
        ("Europe/Copenhagen", datetime(2024, 7, 1, 21, 59, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2024, 7, 2, 3, 59, 59, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2024, 7, 1, 18, 29, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2024, 7, 1, 9, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_day_in_a_zone(zone: str, expected: datetime) -> None:
    assert end_of_day(date(2024, 7, 1), zone) == expected


def test_anywhere_on_earth_is_the_last_place_where_the_day_ends() -> None:
    day = date(2024, 11, 15)
    places = ["Pacific/Pago_Pago", "Pacific/Honolulu", "Europe/London", "Pacific/Auckland"]
    assert all(end_of_day(day, "Etc/GMT+12") >= end_of_day(day, place) for place in places)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2024, 3, 31)),
        ("Europe/Berlin", date(2024, 10, 27)),
        ("America/New_York", date(2024, 11, 3)),
    ],
)
def test_days_on_which_the_clocks_change(zone: str, day: date) -> None:
    local = end_of_day(day, zone).astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour, local.minute, local.second) == (day, 23, 59, 59)


def test_latest() -> None:
    assert latest([CLOSES, CLOSES + SECOND, CLOSES - SECOND]) == CLOSES + SECOND
    assert latest([]) is None


LADDER = (-7, -3, -1)
LONG_AGO = CLOSES - timedelta(days=90)


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [(8, None), (7, -7), (6.5, -7), (3, -3), (2, -3), (1, -1), (0, -1), (-3, -1)],
)
def test_the_latest_rung_of_a_ladder_is_due(days_before: float, expected: int | None) -> None:
    at = CLOSES - timedelta(days=days_before)
    assert due_offsets(CLOSES, LADDER, at, since=LONG_AGO) == expected


def test_rungs_passed_before_the_beginning_are_not_made_up_for() -> None:
    begun = CLOSES - timedelta(days=2)
    assert due_offsets(CLOSES, LADDER, begun + SECOND, since=begun) is None
    assert due_offsets(CLOSES, LADDER, CLOSES - timedelta(hours=20), since=begun) == -1


def test_after_an_outage_one_reminder_goes_out_and_not_three() -> None:
    assert due_offsets(CLOSES, LADDER, CLOSES, since=LONG_AGO) == -1
