"""One site and one browser for all journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.journeys.site import Site
from tests.journeys.visitor import Faults

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-quic", "--disable-sync"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("site"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        raise AssertionError("Chromium is missing; `make test` installs it.")
    # The worker behind the pages may have much to do on a small machine.
    expect.set_options(timeout=60_000)
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Everything wrong on any page of the journey; the test fails at its end with the list."""
    collected = Faults()
    yield collected
    assert collected.found == []
