"""The risk model on plain values, and the board on what a person may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import role_names
from editors.lags import Lag
from editors.models import EditorConflict
from editors.queries.desk import Viewer
from editors.queries.risk import board, risks_of
from editors.risk import DAY, Act, Case, Level, Model, Past, Place, Risk, risk
from editors.stages import DeskStage
from reviews.models import Assignment
from reviews.states import AssignmentState
from submissions.models import Manuscript, Version
from submissions.states import Stage
from tests.conftest import sign_in
from tests.editors.building import add_reviewer, make_manuscript, reviewed
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind, SpecialIssue

NOW = datetime(2024, 7, 25, 12, tzinfo=UTC)
DATE = datetime(2024, 8, 16, 11, 59, 59, tzinfo=UTC)


def place(state: AssignmentState, *, asked: int, agreed: int = 0, due: int = 0) -> Place:
    """Days from now: when asked and agreed (both past), and when due."""
    working = state in {AssignmentState.AGREED, AssignmentState.RETURNED}
    return Place(
        state=state,
        invited_at=NOW - asked * DAY,
        answer_by=NOW + (5 - asked) * DAY,
        answered_at=NOW - agreed * DAY if working else None,
        due_at=NOW + due * DAY if working else None,
    )


RETURNED = place(AssignmentState.RETURNED, asked=20, agreed=18, due=3)
WRITING = place(AssignmentState.AGREED, asked=16, agreed=14, due=7)
LATE = place(AssignmentState.AGREED, asked=30, agreed=28, due=-5)
INVITED = place(AssignmentState.INVITED, asked=1)


def told(stage: DeskStage, *places: Place, **more: object) -> Risk:
    case = Case(stage=stage, stage_since=NOW - 5 * DAY, rules_at=DATE, places=places)
    found = risk(replace(case, **more), Model(), NOW)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_three_reviews_in_hand_and_one_nearly_due_are_in_time() -> None:
    found = told(DeskStage.WAITING, RETURNED, RETURNED, RETURNED, WRITING)
    assert (found.level, found.reason) == (
        Level.GREEN,
        "3 of 4 reviews are in, 1 being written.",
    )


def test_nobody_asked_three_weeks_before_the_date_is_red() -> None:
    found = told(DeskStage.ASSIGNING)
    assert (found.level, found.act) == (Level.RED, Act.INVITE)
    assert found.slack_days < 0
    assert found.gain_days > 0
    assert found.reason == "0 of 4 reviews are in, nobody asked for 4 places."


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        (DeskStage.CHECKLIST, Act.CHECK),
        (DeskStage.AWAITING_EDITOR, Act.ASSIGN),
        (DeskStage.COMPLETE, Act.DECIDE),
        (DeskStage.MINOR_CHECK, Act.DECIDE),
        (DeskStage.DECIDING, Act.APPROVE),
        (DeskStage.REVISING, Act.NOTHING),
    ],
)
def test_each_stage_has_its_act(stage: DeskStage, act: Act) -> None:
    assert told(stage).act == act


def test_the_bench_is_used_where_there_is_one() -> None:
    slow = [LATE, LATE, INVITED, INVITED]
    assert told(DeskStage.ASSIGNING, *slow).act == Act.INVITE_ANOTHER
    assert told(DeskStage.ASSIGNING, *slow, on_bench=2).act == Act.BENCH


def test_deciding_on_fewer_reviews_is_offered_only_in_danger_and_never_under_the_floor() -> None:
    two = [RETURNED, RETURNED, INVITED, INVITED]
    near = NOW + 6 * DAY
    assert told(DeskStage.ASSIGNING, *two, rules_at=near).act == Act.DECIDE_EARLY
    assert told(DeskStage.ASSIGNING, *two, rules_at=NOW + 90 * DAY).act != Act.DECIDE_EARLY
    one = told(DeskStage.ASSIGNING, RETURNED, INVITED, INVITED, INVITED, rules_at=near)
    assert (one.level, one.act) == (Level.RED, Act.INVITE_ANOTHER)


def test_a_held_letter_goes_out_at_its_minute() -> None:
    late = told(DeskStage.HELD, release_at=DATE + 2 * DAY)
    assert (late.level, late.act) == (Level.RED, Act.RELEASE)
    good = told(DeskStage.HELD, release_at=DATE - 2 * DAY)
    assert good.level == Level.GREEN


def test_a_reviewer_known_to_be_slow_costs_slack() -> None:
    slow = replace(WRITING, past=Past(reviews=(Lag(40),) * 6))
    usual = told(DeskStage.WAITING, RETURNED, RETURNED, RETURNED, WRITING)
    warned = told(DeskStage.WAITING, RETURNED, RETURNED, RETURNED, slow)
    assert warned.slack_days < usual.slack_days


@pytest.mark.parametrize("stage", [DeskStage.REJECTED, DeskStage.ACCEPTED, DeskStage.CLOSED])
def test_what_is_decided_is_in_no_danger(stage: DeskStage) -> None:
    assert risk(Case(stage, NOW, DATE), Model(), NOW) is None


def test_an_act_never_makes_it_later() -> None:
    for places in ([], [INVITED], [WRITING, LATE], [RETURNED, RETURNED, LATE, INVITED]):
        assert told(DeskStage.ASSIGNING, *places, on_bench=1).gain_days >= 0


# --- The board --------------------------------------------------------------------------------


def viewer(user: User, issue: SpecialIssue) -> Viewer:
    return Viewer(user=user, issue=issue, roles=role_names(user, issue))


def decision_date(issue: SpecialIssue) -> datetime:
    return issue.milestones.get(kind=MilestoneKind.INITIAL_DECISION).due_at


@pytest.fixture
def endangered(issue: SpecialIssue, ada: User, eva: User, rui: User) -> Version:
    """One reviewer agreed and three weeks are left."""
    with clock.frozen_at(decision_date(issue) - 20 * DAY):
        version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
        add_reviewer(version, rui)
    return version


def test_the_board_puts_the_most_endangered_first(
    endangered: Version,
    issue: SpecialIssue,
    ben: User,
    eva: User,
    kim: User,
    rui: User,
    sol: User,
    tea: User,
    uma: User,
) -> None:
    now = decision_date(issue) - 14 * DAY
    with clock.frozen_at(now):
        done = reviewed(issue, ben, eva, [rui, sol, tea, uma])
        rows = board(viewer(kim, issue), now)
    assert [(row.version.pk, row.risk.level) for row in rows] == [
        (endangered.pk, Level.RED),
        (done.pk, Level.GREEN),
    ]
    assert rows[0].risk.rules_at == decision_date(issue)


def test_a_later_round_answers_to_the_final_acceptance(
    issue: SpecialIssue, ada: User, kim: User
) -> None:
    now = decision_date(issue) + 50 * DAY
    with clock.frozen_at(now):
        version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, revision_number=1)
        found = risks_of([version.manuscript], viewer(kim, issue), now)
    final = issue.milestones.get(kind=MilestoneKind.FINAL_ACCEPTANCE).due_at
    assert [one.rules_at for one in found.values()] == [final]


def test_an_editor_in_conflict_gets_no_risk_and_learns_nothing_from_it(
    endangered: Version, issue: SpecialIssue, ben: User, eva: User, gus: User, rui: User
) -> None:
    """Neither its line, nor another number of days on a manuscript with the same reviewer."""
    now = decision_date(issue) - 14 * DAY
    with clock.frozen_at(now):
        other = make_manuscript(issue, ben, stage=Stage.IN_REVIEW, editor=eva)
        add_reviewer(other, rui)
        EditorConflict.objects.create(
            manuscript=endangered.manuscript, editor=gus, rule="F2", evidence="-", found_at=now
        )
        both = [endangered.manuscript, other.manuscript]
        seen = risks_of(both, viewer(gus, issue), now)
        # What happens on the hidden one changes nothing for them, and much for eva.
        before = risks_of(both, viewer(eva, issue), now)
        Assignment.objects.filter(version=endangered).update(
            answered_at=now - 90 * DAY, invited_at=now - 120 * DAY, due_at=now - 69 * DAY
        )
        again = risks_of(both, viewer(gus, issue), now)
        after = risks_of(both, viewer(eva, issue), now)
    assert set(seen) == {other.manuscript.pk}
    assert again == seen
    assert after[other.manuscript.pk] != before[other.manuscript.pk]


def test_the_queries_do_not_grow_with_the_manuscripts(
    issue: SpecialIssue, ada: User, ben: User, sam: User, kim: User, rui: User, sol: User, tea: User
) -> None:
    def count() -> int:
        looker = viewer(kim, issue)
        looker.hidden  # noqa: B018 - read before counting, as the desk does
        every = list(Manuscript.objects.all())
        with CaptureQueriesContext(connection) as asked:
            assert len(risks_of(every, looker, clock.now())) == len(every)
        return len(asked)

    make_manuscript(issue, ada, stage=Stage.IN_REVIEW)
    first = count()
    for person in (ben, sam):
        version = make_manuscript(issue, person, stage=Stage.IN_REVIEW)
        for number, reviewer in enumerate([rui, sol, tea], start=1):
            add_reviewer(version, reviewer, number=number)
    assert (first, count()) == (8, 8)


def test_the_page_leads_to_the_act(endangered: Version, issue: SpecialIssue, eva: User) -> None:
    with clock.frozen_at(decision_date(issue) - 14 * DAY):
        client = sign_in(eva)
        page = client.get("/desk/risk/").content.decode()
        green = client.get("/desk/risk/?level=green").content.decode()
    assert f'href="/desk/{endangered.manuscript.public_id}/panel/"' in page
    assert "In danger" in page
    assert endangered.manuscript.public_id not in green
