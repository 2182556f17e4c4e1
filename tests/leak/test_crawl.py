"""The canary crawl: every address, every visitor, every form of every secret.

Addresses come from the resolver, never from links that happen to be shown. A secret that nobody
entitled sees would prove nothing, so a dead canary fails too.
"""

import pytest

from tests.leak.crawl import Crawl, crawl, read_mails
from tests.leak.routes import routes
from tests.leak.world import World

pytestmark = [pytest.mark.leak, pytest.mark.django_db]

# Those whose observation matters: two who may see nearly all (the positive control), a guest
# editor in conflict, one who writes for the issue, authors, reviewers of the same and of another
# manuscript, the holder of a reviewer's link, a stranger, and nobody.
VISITORS = ("kim", "eva", "gus", "ada", "ben", "rui", "rex", "link", "sam", "anon")


@pytest.fixture(scope="module")
def read(world: World) -> Crawl:
    """Everything that anybody can read, mails included."""
    seen = crawl(world, VISITORS)
    mails = read_mails(world)
    seen.ledger.leaks += mails.leaks
    seen.ledger.seen_by_entitled |= mails.seen_by_entitled
    return seen


def test_nobody_sees_what_is_not_theirs(read: Crawl) -> None:
    assert read.faults[:20] == []


def test_every_secret_is_seen_by_somebody(read: Crawl) -> None:
    assert read.ledger.dead == set()


# The pages on which the secrets stand, for somebody. That every address is reached by somebody is
# what `tests/rules/test_access.py` looks at, in a world with a thing for each.
SHOWING = {
    "desk:desk",
    "desk:enquiry",
    "desk:manuscript",
    "enquiries:enquiry",
    "reviews:show",
    "submissions:correspondence",
    "submissions:show",
}


def test_no_route_is_left_out(read: Crawl) -> None:
    assert {route.name for route in routes()} - set(read.statuses) == set()
    reached = {name for name, seen in read.statuses.items() if min(seen, default=500) < 300}
    assert reached >= SHOWING
