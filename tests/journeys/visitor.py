"""A person at a browser, whose every page is watched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

AXE = Axe()
# Targets of at least 24 px are a rule of WCAG 2.2, which axe leaves off by itself.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# The rest does not depend on the colours.
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
# 400 % of zoom in a window of 1280 px is as narrow as this.
NARROWEST = 320
Scheme = Literal["light", "dark"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Faults:
    """What must never happen on any page of a journey."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page, address: str) -> None:
        """Note console errors, crashes, and requests that leave the site."""

        def console(message: ConsoleMessage) -> None:
            if message.type == "error" and "status of 4" not in message.text:
                self.found.append(f"{page.url}: console: {message.text}")

        def request(sent: Request) -> None:
            if not sent.url.startswith((address, "data:", "blob:", "about:", "chrome")):
                self.found.append(f"{page.url}: asked another host: {sent.url}")

        def response(got: Response) -> None:
            if got.status >= 500:
                self.found.append(f"{got.request.method} {got.url}: status {got.status}")

        page.on("console", console)
        page.on("request", request)
        page.on("response", response)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: script: {error}"))


class Visitor:
    """One browser window: goes from page to page as a person does, and has each judged."""

    def __init__(self, page: Page, address: str, faults: Faults) -> None:
        self.page = page
        self.address = address
        self.faults = faults

    # ------------------------------------------------------------ going about

    def open(self, path: str) -> Page:
        """Go to a page of the site and judge it."""
        self.page.goto(urljoin(f"{self.address}/", path))
        self.judge()
        return self.page

    def press(self, name: str, *, within: Locator | None = None, twice: bool = False) -> None:
        """Press the button that leads to another page; ``twice`` as an impatient person does."""
        self._leave(self.button(name, within), twice=twice)

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow a link by its words."""
        place = within or self.page.locator("main")
        self._leave(place.get_by_role("link", name=name).first)

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """The button with exactly these words, or the first of several."""
        words = re.compile(rf"^\s*{re.escape(name)}\s*$")
        return (within or self.page).get_by_role("button", name=words).first

    def choice(self, question: Locator, answer: str) -> Locator:
        """The radio button beside exactly these words, whatever small print follows them."""
        words = self.page.get_by_text(answer, exact=True)
        return question.locator("label").filter(has=words).get_by_role("radio")

    def sign_in_as(self, name: str) -> None:
        """Become one of the invented people through the rehearsal's own page."""
        self.page.goto(f"{self.address}/rehearsal/sign-in-as/")
        self.press(f"Sign in as {name}")

    def fetch(self, path: str) -> bytes:
        """The bytes of an address, with this person's cookies."""
        answer = self.page.context.request.get(urljoin(self.page.url, path))
        assert answer.ok, f"{path}: status {answer.status}"
        return answer.body()

    def download(self, name: str, *, within: Locator | None = None) -> bytes:
        """Follow a link that downloads a file; its bytes."""
        with self.page.expect_download() as waiting:
            (within or self.page).get_by_role("link", name=name).first.click()
        return Path(waiting.value.path()).read_bytes()

    def text(self) -> str:
        """The words of the page."""
        return self.page.locator("main").inner_text()

    def _leave(self, element: Locator, *, twice: bool = False) -> None:
        with self.page.expect_navigation():
            if twice:
                element.dblclick()
            else:
                element.click()
        self.judge()

    # ------------------------------------------------------------ judging

    def judge(self) -> None:
        """No accessibility violation in light and dark, and nothing wider than the window."""
        self.judge_access(EVERYTHING)
        self.page.emulate_media(color_scheme="dark")
        self.judge_access(CONTRAST)
        self.page.emulate_media(color_scheme="light")
        self.judge_width(NARROWEST)

    def judge_access(self, rules: dict[str, Any]) -> None:
        """Nothing that axe finds fault with."""
        for violation in AXE.run(self.page, options=rules).response["violations"]:
            nodes = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            self.faults.found.append(f"{self.page.url}: {violation['id']}: {nodes}")

    def judge_width(self, width: int) -> None:
        """Nothing must be scrolled sideways in a window as narrow as this."""
        usual = self.page.viewport_size
        assert usual is not None
        self.page.set_viewport_size({"width": width, "height": usual["height"]})
        overflow = self.page.evaluate(OVERFLOW)
        if overflow > 0:
            self.faults.found.append(f"{self.page.url}: {overflow} px wider than {width} px")
        self.page.set_viewport_size(usual)


@contextmanager
def visitor(
    browser: Browser,
    address: str,
    faults: Faults,
    *,
    width: int = 1280,
    height: int = 800,
    has_touch: bool = False,
) -> Iterator[Visitor]:
    """A fresh window without cookies."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=has_touch,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    faults.watch(page, address)
    try:
        yield Visitor(page, address, faults)
    finally:
        context.close()
