"""Sign in as: a page for rehearsals. That production has no such address: test_production."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import RoleName
from accounts.rehearsal import _groups, sign_in_as
from tests.accounts.conftest import MakePerson
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db


def ready(request: HttpRequest) -> HttpRequest:
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    request.user = AnonymousUser()
    return request


def test_outside_a_rehearsal_even_the_view_does_not_exist(
    rf: RequestFactory, make_person: MakePerson, settings: Settings
) -> None:
    settings.REHEARSAL = False
    ada = make_person("ada@northgate.example")
    for request in (rf.get("/"), rf.post("/", {"person": ada.public_id})):
        with pytest.raises(Http404):
            sign_in_as(ready(request))


def test_a_post_signs_in_and_leads_to_the_door(
    rf: RequestFactory, make_person: MakePerson, open_issue: SpecialIssue, settings: Settings
) -> None:
    settings.REHEARSAL = True
    eva = make_person("eva@halvard.example", RoleName.GUEST_EDITOR, issue=open_issue)
    request = ready(rf.post("/", {"person": eva.public_id}))
    answer = sign_in_as(request)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert request.user == eva


def test_a_foreign_next_and_an_unknown_person_are_refused(
    rf: RequestFactory, make_person: MakePerson, settings: Settings
) -> None:
    settings.REHEARSAL = True
    ada = make_person("ada@northgate.example")
    foreign = {"person": ada.public_id, "next": "//evil.example/"}
    assert sign_in_as(ready(rf.post("/", foreign)))["Location"] == "/submissions/"
    with pytest.raises(Http404):
        sign_in_as(ready(rf.post("/", {"person": "0" * 16})))


def test_everybody_is_listed_once_under_the_first_role(
    make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    make_person(
        "eva@halvard.example",
        RoleName.GUEST_EDITOR,
        RoleName.REVIEWER,
        issue=open_issue,
        given_name="Eva",
        family_name="Lindqvist",
    )
    make_person("rui@kestrelbay.example", RoleName.REVIEWER, issue=open_issue, family_name="Rui")
    make_person("ada@northgate.example", family_name="Ferrante")
    make_person("root@northgate.example", is_superuser=True)
    make_person("left@northgate.example", is_active=False)
    shown = {
        group["title"]: [person["name"] for person in group["people"]]  # type: ignore[attr-defined]
        for group in _groups()
    }
    assert shown == {
        "Guest editors": ["Eva Lindqvist"],
        "Reviewers": ["Rui"],
        "Authors and everybody else": ["Ferrante"],
    }
