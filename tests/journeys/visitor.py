"""A person at a browser, whose every page is watched."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

AXE = Axe()


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
    """One browser window: opens pages, and has each judged by axe."""

    def __init__(self, page: Page, address: str, faults: Faults) -> None:
        self.page = page
        self.address = address
        self.faults = faults

    def open(self, path: str) -> Page:
        """Go to a page of the site and judge it."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        self.judge()
        return self.page

    def judge(self) -> None:
        """No accessibility violation, and nothing wider than the window."""
        for violation in AXE.run(self.page).response["violations"]:
            nodes = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
            self.faults.found.append(f"{self.page.url}: axe {violation['id']}: {nodes}")
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            self.faults.found.append(f"{self.page.url}: {overflow} px wider than the window")

    def sign_in_as(self, email: str) -> None:
        """Become one of the invented people through the rehearsal's own page."""
        self.page.goto(f"{self.address}/rehearsal/sign-in-as/")
        row = self.page.locator("form", has=self.page.locator(f"[value='{email}']")).first
        row.get_by_role("button").first.click()


@contextmanager
def visitor(
    browser: Browser, address: str, faults: Faults, *, width: int = 1280, height: int = 800
) -> Iterator[Visitor]:
    """A fresh window without cookies."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    page = context.new_page()
    faults.watch(page, address)
    try:
        yield Visitor(page, address, faults)
    finally:
        context.close()
