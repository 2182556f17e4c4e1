"""What an author does, click by click: account, five screens, receipt, letter, revision."""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, expect

from accounts.orcid import check_character
from tests.journeys.mailbox import Mailbox
from tests.journeys.visitor import Visitor
from tests.papers import paper

SENTENCE = "The encoder keeps its accuracy when the scanner changes, which earlier work did not. "
TITLE = "A Single Encoder for Every Scanner of the Abdomen"
ABSTRACT = (SENTENCE * 14).strip()


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist, at a place where nobody of the rehearsal works."""

    given_name: str
    family_name: str
    email: str
    institution: str
    orcid: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


_DIGITS = "000000000000951"  # below the numbers that are given to people
ORCID = "-".join((_DIGITS + check_character(_DIGITS))[i : i + 4] for i in range(0, 16, 4))
NOOR = Person("Noor", "Vasquez", "noor@quillon.example", "Quillon Institute", ORCID)
TOVE = Person("Tove", "Ekelund", "tove@maplereach.example", "Maple Reach Clinic")


class Author:
    """The submitting author's window."""

    def __init__(self, visitor: Visitor, mailbox: Mailbox, person: Person) -> None:
        self.at = visitor
        self.page = visitor.page
        self.mailbox = mailbox
        self.person = person

    def sign_up(self) -> None:
        """From the call to an account, with the code that came by mail."""
        self.at.open("/")
        self.at.follow("Submit a manuscript")
        self.at.follow("Create an account")
        self.page.get_by_label("E-mail").fill(self.person.email)
        self.page.get_by_label("Given name").fill(self.person.given_name)
        self.page.get_by_label("Family name").fill(self.person.family_name)
        self.at.press("Create the account", twice=True)
        code = self.mailbox.newest(self.person.email, "Confirm your e-mail address").code()
        self.page.get_by_label("Code").fill(code)
        self.at.press("Confirm the address")

    def write(self, coauthor: Person) -> None:
        """All five screens up to the last button."""
        self.at.press("Begin a new draft", twice=True)
        self.upload("main", "encoder.pdf", paper(10, TITLE, authors=(self.person.name,)))
        self.at.follow("Next: manuscript")
        self._fill_manuscript()
        self.at.press("Save, next: authors")
        self._fill_authors(coauthor)
        self.at.press("Save, next: declarations")
        self._fill_declarations()
        self.at.press("Save, next: check and submit")

    def submit(self, button: str) -> None:
        """The last button, pressed as by somebody who does not trust it."""
        self.at.press(button, twice=True)

    def checksum(self, name: str) -> str:
        """The SHA-256 that the page shows beside a file."""
        row = self.page.locator(".file-row", has_text=name)
        title = str(row.locator("[title^=SHA-256]").get_attribute("title"))
        return title.removeprefix("SHA-256: ")

    def see_own(self, number: str) -> None:
        """From the list of one's manuscripts to the page of this one."""
        self.at.open("/submissions/")
        self.at.follow(TITLE)
        assert number in self.at.text()

    def newest_letter(self) -> bytes:
        """Download the newest letter from the manuscript's page."""
        letters = self.page.locator("#letters .file-row-name a")
        return self.at.fetch(str(letters.first.get_attribute("href")))

    def revise(self) -> None:
        """Answer the decision point by point, and bring the new paper."""
        self.at.press("Begin the revision", twice=True)
        for number, point in enumerate(self.page.locator(".point").all(), start=1):
            point.get_by_label("Answer").fill(f"{number}. Section 2 now says how.")
            point.get_by_label("is met in the new file").fill(f"Page {number}")
        self.at.press("Save, next: files")
        self.upload("main", "encoder-revised.pdf", paper(10, TITLE, seed=2))
        self.at.follow("Next: check and submit")

    def upload(self, kind: str, name: str, content: bytes) -> None:
        """Choose a file; the page sends it by itself and shows what the checks found."""
        chosen = FilePayload(name=name, mimeType="application/pdf", buffer=content)
        self.page.locator("#new-file").set_input_files(chosen)
        slot = self.page.locator(f"#file-{kind}")
        expect(slot.get_by_role("link", name=name)).to_be_visible()
        expect(slot).to_contain_text("checks passed")
        self.at.judge()

    def _fill_manuscript(self) -> None:
        self.page.get_by_label("Title").fill(TITLE)
        self.page.get_by_label("Abstract").fill(ABSTRACT)
        self.page.get_by_label("Index terms").fill("foundation model\nself-supervision\nabdomen")
        self.page.get_by_role("group", name="Topics of the call").get_by_role(
            "checkbox"
        ).first.check()
        self.page.get_by_label("Validation on real").fill("Sixty thousand volumes of four centres.")
        self.see_saved()

    def see_saved(self) -> None:
        """What was typed is saved without any button."""
        expect(self.page.locator("#saved")).to_contain_text("saved", ignore_case=True)

    def _fill_authors(self, coauthor: Person) -> None:
        self.page.get_by_role("button", name="Add an author").click()
        expect(self.page.locator("#author-2")).to_be_visible()
        for number, person in enumerate((self.person, coauthor), start=1):
            row = self.page.locator(f"#author-{number}")
            row.get_by_label("Given name").fill(person.given_name)
            row.get_by_label("Family name").fill(person.family_name)
            row.get_by_label("E-mail").fill(person.email)
            row.get_by_label("Institution", exact=True).fill(person.institution)
            if person.orcid:
                row.get_by_label("ORCID iD").fill(person.orcid)
                row.get_by_label("Country").select_option("PT")

    def _fill_declarations(self) -> None:
        self.page.get_by_label("Cover letter").fill("One model for three kinds of images.")
        self.page.get_by_label("Other submissions of this work").fill("none")
        for group in ("Human subjects and animals", "Use of generative AI in writing"):
            self.page.get_by_role("group", name=group).get_by_role("radio").first.check()
        self.page.get_by_label("Data availability").fill("The list of cases is on request.")
        self.page.get_by_label("Code availability").fill("Code will be open.")
        self.page.get_by_label("No funding was received").check()
        self.page.get_by_label("Competing interests").fill("none")
        self.page.get_by_label("All of this is true").check()
