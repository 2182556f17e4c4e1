"""Asks every address as everybody, and says what was wrong.

Each request runs in a savepoint that is rolled back, so order does not matter. Three things are
faults: a secret in an answer, a crash (it hides secrets), and a refusal that differs from the one
for a thing that does not exist.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test.utils import override_settings

from tests.leak import decoding
from tests.leak.canaries import Ledger
from tests.leak.routes import Route, routes
from tests.leak.world import World
from tmi_special_issue import clock, outbox

BROWSER = "text/html,application/json;q=0.9,*/*;q=0.8"
SIGN_IN = "/account/login/"
REFUSED = {401, 403, 404, 410}

Choice = Callable[[Route], bool]
Addresses = Callable[[World, Route, str], list[str]]


@dataclass
class Crawl:
    """What a crawl has found. `faults` must be empty."""

    ledger: Ledger
    crashes: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)
    statuses: dict[str, set[int]] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        return [*self.crashes, *self.told_apart, *(str(leak) for leak in self.ledger.leaks)]


def every(route: Route) -> bool:
    """No route is left out."""
    return True


def only(*names: str) -> Choice:
    """These routes."""
    return lambda route: route.name in names


def crawl(
    world: World,
    visitors: Iterable[str],
    *,
    choice: Choice = every,
    methods: Iterable[str] = ("GET",),
    accept: str = BROWSER,
    of: Addresses = World.addresses,
) -> Crawl:
    """Ask the chosen routes as these visitors; `of` says which addresses of a route."""
    seen = Crawl(Ledger(world.canaries))
    for visitor in visitors:
        for route in filter(choice, routes()):
            for method in methods:
                answers: dict[str, int] = {}
                for address in of(world, route, visitor):
                    where = f"{method} {address}"
                    for response in ask(world, visitor, method, address, accept):
                        answers.setdefault(address, response.status_code)
                        if response.status_code >= 500:
                            seen.crashes.append(f"{visitor} {where}: {response.status_code}")
                        seen.ledger.look(visitor, where, everything(response))
                seen.statuses.setdefault(route.name, set()).update(answers.values())
                seen.told_apart += _told_apart(world, route, f"{visitor} {method}", answers)
    return seen


def ask(
    world: World, visitor: str, method: str, address: str, accept: str = BROWSER
) -> list[HttpResponseBase]:
    """One request, undone afterwards; nobody is refused for what another one tried.

    After a write the browser is led on, and the page that comes then shows what the write has to
    say: it belongs to the answer.
    """
    cache.clear()
    browser = world.browser(visitor)
    with transaction.atomic():
        answers: list[HttpResponseBase] = [
            browser.generic(method, address, headers={"accept": accept})
        ]
        onward = answers[0].headers.get("Location", "")
        if method == "POST" and onward and not onward.startswith(SIGN_IN):
            answers.append(browser.get(onward, headers={"accept": accept}))
        transaction.set_rollback(True)
    return answers


def everything(response: HttpResponseBase) -> Iterator[bytes]:
    """Headers, cookies and the decoded body of an answer."""
    for name, value in response.items():
        yield f"{name}: {value}".encode()
    yield response.cookies.output().encode()
    yield from decoding.pieces(body_of(response))


def body_of(response: HttpResponseBase) -> bytes:
    """The bytes of an answer, streamed or not."""
    streamed = getattr(response, "streaming_content", None)
    if streamed is None:
        return response.content  # type: ignore[attr-defined,no-any-return]
    return b"".join(streamed)


def read_mails(world: World) -> Ledger:
    """Send every mail that waits and read it as its recipients do, headers and parts."""
    ledger = Ledger(world.canaries)
    by_address = {user.email: name for name, user in world.people.items() if user}
    mail.outbox = []
    locmem = "django.core.mail.backends.locmem.EmailBackend"
    with override_settings(DELIVER_MAIL=True, EMAIL_BACKEND=locmem), transaction.atomic():
        outbox.deliver_due(clock.now())
        transaction.set_rollback(True)
    for sent in mail.outbox:
        pieces = list(decoding.mail_pieces(sent.message().as_bytes()))
        for address in sent.recipients():
            if address in by_address:
                ledger.look(by_address[address], f"mail “{sent.subject}” to {address}", pieces)
    return ledger


def _told_apart(world: World, route: Route, who: str, answers: dict[str, int]) -> list[str]:
    """Refusals that say more than "there is no such thing"."""
    absent = {answers[address] for address in world.absent(route) if address in answers}
    if not absent:
        return []
    return [
        f"{who} {address}: {status}, but {absent} for nothing"
        for address, status in answers.items()
        if status in REFUSED and status not in absent
    ]
