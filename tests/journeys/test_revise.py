"""A decision asks for a revision: from its mail to the receipt, by mouse, by finger, by keyboard.

Each way another author of the rehearsal revises: one whose letter is released here, one who has
half of the answers, and one who has not begun. Every screen is judged.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, FilePayload, Locator, expect

from tests.journeys.desk import Desk
from tests.journeys.hands import Finger, Hand, Keyboard, Mouse
from tests.journeys.mailbox import Mailbox
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor
from tests.papers import paper

pytestmark = [pytest.mark.journey, pytest.mark.slow]

NUMBER = re.compile(r"TMI-FM-2024-\d{4}")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DECIDED = "Decision on Manuscript ID"


class Reviser:
    """An author who answers a decision, in a window and with a hand of their own."""

    def __init__(self, visitor: Visitor, hand: Hand, mailbox: Mailbox, name: str, email: str):
        self.at = visitor
        self.page = visitor.page
        self.hand = hand
        self.mailbox = mailbox
        self.name = name
        self.email = email

    def open_the_mail(self) -> str:
        """Follow the mail's link to the page of the manuscript; its number."""
        mail = self.mailbox.newest(self.email, DECIDED)
        self.at.sign_in_as(self.name)
        self.at.open(mail.link("/submissions/"))
        found = NUMBER.search(mail.subject)
        assert found, mail.subject
        assert found[0] in self.at.text()
        return found[0]

    def go(self, name: str, *, role: str = "button") -> None:
        """Act on the button or link with these words; the page that it leads to is judged."""
        words = re.compile(rf"^\s*{re.escape(name)}")
        found = self.page.locator("main")
        target = found.get_by_role("link" if role == "link" else "button", name=words).first
        with self.page.expect_navigation():
            self.hand.press(target)
        self.at.judge()

    def answer_all(self) -> int:
        """Answer each point that has no answer yet; how many points there are."""
        points = self.page.locator(".point").all()
        for number, point in enumerate(points, start=1):
            for field, words in (
                (point.get_by_label("Answer"), f"{number}. Section 2 now says how."),
                (point.get_by_label("is met in the new file"), f"Page {number}"),
            ):
                if not field.input_value():
                    self.hand.write(field, words)
        expect(self.page.locator("#saved")).to_contain_text("saved", ignore_case=True)
        return len(points)

    def upload(self, file: Path) -> None:
        """Choose the new paper; the page sends it by itself and tells what the checks found."""
        self.hand.choose(self.page.locator("#new-file"), file)
        slot = self.page.locator("#file-main")
        expect(slot.get_by_role("link", name=file.name)).to_be_visible()
        expect(slot).to_contain_text("checks passed")
        self.at.judge()

    def see_receipt(self, number: str, file: str) -> None:
        """On the page and in the mail: the new number, the file; one hand-in."""
        label = f"{number}.R1"
        assert f"Received as {label}" in self.at.text()
        expect(self.receipts().filter(has_text=label)).to_have_count(1)
        receipt = self.mailbox.newest(self.email, f"{label}: Revision received")
        assert file in receipt.text
        assert self.mailbox.subjects(self.email).count(f"{label}: Revision received") == 1
        self.go(label, role="link")
        expect(self.page.locator("main")).to_contain_text(file)

    def receipts(self) -> Locator:
        return self.page.locator("#receipts .receipt-line")

    def through_word(self) -> None:
        """Take the points to Word, answer the first two there, bring the file back."""
        content = self.at.download("Download as Word")
        document = Document(BytesIO(content))
        rows = [row for table in document.tables for row in table.rows[1:]]
        assert len(rows) == self.page.locator(".point").count()
        for number, row in enumerate(rows[:2], start=1):
            row.cells[2].text, row.cells[3].text = f"From Word {number}.", f"Page {number}"
        back = BytesIO()
        document.save(back)
        self.page.get_by_label("The file with your answers").set_input_files(
            FilePayload(name="answers.docx", mimeType=WORD, buffer=back.getvalue())
        )
        self.go("Read the answers in")
        first = self.page.locator(".point").first.get_by_label("Answer")
        expect(first).to_have_value("From Word 1.")


@dataclass
class House:
    """The site, and windows that stay open to the end."""

    browser: Browser
    site: Site
    faults: Faults
    open_windows: ExitStack

    def window(self, *, width: int = 1280, height: int = 800, has_touch: bool = False) -> Visitor:
        return self.open_windows.enter_context(
            visitor(
                self.browser,
                self.site.address,
                self.faults,
                width=width,
                height=height,
                has_touch=has_touch,
            )
        )


@pytest.fixture
def house(site: Site, browser: Browser, faults: Faults) -> Iterator[House]:
    with ExitStack() as open_windows:
        yield House(browser, site, faults, open_windows)


def test_by_mouse_and_once_through_word(house: House, tmp_path: Path) -> None:
    release_a_letter(house)
    window = house.window()
    mouse = Mouse(window.page)
    mailbox = Mailbox(house.window())
    author = Reviser(window, mouse, mailbox, "Đào Phạm", "dao@qinglan.example")
    number = author.open_the_mail()
    author.go("Begin the revision")
    author.through_word()
    assert author.answer_all() > 2
    author.go("Save, next: files")
    author.upload(revised(tmp_path, "by-mouse.pdf"))
    author.go("Next: check and submit", role="link")
    window.press("Submit the revision", twice=True)
    author.see_receipt(number, "by-mouse.pdf")


def test_by_finger_on_a_phone(house: House, tmp_path: Path) -> None:
    window = house.window(width=390, height=844, has_touch=True)
    mailbox = Mailbox(house.window())
    author = Reviser(
        window, Finger(window.page), mailbox, "Beatriz Nogueira", "beatriz@saolazaro.example"
    )
    number = author.open_the_mail()
    author.go("Go on with the revision", role="link")
    assert author.answer_all() > 2
    author.go("Save, next: files")
    author.upload(revised(tmp_path, "by-finger.pdf"))
    author.go("Next: check and submit", role="link")
    author.go("Submit the revision")
    author.see_receipt(number, "by-finger.pdf")


def test_by_keyboard_alone(house: House, tmp_path: Path) -> None:
    window = house.window()
    mailbox = Mailbox(house.window())
    author = Reviser(
        window, Keyboard(window.page), mailbox, "Pedro Sampaio", "pedro@saolazaro.example"
    )
    number = author.open_the_mail()
    author.go("Begin the revision")
    assert author.answer_all() > 2
    author.go("Save, next: files")
    author.upload(revised(tmp_path, "by-keyboard.pdf"))
    author.go("Next: check and submit", role="link")
    author.go("Submit the revision")
    author.see_receipt(number, "by-keyboard.pdf")


def revised(folder: Path, name: str) -> Path:
    """The new paper, as it lies on the author's disk."""
    file = folder / name
    file.write_bytes(paper(10, f"Revised for {name}", seed=len(name)))
    return file


def release_a_letter(house: House) -> None:
    """The guest editor lets the letter out that lies ready: a major revision."""
    editor = Desk(house.window(), "Hana Novotná")
    editor.at.open("/desk/?show=deciding")
    editor.page.locator("table.desk-list td.what a").first.click()
    editor.at.follow("Look at the letter")
    editor.release()
    expect(editor.page.locator("main")).to_contain_text("the letter is on its way")
