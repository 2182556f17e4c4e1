"""Every component in every state, looked at in both colours on a phone and on a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.site import Site
from tests.journeys.visitor import CONTRAST, EVERYTHING, NARROWEST, Faults, Scheme, visitor

pytestmark = pytest.mark.journey

PICTURES = Path(__file__).resolve().parents[2] / "var" / "test-results" / "screenshots"


@pytest.mark.parametrize("width", [390, 1440])
def test_the_style_guide_in_both_colours(
    width: int, site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, site.address, faults, width=width, height=900) as guest:
        guest.page.goto(f"{site.address}/styleguide/")
        guest.judge_width(NARROWEST)
        guest.judge_width(width)
        schemes: tuple[Scheme, ...] = ("light", "dark")
        for scheme in schemes:
            guest.page.emulate_media(color_scheme=scheme)
            guest.judge_access(EVERYTHING if scheme == "light" else CONTRAST)
            picture = PICTURES / f"styleguide-{scheme}-{width}.png"
            guest.page.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 100_000
