"""Fixtures for every test: the clock, the issue, the cast, signed-in browsers.

Files go to a temporary folder of the process (``tests/settings.py``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Playwright, sync_playwright

from accounts.models import User
from tests import people
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    """No test is refused for what another one tried. A cache in the database rolls back."""
    if "Database" not in settings.CACHES["default"]["BACKEND"]:
        cache.clear()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of browsers in this process; a second beside it does not start."""
    # It keeps a loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def frozen_clock() -> Iterator[datetime]:
    """The clock stands eleven days before submissions close."""
    with clock.frozen_at(people.OPENING):
        yield people.OPENING


@pytest.fixture
def clock_at() -> Callable[[datetime], AbstractContextManager[None]]:
    """``with clock_at(instant):`` moves the frozen clock."""
    return clock.frozen_at


@pytest.fixture
def issue(db: None, frozen_clock: datetime) -> SpecialIssue:
    """The special issue, open for submissions."""
    return people.open_the_issue()


@pytest.fixture
def ada(issue: SpecialIssue) -> User:
    """Submits."""
    return people.make_person("ada", issue)


@pytest.fixture
def ben(issue: SpecialIssue) -> User:
    """Ada's co-author."""
    return people.make_person("ben", issue)


@pytest.fixture
def rui(issue: SpecialIssue) -> User:
    """Reviews."""
    return people.make_person("rui", issue)


@pytest.fixture
def sol(issue: SpecialIssue) -> User:
    """Reviews."""
    return people.make_person("sol", issue)


@pytest.fixture
def tea(issue: SpecialIssue) -> User:
    """Reviews."""
    return people.make_person("tea", issue)


@pytest.fixture
def uma(issue: SpecialIssue) -> User:
    """Reviews."""
    return people.make_person("uma", issue)


@pytest.fixture
def eva(issue: SpecialIssue) -> User:
    """The handling guest editor."""
    return people.make_person("eva", issue)


@pytest.fixture
def gus(issue: SpecialIssue) -> User:
    """A guest editor in conflict with Ada: same university."""
    return people.make_person("gus", issue)


@pytest.fixture
def kim(issue: SpecialIssue) -> User:
    """The editor-in-chief."""
    return people.make_person("kim", issue)


@pytest.fixture
def ivo(issue: SpecialIssue) -> User:
    """The editorial office."""
    return people.make_person("ivo", issue)


@pytest.fixture
def sam(issue: SpecialIssue) -> User:
    """A stranger with an account."""
    return people.make_person("sam", issue)


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """``client_of(ada)``: a browser in which somebody is signed in; ``None`` for nobody."""
    return sign_in


def sign_in(person: User | None) -> Client:
    """A browser of its own, signed in without the sign-in pages."""
    browser = Client()
    if person is not None:
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser
