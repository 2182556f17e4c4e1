"""A reviewer at the sheet: the manuscript beside it, remarks at its places, from mail to filed."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.mailbox import Mailbox
from tests.journeys.reviewer import COMMENTS, Reviewer
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PHONE = 390
# People of the rehearsal who have agreed, and one who is still asked, at its first moment.
AGREED, ALSO_AGREED = "Carys Morgan", "Vesna Horvat"
INVITED = "wanjiru@amari.example"
SAVED = re.compile(r"saved \d\d:\d\d")


def open_sheet(page: Page) -> None:
    """The first review that waits, from the reviewer's own list."""
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^(Begin|Go on)")).first.click()
    page.locator("form[data-autosaving]").wait_for(state="attached")


def drawn(page: Page) -> None:
    """The first page of the manuscript is drawn, with its words over it."""
    page.locator(".reader-sheet[data-drawn] .textLayer span").first.wait_for(state="attached")


def select_a_line(page: Page) -> str:
    """Drag over a line of the abstract as a hand does; its words."""
    line = page.locator(".textLayer span").filter(has_text=re.compile(r"^.{35,}$")).first
    box = line.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.move(box["x"] + box["width"] - 1, middle)
    page.mouse.up()
    return str(page.evaluate("document.getSelection().toString()"))


def test_selected_words_become_a_numbered_remark(
    site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, site.address, faults, width=1440, height=900) as at:
        page = at.page
        at.sign_in_as(AGREED)
        at.open("/reviews/")
        open_sheet(page)
        drawn(page)
        at.judge()
        drawn(page)
        quote = " ".join(select_a_line(page).split())
        at.button("Comment on these words").click()
        rows = page.locator("[data-remark]")
        expect(rows.locator(".remark-text")).to_be_focused()
        page.keyboard.type("Say on how many pairs.")
        assert rows.locator(".remark-quote").input_value() == quote
        # The second by keyboard alone, then before the first.
        page.get_by_role("button", name=re.compile("^Comment on page")).focus()
        page.keyboard.press("Enter")
        page.keyboard.type("Number the equations.")
        rows.nth(1).get_by_role("button", name="Up").focus()
        page.keyboard.press("Enter")
        assert rows.nth(0).locator(".remark-text").input_value() == "Number the equations."
        expect(page.locator("#saved")).to_have_text(SAVED)
        at.judge_access({"resultTypes": ["violations"]})
        at.press("Preview as author")
        main = page.locator("main")
        expect(main).to_contain_text("1. (page 1) Number the equations.")
        expect(main).to_contain_text(f"2. (page 1, “{quote}”) Say on how many pairs.")
        page.go_back()
        drawn(page)
        with page.expect_response(lambda answer: "/save/" in answer.url):
            rows.nth(0).get_by_role("button", name="Remove").click()
        expect(rows).to_have_count(1)
        expect(page.locator("#saved")).to_have_text(SAVED)
        page.reload()
        drawn(page)
        expect(rows.locator(".remark-text")).to_have_value("Say on how many pairs.")


def test_on_a_phone_the_manuscript_is_one_press_away(
    site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, site.address, faults, width=PHONE, height=844, has_touch=True) as at:
        page = at.page
        at.sign_in_as(ALSO_AGREED)
        at.open("/reviews/")
        open_sheet(page)
        assert page.locator(".reader-sheet").count() == 0  # nothing is fetched before it is wanted
        at.button("Manuscript").click()
        drawn(page)
        expect(page.locator(".split-sheet")).to_be_hidden()
        at.judge()
        at.button("Comment on page 1").click()
        expect(page.locator(".split-paper")).to_be_hidden()
        expect(page.locator(".remark-text")).to_be_focused()
        page.keyboard.type("Number the equations.")
        expect(page.locator("#saved")).to_have_text(SAVED)


def test_from_the_mail_to_the_filed_review_in_three_pages_by_keyboard_on_a_phone(
    site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, site.address, faults) as reading:
        link = Mailbox(reading).newest(INVITED, "invitation to review").link("/invitation/")
    with visitor(browser, site.address, faults, width=PHONE, height=844) as at:
        pages: list[str] = []
        at.page.on("load", lambda page: pages.append(page.url))
        reviewer = Reviewer(at, INVITED)
        reviewer.agree_by_keyboard(link)
        reviewer.see_blank_sheet()
        reviewer.fill_by_keyboard("Reject")
        reviewer.deliver_by_keyboard()
        expect(at.page.locator("main")).to_contain_text("The review is closed to changes.")
        expect(at.page.locator("main")).to_contain_text(COMMENTS[:40].strip())
        assert len(pages) == 3
