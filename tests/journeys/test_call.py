"""The call as the site really sends it: its weight, and what works without scripts."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import Site
from tests.journeys.visitor import Faults, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

FIRST_VISIT_MOST = 100 * 1024
SECOND_VISIT_MOST = 20 * 1024
A4 = {"width": 794, "height": 1123}  # CSS pixels


def weight(page: Page, address: str) -> int:
    """Bytes on the wire, heads included, from the first request until the page is at rest."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sent: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    wire.detach()
    assert sent
    return round(sum(sent))


def test_a_visit_is_light_and_the_next_one_lighter(
    site: Site, browser: Browser, faults: Faults
) -> None:
    with visitor(browser, site.address, faults) as guest:
        first, second = (weight(guest.page, f"{site.address}/") for _ in range(2))
        guest.judge()
    assert first <= FIRST_VISIT_MOST
    assert second <= SECOND_VISIT_MOST


def test_without_scripts_it_says_and_offers_the_same(
    site: Site, browser: Browser, faults: Faults
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    faults.watch(page, site.address)
    page.goto(f"{site.address}/")
    main = page.locator("main")
    expect(main).to_contain_text("1 July 2024")
    expect(main).to_contain_text("15 November 2024")
    main.get_by_role("link", name="Submit a manuscript").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    context.close()


def test_programs_read_it(site: Site, browser: Browser, faults: Faults) -> None:
    with visitor(browser, site.address, faults) as guest:
        page = guest.open("/")
        told = {
            name: page.locator(f'meta[property="og:{name}"]').get_attribute("content")
            for name in ("type", "site_name", "title", "description", "url")
        }
        graph = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert told["type"] == "website"
    assert told["url"] == f"{site.address}/"
    assert str(told["title"]).startswith("Call for papers: ")
    assert all(told.values())
    assert [part["@type"] for part in graph["@graph"]] == ["CreativeWork", *["Event"] * 4]


def test_it_prints(site: Site, browser: Browser, faults: Faults) -> None:
    """On paper: the words and the dates, black on white, and nothing that is only for pressing."""
    with visitor(browser, site.address, faults) as guest:
        page = guest.open("/")
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size(A4)  # type: ignore[arg-type]
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).to_contain_text("1 October 2024")
        for only_on_screen in ("nav[aria-label=Main]", ".skip-link", ".call-acts .btn"):
            expect(page.locator(only_on_screen).first).to_be_hidden()
        colours = page.evaluate(
            "() => { const style = getComputedStyle(document.body);"
            " return [style.color, style.backgroundColor]; }"
        )
        assert page.pdf(format="A4").startswith(b"%PDF")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
