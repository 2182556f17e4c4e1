"""From an unknown address to a confirmed account."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.conftest import PASSWORD, MakePerson, code_sent_to
from tmi_special_issue.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.django_db

ADA = {"email": "ada@northgate.example", "given_name": "Ada", "family_name": "Ferrante"}


def test_sign_up_leads_through_the_code_to_a_confirmed_account(client: Client) -> None:
    answer = client.post("/account/signup/", ADA)
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")
    assert not EmailAddress.objects.get(email=ADA["email"]).verified

    answer = client.post(answer["Location"], {"code": code_sent_to(ADA["email"])})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    ada = User.objects.get()
    assert (ada.email, ada.given_name, ada.family_name) == tuple(ADA.values())
    assert not ada.has_usable_password()
    assert EmailAddress.objects.get(email=ada.email).verified
    assert client.get("/account/")["Location"] == "/submissions/"
    assert [entry.verb for entry in AuditEntry.objects.order_by("sequence")] == [
        "account.opened",
        "account.signed_in",
    ]


def test_the_mail_goes_through_the_outbox_once_and_names_no_other_person(client: Client) -> None:
    client.post("/account/signup/", ADA)
    mail = OutboxMessage.objects.get()
    assert (mail.kind, mail.to, mail.subject) == (
        "account_code",
        ADA["email"],
        "Confirm your e-mail address",
    )
    assert "http" not in mail.text


def test_a_wrong_code_is_told_and_the_fifth_ends_the_attempt(client: Client) -> None:
    client.post("/account/signup/", ADA)
    for _ in range(4):
        answer = client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})
        assert "The code is wrong." in answer.content.decode()
    answer = client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    answer = client.post("/account/confirm-email/", {"code": code_sent_to(ADA["email"])})
    assert not answer.wsgi_request.user.is_authenticated


def test_names_are_kept_as_typed(client: Client) -> None:
    names = {"given_name": "maría josé", "family_name": "de la O’Brien-van 't Hoff"}
    client.post("/account/signup/", {**ADA, **names})
    ada = User.objects.get()
    assert (ada.given_name, ada.family_name) == tuple(names.values())


@pytest.mark.parametrize("sign", ["\n", "\r\nBcc: sam@stranger.example", "\x00", "\u2028"])
def test_a_name_with_a_line_break_is_refused_and_nothing_is_lost(client: Client, sign: str) -> None:
    answer = client.post("/account/signup/", {**ADA, "family_name": f"Ferr{sign}ante"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ADA["email"] in page
    assert User.objects.count() == OutboxMessage.objects.count() == 0


def test_a_password_of_site_words_is_refused(client: Client) -> None:
    answer = client.post("/account/signup/", {**ADA, "password1": "MedicalImaging2024"})
    assert "made of words that anybody would try here" in answer.content.decode()
    assert User.objects.count() == 0


def test_a_long_password_of_any_signs_is_accepted(client: Client) -> None:
    client.post("/account/signup/", {**ADA, "password1": "8371 2295 1174 0038"})
    assert User.objects.get().check_password("8371 2295 1174 0038")


def test_login_by_code_signs_in_without_a_password(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example", password=None)
    answer = client.post("/account/login/code/", {"email": "Ada@Northgate.example"})
    assert answer["Location"] == "/account/login/code/confirm/"
    answer = client.post(answer["Location"], {"code": code_sent_to(ada.email).lower()})
    assert answer.status_code == 302
    assert client.get("/account/profile/").wsgi_request.user == ada


def test_a_code_works_once(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example")
    client.post("/account/login/code/", {"email": ada.email})
    code = code_sent_to(ada.email)
    client.post("/account/login/code/confirm/", {"code": code})
    client.post("/account/logout/")
    client.post("/account/login/code/confirm/", {"code": code})
    assert client.get("/account/profile/").status_code == 302


def test_a_new_password_by_code_does_not_sign_in(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example")
    client.post("/account/password/reset/", {"email": ada.email})
    answer = client.post("/account/password/reset/confirm/", {"code": code_sent_to(ada.email)})
    new = "eleven quiet harbours"
    answer = client.post(answer["Location"], {"password1": new, "password2": new}, follow=True)
    assert not answer.wsgi_request.user.is_authenticated
    ada.refresh_from_db()
    assert ada.check_password(new)
    assert not ada.check_password(PASSWORD)
    assert OutboxMessage.objects.filter(kind="account_changed", to=ada.email).count() == 1


def test_links_in_mails_come_from_the_settings_and_not_from_the_request(
    client: Client, make_person: MakePerson, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ada = make_person("ada@northgate.example")
    client.post("/account/signup/", {**ADA, "email": ada.email}, headers={"host": "evil.example"})
    text = OutboxMessage.objects.get(kind="account_exists").text
    assert "evil.example" not in text
    assert "http://testserver/account/login/code/" in text


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_to_no_foreign_page(
    client: Client, make_person: MakePerson, wanted: str
) -> None:
    ada = make_person("ada@northgate.example")
    answer = client.post(
        "/account/login/", {"login": ada.email, "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == "/account/"


def test_changing_the_address_waits_for_the_code(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example")
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    new = "ada.f@northgate.example"
    asked = client.post("/account/email/", {"email": new, "action_add": "1"})
    assert asked["Location"].startswith("/account/reauthenticate/")
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer["Location"] == "/account/confirm-email/"
    ada.refresh_from_db()
    assert ada.email == "ada@northgate.example"
    client.post(answer["Location"], {"code": code_sent_to(new)})
    ada.refresh_from_db()
    assert ada.email == new
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (new, True, True)
    ]
    told = OutboxMessage.objects.get(kind="account_changed")
    assert told.to == "ada@northgate.example"
