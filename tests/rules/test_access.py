"""The access matrix: every address, as every member of the cast, against ``access.txt``.

A new address without a row fails. To see the present answers in the form of the table, for
reading and never for pasting unread: ``ACCESS_OUT=file pytest tests/rules/test_access.py``.

The world: *ada* and *ben* wrote a manuscript that *eva* handles; *rui* has delivered a review,
*sol* writes one, *tea* has agreed, *uma* is invited. *gus* is in conflict with it, *kim* and
*ivo* see it from the desk. A second manuscript of *ben* alone waits for an editor.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.cast import Story, latest_version
from tests.people import OPENING, open_the_issue
from tests.rules.crawl import Crawler, Observation, Route, routes, unnamed_addresses
from tmi_special_issue import clock

TABLE = Path(__file__).with_name("access.txt")
CAST = ("nobody", "ada", "ben", "rui", "sol", "uma", "eva", "gus", "kim", "ivo", "sam")
Row = tuple[str, ...]


def expected() -> dict[tuple[str, str], Row]:
    """The table: (address, method) -> one status for each of the cast."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[:2] == ["address", "method"]:
            assert tuple(words[2:]) == CAST, "the head of the table names the cast in order"
            continue
        assert len(words) == 2 + len(CAST), f"a row of another length: {line}"
        rows[words[0], words[1]] = tuple(words[2:])
    return rows


def in_rows(observations: list[Observation]) -> dict[tuple[str, str], Row]:
    """What was observed, in the form of the table. Addresses of no method are left out."""
    statuses: dict[tuple[str, str], dict[str, str]] = {}
    for seen in observations:
        statuses.setdefault((seen.route, seen.method), {})[seen.person] = str(seen.status)
    return {
        key: tuple(by_person[name] for name in CAST)
        for key, by_person in statuses.items()
        if set(by_person.values()) != {"405"}
    }


def as_text(rows: dict[tuple[str, str], Row]) -> str:
    """The rows as the table is written."""
    widths = max(len(name) for name, _ in rows) + 2
    head = f"{'address':<{widths}}method " + " ".join(f"{name:>6}" for name in CAST)
    lines = [
        f"{name:<{widths}}{method:<7}" + " ".join(f"{status:>6}" for status in row)
        for (name, method), row in rows.items()
    ]
    return "\n".join([head, *lines]) + "\n"


def arguments(route: Route, world: dict[str, Any]) -> dict[str, Any]:
    """The values in the world for an address, by its door and the name of its argument."""
    door = route.name.split(":")[0]
    values = {**world[""], **world.get(door, {}), **world.get(route.name, {})}
    missing = [name for name in route.arguments if name not in values]
    assert not missing, f"{route.name}: say in `the_world` what {missing} is"
    return {name: values[name] for name in route.arguments}


def the_world(story: Story) -> dict[str, Any]:
    """Values of arguments: for all addresses, for a door, for one address."""
    paper = story.handled()
    story.invite(paper)
    for name in ("rui", "sol", "tea"):
        story.agree(paper, name)
    story.deliver(paper, "rui")
    version = latest_version(paper)
    main = version.files.get()
    return {
        "": {"public_id": paper.public_id, "file_id": main.public_id},
        "desk": {"assignment_id": story.assignment(paper, "tea").public_id},
    }


@pytest.fixture(scope="module")
def observations(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Observation]]:
    """The whole crawl, once for all tests of this module; the database is left as it was."""
    with django_db_blocker.unblock(), clock.frozen_at(OPENING), transaction.atomic():
        story = Story(open_the_issue())
        world = the_world(story)
        crawler = Crawler({"nobody": None, **{n: story.people[n] for n in CAST[1:]}})
        seen = [
            crawler.ask(method, address, route.name, person)
            for route in routes()
            for address in [reverse(route.name, kwargs=arguments(route, world))]
            for method in ("GET", "POST")
            for person in CAST
        ]
        yield seen
        transaction.set_rollback(True)


def test_every_answer_is_the_one_in_the_table(observations: list[Observation]) -> None:
    observed, wanted = in_rows(observations), expected()
    if out := os.environ.get("ACCESS_OUT"):
        Path(out).write_text(as_text(observed))
    assert sorted(set(observed) - set(wanted)) == [], "an address without a row"
    assert sorted(set(wanted) - set(observed)) == [], "a row without an address"
    wrong = [
        f"{name} {method} as {person}: {got}, not {want}"
        for (name, method), row in observed.items()
        for person, got, want in zip(CAST, row, wanted[name, method], strict=True)
        if got != want
    ]
    assert wrong == []


def test_get_never_writes(observations: list[Observation]) -> None:
    """Mail programs open links by themselves; nothing may happen then."""
    writing = [
        f"{seen.route} as {seen.person}: {', '.join(seen.writes)}"
        for seen in observations
        if seen.method == "GET" and seen.writes
    ]
    assert writing == []


def test_no_answer_is_an_error_of_ours(observations: list[Observation]) -> None:
    broken = [
        f"{seen.method} {seen.route} as {seen.person}: {seen.status}"
        for seen in observations
        if seen.status >= 500
    ]
    assert broken == []


def test_every_address_is_reached_by_somebody(observations: list[Observation]) -> None:
    """A page that nobody reaches is one whose secrets no crawl would find."""
    reached = {seen.route for seen in observations if seen.status < 400}
    assert sorted({route.name for route in routes()} - reached - UNREACHED) == []


# Addresses that need a state which this world is not in; journeys and own tests reach them.
UNREACHED: set[str] = set()


def test_a_stranger_cannot_tell_a_manuscript_from_nothing(observations: list[Observation]) -> None:
    """What *sam* gets for the manuscript at each door is what everybody gets for no manuscript."""
    doors = ("submissions:", "reviews:", "desk:")
    of_a_thing = {route.name for route in routes() if route.arguments}
    answers = {
        seen.status
        for seen in observations
        if (seen.person, seen.method) == ("sam", "GET")
        and seen.route.startswith(doors)
        and seen.route in of_a_thing
    }
    assert answers - {404, 405} == set()


def test_every_address_has_a_name() -> None:
    assert unnamed_addresses() == []
