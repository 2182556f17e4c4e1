"""The rehearsal's mailbox, read as a person reads it: by address, newest first."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor
from tests.journeys.waiting import until


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it."""

    subject: str
    text: str
    links: list[str]
    attached: dict[str, str]

    def link(self, part: str) -> str:
        """The one address in the mail that holds these letters."""
        (found,) = {address for address in self.links if part in address}
        return found

    def code(self) -> str:
        """What stands alone on a line, as a code does."""
        found = re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)$", self.text, re.MULTILINE)
        assert found, self.text
        return found[1]


class Mailbox:
    """A window in which nothing else is done than reading mail."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def subjects(self, address: str) -> list[str]:
        """All mails to a person, newest first."""
        page = self._list(address)
        return page.locator("td.what a").all_inner_texts()

    def newest(self, address: str, subject: str) -> Mail:
        """The newest mail to a person whose subject has these words; waits until it is sent."""
        row = self.visitor.page.locator("td.what a", has_text=subject)
        until(lambda: self._list(address) and row.count() > 0, f"mail “{subject}” to {address}")
        row.first.click()
        page = self.visitor.page
        envelope = page.get_by_role("heading", name="Envelope").locator("xpath=../..")
        # A click is over before the page it opens is there: loading anew must wait for it.
        expect(envelope).to_be_visible()
        address_of_mail = page.url

        def sent() -> bool:
            page.goto(address_of_mail)
            return "Sent" in envelope.inner_text()

        until(sent, f"delivery of “{subject}” to {address}")
        self.visitor.judge()
        text = page.locator(".mail-text")
        expect(text).to_be_visible()
        attached = page.locator(".file-row-name a")
        return Mail(
            subject=page.locator("h1").inner_text(),
            text=text.inner_text(),
            links=[str(a.get_attribute("href")) for a in text.locator("a").all()],
            attached={a.inner_text(): str(a.get_attribute("href")) for a in attached.all()},
        )

    def _list(self, address: str) -> Page:
        page = self.visitor.page
        page.goto(f"{self.visitor.address}/rehearsal/mailbox/?to={quote(address)}")
        return page
