"""Ask every address of the resolver as every member of the cast, and note what happens.

Each request runs in a savepoint that is rolled back, so the order does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import User

# What a read may write: the session and its last-seen time, rate limits.
HOUSEKEEPING = {
    "django_session",
    "usersessions_usersession",
    "shared_cache",
}
WRITE = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """One named address with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]


@dataclass
class Observation:
    """What one person saw on one address."""

    route: str
    person: str
    method: str
    status: int
    writes: list[str] = field(default_factory=list)


def routes() -> list[Route]:
    """Every named address, in the order of the resolver."""
    found: dict[Route, None] = {}
    for names, pattern in _walk(get_resolver(), ()):
        arguments: dict[str, None] = {}
        for part in names:
            arguments |= dict.fromkeys(part)
        found[Route(pattern, tuple(arguments))] = None
    return list(found)


def _walk(
    resolver: URLResolver, above: tuple[tuple[str, ...], ...], space: str = ""
) -> Iterator[tuple[tuple[tuple[str, ...], ...], str]]:
    for entry in resolver.url_patterns:
        here = (*above, tuple(entry.pattern.regex.groupindex))
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, here, inner)
        elif entry.name:
            yield here, f"{space}{entry.name}"


def unnamed_addresses() -> list[str]:
    """Addresses without a name, which no table could hold."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            path = f"{before}{entry.pattern}"
            if isinstance(entry, URLResolver):
                yield from walk(entry, path)
            elif not entry.name:
                yield path

    return list(walk(get_resolver(), "/"))


@contextmanager
def noted_writes() -> Iterator[list[str]]:
    """Collects the tables that are written to while the block runs."""
    written: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        match = WRITE.match(sql)
        if match and match[2] not in HOUSEKEEPING:
            written.append(f"{match[1].upper()} {match[2]}")
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield written


class Crawler:
    """Asks addresses as people. ``people`` maps a name to a user, or None for nobody."""

    def __init__(self, people: Mapping[str, User | None]) -> None:
        self.people = people
        self.sessions = {name: self._sign_in(user) for name, user in people.items()}

    @staticmethod
    def _sign_in(user: User | None) -> str:
        if user is None:
            return ""
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        browser.get(reverse("health"))  # lets the session note when it was last seen
        return browser.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, method: str, address: str, route: str, person: str) -> Observation:
        """One request with a browser of its own, undone afterwards."""
        browser = Client(raise_request_exception=False)
        cache.clear()  # nobody is refused for what another one tried
        if self.sessions[person]:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        with noted_writes() as writes, transaction.atomic():
            response = browser.generic(method, address)
            # The client has closed an answer that is whole. Closing it here would also end the
            # connection to the database, with the transaction that holds the world.
            if response.streaming:
                response.getvalue()
            transaction.set_rollback(True)
        return Observation(route, person, method, response.status_code, writes)
