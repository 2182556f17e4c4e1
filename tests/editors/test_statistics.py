"""The statistics: series on plain values, and what they count of whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import role_names
from editors import statistics
from editors.exports import table_csv
from editors.models import Decision, EditorConflict
from editors.plots import plot_of
from editors.queries import visible_to
from editors.queries.statistics import Statistics, statistics_of
from editors.states import DecisionKind, DecisionState
from editors.statistics import Mark, Table
from submissions.models import Version
from submissions.states import Stage
from tests.conftest import sign_in
from tests.editors.building import add_reviewer, make_manuscript, reviewed
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.queries import milestones


def test_over_time_counts_up_and_leaves_no_day_out() -> None:
    days = [date(2024, 6, 3), date(2024, 6, 1), date(2024, 6, 3)]
    assert [(p.day.day, p.count) for p in statistics.over_time(days)] == [(1, 1), (2, 1), (3, 3)]
    assert statistics.over_time([]) == []


def test_a_spread_has_median_quartiles_and_nine_in_ten() -> None:
    assert statistics.spread("x", [4, 1, 3, 2, 5]).quartiles == (2, 3, 4, 4.6)
    assert statistics.spread("x", [7]).quartiles == (7, 7, 7, 7)
    assert statistics.spread("x", []).cells == ["x", 0, None, None, None, None]


def test_crossed_counts_with_the_fullest_line_first() -> None:
    pairs = [("a", "yes"), ("b", "yes"), ("b", "no"), ("b", "no")]
    assert statistics.crossed(pairs, ["yes", "no"]) == [("b", 1, 2, 3), ("a", 1, 0, 1)]


@pytest.mark.parametrize(("invited", "agreed", "told"), [(9, 4, 2.2), (3, 0, None), (0, 0, None)])
def test_invitations_for_one_who_agrees(invited: int, agreed: int, told: float | None) -> None:
    assert statistics.per_agreed(invited, agreed) == told


def test_a_formula_in_a_name_is_inert_in_the_file() -> None:
    table = Table("reviewers", "Load", ("Reviewer", "Invited"), (("=HYPERLINK(1)", 2),))
    assert table_csv(table) == "\ufeffReviewer,Invited\r\n'=HYPERLINK(1),2\r\n".encode()


def test_the_drawing_of_arrivals_stays_in_its_frame() -> None:
    rows = tuple((f"2024-06-0{day}", day) for day in range(1, 6))
    table = Table("arrivals", "Over time", ("Day", "By then"), rows)
    plot = plot_of(table, [Mark("Submissions close", date(2024, 7, 1))])
    assert plot is not None
    assert [mark.label for mark in plot.marks] == ["Submissions close"]
    assert plot.marks[0].at == 628
    assert plot.line.startswith("M44.0 ")
    assert plot.told == "5 submitted from 1 Jun 2024 to 5 Jun 2024."


# --- Over what a person sees ------------------------------------------------------------------


def told(user: User, issue: SpecialIssue) -> Statistics:
    seen = visible_to(user, issue, role_names(user, issue))
    return statistics_of(seen, issue, milestones(issue).values(), clock.now())


def rows_of(found: Statistics, code: str) -> dict[object, tuple[object, ...]]:
    table = next(one for one in found.tables if one.code == code)
    return {row[0]: row[1:] for row in table.rows}


def decide(version: Version, editor: User, state: DecisionState) -> None:
    Decision.objects.create(
        version=version,
        kind=DecisionKind.REJECT,
        state=state,
        reasons="-",
        drafted_by=editor,
        drafted_at=clock.now(),
        released_at=clock.now() if state == DecisionState.RELEASED else None,
    )


@pytest.fixture
def two(
    issue: SpecialIssue, ada: User, ben: User, eva: User, rui: User, sol: User
) -> list[Version]:
    """Ada's with two reviews in, Ben's with one reviewer at work."""
    first = reviewed(issue, ada, eva, [rui, sol])
    second = make_manuscript(issue, ben, stage=Stage.IN_REVIEW, editor=eva)
    add_reviewer(second, sol)
    return [first, second]


def test_what_is_counted_of_two_manuscripts(
    two: list[Version], issue: SpecialIssue, kim: User
) -> None:
    found = told(kim, issue)
    assert found.count == 2
    assert rows_of(found, "funnel")["A review is in"] == (1, 50)
    assert rows_of(found, "invitations") == {
        "Invited": (3,),
        "Agreed": (3,),
        "Returned": (2,),
        "Declined, silent or not reached": (0,),
        "Invitations for one who agrees": (1.0,),
    }
    assert [row[1:] for row in rows_of(found, "reviewers").values()] == [(2, 1, 1), (1, 1, 0)]
    assert list(rows_of(found, "editors").values()) == [(2, 2)]


def test_a_decision_counts_from_its_release_on(
    two: list[Version], issue: SpecialIssue, eva: User, kim: User
) -> None:
    decide(two[0], eva, DecisionState.APPROVED)
    assert rows_of(told(kim, issue), "decisions") == {}
    Decision.objects.update(state=DecisionState.RELEASED, released_at=clock.now())
    assert rows_of(told(kim, issue), "decisions") == {"Reject": (1, 0, 1)}


def test_an_editor_in_conflict_counts_as_if_the_manuscript_were_not_there(
    two: list[Version], issue: SpecialIssue, eva: User, gus: User
) -> None:
    EditorConflict.objects.create(
        manuscript=two[0].manuscript, editor=gus, rule="F2", evidence="-", found_at=clock.now()
    )
    decide(two[0], eva, DecisionState.RELEASED)
    seen = told(gus, issue)
    Decision.objects.all().delete()
    two[0].assignments.update(answered_at=clock.now() + timedelta(days=9))
    assert told(gus, issue) == seen
    assert seen.count == 1
    assert list(rows_of(seen, "reviewers").values()) == [(1, 1, 0, 1)]


def test_the_queries_do_not_grow(issue: SpecialIssue, ada: User, ben: User, kim: User) -> None:
    def count() -> int:
        seen = visible_to(kim, issue, role_names(kim, issue))
        with CaptureQueriesContext(connection) as asked:
            statistics_of(seen, issue, [], clock.now())
        return len(asked)

    make_manuscript(issue, ada, stage=Stage.IN_REVIEW)
    first = count()
    make_manuscript(issue, ben, stage=Stage.IN_REVIEW)
    assert (first, count()) == (8, 8)


def test_the_page_and_the_files_show_the_same(two: list[Version], eva: User) -> None:
    browser = sign_in(eva)
    page = browser.get("/desk/statistics/").content.decode()
    assert "2 manuscripts." in page
    assert "style=" not in page
    file = browser.get("/desk/statistics/funnel.csv").content.decode("utf-8-sig")
    assert file.splitlines()[:2] == ["Step,Manuscripts,Per cent", "Submitted,2,100"]
    assert browser.get("/desk/statistics/funnel.xlsx").content.startswith(b"PK")
    assert browser.get("/desk/statistics/funnel.json").status_code == 404
    assert browser.get("/desk/statistics/nothing.csv").status_code == 404
