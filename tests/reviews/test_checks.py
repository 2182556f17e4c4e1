"""Conflicts are judged at each act, kept, and stop work when they come into being (F)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import add_affiliation, end_affiliation, grant_role
from accounts.models import RoleName, User
from editors import actions as desk
from editors.tasks import rescreen_person
from reviews import schedule
from reviews.actions import agree_assignment, save_review
from reviews.models import Assignment, ConflictCheck, Publication, Review
from reviews.queries import files_for_reviewer
from reviews.states import AssignmentState, CheckAct
from reviews.tasks import recheck_person
from tests.cast import Story, fresh
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
NORTHGATE = "northgate.example"


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@contextmanager
def refused(code: str) -> Iterator[list[str]]:
    """The act inside is refused with this code; the list gets the sentence."""
    told: list[str] = []
    with pytest.raises(Refusal) as caught:
        yield told
    told.append(caught.value.sentence)
    assert caught.value.code == code


def join_northgate(person: User) -> None:
    """Rui takes a post where ada works."""
    add_affiliation(actor=person, institution="Northgate University", mail_domain=NORTHGATE)


def mails(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk"))


def acts(person: User) -> list[str]:
    return list(
        ConflictCheck.objects.filter(person=person).order_by("pk").values_list("act", flat=True)
    )


def test_invitation_and_agreement_are_judged_and_kept(story: Story) -> None:
    paper = story.handled()
    story.invite(paper, ["rui"])
    story.agree(paper, "rui")
    rows = list(ConflictCheck.objects.filter(person=story.rui).order_by("pk"))
    assert [row.act for row in rows] == [CheckAct.INVITED, CheckAct.AGREED]
    assert [row.rule_set for row in rows] == ["F-2/36/60", "F-2/36/60"]
    assert [row.findings for row in rows] == [[], []]
    assert rows[0].actor == story.eva.audit_key
    assert acts(story.eva) == [CheckAct.EDITOR_ASSIGNED]


def test_a_check_is_never_changed(story: Story) -> None:
    story.invite(story.handled(), ["rui"])
    row = ConflictCheck.objects.filter(person=story.rui).get()
    with pytest.raises(TypeError):
        row.save()


def test_a_new_post_holds_the_work_and_keeps_every_word(story: Story) -> None:
    paper = story.in_review()
    story.begin(paper, "rui")
    join_northgate(story.rui)
    recheck_person(story.rui.public_id)
    held = story.assignment(paper, "rui")
    assert held.state == AssignmentState.COI_HOLD
    assert Review.objects.get(assignment=held).answers == {"originality": 4}
    assert files_for_reviewer(held) == []
    told = mails("review_conflict_found")
    assert [mail.to for mail in told] == [story.eva.email]
    assert "Same institution as Ada Avelin: Northgate University" in told[0].text
    with refused("review_closed"):
        save_review(actor=story.rui, assignment=held, answers={"originality": 2}, edit_count=1)
    others = Assignment.objects.exclude(pk=held.pk).values_list("state", flat=True)
    assert set(others) == {AssignmentState.AGREED}


def test_the_reviewer_learns_no_evidence(story: Story, client_of: SignIn) -> None:
    paper = story.in_review()
    join_northgate(story.rui)
    recheck_person(story.rui.public_id)
    [paused] = mails("review_paused")
    page = client_of(story.rui).get(
        reverse("reviews:show", args=[story.assignment(paper, "rui").public_id])
    )
    for words in (paused.text, page.content.decode()):
        assert "rests" in words
        assert "Northgate" not in words
        assert "Same institution" not in words
        assert "F2" not in words


def test_judging_twice_changes_nothing(story: Story) -> None:
    story.in_review()
    join_northgate(story.rui)
    recheck_person(story.rui.public_id)
    before = acts(story.rui), OutboxMessage.objects.count()
    recheck_person(story.rui.public_id)
    schedule.recheck_conflicts(clock.now() + timedelta(hours=1))
    assert (acts(story.rui), OutboxMessage.objects.count()) == before


def test_an_authors_new_post_is_found_too(story: Story) -> None:
    paper = story.in_review()
    add_affiliation(
        actor=story.ben, institution="Tarnby Technical University", mail_domain="tarnby.example"
    )
    recheck_person(story.ben.public_id)
    assert story.assignment(paper, "sol").state == AssignmentState.COI_HOLD
    assert story.assignment(paper, "rui").state == AssignmentState.AGREED


def test_a_new_publication_is_found_by_the_schedule(story: Story) -> None:
    paper = story.in_review()
    Publication.objects.create(
        profile=story.tea.reviewer_profile,
        title="Together",
        year=2024,
        coauthors=[{"name": "Ada Avelin", "email": story.ada.email}],
    )
    schedule.recheck_conflicts(clock.now() + timedelta(minutes=5))
    assert story.assignment(paper, "tea").state == AssignmentState.AGREED  # not yet its turn
    schedule.recheck_conflicts(clock.now() + timedelta(hours=1))
    assert story.assignment(paper, "tea").state == AssignmentState.COI_HOLD
    assert "Published with Ada Avelin in 2024" in mails("review_conflict_found")[0].text


def test_an_invitation_and_a_returned_review_stay_and_the_editor_is_told(story: Story) -> None:
    paper = story.handled()
    story.invite(paper, ["rui", "sol"])
    story.agree(paper, "sol")
    story.deliver(paper, "sol")
    for name in ("rui", "sol"):
        join_northgate(story.people[name])
        recheck_person(story.people[name].public_id)
    assert story.assignment(paper, "rui").state == AssignmentState.INVITED
    assert story.assignment(paper, "sol").state == AssignmentState.RETURNED
    texts = [mail.text for mail in mails("review_conflict_found")]
    assert ["not answered yet" in text for text in texts] == [True, False]
    assert ["is in already" in text for text in texts] == [False, True]


def test_what_the_records_show_is_not_told_at_the_agreement(story: Story) -> None:
    paper = story.handled()
    story.invite(paper, ["rui"])
    join_northgate(story.rui)
    with refused("conflict_of_interest") as told:
        story.agree(paper, "rui")
    assert [word for word in ("Northgate", "Ada", "F2") if word in told[0]] == []
    agree_assignment(
        actor=story.rui,
        assignment=story.assignment(paper, "rui"),
        has_conflict=True,
        coi_statement="I move to Northgate in autumn.",
        accepts_terms=True,
    )
    assert story.assignment(paper, "rui").state == AssignmentState.COI_HOLD


def test_upheld_the_assignment_ends_and_the_text_is_kept(story: Story) -> None:
    paper = story.in_review()
    story.begin(paper, "rui")
    join_northgate(story.rui)
    recheck_person(story.rui.public_id)
    desk.settle_hold(actor=story.eva, assignment=story.assignment(paper, "rui"), uphold=True)
    ended = story.assignment(paper, "rui")
    assert ended.state == AssignmentState.DECLINED
    assert Review.objects.get(assignment=ended).answers == {"originality": 4}
    assert "Northgate" not in mails("review_hold_upheld")[0].text


def test_nobody_clears_a_present_institution(story: Story) -> None:
    paper = story.in_review()
    join_northgate(story.rui)
    recheck_person(story.rui.public_id)
    for person in (story.eva, story.kim):
        with refused("conflict_of_interest"):
            desk.settle_hold(
                actor=person,
                assignment=story.assignment(paper, "rui"),
                uphold=False,
                reason="We know them well enough.",
            )


def test_a_former_institution_is_cleared_by_lead_or_chief_with_a_reason(
    story: Story, client_of: SignIn, issue: SpecialIssue
) -> None:
    paper = story.in_review()
    story.begin(paper, "rui")
    due_at = story.assignment(paper, "rui").due_at
    assert due_at is not None
    join_northgate(story.rui)
    left = story.rui.affiliations.get(mail_domain=NORTHGATE)
    end_affiliation(actor=story.rui, affiliation=left, ended_on=date(2023, 5, 31))
    recheck_person(story.rui.public_id)
    assert story.assignment(paper, "rui").state == AssignmentState.COI_HOLD

    def clear(person: User, reason: str) -> None:
        desk.settle_hold(
            actor=person,
            assignment=story.assignment(paper, "rui"),
            uphold=False,
            reason=reason,
        )

    with refused("conflict_of_interest"):
        clear(story.eva, "A large place; they never met.")
    with refused("reason_needed"):
        clear(story.kim, "fine")
    grant_role(actor="system:test", issue=issue, person=story.eva, name=RoleName.LEAD_GUEST_EDITOR)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        clear(story.eva, "A large place; they never met.")
        after = story.assignment(paper, "rui")
        assert (after.state, after.held_at) == (AssignmentState.IN_PROGRESS, None)
        assert after.due_at == due_at + timedelta(days=2)
        assert Review.objects.get(assignment=after).answers == {"originality": 4}
        assert [mail.to for mail in mails("review_resumed")] == [story.rui.email]
        recheck_person(story.rui.public_id)
        assert story.assignment(paper, "rui").state == AssignmentState.IN_PROGRESS
    row = ConflictCheck.objects.filter(person=story.rui, act=CheckAct.HOLD_ANSWERED).get()
    assert (row.actor, row.reason) == (story.eva.audit_key, "A large place; they never met.")
    assert [(f["rule"], f["is_set_aside"]) for f in row.findings] == [("F3", True)]
    page = client_of(story.kim).get(reverse("desk:manuscript", args=[paper.public_id]))
    words = page.content.decode()
    assert "set aside" in words
    assert "A large place; they never met." in words
    assert "Left Northgate University, where Ada Avelin works, in May 2023" in words


def test_an_editor_who_moves_to_an_authors_place_loses_the_manuscript(story: Story) -> None:
    paper = story.in_review()
    join_northgate(story.eva)
    rescreen_person(story.eva.public_id)
    assert fresh(paper).stage == "awaiting_editor"
    told = {mail.to for mail in mails("editor_conflict_found")}
    assert told == {story.kim.email, story.ivo.email}
    assert set(Assignment.objects.values_list("state", flat=True)) == {AssignmentState.AGREED}


def test_who_is_in_conflict_at_the_decision_does_not_decide(story: Story) -> None:
    paper = story.reviewed()
    join_northgate(story.eva)
    with refused("conflict_of_interest"):
        story.draft_decision(paper, "accept")


def test_the_decision_keeps_what_the_rules_say_of_all_who_judged(story: Story) -> None:
    paper = story.reviewed()
    story.decide(paper, "accept")
    rows = ConflictCheck.objects.filter(act=CheckAct.DECIDED)
    people = {story.people[n].pk for n in ("eva", "rui", "sol", "tea", "uma")}
    assert set(rows.values_list("person", flat=True)) == people
    assert rows.count() == len(people)
