"""What reviewers ask of the desk: more time, and a look at the people whom they named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import RoleName, User
from accounts.queries import role_names
from editors import actions
from reviews.models import Assignment, ProposedReviewer
from submissions.models import Version
from submissions.states import Stage
from tests.editors.building import add_reviewer, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

ClientOf = Callable[[User | None], Client]
LIMIT = datetime(2024, 8, 12, 11, 59, 59, tzinfo=UTC)  # 11 August anywhere on Earth


@pytest.fixture
def version(issue: SpecialIssue, ada: User, ben: User, eva: User) -> Version:
    return make_manuscript(issue, ada, coauthors=[ben], stage=Stage.IN_REVIEW, editor=eva)


@pytest.fixture
def assignment(version: Version, rui: User, eva: User) -> Assignment:
    return add_reviewer(version, rui, invited_by=eva)


def asked(assignment: Assignment, until: datetime) -> Assignment:
    """As after `ask_for_time` beyond the slack."""
    assignment.asked_until = until
    assignment.save()
    return assignment


@pytest.mark.parametrize(
    ("who", "until", "granted", "words"),
    [
        ("eva", LIMIT - timedelta(days=1), LIMIT - timedelta(days=1), "Grant it"),
        ("eva", LIMIT + timedelta(days=5), LIMIT, "the latest that you may sign"),
        ("kim", LIMIT + timedelta(days=5), LIMIT + timedelta(days=5), "Grant it"),
    ],
)
def test_one_tap_grants_what_the_editor_may_sign(
    assignment: Assignment,
    client_of: ClientOf,
    request: pytest.FixtureRequest,
    who: str,
    until: datetime,
    granted: datetime,
    words: str,
) -> None:
    asked(assignment, until)
    person = request.getfixturevalue(who)
    browser = client_of(person)
    manuscript = assignment.version.manuscript
    page = browser.get(reverse("desk:manuscript", args=[manuscript.public_id])).content.decode()
    assert words in page
    address = reverse("desk:grant_time", args=[manuscript.public_id, assignment.public_id])
    assert address in page
    assert browser.get(address).status_code == 405
    browser.post(address)
    assignment.refresh_from_db()
    assert (assignment.due_at, assignment.asked_until) == (granted, None)
    [mail] = OutboxMessage.objects.filter(kind="review_extended")
    assert mail.to == assignment.reviewer.email
    browser.post(address)  # a double click
    assert OutboxMessage.objects.filter(kind="review_extended").count() == 1


@pytest.mark.parametrize("who", ["gus", "ivo", "ada", "sam"])
def test_nobody_else_grants(
    assignment: Assignment, client_of: ClientOf, request: pytest.FixtureRequest, who: str
) -> None:
    asked(assignment, LIMIT)
    manuscript = assignment.version.manuscript
    browser = client_of(request.getfixturevalue(who))
    address = reverse("desk:grant_time", args=[manuscript.public_id, assignment.public_id])
    assert browser.post(address).status_code == 404
    assignment.refresh_from_db()
    assert assignment.asked_until == LIMIT
    page = browser.get(reverse("desk:manuscript", args=[manuscript.public_id]))
    assert address not in page.content.decode()


def test_nothing_is_granted_that_was_not_asked(assignment: Assignment, eva: User) -> None:
    with pytest.raises(Refusal) as caught:
        actions.grant_time(actor=eva, assignment=assignment)
    assert caught.value.code == "nothing_asked"


# --- Names ------------------------------------------------------------------------------------


def named(assignment: Assignment, name: str, email: str) -> ProposedReviewer:
    Assignment.objects.filter(pk=assignment.pk).update(state="declined")
    return ProposedReviewer.objects.create(assignment=assignment, name=name, email=email)


def admit(browser: Client, proposal: ProposedReviewer) -> Any:
    manuscript = proposal.assignment.version.manuscript
    return browser.post(
        reverse("desk:admit_proposal", args=[manuscript.public_id, proposal.public_id]), follow=True
    )


def test_a_named_person_becomes_a_candidate_and_hears_nothing(
    assignment: Assignment, client_of: ClientOf, eva: User, issue: SpecialIssue
) -> None:
    proposal = named(assignment, "Wim Wolter", "wim@wolter.example")
    browser = client_of(eva)
    manuscript = assignment.version.manuscript
    page = browser.get(reverse("desk:panel", args=[manuscript.public_id])).content.decode()
    assert "Named by reviewers who declined" in page
    assert "named by Rui Rezende" in page
    for _ in range(2):
        answer = admit(browser, proposal)
        assert "has not been written to" in answer.content.decode()
    person = User.objects.get(email="wim@wolter.example")
    assert (person.full_name, role_names(person, issue)) == ("Wim Wolter", {RoleName.REVIEWER})
    assert f'value="{person.public_id}"' in answer.content.decode()
    assert not OutboxMessage.objects.filter(to=person.email).exists()
    assert AuditEntry.objects.filter(verb="proposal.admitted").count() == 2
    assert not Assignment.objects.filter(reviewer=person).exists()


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ben@halvard.example", "is an author of this manuscript"),
        ("noa@halvard.example", "cannot review this manuscript"),
        ("", "No address is known for"),
    ],
)
def test_conflicts_and_bare_names_are_refused(
    assignment: Assignment, client_of: ClientOf, eva: User, email: str, sentence: str
) -> None:
    people = User.objects.count()
    proposal = named(assignment, "Noa Nyberg", email)
    assert sentence in admit(client_of(eva), proposal).content.decode()
    assert User.objects.count() == people


def test_the_address_of_a_public_provider_is_flagged(
    assignment: Assignment, client_of: ClientOf, eva: User
) -> None:
    named(assignment, "Wim Wolter", "wim.wolter@gmail.com")
    manuscript = assignment.version.manuscript
    page = client_of(eva).get(reverse("desk:panel", args=[manuscript.public_id])).content.decode()
    assert "make sure that it is theirs" in page


@pytest.mark.parametrize("who", ["gus", "ivo", "ada", "rui"])
def test_only_the_handling_editor_adds_candidates(
    assignment: Assignment, client_of: ClientOf, request: pytest.FixtureRequest, who: str
) -> None:
    proposal = named(assignment, "Wim Wolter", "wim@wolter.example")
    assert admit(client_of(request.getfixturevalue(who)), proposal).status_code == 404
    assert not User.objects.filter(email="wim@wolter.example").exists()


def test_a_name_of_another_manuscript_is_not_found(
    assignment: Assignment, client_of: ClientOf, eva: User, issue: SpecialIssue, ada: User
) -> None:
    proposal = named(assignment, "Wim Wolter", "wim@wolter.example")
    other = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva, title="Another one")
    crossed = reverse("desk:admit_proposal", args=[other.manuscript.public_id, proposal.public_id])
    assert client_of(eva).post(crossed).status_code == 404


def test_a_later_day_stands_beside_the_name(
    assignment: Assignment, client_of: ClientOf, eva: User
) -> None:
    Assignment.objects.update(state="declined", ask_again_on=clock.now().date() + timedelta(40))
    manuscript = assignment.version.manuscript
    for page in ("desk:manuscript", "desk:panel"):
        answer = client_of(eva).get(reverse(page, args=[manuscript.public_id]))
        assert "ask again from 30 Jul 2024" in answer.content.decode()
