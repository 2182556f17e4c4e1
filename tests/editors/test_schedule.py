"""What the tick does for the desk: once, in time, and never a decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Role, User
from editors import schedule
from editors.actions import draft_decision, release_decision, render_letter
from editors.models import Decision, EditorConflict, Letter, OverdueFlag
from editors.queries import current_letter
from editors.states import LetterState
from submissions.models import Manuscript
from submissions.states import Stage
from tests.editors.building import add_reviewer, make_manuscript, reviewed
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue

AFTER_DECISION_DATE = datetime(2024, 8, 16, 13, tzinfo=UTC)


def tick_at(instant: datetime) -> None:
    """Two ticks: the second must change nothing."""
    with clock.frozen_at(instant):
        schedule.run(clock.now())
        schedule.run(clock.now())


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    return [rui, sol, tea, uma]


def test_at_the_decision_date_approved_letters_go_and_the_rest_is_flagged_once(
    issue: SpecialIssue, ada: User, eva: User, kim: User, four: list[User]
) -> None:
    approved = reviewed(issue, ada, eva, four)
    decision = draft_decision(
        actor=eva, manuscript=approved.manuscript, kind="accept", reasons="Sound."
    )
    letter = current_letter(decision)
    assert letter is not None
    release_decision(
        actor=eva,
        decision=decision,
        letter=render_letter(letter=letter),
        release_at=datetime(2024, 8, 15, 18, tzinfo=UTC),
    )
    undecided = reviewed(issue, ada, eva, four)
    tick_at(AFTER_DECISION_DATE)
    stages = dict(Manuscript.objects.values_list("pk", "stage"))
    assert stages[approved.manuscript_id] == Stage.AWAITING_FINAL_FILES
    assert stages[undecided.manuscript_id] == Stage.IN_REVIEW
    assert [f.manuscript for f in OverdueFlag.objects.all()] == [undecided.manuscript]
    assert Decision.objects.count() == 1
    overdue = OutboxMessage.objects.filter(kind="decision_overdue")
    assert sorted(m.to for m in overdue) == sorted([eva.email, kim.email])
    assert OutboxMessage.objects.filter(kind="decision_released").count() == 1


def test_the_flag_is_lowered_by_the_decision(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = reviewed(issue, ada, eva, four)
    tick_at(AFTER_DECISION_DATE)
    with clock.frozen_at(AFTER_DECISION_DATE + timedelta(days=1)):
        decision = draft_decision(
            actor=eva, manuscript=version.manuscript, kind="reject", reasons="Late, and no."
        )
        letter = current_letter(decision)
        assert letter is not None
        release_decision(actor=eva, decision=decision, letter=render_letter(letter=letter))
    assert OverdueFlag.objects.get().lowered_at is not None
    tick_at(AFTER_DECISION_DATE + timedelta(days=2))
    assert OverdueFlag.objects.count() == 1


def test_before_the_date_nothing_is_flagged(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    reviewed(issue, ada, eva, four)
    tick_at(datetime(2024, 8, 16, 11, 59, tzinfo=UTC))
    assert not OverdueFlag.objects.exists()


def test_a_letter_whose_doorbell_was_lost_is_made(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = reviewed(issue, ada, eva, four)
    draft_decision(actor=eva, manuscript=version.manuscript, kind="accept", reasons="Sound.")
    tick_at(clock.now())
    assert Letter.objects.get().state == LetterState.RENDERED


def test_all_reviews_in_is_told_once(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    reviewed(issue, ada, eva, four)
    incomplete = reviewed(issue, ada, eva, four[:3])
    add_reviewer(incomplete, four[3], number=4)
    tick_at(clock.now())
    told = OutboxMessage.objects.filter(kind="reviews_completed")
    assert [m.to for m in told] == [eva.email]


def test_nobody_invited_after_three_days_is_told_once(
    issue: SpecialIssue, ada: User, eva: User
) -> None:
    make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    tick_at(clock.now() + timedelta(days=2))
    assert not OutboxMessage.objects.filter(kind="panel_lagging").exists()
    tick_at(clock.now() + timedelta(days=3, minutes=1))
    assert [m.to for m in OutboxMessage.objects.filter(kind="panel_lagging")] == [eva.email]


def test_too_few_agreed_and_too_few_returned_escalate(
    issue: SpecialIssue, ada: User, eva: User, gus: User, kim: User, rui: User
) -> None:
    Role.objects.filter(user=gus).update(name="lead_guest_editor")
    version = make_manuscript(issue, kim, stage=Stage.IN_REVIEW, editor=eva)
    add_reviewer(version, rui)
    other = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    EditorConflict.objects.create(
        manuscript=other.manuscript,
        editor=gus,
        rule="F2",
        evidence="same university",
        found_at=clock.now(),
    )
    tick_at(datetime(2024, 7, 17, tzinfo=UTC))
    mail = OutboxMessage.objects.get(kind="panel_lagging", to=gus.email)
    assert (version.manuscript.number or "?") in mail.text
    assert (other.manuscript.number or "?") not in mail.text
    tick_at(datetime(2024, 8, 9, 13, tzinfo=UTC))
    chief = OutboxMessage.objects.get(kind="panel_lagging", to=kim.email)
    assert (other.manuscript.number or "?") in chief.text
    assert (version.manuscript.number or "?") not in chief.text


def test_new_arrivals_are_screened_by_the_tick(issue: SpecialIssue, ada: User, gus: User) -> None:
    make_manuscript(issue, ada)
    tick_at(clock.now())
    assert EditorConflict.objects.get().editor == gus


def test_one_failing_step_does_not_stop_the_others(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(issue, ada, eva, four)

    def broken(now: datetime) -> None:
        raise RuntimeError("on purpose")

    broken.__name__ = "screen"
    monkeypatch.setattr(schedule, "screen", broken)
    tick_at(clock.now())
    assert OutboxMessage.objects.filter(kind="reviews_completed").count() == 1
