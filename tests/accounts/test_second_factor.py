"""The second factor: who needs it, and that nothing goes round it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from pytest_django import Settings

from accounts import sealing
from accounts.models import Role, RoleName
from tests.accounts.conftest import PASSWORD, MakePerson, code_sent_to, sign_in
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db

SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def digits_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SEED, counter)))


@pytest.mark.parametrize(
    "role",
    [
        RoleName.GUEST_EDITOR,
        RoleName.LEAD_GUEST_EDITOR,
        RoleName.EDITOR_IN_CHIEF,
        RoleName.OFFICE,
    ],
)
def test_the_desk_leads_editors_to_add_a_factor(
    client: Client, make_person: MakePerson, open_issue: SpecialIssue, role: str
) -> None:
    sign_in(client, make_person("eva@northgate.example", role, issue=open_issue))
    answer = client.get("/desk/", follow=True)
    assert answer.redirect_chain == [("/account/2fa/", 302)]
    assert "so it needs a second factor" in answer.content.decode()
    assert client.post("/desk/")["Location"] == "/account/2fa/"


def test_other_doors_stay_open_without_a_factor(
    client: Client, make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    sign_in(client, make_person("eva@northgate.example", RoleName.OFFICE, issue=open_issue))
    assert client.get("/account/profile/").status_code == 200


def test_a_person_without_a_desk_role_is_not_led_there(
    client: Client, make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    rui = make_person("rui@northgate.example", RoleName.REVIEWER, issue=open_issue)
    Role.objects.create(issue=open_issue, user=rui, name=RoleName.OFFICE, ended_at=clock.now())
    sign_in(client, rui)
    assert client.get("/desk/").headers.get("Location") != "/account/2fa/"


def test_a_rehearsal_asks_for_no_factor(
    client: Client,
    make_person: MakePerson,
    open_issue: SpecialIssue,
    settings: Settings,
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, make_person("eva@northgate.example", RoleName.OFFICE, issue=open_issue))
    assert client.get("/desk/").headers.get("Location") != "/account/2fa/"


def test_adding_an_app_opens_the_desk_and_seals_the_seed(
    client: Client, make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    eva = make_person("eva@northgate.example", RoleName.GUEST_EDITOR, issue=open_issue)
    sign_in(client, eva)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    seed = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(
        "/account/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(seed, counter))}
    )
    kept = Authenticator.objects.get(user=eva, type=Authenticator.Type.TOTP).data["secret"]
    assert seed not in kept
    assert sealing.unseal(kept) == seed
    assert client.get("/desk/").headers.get("Location") != "/account/2fa/"


def test_password_and_code_by_mail_both_stop_at_the_second_factor(
    client: Client, make_person: MakePerson
) -> None:
    ada = make_person("ada@northgate.example")
    TOTP.activate(ada, SEED)
    answer = client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    client.cookies.clear()
    client.post("/account/login/code/", {"email": ada.email})
    answer = client.post("/account/login/code/confirm/", {"code": code_sent_to(ada.email)})
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/account/profile/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": digits_now()})
    assert client.get("/account/profile/").wsgi_request.user == ada


def test_digits_work_once(client: Client, make_person: MakePerson) -> None:
    ada = make_person("ada@northgate.example")
    TOTP.activate(ada, SEED)
    digits = digits_now()
    for browser, is_in in ((client, True), (Client(), False)):
        browser.post("/account/login/", {"login": ada.email, "password": PASSWORD})
        browser.post("/account/2fa/authenticate/", {"code": digits})
        assert (browser.get("/account/profile/").status_code == 200) == is_in


def test_a_sealed_text_is_read_with_a_former_key(settings: Settings) -> None:
    sealed = sealing.seal("seed")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert sealing.unseal(sealed) == "seed"
