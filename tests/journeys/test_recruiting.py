"""Two authors of the issue are asked in one act, and join on one page: by finger, by keyboard."""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.hands import Finger, Hand, Keyboard
from tests.journeys.mailbox import Mailbox
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

EDITOR = "Eva Lindqvist"
PHONE = 390
SUBJECT = "would you review for this special issue?"


def test_two_authors_are_asked_and_join(site: Site, browser: Browser, faults: Faults) -> None:
    with ExitStack() as windows:

        def window(width: int = 1280) -> Visitor:
            made = visitor(browser, site.address, faults, width=width, has_touch=width == PHONE)
            return windows.enter_context(made)

        desk = window()
        addresses = ask_two(desk)
        mailbox = Mailbox(window())
        links = [mailbox.newest(one, SUBJECT).link("/reviews/pool/") for one in addresses]

        phone, keys = window(PHONE), window()
        join(phone, links[0], Finger(phone.page))
        join(keys, links[1], Keyboard(keys.page))
        # Opened once more, the page shows what was said, and takes a no as well.
        phone.open(links[0])
        assert "You have joined." in phone.text()
        expect(phone.page.get_by_label("Where you work now")).to_have_value("Wolter Clinic")
        no = phone.page.locator("#no")
        no.get_by_label("Never; please do not ask me again").check()
        phone.press("Leave", within=no)
        assert "You said no." in phone.text()

        desk.open("/desk/reviewers/recruiting/?show=joined")
        assert addresses[1] in desk.text()
        assert addresses[0] not in desk.text()
        desk.open("/desk/reviewers/recruiting/?show=no")
        assert addresses[0] in desk.text()
        assert "said no for good" in desk.text()


def ask_two(desk: Visitor) -> list[str]:
    """An editor ticks two authors, reads the letter and sends it. Returns their addresses."""
    desk.sign_in_as(EDITOR)
    desk.open("/desk/reviewers/")
    desk.follow("Recruiting")
    desk.follow("Ask authors of the issue")
    ticks = desk.page.locator('input[name="author"]')
    ticks.nth(0).check()
    ticks.nth(1).check()
    rows = desk.page.locator("tbody tr", has=desk.page.locator("input:checked"))
    found = [re.search(r"\S+@\S+", row) for row in rows.all_inner_texts()]
    addresses = [address[0] for address in found if address]
    desk.press("Ask the ticked…")
    assert "would like to be able to ask you for reviews" in desk.text()
    desk.press("Ask these 2", twice=True)
    assert len(addresses) == 2
    for address in addresses:
        assert address in desk.text()
    return addresses


def join(at: Visitor, link: str, hand: Hand) -> None:
    """Wrong once, then right; nothing typed is lost in between."""
    at.open(link)
    page = at.page
    hand.write(page.get_by_label("Where you work now"), "Wolter Clinic")
    hand.press(page.get_by_role("checkbox", name="I lead a group"))
    hand.press(page.get_by_role("group", name="Topics of the call").get_by_role("checkbox").first)
    hand.press(page.locator("summary", has_text="Add a publication").first)
    hand.write(page.get_by_label("Title").first, "Cardiac encoders across vendors")
    hand.write(page.get_by_label("How many open reviews at one time"), "99")
    submit = at.button("Join")
    with page.expect_navigation():
        hand.press(submit)
    at.judge()
    for sentence in ("a whole number from 0 to 20", "The year is missing."):
        assert sentence in at.text()
    expect(page.get_by_label("Where you work now")).to_have_value("Wolter Clinic")
    hand.write(page.get_by_label("Year").first, "2023")
    hand.write(page.get_by_label("How many open reviews at one time"), "2")
    with page.expect_navigation():
        hand.press(at.button("Join"))
    at.judge()
    assert "You have joined." in at.text()
    assert "Cardiac encoders across vendors (2023)" in at.text()
