"""What happens when ORCID has answered: only then is an iD confirmed."""

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts import actions
from accounts.adapter import SocialAdapter
from accounts.forms.sign_in import OrcidSignupForm
from accounts.models import User
from tests.accounts.conftest import MakePerson
from tmi_special_issue.models import AuditEntry

pytestmark = pytest.mark.django_db

ORCID = "0000-0000-0000-0036"
TAKEN = (
    f"ORCID iD {ORCID} is already confirmed for another account. Sign in to that account, or "
    "ask the editorial office to join the two."
)


@pytest.fixture
def ada(make_person: MakePerson) -> User:
    return make_person("ada@northgate.example")


@pytest.fixture
def request_of_ada(rf: RequestFactory, ada: User) -> HttpRequest:
    request = rf.get("/account/orcid/login/callback/")
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    request.user = ada
    return request


def answer_of_orcid(process: str) -> SocialLogin:
    login = SocialLogin(user=User(), account=SocialAccount(provider="orcid", uid=ORCID))
    login.state = {"process": process}
    return login


def test_connecting_confirms_the_id_of_the_person_who_is_signed_in(
    request_of_ada: HttpRequest, ada: User
) -> None:
    SocialAdapter(request_of_ada).pre_social_login(request_of_ada, answer_of_orcid("connect"))
    ada.refresh_from_db()
    assert (ada.orcid, ada.orcid_verified) == (ORCID, True)
    entry = AuditEntry.objects.get(verb="orcid.confirmed")
    assert (entry.actor, entry.facts) == (ada.audit_key, {"orcid": ORCID})


def test_signing_in_confirms_nothing_for_whoever_is_signed_in_already(
    request_of_ada: HttpRequest, ada: User
) -> None:
    SocialAdapter(request_of_ada).pre_social_login(request_of_ada, answer_of_orcid("login"))
    ada.refresh_from_db()
    assert (ada.orcid, ada.orcid_verified) == ("", False)


def test_an_id_confirmed_for_another_account_is_refused_with_a_sentence(
    request_of_ada: HttpRequest, ada: User, make_person: MakePerson
) -> None:
    actions.confirm_orcid(actor=make_person("ben@halvard.example"), orcid_id=ORCID)
    with pytest.raises(ImmediateHttpResponse) as stopped:
        SocialAdapter(request_of_ada).pre_social_login(request_of_ada, answer_of_orcid("connect"))
    assert stopped.value.response["Location"] == "/account/profile/"
    assert [str(message) for message in get_messages(request_of_ada)] == [TAKEN]
    ada.refresh_from_db()
    assert ada.orcid == ""


def test_signing_up_with_orcid_keeps_the_typed_names_and_the_confirmed_id(
    request_of_ada: HttpRequest,
) -> None:
    login = answer_of_orcid("login")
    adapter = SocialAdapter(request_of_ada)
    adapter.populate_user(request_of_ada, login, {"first_name": "Noor", "last_name": "El-Amin"})
    assert adapter.get_signup_form_initial_data(login) == {
        "email": "",
        "given_name": "Noor",
        "family_name": "El-Amin",
    }
    form = OrcidSignupForm(
        {"email": "noor@kestrelbay.example", "given_name": "Noor", "family_name": "el amin"},
        sociallogin=login,
    )
    assert form.is_valid(), form.errors
    person = adapter.save_user(request_of_ada, login, form)
    person.refresh_from_db()
    assert (person.email, person.family_name) == ("noor@kestrelbay.example", "el amin")
    assert (person.orcid, person.orcid_verified) == (ORCID, True)
    assert not person.has_usable_password()
