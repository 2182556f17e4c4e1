"""Recommend, decide, hold, release: both authorities, both rounds, once (`domain.md` E, L)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from accounts.models import Role, User
from editors import schedule
from editors.actions import (
    discard_decision,
    draft_decision,
    recall_decision,
    recommend_decision,
    release_decision,
    render_letter,
)
from editors.models import Decision, Letter, Recommendation
from editors.queries import current_letter
from editors.states import DecisionState, LetterState
from reviews.models import Assignment, ReviewAttachment
from reviews.queries import labels_of
from reviews.states import AssignmentState
from submissions.models import Correspondence, Manuscript, Version
from submissions.states import RevisionKind, Stage
from tests.editors.building import add_review, add_reviewer, make_manuscript, reviewed
from tmi_special_issue import audit, clock, files
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

REASONS = "The reviewers agree that the work is sound.\n\nPoint 1 of Reviewer 1 is mandatory."


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    return [rui, sol, tea, uma]


@pytest.fixture
def ready(issue: SpecialIssue, ada: User, eva: User, four: list[User]) -> Version:
    """Four reviews are in."""
    return reviewed(issue, ada, eva, four)


def draft(
    actor: User, version: Version, kind: str = "minor_revision", early_reason: str = ""
) -> Decision:
    """A draft with its letter rendered."""
    decision = draft_decision(
        actor=actor,
        manuscript=version.manuscript,
        kind=kind,
        reasons=REASONS,
        early_reason=early_reason,
    )
    render_letter(letter=letter_of(decision))
    return decision


def letter_of(decision: Decision) -> Letter:
    letter = current_letter(decision)
    assert letter is not None
    return letter


def stage_of(version: Version) -> Stage:
    return Stage(Manuscript.objects.get(pk=version.manuscript_id).stage)


def refused(code: str, call: object, **arguments: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**arguments)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


# --- The guest editor decides ------------------------------------------------------------------


def test_the_whole_way_from_draft_to_the_authors_letter(
    ready: Version, eva: User, ada: User, four: list[User]
) -> None:
    decision = draft(eva, ready, "reject_resubmit")
    letter = letter_of(decision)
    assert stage_of(ready) == Stage.AWAITING_DECISION
    assert (letter.state, bool(letter.file)) == (LetterState.RENDERED, True)
    assert not Correspondence.objects.exists()
    assert not OutboxMessage.objects.filter(kind__startswith="decision_").exists()

    release_decision(actor=eva, decision=decision, letter=letter)

    decision.refresh_from_db()
    letter.refresh_from_db()
    assert (decision.state, decision.released_at) == (DecisionState.RELEASED, clock.now())
    assert letter.state == LetterState.ISSUED
    assert stage_of(ready) == Stage.MAJOR_REVISION
    assert Correspondence.objects.get().file == letter.file
    mail = OutboxMessage.objects.get(kind="decision_released")
    assert mail.to == ada.email
    assert mail.subject.endswith(f"Decision on Manuscript ID {ready.label}")
    assert [a.file for a in mail.attached.all()] == [letter.file]
    shared = OutboxMessage.objects.filter(kind="decision_shared")
    assert sorted(m.to for m in shared) == sorted(p.email for p in four)
    assert set(Assignment.objects.values_list("state", flat=True)) == {AssignmentState.CLOSED}
    entry = audit.entries_about(decision.audit_key).filter(verb="decision.released").get()
    assert letter.file is not None
    assert entry.facts["sha256"] == letter.file.sha256


def test_an_accept_asks_for_final_files(ready: Version, eva: User, ada: User) -> None:
    decision = draft(eva, ready, "accept")
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    assert stage_of(ready) == Stage.AWAITING_FINAL_FILES
    mail = OutboxMessage.objects.get(kind="manuscript_accepted")
    assert mail.to == ada.email
    assert "$500" in mail.text


def test_the_released_bytes_are_the_previewed_bytes(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    letter = letter_of(decision)
    assert letter.file is not None
    seen = files.read(letter.file)
    release_decision(actor=eva, decision=decision, letter=letter)
    assert files.read(Correspondence.objects.get().file) == seen


def test_the_authors_get_the_attachments_that_they_may_see_and_no_others(
    ready: Version, eva: User
) -> None:
    assignments = list(Assignment.objects.filter(version=ready).order_by("pk")[:2])
    for assignment, author_sees in zip(assignments, (True, False), strict=True):
        ReviewAttachment.objects.create(
            assignment=assignment,
            number=1,
            file=files.store(
                f"%PDF {author_sees}".encode(),
                name="attachment-1.pdf",
                media_type="application/pdf",
            ),
            page_count=1,
            author_sees=author_sees,
            attached_at=clock.now(),
        )
    decision = draft(eva, ready)
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    label = labels_of(ready.manuscript)[assignments[0].reviewer_id]
    rows = {row.title: files.read(row.file) for row in Correspondence.objects.all()}
    assert set(rows) == {
        f"Decision on {ready.label}: {decision.words}",
        f"Reviewer {label}, attachment 1, on {ready.label}",
    }
    assert rows[f"Reviewer {label}, attachment 1, on {ready.label}"] == b"%PDF True"


def test_editing_makes_a_new_letter_and_the_old_one_cannot_go_out(
    ready: Version, eva: User
) -> None:
    decision = draft(eva, ready)
    old = letter_of(decision)
    decision = draft(eva, ready, "accept")
    new = letter_of(decision)
    old.refresh_from_db()
    assert (old.state, new.state, old.number != new.number) == (
        LetterState.REPLACED,
        LetterState.RENDERED,
        True,
    )
    refused("letter_replaced", release_decision, actor=eva, decision=decision, letter=old)
    assert not OutboxMessage.objects.filter(kind="decision_released").exists()


def test_a_letter_that_is_not_made_yet_cannot_go_out(ready: Version, eva: User) -> None:
    decision = draft_decision(
        actor=eva, manuscript=ready.manuscript, kind="accept", reasons=REASONS
    )
    refused(
        "letter_not_ready",
        release_decision,
        actor=eva,
        decision=decision,
        letter=letter_of(decision),
    )


def test_a_second_release_is_told_and_sends_nothing(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    letter = letter_of(decision)
    release_decision(actor=eva, decision=decision, letter=letter)
    before = OutboxMessage.objects.count()
    refused("already_released", release_decision, actor=eva, decision=decision, letter=letter)
    assert OutboxMessage.objects.count() == before


def test_a_stale_form_is_refused(ready: Version, eva: User, kim: User) -> None:
    decision = draft(eva, ready)
    draft(eva, ready)
    refused(
        "stale_edit",
        draft_decision,
        actor=eva,
        manuscript=ready.manuscript,
        kind="accept",
        reasons="Other words.",
        edit_count=decision.edit_count,
    )


def test_nobody_else_decides(
    ready: Version, kim: User, gus: User, ivo: User, ada: User, rui: User
) -> None:
    for person, status in [(kim, 403), (ivo, 403), (gus, 403), (ada, 404), (rui, 404)]:
        with pytest.raises(Refusal) as caught:
            draft_decision(
                actor=person, manuscript=ready.manuscript, kind="accept", reasons=REASONS
            )
        assert caught.value.status == status
    assert not Decision.objects.exists()


def test_discarding_brings_it_back_to_review(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    discard_decision(actor=eva, decision=decision, reason="One more look.")
    assert stage_of(ready) == Stage.IN_REVIEW
    assert not Letter.objects.exclude(state=LetterState.REPLACED).exists()
    again = draft(eva, ready, "accept")
    assert again.pk != decision.pk


# --- How many reviews --------------------------------------------------------------------------


def test_fewer_than_four_need_a_reason_and_two_are_the_least(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = reviewed(issue, ada, eva, four[:1])
    arguments = {
        "actor": eva,
        "manuscript": version.manuscript,
        "kind": "reject",
        "reasons": REASONS,
    }
    refused("too_few_reviews", draft_decision, **arguments, early_reason="No time.")
    add_review(version, four[1], number=2)
    refused("early_reason_missing", draft_decision, **arguments)
    decision = draft(eva, version, "reject", early_reason="Both are thorough and agree.")
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    assert stage_of(version) == Stage.REJECTED


def test_open_reviewers_are_told_when_it_is_over(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = reviewed(issue, ada, eva, four[:2])
    add_reviewer(version, four[2], number=3)
    add_reviewer(version, four[3], number=4, state=AssignmentState.INVITED)
    decision = draft(eva, version, "reject", early_reason="Both are thorough and agree.")
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    states = dict(Assignment.objects.values_list("reviewer", "state"))
    assert states[four[2].pk] == AssignmentState.UNASSIGNED
    assert states[four[3].pk] == AssignmentState.RESCINDED
    told = OutboxMessage.objects.filter(kind__in=["review_unassigned", "review_rescinded"])
    assert sorted(m.to for m in told) == sorted([four[2].email, four[3].email])


def test_a_review_that_came_in_after_the_draft_must_be_read_first(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = reviewed(issue, ada, eva, four[:3])
    decision = draft(eva, version, early_reason="Three agree.")
    add_review(version, four[3], number=4)
    refused(
        "reviews_changed",
        release_decision,
        actor=eva,
        decision=decision,
        letter=letter_of(decision),
    )


def test_immediate_reject_only_while_no_review_is_in(
    issue: SpecialIssue, ada: User, eva: User, kim: User, four: list[User]
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    decision = draft(kim, version, "immediate_reject")
    discard_decision(actor=kim, decision=decision)
    assert stage_of(version) == Stage.AWAITING_EDITOR
    decision = draft(kim, version, "immediate_reject")
    release_decision(actor=kim, decision=decision, letter=letter_of(decision))
    assert stage_of(version) == Stage.REJECTED
    other = reviewed(issue, ada, eva, four)
    refused(
        "not_offered",
        draft_decision,
        actor=eva,
        manuscript=other.manuscript,
        kind="immediate_reject",
        reasons=REASONS,
    )


# --- Second round ------------------------------------------------------------------------------


def test_round_two_refuses_another_major_revision(
    issue: SpecialIssue, ada: User, eva: User, four: list[User]
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva, revision_number=1)
    for number, reviewer in enumerate(four, start=1):
        add_review(version, reviewer, number=number)
    said = refused(
        "not_offered",
        draft_decision,
        actor=eva,
        manuscript=version.manuscript,
        kind="reject_resubmit",
        reasons=REASONS,
    )
    assert "Reject/Resubmit: major revisions needed" in said.sentence
    decision = draft(eva, version, "accept")
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    assert stage_of(version) == Stage.AWAITING_FINAL_FILES


def test_a_minor_revision_is_decided_without_reviews(
    issue: SpecialIssue, ada: User, eva: User
) -> None:
    version = make_manuscript(
        issue,
        ada,
        stage=Stage.IN_REVIEW,
        editor=eva,
        revision_number=1,
        revision_kind=RevisionKind.MINOR,
    )
    decision = draft(eva, version, "accept")
    release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    assert stage_of(version) == Stage.AWAITING_FINAL_FILES


# --- The editor-in-chief decides ---------------------------------------------------------------


@pytest.fixture
def by_chief(issue: SpecialIssue) -> SpecialIssue:
    SpecialIssue.objects.filter(pk=issue.pk).update(decision_authority="editor_in_chief")
    issue.refresh_from_db()
    return issue


def test_the_guest_editor_recommends_and_the_chief_decides(
    by_chief: SpecialIssue, ready: Version, eva: User, kim: User
) -> None:
    ready.manuscript.issue.refresh_from_db()
    with pytest.raises(Refusal) as caught:
        draft_decision(actor=eva, manuscript=ready.manuscript, kind="accept", reasons=REASONS)
    assert caught.value.status == 403
    advice = recommend_decision(
        actor=eva,
        manuscript=ready.manuscript,
        kind="minor_revision",
        reasons=REASONS,
        note="Reviewer 2 is too strict.",
    )
    assert stage_of(ready) == Stage.AWAITING_DECISION
    assert [m.to for m in OutboxMessage.objects.filter(kind="decision_recommended")] == [kim.email]
    decision = Decision.objects.get()
    render_letter(letter=letter_of(decision))
    with pytest.raises(Refusal) as caught:
        release_decision(actor=eva, decision=decision, letter=letter_of(decision))
    assert caught.value.status == 403
    decision = draft(kim, ready, "accept")
    release_decision(actor=kim, decision=decision, letter=letter_of(decision))
    advice.refresh_from_db()
    assert (advice.kind, advice.withdrawn_at) == ("minor_revision", None)
    assert stage_of(ready) == Stage.AWAITING_FINAL_FILES
    names = [s["name"] for s in letter_of(decision).content["signatures"]]
    assert names == ["Eva Engel", "Kim Kovac"]


def test_the_chief_returns_a_recommendation_to_review(
    by_chief: SpecialIssue, ready: Version, eva: User, kim: User
) -> None:
    recommend_decision(actor=eva, manuscript=ready.manuscript, kind="accept", reasons=REASONS)
    discard_decision(actor=kim, decision=Decision.objects.get(), reason="Ask a fifth reviewer.")
    assert stage_of(ready) == Stage.IN_REVIEW
    assert not Recommendation.objects.filter(withdrawn_at__isnull=True).exists()


def test_a_lead_guest_editor_may_hold_the_authority(
    issue: SpecialIssue, ready: Version, eva: User, gus: User
) -> None:
    SpecialIssue.objects.filter(pk=issue.pk).update(decision_authority="lead_guest_editor")
    Role.objects.filter(user=eva).update(name="lead_guest_editor")
    decision = draft(eva, ready, "accept")
    assert decision.state == DecisionState.DRAFTED


# --- Hold and release --------------------------------------------------------------------------


def test_a_held_decision_goes_out_at_its_minute_once(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    letter = letter_of(decision)
    minute = clock.now() + timedelta(days=2)
    release_decision(actor=eva, decision=decision, letter=letter, release_at=minute)
    decision.refresh_from_db()
    assert (decision.state, stage_of(ready)) == (DecisionState.APPROVED, Stage.AWAITING_DECISION)
    assert not Correspondence.objects.exists()
    refused(
        "held",
        draft_decision,
        actor=eva,
        manuscript=ready.manuscript,
        kind="accept",
        reasons=REASONS,
    )
    with clock.frozen_at(minute - timedelta(seconds=1)):
        schedule.run(clock.now())
    assert not Correspondence.objects.exists()
    with clock.frozen_at(minute + timedelta(hours=3)):
        schedule.run(clock.now())
        schedule.run(clock.now())
    assert Correspondence.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="decision_released").count() == 1
    assert stage_of(ready) == Stage.MINOR_REVISION
    entry = audit.entries_about(decision.audit_key).filter(verb="decision.released").get()
    assert (entry.actor, entry.facts["decided_by"]) == ("system:tick", eva.audit_key)


def test_a_held_decision_can_be_recalled(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    minute = clock.now() + timedelta(days=2)
    release_decision(actor=eva, decision=decision, letter=letter_of(decision), release_at=minute)
    recall_decision(actor=eva, decision=decision)
    with clock.frozen_at(minute + timedelta(hours=3)):
        schedule.run(clock.now())
    assert not Correspondence.objects.exists()
    refused("not_held", recall_decision, actor=eva, decision=decision)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_releases_at_the_same_second_one_is_told(ready: Version, eva: User) -> None:
    decision = draft(eva, ready)
    letter = letter_of(decision)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press() -> None:
        try:
            together.wait()
            release_decision(actor=eva, decision=decision, letter=letter)
            outcomes.append("released")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    both = [threading.Thread(target=press) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["already_released", "released"]
    assert OutboxMessage.objects.filter(kind="decision_released").count() == 1
    assert Correspondence.objects.count() == 1
