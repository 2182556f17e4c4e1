"""The canary crawl: every address, every principal, every form of every secret.

Addresses come from the resolver. Each request runs in a savepoint that is rolled back, so order
does not matter. A crash hides leaks, so any 5xx fails; a secret that nobody entitled sees would
prove nothing, so a dead canary fails too.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.conftest import sign_in
from tests.leak import decoding
from tests.leak.canaries import Ledger
from tests.leak.routes import Route, addresses, routes
from tests.leak.world import World, build
from tests.people import OPENING, open_the_issue
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage

pytestmark = [pytest.mark.leak, pytest.mark.django_db]

# The people whose observation matters: two who may see nearly all (the positive control), a guest
# editor in conflict, one who writes for the issue, authors, reviewers of the same and of another
# manuscript, a stranger, and nobody.
PRINCIPALS = ["kim", "eva", "gus", "ada", "ben", "rui", "rex", "sam", "anon"]
# Those who must learn least, for whom writing is tried as well.
OUTSIDERS = ["gus", "ada", "rui", "anon"]

ACCEPT = {"HTTP_ACCEPT": "text/html,application/json;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the module; the transaction around it is rolled back at the end."""
    with django_db_blocker.unblock(), clock.frozen_at(OPENING), transaction.atomic():
        yield build(open_the_issue())
        transaction.set_rollback(True)


def ask(client: Client, method: str, address: str) -> HttpResponseBase:
    """One request in a savepoint of its own."""
    with transaction.atomic():
        response: HttpResponseBase = client.generic(method, address, **ACCEPT)
        transaction.set_rollback(True)
    return response


def everything(response: HttpResponseBase) -> Iterator[bytes]:
    """Headers, cookies and the decoded body of an answer."""
    for name, value in response.items():
        yield f"{name}: {value}".encode()
    yield response.cookies.output().encode()
    streamed = getattr(response, "streaming_content", None)
    body = b"".join(streamed) if streamed is not None else response.content  # type: ignore[attr-defined]
    yield from decoding.pieces(body)


def crawl(
    world: World,
    principals: list[str],
    *,
    only: Callable[[Route], bool] = lambda route: True,
    methods: tuple[str, ...] = ("GET", "OPTIONS", "POST"),
) -> tuple[Ledger, dict[str, set[int]], list[str]]:
    """Ask everything as everybody; returns the ledger, each address's answers, the crashes."""
    ledger = Ledger(world.canaries)
    statuses: dict[str, set[int]] = {}
    crashes: list[str] = []
    for name in principals:
        client = sign_in(world.people[name])
        for route in filter(only, routes()):
            for address in addresses(route, world.arguments(route)):
                for method in methods:
                    response = ask(client, method, address)
                    if response.status_code >= 500:
                        crashes.append(f"{name} {method} {address}: {response.status_code}")
                    statuses.setdefault(route.name, set()).add(response.status_code)
                    ledger.look(name, f"{method} {address}", everything(response))
    return ledger, statuses, crashes


def is_ours(route: Route) -> bool:
    """Is it a page of this product rather than one of the sign-in library?"""
    return ":" in route.name


# The pages on which the secrets stand, for somebody. That every address is reached by somebody is
# what `tests/rules/test_access.py` looks at, in a world with a thing for each.
SHOWING = {
    "desk:desk",
    "desk:manuscript",
    "reviews:show",
    "submissions:correspondence",
    "submissions:show",
}


def test_nobody_sees_what_is_not_theirs(world: World) -> None:
    ledger, statuses, crashes = crawl(world, PRINCIPALS, only=is_ours, methods=("GET",))
    _read_mails(world, ledger)
    assert crashes == []
    assert [str(leak) for leak in ledger.leaks[:20]] == []
    assert ledger.dead == set()
    reached = {name for name, seen in statuses.items() if min(seen) < 300}
    assert reached >= SHOWING


def test_answers_to_writes_tell_nothing(world: World) -> None:
    ledger, _, crashes = crawl(world, OUTSIDERS, only=is_ours, methods=("POST",))
    assert crashes == []
    assert [str(leak) for leak in ledger.leaks[:20]] == []


def _read_mails(world: World, ledger: Ledger) -> None:
    """Every mail as its recipient gets it, headers and attachments included."""
    from tmi_special_issue import files

    by_address = {user.email: name for name, user in world.people.items() if user}
    for mail in OutboxMessage.objects.prefetch_related("attached__file"):
        raw = "\n".join([mail.to, *mail.cc, mail.subject, mail.text, mail.html]).encode()
        pieces = [raw]
        for attached in mail.attached.all():
            pieces += [attached.name.encode(), *decoding.pieces(files.read(attached.file))]
        for address in (mail.to, *mail.cc):
            if address in by_address:
                ledger.look(by_address[address], f"mail {mail.kind} to {address}", pieces)
