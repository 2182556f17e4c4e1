"""The author asks to withdraw; the desk answers; everybody hears what concerns them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions as desk
from editors.models import Decision
from editors.states import DecisionState
from reviews.models import Assignment
from reviews.states import AssignmentState
from submissions import actions
from submissions.models import Manuscript, WithdrawalRequest
from submissions.states import Stage, WithdrawalAnswer
from tests.cast import Story, fresh
from tests.submissions.test_actions import refused
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


def ask(story: Story, manuscript: Manuscript) -> WithdrawalRequest:
    return actions.ask_withdrawal(
        actor=story.ada, manuscript=fresh(manuscript), reason="The data must be collected anew."
    )


def mailed(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("to", flat=True))


def test_asking_changes_nothing_but_tells_the_office_once(story: Story) -> None:
    manuscript = story.submitted()
    assert ask(story, manuscript) == ask(story, manuscript)
    assert fresh(manuscript).stage == Stage.SUBMITTED
    assert mailed("withdrawal_asked") == {story.issue.contact_email, story.ivo.email}


def test_only_who_works_on_it_can_ask_and_only_with_a_reason(story: Story) -> None:
    manuscript = story.submitted()
    for person in (story.ben, story.sam, story.eva):
        with refused("not_found"):
            actions.ask_withdrawal(actor=person, manuscript=manuscript, reason="x")
    with refused("reason_missing"):
        actions.ask_withdrawal(actor=story.ada, manuscript=manuscript, reason="  ")
    draft = story.draft()
    with refused("wrong_stage"):
        actions.ask_withdrawal(actor=story.ada, manuscript=draft, reason="x")


def test_confirmed_every_open_review_ends_and_a_held_letter_never_leaves(story: Story) -> None:
    manuscript = story.in_review()
    story.deliver(manuscript, "rui")
    story.deliver(manuscript, "sol")
    ask(story, manuscript)
    desk.confirm_withdrawal(actor=story.ivo, manuscript=fresh(manuscript))
    assert fresh(manuscript).stage == Stage.WITHDRAWN
    states = {
        row.reviewer.given_name: row.state
        for row in Assignment.objects.filter(version__manuscript=manuscript)
    }
    assert states == {
        "Rui": AssignmentState.CLOSED,
        "Sol": AssignmentState.CLOSED,
        "Tea": AssignmentState.UNASSIGNED,
        "Uma": AssignmentState.UNASSIGNED,
    }
    assert mailed("review_unassigned") == {story.tea.email, story.uma.email}
    mail = OutboxMessage.objects.filter(kind="review_unassigned").latest("id")
    assert "the authors have withdrawn" in mail.text
    assert "decided" not in mail.text
    assert mailed("manuscript_withdrawn") == {story.ada.email, story.ben.email}


def test_a_decision_that_is_not_out_yet_is_thrown_away(story: Story) -> None:
    manuscript = story.reviewed("reject")
    decision = story.draft_decision(manuscript, "reject")
    ask(story, manuscript)
    desk.confirm_withdrawal(actor=story.kim, manuscript=fresh(manuscript))
    decision.refresh_from_db()
    assert decision.state == DecisionState.DISCARDED
    assert not Decision.objects.filter(state=DecisionState.RELEASED).exists()
    assert mailed("decision_released") == set()


def test_nobody_withdraws_what_no_author_asked_for(story: Story) -> None:
    manuscript = story.submitted()
    with refused("not_asked"):
        desk.confirm_withdrawal(actor=story.ivo, manuscript=manuscript)
    ask(story, manuscript)
    actions.take_back_withdrawal(actor=story.ada, manuscript=manuscript)
    with refused("not_asked"):
        desk.confirm_withdrawal(actor=story.ivo, manuscript=manuscript)
    assert WithdrawalRequest.objects.get().answer == WithdrawalAnswer.TAKEN_BACK


def test_a_guest_editor_does_not_answer_and_one_in_conflict_finds_nothing(story: Story) -> None:
    manuscript = story.handled()
    ask(story, manuscript)
    for person, code in ((story.eva, "not_allowed"), (story.gus, "not_found")):
        with pytest.raises(Refusal) as caught:
            desk.confirm_withdrawal(actor=person, manuscript=fresh(manuscript))
        assert caught.value.code == code


def test_declined_the_author_reads_why_and_may_ask_again(story: Story, client_of: SignIn) -> None:
    manuscript = story.submitted()
    ask(story, manuscript)
    page = reverse("desk:manuscript", args=[manuscript.public_id])
    office = client_of(story.ivo)
    assert "asks to withdraw" in office.get(page).content.decode()
    listed = office.get(reverse("desk:desk"), {"show": "asking"})
    assert manuscript.number is not None
    assert manuscript.number in listed.content.decode()
    address = reverse("desk:decline_withdrawal", args=[manuscript.public_id])
    assert office.post(address, {"note": ""}).status_code == 422
    office.post(address, {"note": "All of your co-authors must agree first."})
    mail = OutboxMessage.objects.get(kind="withdrawal_declined")
    assert (mail.to, "All of your co-authors" in mail.text) == (story.ada.email, True)
    assert fresh(manuscript).stage == Stage.SUBMITTED
    assert ask(story, manuscript).answer == ""


def test_the_author_asks_and_takes_it_back_on_the_page(story: Story, client_of: SignIn) -> None:
    manuscript = story.submitted()
    author = client_of(story.ada)
    address = reverse("submissions:withdraw", args=[manuscript.public_id])
    assert author.get(address).status_code == 200
    assert author.post(address, {"reason": ""}).status_code == 422
    author.post(address, {"reason": "We go elsewhere."})
    page = reverse("submissions:show", args=[manuscript.public_id])
    assert "Withdrawal is asked for." in author.get(page).content.decode()
    author.post(reverse("submissions:take_back_withdrawal", args=[manuscript.public_id]))
    assert "Withdrawal is asked for." not in author.get(page).content.decode()
    assert client_of(story.ben).get(address).status_code == 302
