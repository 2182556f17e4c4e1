"""A link in the hands of another account: taken over when that is harmless, refused in silence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Affiliation, RoleName, User
from accounts.queries import role_names
from reviews import actions
from reviews.models import Assignment, ReviewerLabel
from submissions.models import Version
from tests.reviews.conftest import REVIEW_BEGINS, agree
from tests.reviews.test_invitation_link import AGREE, link_in
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]
CLAIM = {"act": "claim"}


@pytest.fixture(autouse=True)
def _now(version: Version) -> Any:
    with clock.frozen_at(REVIEW_BEGINS):
        yield


@pytest.fixture
def path(invite: Invite, rui: User) -> str:
    """The link in Rui's invitation."""
    invite(rui)
    return link_in("review_invited")


def test_opening_it_changes_nothing(path: str, client_of: ClientOf, sam: User) -> None:
    entries = AuditEntry.objects.count()
    for content in ({}, AGREE, {"act": "decline"}, {"act": "open"}):
        browser = client_of(sam)
        answer = browser.post(path, content) if content else browser.get(path)
        assert answer.status_code == 200
        content = answer.content.decode()
        assert "Take it over with this account" in content
        for secret in ("Sentence-Level", "Rezende", "TMI-FM-2024-0001"):
            assert secret not in content
    assert AuditEntry.objects.count() == entries
    assert Assignment.objects.get().reviewer.given_name == "Rui"


def test_a_wrong_address_is_no_obstacle(
    path: str, client_of: ClientOf, sam: User, rui: User, eva: User, issue: SpecialIssue
) -> None:
    browser = client_of(sam)
    show = browser.post(path, CLAIM)["Location"]
    assignment = Assignment.objects.get()
    assert (assignment.reviewer, assignment.state) == (sam, "invited")
    assert role_names(sam, issue) == {RoleName.REVIEWER}
    assert "Agree to review" in browser.get(show).content.decode()
    assert browser.post(f"{show}agree/", AGREE).status_code == 302
    assert Assignment.objects.get().state == "agreed"
    told = OutboxMessage.objects.filter(kind__in=["review_claimed", "review_moved_away"])
    assert {row.to for row in told} == {eva.email, rui.email}
    assert sam.email not in told.get(to=rui.email).text
    [entry] = AuditEntry.objects.filter(verb="assignment.claimed")
    assert (entry.actor, entry.facts["former"]) == (sam.audit_key, rui.audit_key)


def test_the_old_link_dies_with_the_claim(
    path: str, client_of: ClientOf, sam: User, rui: User
) -> None:
    client_of(sam).post(path, CLAIM)
    for browser in (client_of(None), client_of(sam), client_of(rui)):
        assert browser.get(path).status_code == 404
    assert client_of(rui).get("/reviews/").content.decode().count("TMI-FM-2024-0001") == 0


def test_a_review_in_work_moves_with_its_text_and_number(
    path: str, client_of: ClientOf, sam: User, rui: User
) -> None:
    nobody = client_of(None)
    show = nobody.post(path, AGREE)["Location"]
    assignment = Assignment.objects.get()
    actions.save_review(actor=rui, assignment=assignment, answers={"originality": 4}, edit_count=0)
    number = ReviewerLabel.objects.get().number
    client_of(sam).post(link_in("review_agreed"), CLAIM)
    label = ReviewerLabel.objects.get()
    assert (label.reviewer, label.number) == (sam, number)
    assert Assignment.objects.get().review.answers == {"originality": 4}
    assert nobody.get(show).status_code == 404
    assert client_of(sam).get(show).status_code == 200


@pytest.mark.parametrize("who", ["ada", "ben", "eva", "gus", "kim", "ivo"])
def test_a_part_in_the_manuscript_or_the_desk_bars(
    path: str, client_of: ClientOf, who: str, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(who))
    for answer in (browser.get(path), browser.post(path, CLAIM), browser.post(path, AGREE)):
        assert answer.status_code == 403
        content = answer.content.decode()
        assert "This account cannot use the link" in content
        for secret in ("Sentence-Level", "Rezende", "TMI-FM-2024-0001"):
            assert secret not in content
    assert Assignment.objects.get().reviewer.given_name == "Rui"


def test_a_place_or_an_earlier_answer_on_the_manuscript_bars(
    path: str, client_of: ClientOf, invite: Invite, sol: User, tea: User
) -> None:
    agree(invite(sol))
    actions.decline_assignment(actor=tea, assignment=invite(tea))
    for person in (sol, tea):
        assert client_of(person).post(path, CLAIM).status_code == 403
    assert Assignment.objects.get(reviewer__given_name="Rui").state == "invited"


def test_a_colleague_of_an_author_is_barred(path: str, client_of: ClientOf, sam: User) -> None:
    Affiliation.objects.create(
        user=sam, institution="Northgate University", mail_domain="northgate.example"
    )
    assert client_of(sam).post(path, CLAIM).status_code == 403


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_what_has_ended_is_not_taken_over(
    path: str, client_of: ClientOf, sam: User, rui: User, end: str
) -> None:
    assignment = Assignment.objects.get()
    if end == "declined":
        actions.decline_assignment(actor=rui, assignment=assignment)
    else:
        Assignment.objects.update(answer_by=REVIEW_BEGINS.replace(month=6))
    assert client_of(sam).post(path, CLAIM).status_code == 403
    assert Assignment.objects.get().reviewer == rui


def test_two_accounts_of_one_person_claim_at_once(invite: Invite, rui: User, sam: User) -> None:
    first = invite(rui)
    actions.claim_invitation(actor=sam, assignment=first)
    again = actions.claim_invitation(actor=sam, assignment=first)
    assert again.reviewer == sam
    assert AuditEntry.objects.filter(verb="assignment.claimed").count() == 1


def test_the_action_itself_refuses_an_author(invite: Invite, rui: User, ben: User) -> None:
    assignment = invite(rui)
    with pytest.raises(Refusal) as caught:
        actions.claim_invitation(actor=ben, assignment=assignment)
    assert caught.value.code == "not_for_this_account"
    assert Assignment.objects.get().reviewer == rui
