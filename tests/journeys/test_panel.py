"""A guest editor gets from the desk to four sent invitations: on one page, by whatever hand."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.desk import Desk
from tests.journeys.hands import COUNT_PRESSES, Finger, Hand, Keyboard, Mouse, presses
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PRESSES_MOST = 6


@dataclass(frozen=True)
class Way:
    """By what somebody acts, and in a window of which width."""

    name: str
    hand: Callable[[Page], Hand]
    editor: str
    width: int = 1280
    has_touch: bool = False


# Each of these has a manuscript for which nobody is invited; Leila gets hers first.
WAYS = [
    Way("mouse", Mouse, "Eva Lindqvist"),
    Way("finger", Finger, "Hana Novotná", 390, has_touch=True),
    Way("keyboard", Keyboard, "Leila Haddad"),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_the_desk_to_four_invitations_on_one_page(
    way: Way, site: Site, browser: Browser, faults: Faults
) -> None:
    if way.hand is Keyboard:
        with visitor(browser, site.address, faults) as chief:
            give_one_to(chief, way.editor)
    window = visitor(browser, site.address, faults, width=way.width, has_touch=way.has_touch)
    with window as at:
        page = at.page
        page.context.add_init_script(COUNT_PRESSES)
        hand = way.hand(page)
        at.sign_in_as(way.editor)
        at.open("/desk/")
        before = presses(page)
        visited: list[str] = []
        page.on("framenavigated", lambda frame: visited.append(frame.url))

        with page.expect_navigation():
            hand.press(page.locator("main").get_by_role("link", name="Choose reviewers").first)
        at.judge()
        chosen = page.locator('.candidates input[name="pick"]:checked')
        expect(chosen).to_have_count(4)
        hand.press(at.button("See the letters…"))
        letters = page.get_by_role("dialog").filter(visible=True)
        expect(letters.get_by_role("button", name="Invite all four")).to_be_visible()
        at.judge()
        with page.expect_navigation():
            hand.press(at.button("Invite all four", letters))
        expect(page.get_by_role("status").filter(has_text="Invited:")).to_be_visible()
        at.judge()
        pressed = presses(page) - before
        panels = [address for address in visited if "/panel/" in address]
    assert len(panels) == 1
    if way.hand is Keyboard:
        assert pressed == 0
    else:
        assert 0 < pressed <= PRESSES_MOST


def give_one_to(at: Visitor, editor: str) -> None:
    """The editor-in-chief gives a manuscript to somebody who has none to begin with."""
    desk = Desk(at, "Kim Seo-yeon")
    at.open("/desk/?show=no-editor")
    at.page.locator("table.desk-list td.what a").first.click()
    desk.assign(editor)
