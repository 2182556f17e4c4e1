"""A new author hands in a paper with two co-authors: by mouse, by finger, by keyboard alone."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.orcid import check_character
from tests.journeys.author import Person
from tests.journeys.hands import COUNT_PRESSES, Finger, Hand, Keyboard, Mouse, presses
from tests.journeys.mailbox import Mailbox
from tests.journeys.site import Site
from tests.journeys.visitor import EVERYTHING, Faults, Visitor, visitor
from tests.papers import paper

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PRESSES_MOST = 15
SCREENS = ["files", "manuscript", "authors", "declarations", "check"]
NUMBER = re.compile(r"Received as (TMI-FM-2024-\d{4})\.")


@dataclass(frozen=True)
class Way:
    """By what somebody acts, in a window of which size, and with which paper."""

    name: str
    hand: Callable[[Page], Hand]
    title: str
    seed: int
    width: int = 1280
    has_touch: bool = False

    @property
    def author(self) -> Person:
        digits = f"{950 + self.seed:015d}"
        orcid = "-".join((digits + check_character(digits))[i : i + 4] for i in range(0, 16, 4))
        address = f"mirja.{self.name}@selkie.example"
        return Person("Mirja", "Aalto", address, "Selkie Institute", orcid)

    @property
    def coauthors(self) -> tuple[Person, Person]:
        return (
            Person("Odile", "Quarrington", f"odile.{self.name}@fenwick.example", "Fenwick College"),
            Person("Bram", "van der Zalm", f"bram.{self.name}@zalm.example", "Zalm Hospital"),
        )


WAYS = [
    Way("mouse", Mouse, "Anchored Priors for Sparse Scans of the Wrist", 11),
    Way("finger", Finger, "Slow Diffusion Prompts in Foetal Ultrasound", 12, 390, has_touch=True),
    Way("keyboard", Keyboard, "Cortical Atlases from Unlabelled Angiograms", 13),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_the_front_page_to_the_receipt(
    way: Way, site: Site, browser: Browser, faults: Faults, tmp_path: Path
) -> None:
    file = tmp_path / "wrist.pdf"
    people = (way.author, *way.coauthors)
    file.write_bytes(paper(10, way.title, seed=way.seed, authors=tuple(p.name for p in people)))
    window = visitor(browser, site.address, faults, width=way.width, has_touch=way.has_touch)
    with window as at, visitor(browser, site.address, faults) as reading:
        at.page.context.add_init_script(COUNT_PRESSES)
        author = NewAuthor(at, way, Mailbox(reading))
        author.sign_up()
        author.begin_with(file)
        author.take_over_what_was_found()
        author.describe_the_paper()
        author.complete_the_authors()
        author.declare()
        number = author.submit()
        author.open_receipt(number)
        assert hashlib.sha256(file.read_bytes()).hexdigest() in at.text()
        assert author.screens == SCREENS
        pressed = presses(at.page)
    if way.hand is Keyboard:
        assert pressed == 0
    else:
        assert 0 < pressed <= PRESSES_MOST


class NewAuthor:
    """Somebody who was never here, and the screens that they go through."""

    def __init__(self, at: Visitor, way: Way, mailbox: Mailbox) -> None:
        self.at = at
        self.page = at.page
        self.hand = way.hand(at.page)
        self.way = way
        self.mailbox = mailbox
        self.screens: list[str] = []

    def sign_up(self) -> None:
        me = self.way.author
        self.page.goto(self.at.address)
        self.judge()
        self.leave("Submit a manuscript", "**/login/**", role="link")
        self.leave("Create an account", "**/signup/**", role="link")
        self.write("E-mail", me.email)
        self.write("Given name", me.given_name)
        self.write("Family name", me.family_name)
        self.leave("Create the account", "**/confirm-email/**")
        mail = self.mailbox.newest(me.email, "Confirm your e-mail address")
        self.write("Code", mail.code())
        self.leave("Confirm the address", "**/submissions/start/")

    def begin_with(self, file: Path) -> None:
        """The PDF begins the draft; the first screen shows what the checks find."""
        self.hand.choose(self.page.locator("#new-file"), file)
        self.arrive("files")
        expect(self.page.locator("#file-main")).to_contain_text("checks passed")

    def take_over_what_was_found(self) -> None:
        """Title, abstract and authors of page 1; the next screen has them."""
        found = self.page.get_by_role("region", name="Found in your PDF")
        for part in (self.way.title, *(person.name for person in self.way.coauthors)):
            expect(found).to_contain_text(part)
        self.hand.press(found.get_by_role("button", name="Use all that is still empty"))
        self.arrive("manuscript")
        expect(self.page.get_by_label("Title")).to_have_value(self.way.title)
        expect(self.page.get_by_label("Abstract")).not_to_have_value("")

    def describe_the_paper(self) -> None:
        self.write("Index terms", "foundation model, self-supervision, wrist")
        topics = self.page.get_by_role("group", name="Topics of the call")
        self.hand.press(topics.get_by_role("checkbox").first)
        self.write("Validation on real", "Forty thousand scans of three centres.")
        self.leave("Save, next: authors", "**/authors/")
        self.arrive("authors")

    def complete_the_authors(self) -> None:
        """The names are here in the order of the paper; addresses and institutions are not."""
        people = (self.way.author, *self.way.coauthors)
        for number, person in enumerate(people, start=1):
            row = self.page.locator(f"#author-{number}")
            expect(row.get_by_label("Given name")).to_have_value(person.given_name)
            expect(row.get_by_label("Family name")).to_have_value(person.family_name)
            if number > 1:
                self.write("E-mail", person.email, row)
            self.write("Institution", person.institution, row)
            if person.orcid:
                self.write("ORCID iD", person.orcid, row)
        self.leave("Save, next: declarations", "**/declarations/")
        self.arrive("declarations")

    def declare(self) -> None:
        self.write("Cover letter", "One prior serves every scan that this call asks about.")
        self.write("Other submissions of this work", "none")
        self.choose_first("Human subjects and animals")
        self.write("Data availability", "The list of cases is on request.")
        self.write("Code availability", "Code will be open.")
        self.choose_first("Use of generative AI in writing")
        self.write("Funder", "Selkie Foundation")
        self.write("Competing interests", "none")
        self.hand.press(self.page.get_by_label("All of this is true."))
        self.leave("Save, next: check and submit", "**/check/")
        self.arrive("check")

    def submit(self) -> str:
        """The last button; the page that follows says the number."""
        expect(self.page.locator("main")).to_contain_text("Nothing is missing")
        self.hand.press(self.at.button("Submit the manuscript"))
        self.page.wait_for_url(re.compile(r"/submissions/[0-9a-z]{16}/$"))
        self.judge()
        found = NUMBER.search(self.at.text() + self.page.locator("body").inner_text())
        assert found
        return found[1]

    def open_receipt(self, number: str) -> None:
        receipts = self.page.get_by_role("region", name="Receipts")
        self.hand.press(receipts.get_by_role("link", name=number))
        self.page.wait_for_url("**/receipts/*/")
        self.judge()

    # ------------------------------------------------------------ small steps

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        field = (within or self.page.locator("main")).get_by_label(label, exact=True)
        field = field.or_((within or self.page.locator("main")).get_by_label(label)).first
        self.hand.write(field, text)

    def choose_first(self, question: str) -> None:
        group = self.page.get_by_role("group", name=question)
        self.hand.press(group.get_by_role("radio").first)

    def leave(self, name: str, to: str, role: str = "button") -> None:
        """Press what leads to another page, and judge that page once it is there."""
        if role == "link":
            element = self.page.locator("main").get_by_role("link", name=name).first
        else:
            element = self.at.button(name)
        self.hand.press(element)
        self.page.wait_for_url(to)
        if not to.endswith(tuple(f"{screen}/" for screen in SCREENS)):
            self.judge()

    def arrive(self, screen: str) -> None:
        """One of the five screens is here."""
        self.page.wait_for_url(f"**/{screen}/**")
        expect(self.page.locator("#missing")).to_be_visible()
        self.screens.append(screen)
        self.judge()

    def judge(self) -> None:
        """Nothing for axe to find, nothing to scroll sideways."""
        self.at.judge_access(EVERYTHING)
        self.at.judge_width(self.way.width)
