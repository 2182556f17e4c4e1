"""What office, editor-in-chief and guest editor do at the desk, click by click."""

import hashlib
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


@dataclass(frozen=True)
class Draft:
    """A letter as it was previewed: its bytes and the checksum printed beside them."""

    pdf: bytes
    sha256: str


class Desk:
    """One person's window at the desk."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.at = visitor
        self.page = visitor.page
        self.at.sign_in_as(name)

    def find(self, number: str) -> None:
        """Search by number and open the manuscript."""
        self.at.open(f"/desk/?q={number}")
        self.page.locator("table.desk-list td.what a").first.click()
        expect(self.page.locator("h1")).to_be_visible()
        self.at.judge()

    def pass_checklist(self) -> None:
        """The office: the submission is complete."""
        self._confirm("Pass the checklist", "Pass it")

    def assign(self, editor: str) -> None:
        """The editor-in-chief: this guest editor handles it."""
        self.at.follow("Assign a guest editor")
        self.page.get_by_label(editor).check()
        self.at.press("Assign and tell by mail", twice=True)

    def invite_the_ticked(self) -> dict[str, str]:
        """The guest editor: the proposed four, by one button. Returns names with addresses."""
        self.at.follow("Choose reviewers")
        self.at.button("See the letters…").click()
        shown = self.page.get_by_role("dialog").filter(visible=True)
        expect(shown).to_be_visible()
        self.at.judge()
        cards = shown.locator(".card-x").filter(has=self.page.locator("summary"))
        names = cards.locator("h2").all_inner_texts()
        letters = cards.locator("summary").all_inner_texts()
        addresses = [letter.removeprefix("To ").split(":")[0] for letter in letters]
        self.at.press("Invite all four", twice=True)
        return dict(zip(names, addresses, strict=True))

    def draft_decision(self, decision: str, reasons: str) -> Draft:
        """The guest editor: decision and words; waits for the exact letter and fetches it."""
        self.at.follow("Write the decision")
        self.at.choice(self.page.get_by_role("group", name="Decision"), decision).check()
        self.page.get_by_label("Your words to the author").fill(reasons)
        self.at.press("Draft the letter", twice=True)
        letter = self.page.locator("#letter")
        expect(letter.get_by_role("button", name="Release…")).to_be_visible()
        self.at.judge()
        pdf = self.at.fetch(str(letter.locator("iframe").get_attribute("src")))
        draft = Draft(pdf, letter.locator("code.hash").inner_text())
        assert hashlib.sha256(draft.pdf).hexdigest() == draft.sha256
        return draft

    def release(self) -> None:
        """The guest editor: exactly this letter, now."""
        self._confirm("Release…", "Release it")

    def take_list(self) -> None:
        """The office: the acceptance list under the next number."""
        self.at.open("/desk/acceptance/")
        self._confirm("Take the list", "Take it")

    def _confirm(self, opener: str, button: str) -> None:
        self.at.button(opener).click()
        panel = self.page.get_by_role("dialog").filter(visible=True)
        expect(panel).to_be_visible()
        self.at.judge()
        self.at.press(button, within=panel, twice=True)
