"""A guest editor gets from the desk to four sent invitations: on one page, by whatever hand."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.desk import Desk
from tests.journeys.hands import Finger, Hand, Keyboard, Mouse
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PRESSES_MOST = 6


@dataclass(frozen=True)
class Way:
    """By what somebody acts, and in a window of which width."""

    name: str
    hand: Callable[[Page], Hand]
    width: int = 1280
    has_touch: bool = False


WAYS = [Way("mouse", Mouse), Way("finger", Finger, 390, has_touch=True), Way("keyboard", Keyboard)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_the_desk_to_four_invitations_on_one_page(
    way: Way, site: Site, browser: Browser, faults: Faults
) -> None:
    window = visitor(browser, site.address, faults, width=way.width, has_touch=way.has_touch)
    with window as at:
        Desk(at, "Eva")
