"""Guessing is slowed down, and the owner of an address is never locked out."""

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.conftest import PASSWORD, MakePerson, code_sent_to

pytestmark = pytest.mark.django_db

TOO_MANY = "Too many attempts."


def test_the_sixth_wrong_password_closes_the_way_by_password(
    client: Client, make_person: MakePerson
) -> None:
    ada = make_person("ada@northgate.example")
    for _ in range(5):
        answer = client.post("/account/login/", {"login": ada.email, "password": "guess"})
        assert TOO_MANY not in answer.content.decode()
    answer = client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert TOO_MANY in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated


def test_another_host_name_does_not_begin_a_new_count(
    client: Client, make_person: MakePerson
) -> None:
    ada = make_person("ada@northgate.example")
    for host in ("testserver", "localhost", "127.0.0.1", "testserver", "localhost"):
        client.post(
            "/account/login/", {"login": ada.email, "password": "guess"}, headers={"host": host}
        )
    answer = client.post(
        "/account/login/",
        {"login": ada.email, "password": "guess"},
        headers={"host": "127.0.0.1"},
    )
    assert TOO_MANY in answer.content.decode()


def test_a_forged_forwarding_header_does_not_begin_a_new_count(
    client: Client, make_person: MakePerson
) -> None:
    make_person("ada@northgate.example")
    for number in range(20):
        client.post(
            "/account/login/",
            {"login": f"somebody{number}@northgate.example", "password": "guess"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
    answer = client.post(
        "/account/login/",
        {"login": "ada@northgate.example", "password": PASSWORD},
        headers={"x-forwarded-for": "10.9.9.9"},
    )
    assert TOO_MANY in answer.content.decode()


def test_the_owner_still_gets_in_by_code_while_somebody_guesses(
    client: Client, make_person: MakePerson
) -> None:
    ada = make_person("ada@northgate.example")
    for _ in range(6):
        Client().post("/account/login/", {"login": ada.email, "password": "guess"})
    client.post("/account/login/code/", {"email": ada.email})
    client.post("/account/login/code/confirm/", {"code": code_sent_to(ada.email)})
    assert client.get("/account/profile/").wsgi_request.user == ada


def test_codes_are_not_sent_without_end(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example")
    for _ in range(5):
        Client().post("/account/login/code/", {"email": ada.email})
    answer = Client().post("/account/login/code/", {"email": ada.email})
    assert TOO_MANY in answer.content.decode()


def test_limits_count_in_a_cache_that_all_processes_share() -> None:
    assert settings.CACHES["default"]["BACKEND"] in {
        "django.core.cache.backends.db.DatabaseCache",
        "tmi_special_issue.cache.RedisOrMemoryCache",  # Redis, as long as it answers
    }


def test_too_many_sign_ups_from_one_address_get_a_page_that_helps(client: Client) -> None:
    for number in range(30):
        client.post("/account/signup/", {"email": f"somebody{number}@northgate.example"})
    answer = client.post("/account/signup/", {"email": "ada@northgate.example"})
    assert answer.status_code == 429
    assert next(template.name for template in answer.templates) == "429.html"
