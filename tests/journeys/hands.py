"""Three ways to act on a page: by mouse, by finger, by keyboard alone. Presses are counted."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

# Every press of a button of the mouse and of a finger, kept by the tab from page to page.
COUNT_PRESSES = """
addEventListener("pointerdown", () => {
  sessionStorage.presses = Number(sessionStorage.presses || 0) + 1;
}, true);
"""
# More fields than any screen has.
TABS_MOST = 250
IS_FOCUSED = "element => element === document.activeElement"


class Hand(Protocol):
    """What a person does to a page."""

    page: Page

    def press(self, element: Locator) -> None:
        """A link, a button, a tick or a choice."""

    def write(self, field: Locator, text: str) -> None:
        """A text into a field."""

    def choose(self, field: Locator, file: Path) -> None:
        """A file for a field that takes one."""


class Mouse:
    """Clicks; a file is chosen in the browser's own window, which the click opens."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, element: Locator) -> None:
        element.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, file: Path) -> None:
        with self.page.expect_file_chooser() as opened:
            self.press(label_of(field))
        opened.value.set_files(file)


class Finger(Mouse):
    """Taps."""

    def press(self, element: Locator) -> None:
        element.tap()


class Keyboard:
    """Tab leads to the element; Space or Enter presses it, as its kind wants."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, element: Locator) -> None:
        self.reach(element)
        is_input = element.evaluate("element => element.tagName") == "INPUT"
        self.page.keyboard.press("Space" if is_input else "Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, file: Path) -> None:
        with self.page.expect_file_chooser() as opened:
            self.press(field)
        opened.value.set_files(file)

    def reach(self, element: Locator) -> None:
        """Press Tab until this element has the focus."""
        for _ in range(TABS_MOST):
            if element.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never leads to {element} on {self.page.url}.")


def label_of(field: Locator) -> Locator:
    """The words that are pressed in place of a field that is not drawn."""
    return field.page.locator(f'label[for="{field.get_attribute("id")}"]')


def presses(page: Page) -> int:
    """How often this tab was pressed so far."""
    return int(page.evaluate("Number(sessionStorage.presses || 0)"))
