"""Nobody notices what they may not know: the same pages before and after a secret act.

A count, an order, a date, a gap in the numbers or one more query to the database tells as much as
a name and holds no canary. So every page of a visitor is kept, the act is done by those who may,
and every page must be the same again, byte for byte and query for query.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from tests.leak.crawl import BROWSER, body_of
from tests.leak.routes import Route, routes
from tests.leak.world import World

# What differs between two equal answers: the secret of the forms, and nothing else.
NOISE = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+')

# Real time, which no test can stop: "never keep this page".
_OF_THE_CLOCK = {"Expires"}
# Files never change, and the account's pages know of no manuscript.
_APART = {"file", "served", "thumbnail", "correspondence", "letter"}

Act = Callable[[], object]


@dataclass(frozen=True)
class Page:
    """One address as somebody saw it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int


Pages = dict[tuple[str, str], Page]


def pages(world: World, doors: Mapping[str, tuple[str, ...]], names: Collection[str] = ()) -> Pages:
    """What opens for these visitors at their doors; with `names`, on these routes only."""
    asked = {
        (visitor, address): None
        for visitor, own in doors.items()
        for route in routes()
        if _is_at(route, own) and (not names or route.name in names)
        for address in world.addresses(route, visitor)
    }
    return {key: page for key, page in look_again(world, asked).items() if page.status < 400}


def _is_at(route: Route, doors: tuple[str, ...]) -> bool:
    door, _, name = route.name.partition(":")
    return door in doors and name not in _APART


def look_again(world: World, addresses: Iterable[tuple[str, str]]) -> Pages:
    """The same addresses once more."""
    return {(visitor, address): _look(world, visitor, address) for visitor, address in addresses}


def differences(world: World, before: Pages, act: Act) -> list[str]:
    """What the visitors of `before` notice of an act that is then undone."""
    with transaction.atomic():
        act()
        after = look_again(world, before)
        transaction.set_rollback(True)
    return [
        f"{visitor} at {address}: {_difference(page, after[visitor, address])}"
        for (visitor, address), page in before.items()
        if page != after[visitor, address]
    ]


def _look(world: World, visitor: str, address: str) -> Page:
    cache.clear()
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(note):
        response = world.browser(visitor).get(address, headers={"accept": BROWSER})
        body = body_of(response)
        transaction.set_rollback(True)
    headers = tuple(sorted((k, v) for k, v in response.items() if k not in _OF_THE_CLOCK))
    return Page(response.status_code, headers, NOISE.sub(b"", body), len(asked))


def _difference(one: Page, other: Page) -> str:
    for name in ("status", "headers", "queries"):
        if getattr(one, name) != getattr(other, name):
            return f"{name}: {getattr(one, name)} became {getattr(other, name)}"
    first = next(
        (i for i, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b),
        min(len(one.body), len(other.body)),
    )
    around = slice(max(0, first - 60), first + 60)
    return f"{one.body[around]!r} became {other.body[around]!r}"
