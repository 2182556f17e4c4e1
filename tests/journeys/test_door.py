"""A reviewer at the door: the mail's link, a no with names on a phone, calendar and certificate."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pypdfium2
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.journeys.mailbox import Mail, Mailbox
from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PHONE = 390
REVIEWER = "Rui Figueiredo"
INVITATION = "invitation to review"


class Doors:
    """Windows that stay open to the end of a journey."""

    def __init__(self, browser: Browser, address: str, faults: Faults, windows: ExitStack) -> None:
        self._browser, self._address, self._faults = browser, address, faults
        self._windows = windows
        self.mailbox = Mailbox(self.window())

    def window(self, width: int = 1280) -> Visitor:
        """A browser of somebody who is signed in nowhere yet."""
        made = visitor(
            self._browser, self._address, self._faults, width=width, has_touch=width == PHONE
        )
        return self._windows.enter_context(made)

    def open_invitation(self) -> Mail:
        """An invitation of the rehearsal that nobody has answered yet."""
        page = self.mailbox.visitor.page
        looker = self.window()
        for turn in range(1, 6):
            page.goto(f"{self._address}/rehearsal/mailbox/?page={turn}")
            rows = page.locator("tr", has=page.get_by_role("link", name=INVITATION))
            for address in rows.locator("td.text-break").all_inner_texts():
                mail = self.mailbox.newest(address, INVITATION)
                looker.page.goto(mail.link("/reviews/invitation/"))
                if looker.button("Agree to review").count():
                    return mail
                page.goto(f"{self._address}/rehearsal/mailbox/?page={turn}")
        raise AssertionError("The rehearsal has no open invitation.")


@pytest.fixture
def doors(site: Site, browser: Browser, faults: Faults) -> Iterator[Doors]:
    with ExitStack() as windows:
        yield Doors(browser, site.address, faults, windows)


def test_no_with_two_names_on_a_phone_and_yes_after_all(doors: Doors) -> None:
    mail = doors.open_invitation()
    assert "the date is attached for your calendar" in mail.text
    phone = doors.window(PHONE)
    phone.open(mail.link("/reviews/invitation/"))
    form = phone.page.locator("#decline")
    form.get_by_label("Reason").select_option(label="No time at present")
    form.get_by_label("Somebody who could review it").fill("Wim Wolter")
    form.get_by_label("Their address").fill("wim@wolter.example")
    form.get_by_label("Somebody else").fill("Noa Nyberg")
    form.get_by_label("Address of the second").fill("no address")
    phone.press("Decline", within=form)
    assert "This is no mail address" in phone.text()
    form.get_by_label("Address of the second").fill("noa@nyberg.example")
    phone.press("Decline", within=form)
    assert "Thank you for telling us" in phone.text()

    phone.open(mail.link("/reviews/invitation/"))
    phone.press("I can review it after all")
    agree = phone.page.locator("#agree")
    agree.get_by_label("No, none").check()
    for box in agree.get_by_role("checkbox").all():
        box.check()
    phone.press("Agree to review", within=agree, twice=True)
    assert "The manuscript is open to you now" in phone.text()


def test_calendar_and_certificate(doors: Doors, site: Site) -> None:
    person = doors.window()
    person.sign_in_as(REVIEWER)
    person.open("/reviews/")
    person.press("Make a calendar address")
    address = person.page.get_by_label("Address").input_value()
    stranger = doors.window()
    content = stranger.fetch(address)
    [calendar] = Calendar.from_ical(content, multiple=True)
    assert str(calendar["X-WR-CALNAME"]) == "Reviews due"

    year = person.page.get_by_role("button", name=re.compile("Make the certificate for"))
    year.first.click()
    made = person.page.get_by_role("link", name=re.compile(r"Certificate \d{4}, PDF"))
    for _ in range(60):
        person.page.reload()
        if made.count():
            break
        person.page.wait_for_timeout(1000)
    expect(made.first).to_be_visible()
    paper = person.fetch(str(made.first.get_attribute("href")))
    words = " ".join(pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_range().split())
    assert REVIEWER in words
    code = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", words)
    assert code

    stranger.open("/reviews/certificates/")
    stranger.page.get_by_label("Code on the certificate").fill(code[0].lower())
    stranger.press("Check")
    assert "This certificate is real" in stranger.text()
    assert REVIEWER in stranger.text()
    stranger.page.get_by_label("Code on the certificate").fill("0000-0000-0000-0000")
    stranger.press("Check")
    assert "No certificate has this code" in stranger.text()
