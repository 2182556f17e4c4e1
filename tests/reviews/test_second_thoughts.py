"""Declining with names and a later day, and changing one's mind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.actions import grant_role
from accounts.models import RoleName, User
from reviews import actions
from reviews.actions.answers import Colleague
from reviews.models import Assignment, ProposedReviewer
from reviews.queries import candidates, proposals_for
from submissions.models import Version
from submissions.states import Stage
from tests.reviews.conftest import REVIEW_BEGINS, agree
from tests.reviews.test_invitation_link import AGREE, link_in
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]
AGAIN = {"act": "reconsider"}
NAMES = {
    "act": "decline",
    "reason": "no_time",
    "first_name": "Wim  Wolter",
    "first_email": "Wim@Westmere.example",
    "second_name": "Noa Nyberg",
    "second_email": "noa@northgate.example",
}


@pytest.fixture(autouse=True)
def _now(version: Version) -> Any:
    with clock.frozen_at(REVIEW_BEGINS):
        yield


@pytest.fixture
def path(invite: Invite, rui: User) -> str:
    invite(rui)
    return link_in("review_invited")


@pytest.fixture
def nobody(client_of: ClientOf) -> Client:
    return client_of(None)


# --- Names ------------------------------------------------------------------------------------


def test_names_reach_the_editor_judged_and_nobody_else(
    path: str, nobody: Client, version: Version, eva: User
) -> None:
    people, letters = User.objects.count(), OutboxMessage.objects.count()
    assert nobody.post(path, NAMES).status_code == 200
    found = proposals_for(version, editor_key=eva.public_id)
    assert [(p.row.name, p.row.email, p.is_blocked, p.is_in_pool) for p in found] == [
        ("Wim Wolter", "wim@westmere.example", False, False),
        ("Noa Nyberg", "noa@northgate.example", True, False),
    ]
    assert [c.rule for c in found[1].conflicts] == ["F2"]
    assert User.objects.count() == people
    assert OutboxMessage.objects.count() == letters + 1
    mail = OutboxMessage.objects.get(kind="review_declined")
    assert mail.to == eva.email
    for expected in ("Wim Wolter, wim@westmere.example", "No conflict found", "Conflict (F2)"):
        assert expected in mail.text


def test_a_named_author_is_shown_as_one(
    invite: Invite, rui: User, ben: User, version: Version, eva: User
) -> None:
    actions.decline_assignment(
        actor=rui, assignment=invite(rui), colleagues=[Colleague("B. Brandt", ben.email.upper())]
    )
    [found] = proposals_for(version, editor_key=eva.public_id)
    assert (found.user, [c.rule for c in found.conflicts]) == (ben, ["F1"])


def test_somebody_of_the_pool_is_marked_among_the_candidates(
    invite: Invite, rui: User, sol: User, version: Version, eva: User
) -> None:
    actions.decline_assignment(
        actor=rui, assignment=invite(rui), colleagues=[Colleague("Sol", sol.email)]
    )
    found = candidates(version, editor_key=eva.public_id, size=1)
    assert {c.user.email: c.proposed_by for c in found if c.proposed_by} == {
        sol.email: "Rui Rezende"
    }
    assert not any(c.is_asked for c in found if c.user == sol)
    [proposal] = proposals_for(version, editor_key=eva.public_id)
    assert (proposal.user, proposal.is_in_pool) == (sol, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_name": ""}, "Write whose address Wim@Westmere.example is"),
        ({"second_email": "noa at northgate"}, "This is no mail address"),
        ({"ask_again_on": "2024-07-05"}, "does not lie in the twelve months ahead"),
        ({"ask_again_on": "2026-01-01"}, "does not lie in the twelve months ahead"),
        ({"ask_again_on": "soon"}, "The day is written like"),
        ({"first_email": "rui@saolazaro.example"}, "is the address of this invitation"),
        ({"note": "x" * 2001}, "2000"),
    ],
)
def test_bad_input_names_the_field_and_loses_nothing(
    path: str, nobody: Client, changes: dict[str, str], sentence: str
) -> None:
    page = nobody.post(path, {**NAMES, **changes})
    assert page.status_code == 400
    content = page.content.decode()
    assert sentence in content
    assert "Noa Nyberg" in content
    assert Assignment.objects.get().state == "invited"
    assert not ProposedReviewer.objects.exists()


def test_the_same_person_twice_is_named_once(invite: Invite, rui: User) -> None:
    twice = [
        Colleague("Wim Wolter", "wim@westmere.example"),
        Colleague("W.", "WIM@westmere.example"),
    ]
    actions.decline_assignment(actor=rui, assignment=invite(rui), colleagues=twice)
    assert [str(p) for p in ProposedReviewer.objects.all()] == ["Wim Wolter <wim@westmere.example>"]


def test_more_names_than_the_form_has_are_refused(invite: Invite, rui: User) -> None:
    three = [Colleague(name) for name in ("One", "Two", "Three")]
    with pytest.raises(Refusal) as caught:
        actions.decline_assignment(actor=rui, assignment=invite(rui), colleagues=three)
    assert caught.value.code == "too_many_names"


def test_ask_me_later_with_a_day(invite: Invite, rui: User) -> None:
    assignment = actions.decline_assignment(
        actor=rui, assignment=invite(rui), ask_again_on=date(2024, 8, 1)
    )
    assert (assignment.decline_reason, assignment.ask_again_on) == ("ask_later", date(2024, 8, 1))
    assert (
        "asked again from 1 August 2024" in OutboxMessage.objects.get(kind="review_declined").text
    )
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=1)):
        assert invite(rui).ask_again_on is None


# --- Second thoughts --------------------------------------------------------------------------


def test_declining_and_changing_ones_mind_while_the_place_is_free(
    path: str, nobody: Client, eva: User
) -> None:
    nobody.post(path, {"act": "decline", "reason": "no_time"})
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=2)):
        assert "I can review it after all" in nobody.get(path).content.decode()
        assert Assignment.objects.get().state == "declined"
        assert nobody.post(path, AGAIN)["Location"] == path
        assignment = Assignment.objects.get()
        assert (assignment.state, assignment.decline_reason) == ("invited", "")
        assert assignment.answer_by is not None
        assert assignment.answer_by > clock.now() + timedelta(days=5)
        nobody.post(path, AGREE)
    assert Assignment.objects.get().state == "agreed"
    mail = OutboxMessage.objects.get(kind="review_reconsidered")
    assert mail.to == eva.email
    assert "the invitation is open again" in mail.text


def test_no_place_beyond_the_wanted_number(
    path: str,
    nobody: Client,
    invite: Invite,
    sol: User,
    tea: User,
    uma: User,
    eva: User,
    issue: SpecialIssue,
    sam: User,
) -> None:
    nobody.post(path, {"act": "decline"})
    grant_role(actor="system:test", issue=issue, person=sam, name=RoleName.REVIEWER)
    for person in (sol, tea, uma, sam):
        invite(person)
    for _ in range(2):
        page = nobody.post(path, AGAIN)
        assert page.status_code == 410
        assert "All places are taken by now" in page.content.decode()
    assert Assignment.objects.get(reviewer__given_name="Rui").state == "declined"
    [mail] = OutboxMessage.objects.filter(kind="review_reconsidered")
    assert (mail.to, "All places are taken" in mail.text) == (eva.email, True)


@pytest.mark.parametrize("has_schedule_run", [True, False])
def test_agreeing_after_expiry_takes_one_more_press(
    path: str, nobody: Client, has_schedule_run: bool
) -> None:
    assignment = Assignment.objects.get()
    assert assignment.answer_by is not None
    with clock.frozen_at(assignment.answer_by + timedelta(hours=1)):
        if has_schedule_run:
            actions.expire_invitation(actor="system:test", assignment=assignment)
        assert nobody.post(path, AGREE).status_code == 410
        assert nobody.post(path, AGAIN)["Location"] == path
        assert nobody.post(path, AGREE).status_code == 302
    assert Assignment.objects.get().state == "agreed"


def test_an_upheld_conflict_is_not_thought_over(invite: Invite, rui: User, eva: User) -> None:
    held = agree(invite(rui), has_conflict=True, coi_statement="We share a grant.")
    actions.release_hold(actor=eva, assignment=held, uphold=True, reason="A shared grant.")
    with pytest.raises(Refusal) as caught:
        actions.reconsider_assignment(actor=rui, assignment=held)
    assert caught.value.code == "assignment_moved"


@pytest.mark.parametrize("end", ["rescind", "unassign"])
def test_what_the_editor_ended_stays_ended(
    invite: Invite, rui: User, eva: User, client_of: ClientOf, end: str
) -> None:
    assignment = invite(rui)
    if end == "rescind":
        actions.rescind_invitation(actor=eva, assignment=assignment)
    else:
        actions.unassign_reviewer(actor=eva, assignment=agree(assignment), reason="late")
    browser = client_of(rui)
    page = browser.get(f"/reviews/{assignment.public_id}/")
    assert "after all" not in page.content.decode()
    browser.post(f"/reviews/{assignment.public_id}/reconsider/")
    assert Assignment.objects.get().state in {"rescinded", "unassigned"}


def test_after_the_round_it_is_too_late(
    path: str, nobody: Client, eva: User, version: Version
) -> None:
    nobody.post(path, {"act": "decline"})
    actions.close_round(actor=eva, version=version)
    version.manuscript.stage = Stage.REJECTED
    version.manuscript.save()
    assert nobody.post(path, AGAIN).status_code == 404
    assert Assignment.objects.get().state == "declined"


def test_signed_in_the_own_page_offers_it(invite: Invite, rui: User, client_of: ClientOf) -> None:
    assignment = actions.decline_assignment(actor=rui, assignment=invite(rui))
    browser = client_of(rui)
    show = f"/reviews/{assignment.public_id}/"
    assert "I can review it after all" in browser.get(show).content.decode()
    assert browser.get(f"{show}reconsider/").status_code == 405
    browser.post(f"{show}reconsider/")
    assert "Agree to review" in browser.get(show).content.decode()


def test_thinking_again_twice_is_once(invite: Invite, rui: User, sol: User) -> None:
    assignment = actions.decline_assignment(actor=rui, assignment=invite(rui))
    with pytest.raises(Refusal):
        actions.reconsider_assignment(actor=sol, assignment=assignment)
    for _ in range(2):
        assert actions.reconsider_assignment(actor=rui, assignment=assignment).state == "invited"
    assert AuditEntry.objects.filter(verb="assignment.reconsidered").count() == 1
