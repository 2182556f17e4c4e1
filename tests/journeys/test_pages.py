"""Every page behind every door, by following the links that each person is offered.

A page is judged in light and dark at the width of a desk, and for reflow on two phones. Of pages
that differ only by which manuscript they show, a few are enough.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.journeys.site import Site
from tests.journeys.visitor import Faults, Visitor, visitor

pytestmark = [pytest.mark.journey, pytest.mark.slow]

OF_ONE_KIND = 2
PHONE = 390
# The random part of an address.
IDENTIFIER = re.compile(r"[0-9a-z]{16}(?=/)")
ANYBODY = ["/", "/account/login/", "/account/password/reset/", "/rehearsal/mailbox/", "/nowhere/"]
# Who stands for a role, chosen so that manuscripts in many stages are met, and their doors.
PEOPLE = {
    "author with a draft": ("Linnea Dahl", ["/submissions/", "/account/profile/"]),
    "author who revises": ("Beatriz Nogueira", ["/submissions/"]),
    "author who is accepted": ("Ada Avelin", ["/submissions/"]),
    "author who must mend": ("Arjun Bhattacharya", ["/submissions/"]),
    "reviewer": ("Rui Figueiredo", ["/reviews/"]),
    "guest editor": ("Eva Lindqvist", ["/desk/"]),
    "lead guest editor": ("Leila Haddad", ["/desk/"]),
    "editor-in-chief": ("Kim Seo-yeon", ["/desk/"]),
    "office": ("Ivo Petrov", ["/desk/"]),
}


def test_pages_of_anybody(site: Site, browser: Browser, faults: Faults) -> None:
    with visitor(browser, site.address, faults) as guest:
        walk(guest, ANYBODY)


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_of(role: str, site: Site, browser: Browser, faults: Faults) -> None:
    name, doors = PEOPLE[role]
    with visitor(browser, site.address, faults) as person:
        person.sign_in_as(name)
        walk(person, doors)


def walk(person: Visitor, doors: list[str]) -> None:
    """Judge these pages and those behind the same doors that are linked from them."""
    waiting, met = list(doors), set(doors)
    seen: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if seen[kind] == OF_ONE_KIND or not is_page(person, path):
            continue
        seen[kind] += 1
        person.open(path)
        person.judge_width(PHONE)
        for link in links(person):
            if link not in met and any(door_of(link) == door_of(door) for door in doors):
                met.add(link)
                waiting.append(link)


def links(person: Visitor) -> list[str]:
    """Where the page leads on this site, as paths."""
    addresses = person.page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
    ours = [urlsplit(one) for one in addresses if one.startswith(f"{person.address}/")]
    return [f"{one.path}?{one.query}".rstrip("?") for one in ours]


def is_page(person: Visitor, path: str) -> bool:
    """No file to be downloaded."""
    answer = person.page.context.request.head(f"{person.address}{path}")
    return answer.headers["content-type"].startswith("text/html")


def kind_of(path: str) -> str:
    """The same for all manuscripts, and for all values of a filter."""
    return re.sub(r"=[^&]*", "", IDENTIFIER.sub("…", path))


def door_of(path: str) -> str:
    """The first part of the path."""
    return path.split("/")[1]
