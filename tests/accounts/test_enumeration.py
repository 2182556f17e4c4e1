"""Nobody learns from our pages whether an address has an account (`security.md` T9, W8).

The same steps are taken with a known and with an unknown address, each in a fresh browser; the
answers must be equal byte for byte once the address itself, the CSRF secret, the number of the
request and the second of the answer are put aside.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.accounts.conftest import MakePerson
from tmi_special_issue.models import OutboxMessage

pytestmark = pytest.mark.django_db

KNOWN = "ada@northgate.example"
UNKNOWN = "sam@somewhere.example"  # as long as the other, so that lengths can be compared

Steps = Callable[[Client, str], list[Any]]


def sign_up(client: Client, address: str) -> list[Any]:
    data = {"email": address, "family_name": "Ferrante", "password1": "three lamps and a heron"}
    return [
        client.post("/account/signup/", data),
        client.get("/account/confirm-email/"),
        client.post("/account/confirm-email/", {"code": "BBBB-BBBB"}),
    ]


def login(client: Client, address: str) -> list[Any]:
    return [
        client.post("/account/login/", {"login": address, "password": "a wrong password"})
        for _ in range(7)
    ]


def login_by_code(client: Client, address: str) -> list[Any]:
    return [
        client.post("/account/login/code/", {"email": address}),
        client.get("/account/login/code/confirm/"),
        client.post("/account/login/code/confirm/", {"action": "resend"}),
        *(client.post("/account/login/code/confirm/", {"code": "BBBB-BBBB"}) for _ in range(5)),
    ]


def reset(client: Client, address: str) -> list[Any]:
    return [
        client.post("/account/password/reset/", {"email": address}),
        client.get("/account/password/reset/confirm/"),
        *(client.post("/account/password/reset/confirm/", {"code": "BBBB"}) for _ in range(5)),
    ]


@pytest.mark.parametrize("steps", [sign_up, login, login_by_code, reset])
def test_known_and_unknown_addresses_get_the_same_answers(
    make_person: MakePerson, steps: Steps
) -> None:
    make_person(KNOWN)
    seen = {address: _observed(steps, address) for address in (KNOWN, UNKNOWN)}
    assert seen[KNOWN] == seen[UNKNOWN]
    assert all(status < 500 for status, *_ in seen[KNOWN])


@pytest.mark.parametrize("steps", [sign_up, login_by_code, reset])
def test_each_address_gets_one_mail_that_tells_it_the_truth(
    make_person: MakePerson, steps: Steps
) -> None:
    """The positive control: the steps did tell the two apart, in the mail alone."""
    make_person(KNOWN)
    for address in (KNOWN, UNKNOWN):
        _observed(steps, address)
    first = {
        address: OutboxMessage.objects.filter(to=address).earliest("id").kind
        for address in (KNOWN, UNKNOWN)
    }
    expected: dict[Steps, dict[str, str]] = {
        sign_up: {KNOWN: "account_exists", UNKNOWN: "account_code"},
        login_by_code: {KNOWN: "account_code", UNKNOWN: "account_unknown"},
        reset: {KNOWN: "account_code", UNKNOWN: "account_unknown"},
    }
    assert first == expected[steps]


@pytest.mark.parametrize("steps", [sign_up, login_by_code, reset])
def test_the_comparison_would_find_a_difference(
    make_person: MakePerson, settings: Settings, steps: Steps
) -> None:
    """The mutation control: with the protection off, the same comparison must fail."""
    settings.ACCOUNT_PREVENT_ENUMERATION = False
    make_person(KNOWN)
    assert _observed(steps, KNOWN) != _observed(steps, UNKNOWN)


def _observed(
    steps: Steps, address: str
) -> list[tuple[int, list[tuple[str, str]], list[str], bytes]]:
    cache.clear()
    answers = []
    for answer in steps(Client(), address):
        headers = sorted(
            (name, value)
            for name, value in answer.items()
            if name not in {"Expires", "X-Request-ID"}
        )
        body = answer.content.replace(address.encode(), b"ADDRESS")
        body = re.sub(rb'(name="csrfmiddlewaretoken" value=)"\w+"', rb"\1TOKEN", body)
        body = re.sub(rb"(X-CSRFToken[^A-Za-z0-9]+)\w{64}", rb"\1TOKEN", body)
        answers.append((answer.status_code, headers, sorted(answer.cookies), body))
    return answers
