"""Checklist, handling, panel, roles, extensions: what each act does and refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.queries import role_names
from editors.actions import (
    admit_manuscript,
    ask_reassignment,
    assign_editor,
    change_authority,
    end_role,
    extend_manuscript,
    grant_role,
    invite_panel,
    remind_reviewer,
    unassign_reviewer,
    unsubmit_manuscript,
)
from editors.actions.assignments import Pick
from editors.models import EditorConflict, Handling
from editors.queries import handling_editor, visible_to
from reviews.models import Assignment
from reviews.states import AssignmentState
from submissions.models import Extension, Manuscript
from submissions.states import RevisionKind, Stage
from tests.editors.building import add_reviewer, make_manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> tuple[str, int]:
    return refused.value.code, refused.value.status


def verbs(manuscript: Manuscript) -> list[str]:
    return list(audit.entries_about(manuscript.audit_key).values_list("verb", flat=True))


# --- Checklist ---------------------------------------------------------------------------------


def test_an_original_goes_on_to_the_editors_and_conflicts_are_found_first(
    issue: SpecialIssue, ada: User, ivo: User, gus: User
) -> None:
    version = make_manuscript(issue, ada)
    admit_manuscript(actor=ivo, manuscript=version.manuscript)
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.AWAITING_EDITOR
    assert EditorConflict.objects.get().editor == gus
    assert verbs(version.manuscript) == ["conflict.found", "manuscript.moved", "checklist.passed"]


def test_a_revision_goes_back_to_its_own_editor(
    issue: SpecialIssue, ada: User, ivo: User, eva: User
) -> None:
    version = make_manuscript(issue, ada, editor=eva, revision_number=1)
    admit_manuscript(actor=ivo, manuscript=version.manuscript)
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.IN_REVIEW
    assert handling_editor(version.manuscript) == eva
    mail = OutboxMessage.objects.get(kind="revision_admitted")
    assert mail.to == eva.email


def test_a_revision_whose_editor_is_now_in_conflict_waits_for_another(
    issue: SpecialIssue, ada: User, ivo: User, gus: User
) -> None:
    version = make_manuscript(issue, ada, editor=gus, revision_number=1)
    admit_manuscript(actor=ivo, manuscript=version.manuscript)
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.AWAITING_EDITOR
    assert handling_editor(version.manuscript) is None


def test_only_the_office_passes_the_checklist(
    issue: SpecialIssue, ada: User, kim: User, eva: User, sam: User
) -> None:
    version = make_manuscript(issue, ada)
    for person, expected in [
        (kim, ("not_allowed", 403)),
        (eva, ("not_found", 404)),
        (sam, ("not_found", 404)),
        (ada, ("not_found", 404)),
    ]:
        with pytest.raises(Refusal) as refused:
            admit_manuscript(actor=person, manuscript=version.manuscript)
        assert code_of(refused) == expected
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.SUBMITTED


def test_admitting_twice_is_told_and_changes_nothing(
    issue: SpecialIssue, ada: User, ivo: User
) -> None:
    version = make_manuscript(issue, ada)
    admit_manuscript(actor=ivo, manuscript=version.manuscript)
    with pytest.raises(Refusal) as refused:
        admit_manuscript(actor=ivo, manuscript=version.manuscript)
    assert code_of(refused) == ("stage_moved", 409)


def test_unsubmit_needs_faults_and_gives_them_to_the_author(
    issue: SpecialIssue, ada: User, ivo: User
) -> None:
    version = make_manuscript(issue, ada)
    with pytest.raises(Refusal) as refused:
        unsubmit_manuscript(actor=ivo, manuscript=version.manuscript, faults="  ")
    assert (refused.value.code, refused.value.field) == ("faults_missing", "faults")
    unsubmit_manuscript(actor=ivo, manuscript=version.manuscript, faults="Eleven pages.")
    version.manuscript.refresh_from_db()
    assert (version.manuscript.stage, version.manuscript.fault_list) == (
        Stage.UNSUBMITTED,
        "Eleven pages.",
    )


# --- Handling ----------------------------------------------------------------------------------


def test_assigning_an_editor_starts_the_review_and_tells_by_mail(
    issue: SpecialIssue, ada: User, kim: User, eva: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    assign_editor(actor=kim, manuscript=version.manuscript, editor=eva)
    assign_editor(actor=kim, manuscript=version.manuscript, editor=eva)
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.IN_REVIEW
    assert Handling.objects.filter(manuscript=version.manuscript).count() == 1
    assert [m.to for m in OutboxMessage.objects.filter(kind="editor_assigned")] == [eva.email]


def test_an_editor_in_conflict_is_refused_with_the_reason(
    issue: SpecialIssue, ada: User, kim: User, gus: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    with pytest.raises(Refusal) as refused:
        assign_editor(actor=kim, manuscript=version.manuscript, editor=gus)
    assert code_of(refused) == ("editor_in_conflict", 409)
    assert "Northgate" in refused.value.sentence
    assert not Handling.objects.exists()


def test_a_guest_editor_does_not_assign(
    issue: SpecialIssue, ada: User, eva: User, rui: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    with pytest.raises(Refusal) as refused:
        assign_editor(actor=eva, manuscript=version.manuscript, editor=eva)
    assert code_of(refused) == ("not_allowed", 403)


def test_only_editors_of_the_issue_can_be_assigned(
    issue: SpecialIssue, ada: User, kim: User, rui: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    with pytest.raises(Refusal) as refused:
        assign_editor(actor=kim, manuscript=version.manuscript, editor=rui)
    assert code_of(refused) == ("not_an_editor", 400)


def test_a_declared_conflict_takes_the_manuscript_off_the_desk_at_once(
    issue: SpecialIssue, ada: User, eva: User, kim: User, rui: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    add_reviewer(version, rui, invited_by=eva)
    ask_reassignment(
        actor=eva, manuscript=version.manuscript, reason="Old friends.", is_conflict=True
    )
    version.manuscript.refresh_from_db()
    assert version.manuscript.stage == Stage.AWAITING_EDITOR
    assert not visible_to(eva, issue).exists()
    assert Assignment.objects.get().invited_by == kim
    assert [m.to for m in OutboxMessage.objects.filter(kind="reassignment_asked")] == [kim.email]


# --- Panel -------------------------------------------------------------------------------------


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    return [rui, sol, tea, uma]


def picks(people: list[User]) -> list[Pick]:
    return [Pick(reviewer=person, reasons=("Fits.",)) for person in people]


def test_four_are_invited_in_one_act_and_a_double_click_invites_once(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    first = invite_panel(actor=eva, manuscript=version.manuscript, picks=picks(four))
    again = invite_panel(actor=eva, manuscript=version.manuscript, picks=picks(four))
    assert (len(first), again) == (4, [])
    states = set(Assignment.objects.values_list("state", flat=True))
    assert (Assignment.objects.count(), states) == (4, {AssignmentState.INVITED})
    mails = OutboxMessage.objects.filter(kind="review_invited")
    assert sorted(m.to for m in mails) == sorted(p.email for p in four)


def test_one_in_conflict_stops_all_four(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = make_manuscript(issue, ada, coauthors=[four[3]], stage=Stage.IN_REVIEW, editor=eva)
    with pytest.raises(Refusal) as refused:
        invite_panel(actor=eva, manuscript=version.manuscript, picks=picks(four))
    assert refused.value.code == "conflict_of_interest"
    assert not Assignment.objects.exists()
    assert not OutboxMessage.objects.filter(kind="review_invited").exists()


def test_a_fifth_needs_the_explicit_wish(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], sam: User
) -> None:
    from accounts.actions import grant_role as give

    give(actor="system:test", issue=issue, person=sam, name="reviewer")
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    invite_panel(actor=eva, manuscript=version.manuscript, picks=picks(four))
    with pytest.raises(Refusal) as refused:
        invite_panel(actor=eva, manuscript=version.manuscript, picks=picks([sam]))
    assert refused.value.code == "panel_full"
    invite_panel(actor=eva, manuscript=version.manuscript, picks=picks([sam]), beyond_need=True)
    assert Assignment.objects.count() == 5


def test_nobody_but_the_handling_editor_and_the_chiefs_invite(
    issue: SpecialIssue, ada: User, eva: User, gus: User, ivo: User, kim: User, four: list[User]
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    EditorConflict.objects.create(
        manuscript=version.manuscript,
        editor=gus,
        rule="F2",
        evidence="same university",
        found_at=clock.now(),
    )
    for person, expected in [(ivo, 403), (gus, 404), (ada, 404), (four[0], 404)]:
        with pytest.raises(Refusal) as refused:
            invite_panel(actor=person, manuscript=version.manuscript, picks=picks(four))
        assert refused.value.status == expected
    invite_panel(actor=kim, manuscript=version.manuscript, picks=picks(four))
    assert Assignment.objects.count() == 4


def test_a_minor_revision_goes_to_no_reviewer(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = make_manuscript(
        issue,
        ada,
        stage=Stage.IN_REVIEW,
        editor=eva,
        revision_number=1,
        revision_kind=RevisionKind.MINOR,
    )
    with pytest.raises(Refusal) as refused:
        invite_panel(actor=eva, manuscript=version.manuscript, picks=picks(four))
    assert refused.value.code == "minor_revision"


def test_letting_a_reviewer_go_and_reminding_are_the_editors_acts(
    issue: SpecialIssue, ada: User, eva: User, ivo: User, rui: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    assignment = add_reviewer(version, rui, invited_by=eva)
    with pytest.raises(Refusal) as refused:
        unassign_reviewer(actor=ivo, assignment=assignment, reason="late")
    assert refused.value.status == 403
    assert remind_reviewer(actor=eva, assignment=assignment)
    remind_reviewer(actor=eva, assignment=assignment)
    assert OutboxMessage.objects.filter(kind="review_reminded").count() == 1
    unassign_reviewer(actor=eva, assignment=assignment, reason="four weeks late")
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.UNASSIGNED


# --- Office ------------------------------------------------------------------------------------


def test_more_time_needs_a_reason_and_a_later_date(
    issue: SpecialIssue, ada: User, ivo: User, eva: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.MAJOR_REVISION, editor=eva)
    later = clock.now() + timedelta(days=150)
    for actor, until, reason, code in [
        (eva, later, "ill", "not_allowed"),
        (ivo, later, " ", "reason_missing"),
        (ivo, clock.now(), "ill", "until_past"),
    ]:
        with pytest.raises(Refusal) as refused:
            extend_manuscript(
                actor=actor,
                manuscript=version.manuscript,
                kind="revision",
                until=until,
                reason=reason,
            )
        assert refused.value.code == code
    extend_manuscript(
        actor=ivo, manuscript=version.manuscript, kind="revision", until=later, reason="ill"
    )
    assert Extension.objects.get().until == later


def test_roles_are_given_and_ended_by_the_office_and_are_on_record(
    issue: SpecialIssue, ivo: User, kim: User
) -> None:
    role = grant_role(actor=ivo, issue=issue, email="New@Guest.example", name="guest_editor")
    assert role.user.email == "new@guest.example"
    with pytest.raises(Refusal) as refused:
        grant_role(actor=kim, issue=issue, email="x@y.example", name="office")
    assert code_of(refused) == ("not_allowed", 403)
    end_role(actor=ivo, issue=issue, person=role.user, name="guest_editor")
    assert role_names(role.user, issue) == frozenset()
    with pytest.raises(Refusal) as refused:
        end_role(actor=ivo, issue=issue, person=ivo, name="office")
    assert code_of(refused) == ("own_role", 409)


def test_who_decides_is_changed_by_chief_or_office_and_is_on_record(
    issue: SpecialIssue, kim: User, eva: User
) -> None:
    with pytest.raises(Refusal) as refused:
        change_authority(actor=eva, issue=issue, authority="editor_in_chief")
    assert code_of(refused) == ("not_allowed", 403)
    change_authority(actor=kim, issue=issue, authority="editor_in_chief")
    issue.refresh_from_db()
    assert issue.decision_authority == "editor_in_chief"
    entry = audit.entries_about(issue.audit_key).filter(verb="authority.changed").get()
    assert entry.facts == {"before": "guest_editor", "after": "editor_in_chief"}
