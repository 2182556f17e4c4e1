"""How a session begins and ends."""

import time

import pytest
from django.test import Client

from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.models import RoleName, User
from tests.accounts.conftest import PASSWORD, MakePerson, sign_in
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db

DAY = 24 * 3600


@pytest.fixture
def ada(make_person: MakePerson) -> User:
    return make_person("ada@northgate.example")


def test_signing_in_begins_a_new_session(client: Client, ada: User) -> None:
    """A session that somebody planted before is worth nothing afterwards (fixation)."""
    client.get("/account/login/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["session"] = str(planted)
    sign_in(client, ada)
    assert client.session.session_key != planted
    stranger = Client()
    stranger.cookies["session"] = str(planted)
    assert stranger.get("/account/profile/").status_code == 302


def test_signing_out_ends_the_session_and_clears_the_browser(client: Client, ada: User) -> None:
    sign_in(client, ada)
    kept = client.cookies["session"].value
    answer = client.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["session"] = kept
    assert client.get("/account/profile/").status_code == 302


def test_reading_the_sign_out_page_changes_nothing(client: Client, ada: User) -> None:
    sign_in(client, ada)
    client.get("/account/logout/")
    assert client.get("/account/profile/").status_code == 200


def test_a_new_password_ends_every_session(client: Client, ada: User) -> None:
    other = Client()
    sign_in(other, ada)
    sign_in(client, ada)
    new = "eleven quiet harbours"
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert other.get("/account/profile/").status_code == 302


def test_other_sessions_can_be_ended(client: Client, ada: User) -> None:
    other = Client()
    sign_in(other, ada)
    sign_in(client, ada)
    assert client.get("/account/sessions/").context["session_count"] == 2
    client.post("/account/sessions/")
    assert other.get("/account/profile/").status_code == 302
    assert client.get("/account/profile/").status_code == 200


@pytest.mark.parametrize(
    ("key", "age", "status"),
    [
        (SEEN_AT, 11 * 3600, 200),
        (SEEN_AT, 13 * 3600, 302),
        (SIGNED_IN_AT, 13 * DAY, 200),
        (SIGNED_IN_AT, 15 * DAY, 302),
    ],
)
def test_a_session_ends_after_a_pause_and_after_its_longest_life(
    client: Client, ada: User, key: str, age: int, status: int
) -> None:
    sign_in(client, ada)
    session = client.session
    session[key] = int(time.time()) - age
    session.save()
    assert client.get("/account/profile/").status_code == status


@pytest.mark.parametrize(("age", "is_signed_out"), [(2 * DAY, False), (4 * DAY, True)])
def test_the_desk_asks_for_a_new_sign_in_sooner(
    client: Client,
    make_person: MakePerson,
    open_issue: SpecialIssue,
    age: int,
    is_signed_out: bool,
) -> None:
    eva = make_person("eva@northgate.example", RoleName.GUEST_EDITOR, issue=open_issue)
    sign_in(client, eva)
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - age
    session.save()
    client.get("/desk/")
    assert ("_auth_user_id" not in client.session) == is_signed_out


def test_a_page_is_read_without_writing_the_session(client: Client, ada: User) -> None:
    sign_in(client, ada)
    client.get("/account/profile/")
    before = client.session[SEEN_AT]
    answer = client.get("/account/profile/")
    assert client.session[SEEN_AT] == before
    assert "session" not in answer.cookies


def test_a_closed_account_is_out_at_the_next_request(client: Client, ada: User) -> None:
    sign_in(client, ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/account/profile/").status_code == 302
