"""The desk's stages: pure rules, and the same rules in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from editors.queries.desk import Viewer, chips, filters, rows, urgent, with_progress
from editors.stages import LABELS, DeskStage, Progress, Turn, desk_stage, turn
from reviews.models import Assignment
from reviews.states import AssignmentState
from submissions.models import Manuscript
from submissions.states import RevisionKind, Stage
from tests.editors.building import add_review, add_reviewer, make_manuscript
from tmi_special_issue.models import SpecialIssue

NOW = datetime(2024, 6, 20, 12, tzinfo=UTC)


def test_label_flips_at_the_fourth_agreed_and_back_when_one_is_unassigned() -> None:
    def label(agreed: int) -> str:
        progress = Progress(need=4, holding=4, agreed=agreed, returned=0)
        return LABELS[desk_stage(Stage.IN_REVIEW, progress)]

    assert [label(agreed) for agreed in (3, 4, 3)] == [
        "Guest editor is assigning reviewers",
        "Waiting for reviewers' scores",
        "Guest editor is assigning reviewers",
    ]


def test_reviews_complete_when_all_agreed_returned() -> None:
    complete = Progress(need=4, holding=5, agreed=5, returned=5)
    assert desk_stage(Stage.IN_REVIEW, complete) == DeskStage.COMPLETE
    waiting = Progress(need=4, holding=5, agreed=5, returned=4)
    assert desk_stage(Stage.IN_REVIEW, waiting) == DeskStage.WAITING


def test_minor_revision_needs_no_reviewers() -> None:
    assert desk_stage(Stage.IN_REVIEW, Progress(need=4, is_minor=True)) == DeskStage.MINOR_CHECK


def test_every_stored_stage_has_a_desk_stage_and_a_turn() -> None:
    for stage in Stage:
        found = desk_stage(stage, Progress(need=4))
        assert turn(found, Progress(need=4)) in Turn


def test_with_enough_invitations_the_invited_must_answer() -> None:
    assert turn(DeskStage.ASSIGNING, Progress(need=4, holding=4, agreed=1)) == Turn.REVIEWERS
    assert turn(DeskStage.ASSIGNING, Progress(need=4, holding=3, agreed=1)) == Turn.EDITOR


CHIP_OF_STAGE = {
    DeskStage.CHECKLIST: "checklist",
    DeskStage.AWAITING_EDITOR: "no-editor",
    DeskStage.ASSIGNING: "assigning",
    DeskStage.WAITING: "waiting",
    DeskStage.COMPLETE: "to-decide",
    DeskStage.MINOR_CHECK: "to-decide",
    DeskStage.DECIDING: "deciding",
    DeskStage.HELD: "held",
    DeskStage.REVISING: "with-author",
    DeskStage.RETURNED_TO_AUTHOR: "with-author",
    DeskStage.LAPSED: "with-author",
    DeskStage.FINAL_FILES: "accepted",
    DeskStage.ACCEPTED: "accepted",
    DeskStage.PRODUCTION: "accepted",
    DeskStage.REJECTED: "closed",
    DeskStage.CLOSED: "closed",
}


@pytest.fixture
def many(
    issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User, tea: User, uma: User
) -> list[Manuscript]:
    """One manuscript of every stored stage, and every shape of a round."""
    reviewers = [rui, sol, tea, uma]
    made = [
        make_manuscript(issue, ada, stage=stage, editor=eva)
        for stage in Stage
        if stage != Stage.DRAFT
    ]
    for agreed, returned in [(0, 0), (2, 1), (4, 0), (4, 3), (4, 4)]:
        version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
        for place in range(agreed):
            if place < returned:
                add_review(version, reviewers[place], number=place + 1)
            else:
                add_reviewer(version, reviewers[place], number=place + 1)
        made.append(version)
    invited = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    for place, reviewer in enumerate(reviewers):
        add_reviewer(invited, reviewer, state=AssignmentState.INVITED, number=place + 1)
    minor = make_manuscript(
        issue,
        ada,
        stage=Stage.IN_REVIEW,
        editor=eva,
        revision_number=1,
        revision_kind=RevisionKind.MINOR,
    )
    return [version.manuscript for version in [*made, invited, minor]]


@pytest.mark.parametrize("who", ["eva", "kim", "ivo"])
def test_sql_filters_agree_with_the_pure_stages(
    many: list[Manuscript],
    issue: SpecialIssue,
    who: str,
    eva: User,
    kim: User,
    ivo: User,
) -> None:
    person = {"eva": eva, "kim": kim, "ivo": ivo}[who]
    viewer = Viewer(person, issue, frozenset(person.roles.values_list("name", flat=True)))
    lines = rows(many, viewer, NOW)
    scope = Manuscript.objects.filter(issue=issue)
    rules = filters(viewer)
    annotated = with_progress(scope, viewer, NOW)
    for code in set(CHIP_OF_STAGE.values()):
        wanted = {line.manuscript.pk for line in lines if CHIP_OF_STAGE[line.stage] == code}
        found = set(annotated.filter(rules[code]).values_list("pk", flat=True))
        assert found == wanted, code
    mine = {line.manuscript.pk for line in lines if line.is_my_turn}
    assert set(annotated.filter(rules["my-turn"]).values_list("pk", flat=True)) == mine
    counts = {chip.code: chip.count for chip in chips(annotated, viewer, "")}
    assert counts[""] == len(many)
    for code, count in counts.items():
        if code:
            assert count == annotated.filter(rules[code]).count(), code


@pytest.mark.parametrize("who", ["eva", "kim", "ivo"])
@pytest.mark.parametrize("authority", ["guest_editor", "editor_in_chief"])
def test_urgent_are_the_first_three_whose_turn_it_is(
    many: list[Manuscript],
    issue: SpecialIssue,
    who: str,
    authority: str,
    eva: User,
    kim: User,
    ivo: User,
) -> None:
    issue.decision_authority = authority
    person = {"eva": eva, "kim": kim, "ivo": ivo}[who]
    viewer = Viewer(person, issue, frozenset(person.roles.values_list("name", flat=True)))
    moving = {Stage.IN_REVIEW, Stage.AWAITING_DECISION, Stage.SUBMITTED, Stage.AWAITING_EDITOR}
    lines = rows([m for m in many if m.stage in moving], viewer, NOW)
    wanted = sorted(str(line.manuscript.number) for line in lines if line.is_my_turn)[:3]
    found = urgent(Manuscript.objects.filter(issue=issue), viewer, NOW)
    assert [manuscript.number for manuscript in found] == wanted


def test_late_reviewer_is_told(issue: SpecialIssue, ada: User, eva: User, rui: User) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    assignment = add_reviewer(version, rui)
    Assignment.objects.filter(pk=assignment.pk).update(due_at=NOW - timedelta(days=1))
    viewer = Viewer(eva, issue, frozenset({"guest_editor"}))
    row = rows([version.manuscript], viewer, NOW)[0]
    assert (row.slots, row.progress.late) == (["late"], 1)
