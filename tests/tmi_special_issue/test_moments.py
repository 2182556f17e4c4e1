"""Dates as pages write them: official zone, time left, the reader's zone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from tmi_special_issue import clock
from tmi_special_issue.templatetags import moments
from tmi_special_issue.templatetags.moments import OfficialZone

AOE = OfficialZone()
BRUSSELS = OfficialZone("Europe/Brussels", "Brussels time")
# The end of 1 July 2024 Anywhere on Earth.
CLOSES_AT = datetime(2024, 7, 2, 11, 59, tzinfo=UTC)


def test_the_official_zone_is_anywhere_on_earth() -> None:
    assert moments.written(CLOSES_AT, AOE) == "1 Jul 2024, 23:59 AoE"
    assert moments.written_day(CLOSES_AT, AOE) == "1 July 2024"


def test_another_issue_may_count_in_another_zone() -> None:
    assert moments.written(CLOSES_AT, BRUSSELS) == "2 Jul 2024, 13:59 Brussels time"


def test_seconds_are_cut_so_that_a_limit_never_looks_later() -> None:
    late = CLOSES_AT + timedelta(seconds=59)
    assert moments.written(late, AOE) == "1 Jul 2024, 23:59 AoE"


def test_the_short_form_names_the_year_when_it_is_another_one() -> None:
    assert moments.written_short(CLOSES_AT, AOE, CLOSES_AT) == "1 Jul"
    assert moments.written_short(CLOSES_AT, AOE, CLOSES_AT + timedelta(days=365)) == "1 Jul 2024"


def test_new_year_is_counted_in_the_official_zone() -> None:
    still_2024 = datetime(2025, 1, 1, 11, 0, tzinfo=UTC)
    assert moments.written_short(still_2024, AOE, CLOSES_AT) == "31 Dec"


@pytest.mark.parametrize(
    ("zone_name", "expected"),
    [
        ("Europe/Copenhagen", "2 Jul, 13:59 in Copenhagen"),
        ("America/Argentina/Buenos_Aires", "2 Jul, 08:59 in Buenos Aires"),
        ("Asia/Kolkata", "2 Jul, 17:29 in Kolkata"),
        ("UTC", "2 Jul, 11:59 UTC"),
        ("Etc/GMT+12", ""),
        ("", ""),
        ("Not/A_Zone", ""),
        ("../etc/passwd", ""),
    ],
)
def test_the_readers_zone_stands_beside(zone_name: str, expected: str) -> None:
    assert moments.written_elsewhere(CLOSES_AT, zone_name, AOE) == expected


def test_summer_time_of_the_reader_follows_the_instant() -> None:
    winter = datetime(2024, 11, 16, 11, 59, tzinfo=UTC)
    assert (
        moments.written_elsewhere(winter, "Europe/Copenhagen", AOE) == "16 Nov, 12:59 in Copenhagen"
    )


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=12, hours=23), "in 12 days"),
        (timedelta(minutes=-5), "5 minutes ago"),
        (timedelta(days=-400), "400 days ago"),
    ],
)
def test_relative(distance: timedelta, expected: str) -> None:
    assert moments.relative(CLOSES_AT + distance, CLOSES_AT) == expected


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(days=4, hours=15, minutes=40), "in 4 days 15 hours"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=2, minutes=5), "in 2 hours 5 minutes"),
        (timedelta(hours=1, seconds=30), "in 1 hour"),
        (timedelta(minutes=7, seconds=30), "in 7 minutes"),
        (timedelta(seconds=30), "in less than a minute"),
        (timedelta(days=30, hours=3), "in 30 days"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_left(distance: timedelta, expected: str) -> None:
    assert moments.left(CLOSES_AT + distance, CLOSES_AT) == expected


def test_the_machine_reads_utc() -> None:
    assert moments.machine(CLOSES_AT) == "2024-07-02T11:59:00Z"


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        moments.written(CLOSES_AT.replace(tzinfo=None), AOE)


def render(source: str, user_zone: str = "", **values: Any) -> str:
    """A template under an issue in the AoE zone, read by somebody at `user_zone`."""
    user = SimpleNamespace(is_authenticated=bool(user_zone), time_zone=user_zone)
    request = SimpleNamespace(user=user)
    issue = SimpleNamespace(zone="Etc/GMT+12", zone_label="AoE")
    context = Context({"issue": issue, "request": request, "at": CLOSES_AT, **values})
    with clock.frozen_at(CLOSES_AT - timedelta(days=12)):
        return Template("{% load moments %}" + source).render(context)


def test_moment_says_absolute_relative_and_own() -> None:
    assert render("{% moment at %}", user_zone="Europe/Copenhagen") == (
        '<span class="moment"><time datetime="2024-07-02T11:59:00Z" data-moment="">'
        "1 Jul 2024, 23:59 AoE</time> "
        '<span class="moment-relative">(in 12 days)</span> '
        '<span class="moment-own">2 Jul, 13:59 in Copenhagen</span></span>'
    )


def test_moment_of_a_stranger_leaves_the_own_zone_to_the_browser() -> None:
    assert "moment-own" not in render("{% moment at %}")


def test_moment_can_be_plain() -> None:
    assert render("{% moment at relative=False own_zone=False %}", user_zone="UTC") == (
        '<span class="moment"><time datetime="2024-07-02T11:59:00Z">1 Jul 2024, 23:59 AoE</time>'
        "</span>"
    )


@pytest.mark.parametrize("tag", ["moment", "moment_short", "moment_day", "moment_left"])
def test_no_date_is_a_dash(tag: str) -> None:
    assert render("{% " + tag + " nothing %}", nothing=None) == "–"


def test_moment_short_keeps_the_full_date_as_its_title() -> None:
    assert render("{% moment_short at %}") == (
        '<time datetime="2024-07-02T11:59:00Z" title="1 Jul 2024, 23:59 AoE (in 12 days)">'
        "1 Jul</time>"
    )
