"""Roles per issue: who has them, which doors they open, who gives them."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts import actions, permissions, queries
from accounts.context import doors
from accounts.doors import first_door
from accounts.models import Role, RoleName, User
from tests.accounts.conftest import MakePerson
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_issue(open_issue: SpecialIssue) -> SpecialIssue:
    other = SpecialIssue.objects.get(pk=open_issue.pk)
    other.pk = None
    other.key = "another-2025"
    other.opened_at = datetime(2023, 2, 1, tzinfo=UTC)
    other.save()
    return other


@pytest.fixture
def eva(make_person: MakePerson, open_issue: SpecialIssue) -> User:
    return make_person(
        "eva@halvard.example",
        RoleName.GUEST_EDITOR,
        RoleName.REVIEWER,
        issue=open_issue,
        family_name="Lindqvist",
    )


@pytest.fixture
def ivo(make_person: MakePerson, open_issue: SpecialIssue) -> User:
    return make_person("ivo@tarnby.example", RoleName.OFFICE, issue=open_issue, family_name="Aal")


def test_role_names_are_those_of_the_issue_that_have_not_ended(
    eva: User, open_issue: SpecialIssue, other_issue: SpecialIssue
) -> None:
    Role.objects.create(issue=other_issue, user=eva, name=RoleName.EDITOR_IN_CHIEF)
    Role.objects.create(
        issue=open_issue, user=eva, name=RoleName.OFFICE, ended_at=open_issue.opened_at
    )
    assert queries.role_names(eva, open_issue) == {"guest_editor", "reviewer"}
    assert queries.role_names(eva, other_issue) == {"editor_in_chief"}
    assert queries.role_names_anywhere(eva) == {"guest_editor", "reviewer", "editor_in_chief"}
    assert queries.role_names(AnonymousUser(), open_issue) == frozenset()


def test_people_with_a_role_are_listed_once_and_in_order(
    eva: User, ivo: User, make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    gus = make_person(
        "gus@orrin.example",
        RoleName.GUEST_EDITOR,
        RoleName.LEAD_GUEST_EDITOR,
        issue=open_issue,
        family_name="Berg",
    )
    make_person("old@orrin.example", RoleName.GUEST_EDITOR, issue=open_issue, is_active=False)
    assert list(queries.editors(open_issue)) == [gus, eva]
    assert list(queries.people_with(open_issue, "office", "guest_editor")) == [ivo, gus, eva]


def test_issues_with_role(eva: User, open_issue: SpecialIssue, other_issue: SpecialIssue) -> None:
    Role.objects.create(issue=other_issue, user=eva, name=RoleName.REVIEWER)
    assert list(queries.issues_with_role(eva)) == [open_issue, other_issue]
    assert list(queries.issues_with_role(eva, "guest_editor")) == [open_issue]
    assert list(queries.issues_with_role(AnonymousUser())) == []


@pytest.mark.parametrize(
    ("roles", "open_doors", "first"),
    [
        ([], {"author"}, "/submissions/"),
        ([RoleName.REVIEWER], {"author", "reviewer"}, "/reviews/"),
        ([RoleName.GUEST_EDITOR], {"author", "desk"}, "/desk/"),
        ([RoleName.LEAD_GUEST_EDITOR], {"author", "desk"}, "/desk/"),
        ([RoleName.EDITOR_IN_CHIEF, RoleName.REVIEWER], {"author", "reviewer", "desk"}, "/desk/"),
        ([RoleName.OFFICE], {"author", "desk", "office"}, "/desk/"),
    ],
)
def test_doors_follow_from_roles(
    make_person: MakePerson,
    open_issue: SpecialIssue,
    rf: RequestFactory,
    roles: list[str],
    open_doors: set[str],
    first: str,
) -> None:
    request = rf.get("/")
    request.user = make_person("rui@kestrelbay.example", *roles, issue=open_issue)
    shown = doors(request)["doors"]
    assert {name for name in shown if shown[name]} == open_doors
    assert first_door(request.user) == first


def test_a_page_that_asks_for_no_door_costs_no_query(
    eva: User, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get("/")
    request.user = eva
    with django_assert_num_queries(0):
        shown = doors(request)["doors"]
    with django_assert_num_queries(1):
        assert (shown["desk"], shown["office"], shown["reviewer"]) == (True, False, True)


def test_a_stranger_has_no_door_and_costs_no_query(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        assert not any(doors(request)["doors"].values())


def test_the_office_grants_and_ends_roles_and_the_record_tells(
    ivo: User, make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    tea = make_person("tea@westmere.example")
    for _ in range(2):
        actions.grant_role(actor=ivo, issue=open_issue, person=tea, name="reviewer")
    assert queries.role_names(tea, open_issue) == {"reviewer"}
    for _ in range(2):
        actions.end_role(actor=ivo, issue=open_issue, person=tea, name="reviewer")
    assert queries.role_names(tea, open_issue) == frozenset()
    actions.grant_role(actor=ivo, issue=open_issue, person=tea, name="reviewer")
    told = AuditEntry.objects.filter(subject=open_issue.audit_key).order_by("sequence")
    assert [(entry.verb, entry.actor, entry.facts["person"]) for entry in told] == [
        (verb, ivo.audit_key, tea.audit_key)
        for verb in ("role.granted", "role.ended", "role.granted")
    ]


def test_nobody_else_grants_or_ends_roles(
    eva: User, ivo: User, open_issue: SpecialIssue, other_issue: SpecialIssue
) -> None:
    for actor, issue in ((eva, open_issue), (ivo, other_issue)):
        with pytest.raises(Refusal) as refused:
            actions.grant_role(actor=actor, issue=issue, person=eva, name="office")
        assert refused.value.code == "not_office"
        with pytest.raises(Refusal):
            actions.end_role(actor=actor, issue=issue, person=ivo, name="office")
    assert queries.role_names(ivo, open_issue) == {"office"}


def test_permissions_follow_from_roles(eva: User, ivo: User, open_issue: SpecialIssue) -> None:
    assert permissions.may_use_desk(eva, open_issue)
    assert permissions.may_act_for_office(ivo, open_issue)
    assert not permissions.may_act_for_office(eva, open_issue)
    assert not permissions.may_use_desk(AnonymousUser(), open_issue)
    assert not permissions.may_edit_person(eva, ivo)
