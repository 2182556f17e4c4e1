"""Take the pictures of the README: a fresh rehearsal, its own people, a real browser.

    python scripts/screenshots.py [name ...]      all pictures, or those named

The pictures go to ``docs/screenshots/``. The site starts on an empty folder and ends afterwards,
so that two runs on one version show the same.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.journeys.conftest import CHROMIUM, FLAGS  # noqa: E402
from tests.journeys.site import Site  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
DESK = (1440, 900)
LAPTOP = (1280, 800)
PHONE = (390, 844)


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one person sees it. `way` leads a signed-in window to the page."""

    name: str
    person: str
    way: Callable[[Page], None]
    size: tuple[int, int] = LAPTOP
    scheme: Literal["light", "dark"] = "light"


def front(page: Page) -> None:
    """The call."""


def first_draft(page: Page) -> None:
    """The files of a draft whose paper is uploaded."""
    page.get_by_role("link", name="Go on").or_(page.locator("main table a")).first.click()
    page.get_by_role("link", name="Files").first.click()


def first_review(page: Page) -> None:
    """The score sheet beside the paper."""
    page.locator("main table a.btn-primary").first.click()


def manuscript(page: Page) -> None:
    """The manuscript that waits for a decision, with its four reviews."""
    waiting = page.get_by_role("link", name="Write the decision")
    card = page.locator("article, li, section", has=waiting).last
    card.get_by_role("link", name="Open").first.click()


def panel(page: Page) -> None:
    """The four reviewers that are proposed."""
    page.get_by_role("link", name="Choose reviewers").first.click()


def decision(page: Page) -> None:
    """The form of the decision."""
    page.get_by_role("link", name="Write the decision").first.click()


PICTURES = [
    Picture("call", "", front),
    Picture("call-phone", "", front, PHONE),
    Picture("files", "linnea@tarnby.example", first_draft),
    Picture("desk", "eva@skogsby.example", front, DESK),
    Picture("desk-dark", "eva@skogsby.example", front, DESK, "dark"),
    Picture("panel", "eva@skogsby.example", panel, DESK),
    Picture("manuscript", "eva@skogsby.example", manuscript, DESK),
    Picture("decision", "eva@skogsby.example", decision, DESK),
    Picture("review", "ragnhild@halvard.example", first_review, DESK),
]


def sign_in(page: Page, address: str, email: str) -> None:
    """Become one of the invented people; the door that opens is the first of their doors."""
    page.goto(f"{address}/rehearsal/sign-in-as/")
    page.locator("li, tr", has_text=email).get_by_role("button").first.click()


def take(names: Sequence[str]) -> None:
    """The pictures of these names, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.start()
        try:
            with closing(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)) as open_:
                for picture in wanted:
                    page = open_.new_page(
                        viewport={"width": picture.size[0], "height": picture.size[1]},
                        color_scheme=picture.scheme,
                        locale="en-GB",
                        timezone_id="Europe/Copenhagen",
                    )
                    if picture.person:
                        sign_in(page, site.address, picture.person)
                    else:
                        page.goto(site.address)
                    picture.way(page)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=FOLDER / f"{picture.name}.png")
                    print(f"  {picture.name}: {page.title()}", flush=True)
                    page.close()
        finally:
            site.stop()


if __name__ == "__main__":
    take(sys.argv[1:])
