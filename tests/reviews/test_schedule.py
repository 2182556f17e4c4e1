"""Nudges, expiries and reminders: each at its time, each once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from accounts.models import User
from reviews import actions, schedule
from reviews.models import Assignment, InvitationLink
from submissions.models import Version
from submissions.states import Stage
from tests.reviews.conftest import agree, deliver, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import MailState, OutboxMessage, SpecialIssue

BEGIN = datetime(2024, 7, 5, 13, tzinfo=UTC)
Invite = Callable[..., Assignment]


def at(instant: datetime) -> list[tuple[str, str]]:
    """Run the schedule twice at an instant; the mails that it made: kind and recipient."""
    before = OutboxMessage.objects.count()
    with clock.frozen_at(instant):
        schedule.run(clock.now())
        schedule.run(clock.now())
    rows = OutboxMessage.objects.order_by("pk")[before:]
    return [(row.kind, row.to) for row in rows]


def test_an_invitation_is_nudged_on_day_three_and_ends_after_day_five(
    invite: Invite, rui: User, eva: User
) -> None:
    with clock.frozen_at(BEGIN):
        assignment = invite(rui)
    assert at(BEGIN + timedelta(days=2)) == []
    assert at(BEGIN + timedelta(days=3, hours=23)) == [("review_invitation_nudged", rui.email)]
    assert at(BEGIN + timedelta(days=5, hours=22)) == []
    assert at(BEGIN + timedelta(days=6)) == [
        ("review_invitation_expired", rui.email),
        ("review_unanswered", eva.email),
    ]
    assignment.refresh_from_db()
    assert assignment.state == "expired"
    assert InvitationLink.objects.count() == 2  # both mails lead to a second thought
    assert at(BEGIN + timedelta(days=9)) == []


def test_nudge_and_invitation_have_links_of_their_own_and_both_work(
    invite: Invite, rui: User
) -> None:
    with clock.frozen_at(BEGIN):
        invite(rui)
    at(BEGIN + timedelta(days=4))
    assert InvitationLink.objects.count() == 2


def test_an_invitation_whose_mail_came_back_ends_and_its_place_is_free(
    invite: Invite, rui: User, sol: User, eva: User
) -> None:
    with clock.frozen_at(BEGIN):
        lost, answered = invite(rui), agree(invite(sol))
    mails = OutboxMessage.objects.filter(kind="review_invited")
    assert mails.update(state=MailState.FAILED) == 2
    assert at(BEGIN + timedelta(hours=2)) == [("review_bounced", eva.email)]
    lost.refresh_from_db()
    answered.refresh_from_db()
    assert (lost.state, answered.state) == ("bounced", "agreed")
    assert lost.ended_at == BEGIN + timedelta(hours=2)
    assert at(BEGIN + timedelta(days=9)) == []


def test_asked_again_an_old_mail_that_came_back_says_nothing(invite: Invite, rui: User) -> None:
    with clock.frozen_at(BEGIN):
        invite(rui)
    OutboxMessage.objects.filter(kind="review_invited").update(state=MailState.FAILED)
    at(BEGIN + timedelta(hours=2))
    with clock.frozen_at(BEGIN + timedelta(days=1)):
        again = invite(rui)
    assert at(BEGIN + timedelta(days=1, hours=1)) == []
    again.refresh_from_db()
    assert again.state == "invited"


def test_whoever_has_answered_hears_nothing_more(invite: Invite, rui: User, sol: User) -> None:
    with clock.frozen_at(BEGIN):
        agree(invite(rui))
        actions.decline_assignment(actor=sol, assignment=invite(sol))
    assert at(BEGIN + timedelta(days=4)) == []
    assert at(BEGIN + timedelta(days=7)) == []


def test_the_ladder_of_reminders(invite: Invite, rui: User, eva: User) -> None:
    with clock.frozen_at(BEGIN):
        assignment = agree(invite(rui))
    due = assignment.due_at
    assert due is not None
    sent: dict[int, list[str]] = {}
    for day in range(-12, 16):
        with_copy = at(due + timedelta(days=day, minutes=1))
        if with_copy:
            assert with_copy == [("review_reminded", rui.email)]
            sent[day] = list(OutboxMessage.objects.latest("pk").cc)
    assert sent == {-7: [], -2: [], 1: [], 3: [eva.email], 5: [eva.email], 8: [eva.email]}


def test_after_an_outage_one_reminder_not_six(invite: Invite, rui: User) -> None:
    with clock.frozen_at(BEGIN):
        assignment = agree(invite(rui))
    assert assignment.due_at is not None
    assert at(assignment.due_at + timedelta(days=9)) == [("review_reminded", rui.email)]
    assert "was due on 26 July 2024" in OutboxMessage.objects.latest("pk").subject


def test_more_time_starts_the_ladder_again(invite: Invite, rui: User) -> None:
    with clock.frozen_at(BEGIN):
        assignment = agree(invite(rui))
    due = assignment.due_at
    assert due is not None
    assert len(at(due - timedelta(days=2))) == 1
    with clock.frozen_at(due - timedelta(days=1)):
        actions.ask_for_time(actor=rui, assignment=assignment, until=due + timedelta(days=6))
    assert at(due + timedelta(days=1, minutes=1)) == []
    assert at(due + timedelta(days=4, minutes=1)) == [("review_reminded", rui.email)]


def test_a_delivered_review_is_not_asked_for(invite: Invite, rui: User) -> None:
    with clock.frozen_at(BEGIN):
        assignment = agree(invite(rui))
        deliver(assignment)
    assert assignment.due_at is not None
    assert at(assignment.due_at + timedelta(days=2)) == []


def test_one_reminder_a_reviewer_and_day(
    invite: Invite, rui: User, issue: SpecialIssue, ada: User
) -> None:
    with clock.frozen_at(BEGIN):
        first = agree(invite(rui))
        agree(invite(rui, make_manuscript(issue, ada, [ada], number=2)))
    assert first.due_at is not None
    day = first.due_at - timedelta(days=2)
    assert len(at(day)) == 1
    assert len(at(day + timedelta(hours=1))) == 0
    assert len(at(day + timedelta(days=1))) == 1
    assert len(at(day + timedelta(days=1, hours=1))) == 0


def test_one_failing_assignment_does_not_stop_the_others(
    invite: Invite, rui: User, sol: User
) -> None:
    with clock.frozen_at(BEGIN):
        first, second = invite(rui), invite(sol)
    Assignment.objects.filter(pk=first.pk).update(invited_at=None)
    sent = at(BEGIN + timedelta(days=7))
    second.refresh_from_db()
    assert second.state == "expired"
    assert ("review_invitation_expired", sol.email) in sent


def test_a_review_that_ended_with_its_round_is_not_asked_for(
    invite: Invite, rui: User, version: Version, eva: User
) -> None:
    with clock.frozen_at(BEGIN):
        assignment = agree(invite(rui))
        actions.close_round(actor=eva, version=version)
        type(version.manuscript).objects.update(stage=Stage.REJECTED)
    assert assignment.due_at is not None
    assert at(assignment.due_at + timedelta(days=1, minutes=1)) == []
