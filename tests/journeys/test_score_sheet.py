"""The score sheet is edited at the desk, and a reviewer is asked the new question."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.site import Site
from tests.journeys.visitor import Faults, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

LEAD, REVIEWER = "Leila Haddad", "Carys Morgan"
QUESTION = "Would you use it in your own hospital?"
REWORDED = "Would you use it tomorrow in your own hospital?"


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A site of its own: a published version stays, and other journeys begin with the first."""
    running = Site(tmp_path)
    running.start()
    yield running
    running.stop()


def test_a_question_is_added_published_answered_and_read(
    own_site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, own_site.address, faults) as at:
        at.sign_in_as(LEAD)
        at.open("/desk/score-sheet/")
        at.press("Begin a draft from version 1")
        at.follow("Add a question")
        form = at.page.locator("main form")
        group(at.page, "How it is answered").get_by_text("Choice", exact=True).click()
        group(at.page, "Who reads the answer").get_by_text("Editors alone", exact=True).click()
        form.get_by_label("Question", exact=False).first.fill(QUESTION)
        at.press("Save in the draft")
        expect(form.locator('input[name="label"]')).to_have_value(QUESTION)  # kept, answers lack
        form.locator('textarea[name="choices"]').fill("At once\nPerhaps\nNever")
        at.press("Save in the draft")
        at.follow(f"Edit {QUESTION}")
        form.locator('input[name="label"]').fill(REWORDED)
        at.press("Save in the draft")
        at.follow("Preview")
        expect(group(at.page, REWORDED)).to_be_visible()
        at.follow("Back to the draft")
        at.follow("Publish…")
        expect(at.page.locator("main")).to_contain_text(f"Added: {REWORDED}")
        at.press("Publish version 2")
    with visitor(browser, own_site.address, faults, width=390) as at:
        at.sign_in_as(REVIEWER)
        at.open("/reviews/")
        at.page.get_by_role("link", name=re.compile("^Begin")).first.click()
        question = group(at.page, REWORDED)
        at.choice(question, "Perhaps").check()
        at.press("Save draft")
        expect(at.choice(group(at.page, REWORDED), "Perhaps")).to_be_checked()
    with visitor(browser, own_site.address, faults) as at:
        at.sign_in_as(LEAD)
        at.open("/desk/score-sheet/")
        expect(at.page.locator("main")).to_contain_text("1 review begun, 0 filed.")


def group(page: Page, question: str) -> Locator:
    """The answers on offer at a question."""
    return page.locator("main").get_by_role("group", name=question)
