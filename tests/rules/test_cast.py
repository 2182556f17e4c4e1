"""The cast is what the other tests believe it to be."""

from __future__ import annotations

from accounts.models import Affiliation, User
from accounts.queries import role_names
from tests.people import PARTS, ROLES, make_person
from tmi_special_issue import clock
from tmi_special_issue.models import Milestone, MilestoneKind, SpecialIssue


def test_only_gus_shares_an_institution_with_ada(issue: SpecialIssue) -> None:
    people = {name: make_person(name, issue) for name in PARTS}
    at_northgate = Affiliation.objects.filter(mail_domain="northgate.example")
    assert {row.user for row in at_northgate} == {people["ada"], people["gus"]}


def test_everybody_has_at_most_one_role(issue: SpecialIssue) -> None:
    roles = {name: set(role_names(make_person(name, issue), issue)) for name in PARTS}
    assert roles == {name: {ROLES[name]} if name in ROLES else set() for name in PARTS}


def test_the_issue_is_open(issue: SpecialIssue, ada: User) -> None:
    closes = Milestone.objects.get(issue=issue, kind=MilestoneKind.SUBMISSION).due_at
    assert (closes - clock.now()).days == 11
    assert ada.orcid_verified is True
