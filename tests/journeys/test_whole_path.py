"""One manuscript from the first click of its author to the list for production."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pypdfium2
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.journeys.author import NOOR, TITLE, TOVE, Author
from tests.journeys.desk import Desk, Draft
from tests.journeys.mailbox import Mailbox
from tests.journeys.reviewer import Reviewer
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

MAJOR = "Reject/Resubmit: major revisions needed and new external review required"
NUMBER = re.compile(r"TMI-FM-2024-\d{4}")


class Stage:
    """The windows of everybody, opened when somebody first acts and kept to the end."""

    def __init__(self, browser: Browser, address: str, faults: Faults, open_windows: ExitStack):
        self._window = lambda: open_windows.enter_context(visitor(browser, address, faults))
        self.mailbox = Mailbox(self.window())
        self._desks: dict[str, Desk] = {}

    def window(self) -> Visitor:
        """A browser of somebody who is signed in nowhere yet."""
        return self._window()

    def desk(self, name: str) -> Desk:
        """The window of one of the desk's people."""
        if name not in self._desks:
            self._desks[name] = Desk(self.window(), name)
        return self._desks[name]


@pytest.fixture
def stage(site: Site, browser: Browser, faults: Faults) -> Iterator[Stage]:
    with ExitStack() as open_windows:
        yield Stage(browser, site.address, faults, open_windows)


def test_from_submission_to_the_list_for_production(stage: Stage) -> None:
    author = Author(stage.window(), stage.mailbox, NOOR)
    number = submit(stage, author)
    take_to_an_editor(stage, number)

    reviewers = invite_four(stage, number, number)
    close_submissions(author)
    for reviewer in reviewers:
        write_review(reviewer, "Reject/Resubmit")

    first = decide(stage, number, MAJOR, "Say how the volumes were chosen.")
    receive_letter(author, stage.mailbox, first, number, reviewers)

    go_to(author, "16 Aug")
    revise(author, stage.mailbox, number)
    again = review_again(stage, number)
    second = decide(stage, number, "Accept", "Every point was answered.")
    receive_letter(author, stage.mailbox, second, f"{number}.R1", again)

    list_for_production(stage, number)


# ---------------------------------------------------------------- the author


def submit(stage: Stage, author: Author) -> str:
    """Account, five screens, one button; the receipt has number, checksum and time."""
    author.sign_up()
    author.write(TOVE)
    sha256 = author.checksum("encoder.pdf")
    author.submit("Submit the manuscript")
    found = NUMBER.search(author.at.text())
    assert found, author.at.text()
    number = found[0]
    assert f"Received as {number}" in author.at.text()

    receipt = stage.mailbox.newest(NOOR.email, f"{number}: Received")
    assert sha256 in receipt.text
    assert re.search(r"\d{1,2} Jun 2024, \d\d:\d\d:\d\d UTC by the server's clock", receipt.text)
    assert stage.mailbox.subjects(NOOR.email).count(f"{number}: Received") == 1

    asked = stage.mailbox.newest(TOVE.email, "are you an author of this manuscript?")
    coauthor = stage.window()
    coauthor.open(asked.link("/authorship/"))
    coauthor.press("I am an author", twice=True)
    assert "You have confirmed." in coauthor.text()
    return number


def close_submissions(author: Author) -> None:
    """After the deadline nobody can submit, and the front page says so."""
    go_to(author, "2 Jul")
    author.at.open("/")
    assert "Submissions are closed." in author.at.text()
    assert author.at.button("Submit a manuscript").count() == 0


def receive_letter(
    author: Author, mailbox: Mailbox, draft: Draft, label: str, reviewers: list[Reviewer]
) -> None:
    """The mail has the previewed bytes attached, the author's page too, and nobody's name."""
    mail = mailbox.newest(NOOR.email, f"Decision on Manuscript ID {label}")
    (attached,) = mail.attached.values()
    assert mailbox.visitor.fetch(attached) == draft.pdf
    author.see_own(label.removesuffix(".R1"))
    assert author.newest_letter() == draft.pdf

    words = pdf_text(draft.pdf) + mail.text + author.at.text()
    assert "Say how the volumes were chosen." in pdf_text(draft.pdf)
    for reviewer in reviewers:
        for part in reviewer.name.split():
            assert not re.search(rf"\b{re.escape(part)}\b", words), f"{part} is told the author"


def revise(author: Author, mailbox: Mailbox, number: str) -> None:
    """The same number with .R1, a new paper and an answer to each point."""
    author.see_own(number)
    author.revise()
    author.submit("Submit the revision")
    assert f"{number}.R1" in author.at.text()
    receipt = mailbox.newest(NOOR.email, f"{number}.R1: Revision received")
    assert "encoder-revised.pdf" in receipt.text


def go_to(author: Author, day: str) -> None:
    """Move the clock by the bar that every page of a rehearsal has."""
    author.at.press(day)
    assert "It is now" in author.at.text()


# ---------------------------------------------------------------- the desk


def take_to_an_editor(stage: Stage, number: str) -> None:
    """The office looks at it, the editor-in-chief gives it to a guest editor."""
    office = stage.desk("Ivo Petrov")
    office.find(number)
    office.pass_checklist()
    chief = stage.desk("Kim Seo-yeon")
    chief.find(number)
    chief.assign("Eva Lindqvist")
    stage.mailbox.newest("eva@skogsby.example", number)


def invite_four(stage: Stage, number: str, label: str) -> list[Reviewer]:
    """One act of the editor; four people answer the link of their mail, and agree."""
    editor = stage.desk("Eva Lindqvist")
    editor.find(number)
    invited = editor.invite_the_ticked()
    assert len(invited) == 4
    reviewers = []
    for name, address in invited.items():
        mail = stage.mailbox.newest(address, f"{label}: invitation to review")
        assert stage.mailbox.subjects(address).count(mail.subject) == 1
        reviewer = Reviewer(stage.window(), name)
        reviewer.agree(mail.link("/reviews/invitation/"))
        reviewers.append(reviewer)
    return reviewers


def write_review(reviewer: Reviewer, recommendation: str) -> None:
    """A blank sheet, saved as it is filled, closed when it is submitted."""
    reviewer.page.reload()
    reviewer.see_blank_sheet()
    reviewer.see_autosave()
    reviewer.fill(recommendation)
    reviewer.deliver()
    reviewer.see_frozen()


def decide(stage: Stage, number: str, decision: str, reasons: str) -> Draft:
    """Draft, look at the exact letter, release it."""
    editor = stage.desk("Eva Lindqvist")
    editor.find(number)
    draft = editor.draft_decision(decision, reasons)
    editor.release()
    expect(editor.page.locator("main")).to_contain_text("the letter is on its way")
    return draft


def review_again(stage: Stage, number: str) -> list[Reviewer]:
    """The second round: checklist, four reviewers, four reviews."""
    office = stage.desk("Ivo Petrov")
    office.find(number)
    office.pass_checklist()
    reviewers = invite_four(stage, number, f"{number}.R1")
    for reviewer in reviewers:
        write_review(reviewer, "Accept")
    return reviewers


def list_for_production(stage: Stage, number: str) -> None:
    """The office takes the list; its three files have the same rows, ours among them."""
    office = stage.desk("Ivo Petrov")
    office.take_list()
    newest = office.page.locator(".snapshot").first
    as_json = json.loads(office.at.download("JSON", within=newest))
    as_csv = list(
        csv.DictReader(io.StringIO(office.at.download("CSV", within=newest).decode("utf-8-sig")))
    )
    head, *lines = load_workbook(
        io.BytesIO(office.at.download("XLSX", within=newest))
    ).active.values
    as_xlsx = [
        dict(zip(head, ("" if cell is None else cell for cell in line), strict=True))
        for line in lines
    ]
    assert as_csv == as_json == as_xlsx
    (ours,) = [row for row in as_json if row["manuscript_id"].startswith(number)]
    assert (ours["title"], ours["rounds"]) == (TITLE, "2")


def pdf_text(pdf: bytes) -> str:
    """All words of a PDF, lines joined."""
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
