"""Every move of an assignment, legal and illegal, and what it leaves behind."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from accounts.actions import grant_role
from accounts.models import Affiliation, RoleName, User
from reviews import actions
from reviews.actions.writing import Faulty, Incomplete
from reviews.models import (
    Assignment,
    InvitationLink,
    Publication,
    Review,
    ReviewerLabel,
    ReviewerProfile,
    ReviewSnapshot,
)
from reviews.queries import returned_reviews, round_of
from reviews.states import LABELS, MOVES, AssignmentState, may_move
from submissions.models import DeclaredConflict, NamedReviewer, Version
from submissions.states import Stage
from tests import people
from tests.reviews.conftest import COMMENTS, COMPLETE, agree, deliver, make_manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

S = AssignmentState
Invite = Callable[..., Assignment]


def verbs(assignment: Assignment) -> list[str]:
    return [entry.verb for entry in audit.entries_about(assignment.audit_key)]


def mails() -> list[tuple[str, str]]:
    """Kind and recipient of every mail, oldest first."""
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", "to"))


def state_of(assignment: Assignment) -> str:
    return Assignment.objects.values_list("state", flat=True).get(pk=assignment.pk)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda error: error.code == code)


# --- The table --------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_of_the_table(origin: S, target: S) -> None:
    assert may_move(origin, target) is (target in MOVES[origin])


def test_every_state_has_moves_and_a_label() -> None:
    assert set(MOVES) == set(S) == set(LABELS)


ACTS: dict[str, tuple[Callable[[User, Assignment], Any], frozenset[S]]] = {
    "agree": (lambda eva, a: agree(a), frozenset({S.INVITED})),
    "decline": (
        lambda eva, a: actions.decline_assignment(actor=a.reviewer, assignment=a),
        frozenset({S.INVITED}),
    ),
    "save": (
        lambda eva, a: actions.save_review(
            actor=a.reviewer, assignment=a, answers={"originality": 3}, edit_count=0
        ),
        frozenset({S.AGREED, S.IN_PROGRESS}),
    ),
    "deliver": (lambda eva, a: deliver(a), frozenset({S.AGREED, S.IN_PROGRESS})),
    "rescind": (
        lambda eva, a: actions.rescind_invitation(actor=eva, assignment=a),
        frozenset({S.INVITED}),
    ),
    "unassign": (
        lambda eva, a: actions.unassign_reviewer(actor=eva, assignment=a, reason="late"),
        frozenset({S.SELECTED, S.COI_HOLD, S.AGREED, S.IN_PROGRESS}),
    ),
    "clear": (
        lambda eva, a: actions.release_hold(actor=eva, assignment=a, uphold=False),
        frozenset({S.COI_HOLD}),
    ),
    "uphold": (
        lambda eva, a: actions.release_hold(actor=eva, assignment=a, uphold=True),
        frozenset({S.COI_HOLD}),
    ),
    "extend": (
        lambda eva, a: actions.extend_assignment(
            actor=eva, assignment=a, until=clock.now() + timedelta(days=30)
        ),
        frozenset({S.AGREED, S.IN_PROGRESS}),
    ),
    "ask for time": (
        lambda eva, a: actions.ask_for_time(
            actor=a.reviewer, assignment=a, until=clock.now() + timedelta(days=30)
        ),
        frozenset({S.AGREED, S.IN_PROGRESS}),
    ),
    "invite again": (
        lambda eva, a: actions.invite_reviewer(
            actor=eva, version=a.version, reviewer=a.reviewer, editor=eva
        ),
        frozenset({S.SELECTED, S.DECLINED, S.EXPIRED, S.BOUNCED, S.RESCINDED, S.UNASSIGNED}),
    ),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_is_open_in_exactly_these_states(
    act: str, state: S, invite: Invite, rui: User, eva: User
) -> None:
    do, open_in = ACTS[act]
    assignment = invite(rui)
    returned = clock.now() if state in {S.RETURNED, S.CLOSED} else None
    Assignment.objects.filter(pk=assignment.pk).update(state=state, returned_at=returned)
    assignment.refresh_from_db()
    entries = AuditEntry.objects.count()
    if state in open_in:
        do(eva, assignment)
        assert AuditEntry.objects.count() > entries
    else:
        with pytest.raises(Refusal):
            do(eva, assignment)
        assert state_of(assignment) == state
        assert AuditEntry.objects.count() == entries


# --- Inviting ---------------------------------------------------------------------------------


def test_invite_makes_a_link_a_mail_and_a_record(invite: Invite, rui: User, eva: User) -> None:
    assignment = invite(rui, reasons=["Knows the field."])
    assert assignment.state == S.INVITED
    assert assignment.reasons == ["Knows the field."]
    assert verbs(assignment) == ["assignment.invited"]
    assert mails() == [("review_invited", rui.email)]
    mail = OutboxMessage.objects.get()
    [link] = InvitationLink.objects.all()
    secret = mail.text.split("/reviews/invitation/")[1].split("/")[0]
    assert len(secret) == 43
    assert secret not in link.secret_hash
    assert eva.email not in mail.text


def test_the_invitation_names_what_the_reviewer_must_know(
    invite: Invite, rui: User, version: Version
) -> None:
    invite(rui)
    text = OutboxMessage.objects.get().text
    for expected in (version.title, "Ada Avelin, Ben Brandt", version.abstract, "AoE"):
        assert expected in text


def test_an_invitation_waits_five_days_to_the_end_of_the_day(invite: Invite, rui: User) -> None:
    with clock.frozen_at(datetime(2024, 7, 5, 9, tzinfo=UTC)):
        assignment = invite(rui)
    # 9:00 UTC is 4 July anywhere on Earth, so the last day is 9 July there.
    assert assignment.answer_by == datetime(2024, 7, 10, 11, 59, 59, tzinfo=UTC)


def test_an_author_cannot_be_invited(
    version: Version, ben: User, issue: SpecialIssue, invite: Invite
) -> None:
    grant_role(actor="system:test", issue=issue, person=ben, name=RoleName.REVIEWER)
    with refused("conflict_of_interest") as caught:
        invite(ben)
    assert "F1" in caught.value.sentence
    assert not Assignment.objects.exists()
    assert mails() == []


def test_a_colleague_of_an_author_cannot_be_invited(invite: Invite, rui: User) -> None:
    Affiliation.objects.create(
        user=rui, institution="Halvard Imaging Institute", mail_domain="lab.halvard.example"
    )
    with refused("conflict_of_interest"):
        invite(rui, override_reason="I want her all the same.")


def test_a_recent_coauthor_cannot_be_invited(invite: Invite, rui: User, ada: User) -> None:
    profile = ReviewerProfile.objects.create(user=rui)
    Publication.objects.create(
        profile=profile, title="Ours", year=2023, coauthors=[{"name": "", "email": ada.email}]
    )
    with refused("conflict_of_interest"):
        invite(rui)


def test_the_handling_editor_cannot_be_invited(
    invite: Invite, eva: User, issue: SpecialIssue
) -> None:
    grant_role(actor="system:test", issue=issue, person=eva, name=RoleName.REVIEWER)
    with refused("conflict_of_interest") as caught:
        invite(eva)
    assert "F11" in caught.value.sentence


def test_a_former_colleague_needs_the_editor_in_chief_and_a_reason(
    invite: Invite, rui: User, version: Version, kim: User, eva: User
) -> None:
    Affiliation.objects.create(
        user=rui,
        institution="Northgate University",
        mail_domain="northgate.example",
        ended_on=datetime(2023, 1, 1, tzinfo=UTC).date(),
    )
    with refused("conflict_of_interest"):
        invite(rui, override_reason="Long enough a reason.")
    ReviewerProfile.objects.get_or_create(user=rui)
    with refused("reason_needed"):
        actions.invite_reviewer(actor=kim, version=version, reviewer=rui, editor=eva)
    assignment = actions.invite_reviewer(
        actor=kim,
        version=version,
        reviewer=rui,
        editor=eva,
        override_reason="Left the house, another department.",
    )
    [entry] = audit.entries_about(assignment.audit_key)
    assert [line[:2] for line in entry.facts["set_aside"]] == ["F3"]


def test_an_opposed_reviewer_needs_a_written_reason(
    invite: Invite, rui: User, version: Version
) -> None:
    NamedReviewer.objects.create(
        version=version, is_opposed=True, name="Rui", email=rui.email, reason="A rival."
    )
    with refused("reason_needed"):
        invite(rui)
    with refused("reason_needed"):
        invite(rui, override_reason="too short"[:9])
    assignment = invite(rui, override_reason="The only expert on this topic.")
    assert assignment.override_reason == "The only expert on this topic."


def test_a_reviewer_in_declared_conflict_cannot_be_invited(
    invite: Invite, rui: User, version: Version
) -> None:
    DeclaredConflict.objects.create(
        version=version, name="R.", email=rui.email, kind="adviser", evidence="Her doctoral thesis."
    )
    with refused("conflict_of_interest") as caught:
        invite(rui, override_reason="Nobody else knows this topic.")
    assert "F6" in caught.value.sentence
    assert "Her doctoral thesis." in caught.value.sentence


def test_no_reviewer_learns_what_the_authors_declare(
    invite: Invite, rui: User, version: Version
) -> None:
    """Agreeing tells whoever is in conflict by the records why, and nobody what was declared."""
    assignment = invite(rui)
    DeclaredConflict.objects.create(
        version=version, name="R.", email=rui.email, kind="collaborator", evidence="A joint grant."
    )
    assert agree(assignment).state == S.AGREED


def test_only_one_suggested_reviewer(
    invite: Invite, rui: User, sol: User, version: Version
) -> None:
    for person in (rui, sol):
        NamedReviewer.objects.create(
            version=version, name=person.full_name, email=person.email, reason="Knows it."
        )
    invite(rui)
    with refused("conflict_of_interest") as caught:
        invite(sol)
    assert "F10" in caught.value.sentence


def test_a_full_load_needs_a_reason(
    invite: Invite, rui: User, issue: SpecialIssue, kim: User, sam: User
) -> None:
    for number in range(2, 2 + issue.reviewer_load_limit):
        other = make_manuscript(issue, sam, [sam], number=number)
        invite(rui, other)
    with refused("reason_needed") as caught:
        invite(rui)
    assert "3 open reviews of 3" in caught.value.sentence
    assert invite(rui, override_reason="She said that she has time.").state == S.INVITED


def test_two_who_would_review_each_other(
    invite: Invite, rui: User, ada: User, issue: SpecialIssue
) -> None:
    grant_role(actor="system:test", issue=issue, person=ada, name=RoleName.REVIEWER)
    rui_own = make_manuscript(issue, rui, [rui], number=2)
    invite(ada, rui_own)
    with refused("conflict_of_interest") as caught:
        invite(rui)
    assert "F15" in caught.value.sentence


def test_a_paused_reviewer_is_left_in_peace(invite: Invite, rui: User) -> None:
    ReviewerProfile.objects.create(user=rui, paused_until=datetime(2024, 8, 1, tzinfo=UTC).date())
    with refused("paused"):
        invite(rui)


def test_a_stranger_is_not_in_the_pool(invite: Invite, sam: User) -> None:
    with refused("not_in_pool"):
        invite(sam)


def test_twice_is_refused_and_mails_once(invite: Invite, rui: User) -> None:
    invite(rui)
    with refused("already_invited"):
        invite(rui)
    assert mails() == [("review_invited", rui.email)]


@pytest.mark.parametrize("stage", [s for s in Stage if s not in {Stage.IN_REVIEW, Stage.DRAFT}])
def test_nobody_is_invited_outside_the_review(
    invite: Invite, rui: User, version: Version, stage: Stage
) -> None:
    type(version.manuscript).objects.filter(pk=version.manuscript_id).update(stage=stage)
    with refused("not_under_review"):
        invite(rui)


def test_the_fifth_place_must_be_wanted(
    invite: Invite, rui: User, sol: User, tea: User, uma: User, sam: User, issue: SpecialIssue
) -> None:
    grant_role(actor="system:test", issue=issue, person=sam, name=RoleName.REVIEWER)
    for person in (rui, sol, tea, uma):
        invite(person)
    with refused("no_place_left"):
        invite(sam)
    assert invite(sam, places=5).state == S.INVITED


def test_asking_again_kills_the_first_link_and_forgets_the_first_answer(
    invite: Invite, rui: User
) -> None:
    first = invite(rui)
    [old] = InvitationLink.objects.values_list("secret_hash", flat=True)
    actions.decline_assignment(actor=rui, assignment=first, reason="ask_later", note="Try X.")
    assert InvitationLink.objects.get().secret_hash == old
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        again = invite(rui)
    assert again.pk == first.pk
    assert (again.decline_reason, again.decline_note, again.ended_at) == ("", "", None)
    [new] = InvitationLink.objects.values_list("secret_hash", flat=True)
    assert new != old
    assert [kind for kind, _ in mails()].count("review_invited") == 2


# --- Answering --------------------------------------------------------------------------------


def test_agree_opens_sets_the_date_and_draws_a_number(invite: Invite, rui: User) -> None:
    with clock.frozen_at(datetime(2024, 7, 5, 9, tzinfo=UTC)):
        assignment = agree(invite(rui))
    assert assignment.state == S.AGREED
    # 4 July anywhere on Earth and 21 days.
    assert assignment.due_at == datetime(2024, 7, 26, 11, 59, 59, tzinfo=UTC)
    assert ReviewerLabel.objects.get().reviewer == rui
    assert verbs(assignment) == ["assignment.invited", "assignment.agreed"]
    assert mails()[-1] == ("review_agreed", rui.email)


@pytest.mark.parametrize(
    ("agreed_at", "due"),
    [
        (datetime(2024, 7, 13, 13, tzinfo=UTC), datetime(2024, 8, 4, 11, 59, 59, tzinfo=UTC)),
        (datetime(2024, 7, 25, 13, tzinfo=UTC), datetime(2024, 8, 6, 11, 59, 59, tzinfo=UTC)),
        (datetime(2024, 8, 4, 13, tzinfo=UTC), datetime(2024, 8, 8, 11, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_review_is_due_ten_days_before_the_decision(
    invite: Invite, rui: User, agreed_at: datetime, due: datetime
) -> None:
    with clock.frozen_at(agreed_at):
        assert agree(invite(rui)).due_at == due


def test_second_round_is_due_on_25_october(invite: Invite, rui: User, version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(revision_number=1)
    with clock.frozen_at(datetime(2024, 10, 6, 13, tzinfo=UTC)):
        assert agree(invite(rui)).due_at == datetime(2024, 10, 26, 11, 59, 59, tzinfo=UTC)


def test_a_declared_conflict_holds_the_assignment(invite: Invite, rui: User, eva: User) -> None:
    assignment = agree(invite(rui), has_conflict=True, coi_statement="I taught Ben years ago.")
    assert assignment.state == S.COI_HOLD
    assert not ReviewerLabel.objects.exists()
    assert mails()[-1] == ("review_held", eva.email)
    assert "I taught Ben years ago." in OutboxMessage.objects.get(kind="review_held").text
    cleared = actions.release_hold(actor=eva, assignment=assignment, uphold=False)
    assert (cleared.state, mails()[-1]) == (S.AGREED, ("review_agreed", rui.email))


def test_an_upheld_conflict_ends_it_politely(invite: Invite, rui: User, eva: User) -> None:
    held = agree(invite(rui), has_conflict=True, coi_statement="I taught Ben years ago.")
    ended = actions.release_hold(actor=eva, assignment=held, uphold=True)
    assert (ended.state, ended.decline_reason) == (S.DECLINED, "conflict")
    assert mails()[-1] == ("review_hold_upheld", rui.email)
    assert not InvitationLink.objects.exists()


def test_a_conflict_of_the_rules_cannot_be_cleared(invite: Invite, rui: User, eva: User) -> None:
    assignment = invite(rui)
    Affiliation.objects.create(
        user=rui, institution="Northgate University", mail_domain="northgate.example"
    )
    with refused("conflict_of_interest"):
        agree(assignment)
    held = agree(assignment, has_conflict=True, coi_statement="I have moved to Northgate.")
    with refused("conflict_of_interest"):
        actions.release_hold(actor=eva, assignment=held, uphold=False)
    assert state_of(assignment) == S.COI_HOLD


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"accepts_terms": False}, "terms_not_accepted"),
        ({"has_conflict": True}, "statement_missing"),
        ({"has_conflict": True, "coi_statement": "   short "}, "statement_missing"),
    ],
)
def test_agreeing_needs_its_declarations(
    invite: Invite, rui: User, options: dict[str, Any], code: str
) -> None:
    assignment = invite(rui)
    with refused(code):
        agree(assignment, **options)
    assert state_of(assignment) == S.INVITED


def test_nobody_else_answers(invite: Invite, rui: User, sol: User) -> None:
    assignment = invite(rui)
    with refused("not_yours"):
        actions.agree_assignment(
            actor=sol, assignment=assignment, has_conflict=False, accepts_terms=True
        )
    with refused("not_yours"):
        actions.decline_assignment(actor=sol, assignment=assignment)


def test_agreeing_after_the_last_second_is_refused_even_before_the_schedule_ran(
    invite: Invite, rui: User
) -> None:
    assignment = invite(rui)
    assert assignment.answer_by is not None
    with (
        clock.frozen_at(assignment.answer_by + timedelta(seconds=1)),
        refused("invitation_expired"),
    ):
        agree(assignment)
    with clock.frozen_at(assignment.answer_by):
        assert agree(assignment).state == S.AGREED


def test_declining_tells_the_editor_reason_and_names(invite: Invite, rui: User, eva: User) -> None:
    assignment = actions.decline_assignment(
        actor=rui, assignment=invite(rui), reason="no_time", note="Zed Zimmer, Westmere"
    )
    assert assignment.state == S.DECLINED
    mail = OutboxMessage.objects.get(kind="review_declined")
    assert mail.to == eva.email
    assert "No time at present" in mail.text
    assert "Zed Zimmer, Westmere" in mail.text
    assert User.objects.filter(family_name="Zimmer").count() == 0


def test_declining_with_an_unknown_reason_is_refused(invite: Invite, rui: User) -> None:
    with refused("unknown_reason"):
        actions.decline_assignment(actor=rui, assignment=invite(rui), reason="bored")


# --- Writing ----------------------------------------------------------------------------------


def test_the_first_save_begins_the_review(agreed: Invite, rui: User) -> None:
    assignment = agreed(rui)
    review = actions.save_review(
        actor=rui, assignment=assignment, answers={"originality": 3, "impact": ""}, edit_count=0
    )
    assert review.answers == {"originality": 3}
    assert review.edit_count == 1
    assert state_of(assignment) == S.IN_PROGRESS
    assert verbs(assignment)[-1] == "review.begun"


def test_a_stale_tab_cannot_overwrite(agreed: Invite, rui: User) -> None:
    assignment = agreed(rui)
    save: dict[str, Any] = {"actor": rui, "assignment": assignment}
    actions.save_review(**save, answers={"comments_to_author": "new"}, edit_count=0)
    with refused("stale_edit"):
        actions.save_review(**save, answers={"comments_to_author": "old"}, edit_count=0)
    assert Review.objects.get().answers == {"comments_to_author": "new"}


def test_unknown_answers_are_refused_and_nothing_is_lost(agreed: Invite, rui: User) -> None:
    assignment = agreed(rui)
    save: dict[str, Any] = {"actor": rui, "assignment": assignment}
    actions.save_review(**save, answers={"originality": 3}, edit_count=0)
    with pytest.raises(Faulty) as caught:
        actions.save_review(**save, answers={"originality": 9, "x": 1}, edit_count=1)
    assert set(caught.value.faults) == {"originality", "x"}
    assert Review.objects.get().answers == {"originality": 3}


def test_a_review_lacking_answers_is_not_submitted(agreed: Invite, rui: User) -> None:
    assignment = agreed(rui)
    rest = {k: v for k, v in COMPLETE.items() if k not in {"impact", "recommendation"}}
    with pytest.raises(Incomplete) as caught:
        actions.deliver_review(actor=rui, assignment=assignment, answers=rest)
    assert [row.key for row in caught.value.missing] == ["impact", "recommendation"]
    assert state_of(assignment) == S.AGREED


def test_delivering_freezes_keeps_a_snapshot_and_thanks(
    agreed: Invite, rui: User, eva: User, version: Version
) -> None:
    assignment = agreed(rui)
    deliver(assignment)
    review = Review.objects.get()
    assert (review.recommendation, review.answers) == ("minor_revision", COMPLETE)
    assert [s.answers for s in ReviewSnapshot.objects.all()] == [COMPLETE]
    assert mails()[-2:] == [("review_delivered", rui.email), ("review_received", eva.email)]
    assert COMMENTS.splitlines()[0] in (OutboxMessage.objects.get(kind="review_delivered").text)
    received = OutboxMessage.objects.get(kind="review_received")
    assert "1 of 1 reviews are in" in received.subject
    assert "Between us" not in received.text
    with refused("review_closed"):
        deliver(assignment, impact=1)
    assert Review.objects.get().answers["impact"] == 3
    assert round_of(version).returned == 1


def test_a_review_may_come_in_while_the_decision_is_prepared(
    agreed: Invite, rui: User, version: Version
) -> None:
    assignment = agreed(rui)
    type(version.manuscript).objects.update(stage=Stage.AWAITING_DECISION)
    deliver(assignment)
    assert state_of(assignment) == S.RETURNED


def test_nothing_is_saved_once_the_decision_is_out(
    agreed: Invite, rui: User, version: Version
) -> None:
    assignment = agreed(rui)
    type(version.manuscript).objects.update(stage=Stage.MAJOR_REVISION)
    with refused("not_under_review"):
        deliver(assignment)


def test_sending_back_opens_the_same_text_again(agreed: Invite, rui: User, eva: User) -> None:
    assignment = agreed(rui)
    deliver(assignment)
    with refused("reason_needed"):
        actions.send_back_review(actor=eva, assignment=assignment, reason="no")
    actions.send_back_review(
        actor=eva, assignment=assignment, reason="Please leave out your own name."
    )
    review = Review.objects.get()
    assert (review.submitted_at, review.answers) == (None, COMPLETE)
    assert [s.reason for s in ReviewSnapshot.objects.all()] == [
        "Submitted",
        "Sent back: Please leave out your own name.",
    ]
    assert mails()[-1] == ("review_sent_back", rui.email)
    actions.deliver_review(actor=rui, assignment=assignment)
    assert state_of(assignment) == S.RETURNED
    assert ReviewSnapshot.objects.count() == 3


# --- Time -------------------------------------------------------------------------------------

SLACK = datetime(2024, 8, 9, 11, 59, 59, tzinfo=UTC)  # 8 August anywhere on Earth
LIMIT = datetime(2024, 8, 12, 11, 59, 59, tzinfo=UTC)  # 11 August anywhere on Earth


def test_time_inside_the_slack_is_granted_at_once(agreed: Invite, rui: User) -> None:
    assignment = actions.ask_for_time(actor=rui, assignment=agreed(rui), until=SLACK)
    assert (assignment.due_at, assignment.asked_until) == (SLACK, None)
    assert mails()[-1] == ("review_extended", rui.email)


def test_time_beyond_the_slack_is_put_to_the_editor(agreed: Invite, rui: User, eva: User) -> None:
    before = agreed(rui)
    until = SLACK + timedelta(seconds=1)
    assignment = actions.ask_for_time(actor=rui, assignment=before, until=until, reason="A fall.")
    assert (assignment.due_at, assignment.asked_until) == (before.due_at, until)
    assert mails()[-1] == ("review_time_asked", eva.email)
    assert "A fall." in OutboxMessage.objects.get(kind="review_time_asked").text


def test_beyond_the_limit_the_editor_in_chief_must_sign(
    agreed: Invite, rui: User, eva: User, kim: User
) -> None:
    assignment = agreed(rui)
    until = LIMIT + timedelta(seconds=1)
    actions.extend_assignment(actor=eva, assignment=assignment, until=LIMIT)
    with refused("beyond_limit"):
        actions.extend_assignment(actor=eva, assignment=assignment, until=until)
    assert actions.extend_assignment(actor=kim, assignment=assignment, until=until).due_at == until


def test_an_earlier_date_is_no_extension(agreed: Invite, rui: User, eva: User) -> None:
    assignment = agreed(rui)
    assert assignment.due_at is not None
    with refused("not_later"):
        actions.extend_assignment(actor=eva, assignment=assignment, until=assignment.due_at)


# --- Ending -----------------------------------------------------------------------------------


def test_unassigning_closes_at_once_and_keeps_the_text(
    agreed: Invite, rui: User, eva: User
) -> None:
    assignment = agreed(rui)
    actions.save_review(
        actor=rui, assignment=assignment, answers={"comments_to_author": "Half a"}, edit_count=0
    )
    actions.unassign_reviewer(actor=eva, assignment=assignment, reason="Far too late")
    assert Review.objects.get().answers == {"comments_to_author": "Half a"}
    assert not InvitationLink.objects.exists()
    mail = OutboxMessage.objects.get(kind="review_unassigned")
    assert (mail.to, "late" in mail.text) == (rui.email, False)
    with refused("review_closed"):
        actions.save_review(actor=rui, assignment=assignment, answers={}, edit_count=1)


def test_closing_the_round(
    invite: Invite, rui: User, sol: User, tea: User, uma: User, version: Version, eva: User
) -> None:
    returned, begun, asked = agree(invite(rui)), agree(invite(sol)), invite(tea)
    declined = actions.decline_assignment(actor=uma, assignment=invite(uma))
    deliver(returned)
    actions.save_review(actor=sol, assignment=begun, answers={"impact": 2}, edit_count=0)
    before = len(mails())
    actions.close_round(actor=eva, version=version)
    assert [state_of(a) for a in (returned, begun, asked, declined)] == [
        S.CLOSED,
        S.UNASSIGNED,
        S.RESCINDED,
        S.DECLINED,
    ]
    assert mails()[before:] == [
        ("review_unassigned", sol.email),
        ("review_rescinded", tea.email),
    ]
    assert [review.assignment for review in returned_reviews(version)] == [returned]
    assert round_of(version).returned == 1
    assert actions.close_round(actor=eva, version=version) == []


def test_another_editor_gets_the_news(agreed: Invite, rui: User, kim: User, eva: User) -> None:
    assignment = agreed(rui)
    manuscript = assignment.version.manuscript
    assert actions.hand_over_assignments(actor=kim, manuscript=manuscript, editor=kim) == 1
    deliver(assignment)
    assert ("review_received", kim.email) in mails()
    assert ("review_received", eva.email) not in mails()


def test_no_mail_of_the_review_goes_to_an_author_or_names_another_reviewer(
    invite: Invite, rui: User, sol: User, ada: User, ben: User, eva: User, version: Version
) -> None:
    first, second = agree(invite(rui)), invite(sol)
    deliver(first)
    actions.decline_assignment(actor=sol, assignment=second, reason="away")
    actions.close_round(actor=eva, version=version)
    for mail in OutboxMessage.objects.all():
        assert mail.to not in {ada.email, ben.email}
        content = f"{mail.subject} {mail.text} {mail.html} {mail.cc}"
        for reviewer in (rui, sol):
            if mail.to not in {reviewer.email, eva.email}:
                assert reviewer.family_name not in content
            if mail.to != reviewer.email:
                assert reviewer.email not in content


# --- Races ------------------------------------------------------------------------------------


def at_once(count: int, act: Callable[[int], object]) -> list[str]:
    """Run `act` in threads that start together; what each ended with, "" for success."""
    barrier, results = threading.Barrier(count), [""] * count

    def run(number: int) -> None:
        try:
            barrier.wait()
            act(number)
        except Refusal as refusal:
            results[number] = refusal.code
        except Exception as error:
            results[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_editors_at_once_fill_exactly_four_places(
    version: Version, eva: User, issue: SpecialIssue
) -> None:
    reviewers = [
        people.sign_up(
            f"r{n}",
            issue,
            people.Part("R", str(n), f"House {n}", f"h{n}.example", "DK"),
            "reviewer",
        )
        for n in range(20)
    ]
    results = at_once(
        20,
        lambda n: actions.invite_reviewer(
            actor=eva, version=version, reviewer=reviewers[n], editor=eva
        ),
    )
    assert sorted(results) == [""] * 4 + ["no_place_left"] * 16
    assert Assignment.objects.filter(state=S.INVITED).count() == 4
    assert OutboxMessage.objects.filter(kind="review_invited").count() == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_click_agrees_once(invite: Invite, rui: User) -> None:
    assignment = invite(rui)
    results = at_once(5, lambda n: agree(assignment))
    assert sorted(results) == ["", *["assignment_moved"] * 4]
    assert ReviewerLabel.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="review_agreed").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_who_agree_at_once_get_four_numbers(
    invite: Invite, rui: User, sol: User, tea: User, uma: User
) -> None:
    rows = [invite(person) for person in (rui, sol, tea, uma)]
    assert at_once(4, lambda n: agree(rows[n])) == [""] * 4
    assert set(ReviewerLabel.objects.values_list("number", flat=True)) == {1, 2, 3, 4}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_submitting_against_letting_go_is_either_never_half(
    attempt: int, agreed: Invite, rui: User, eva: User
) -> None:
    assignment = agreed(rui)
    actions.save_review(actor=rui, assignment=assignment, answers=COMPLETE, edit_count=0)

    def act(number: int) -> None:
        if number:
            actions.unassign_reviewer(actor=eva, assignment=assignment, reason="late")
        else:
            actions.deliver_review(actor=rui, assignment=assignment)

    results = at_once(2, act)
    review = Review.objects.get()
    assert review.answers == COMPLETE
    if results[0] == "":
        assert (state_of(assignment), results[1]) == (S.RETURNED, "assignment_moved")
        assert review.submitted_at is not None
    else:
        assert (state_of(assignment), results) == (S.UNASSIGNED, ["review_closed", ""])
        assert review.submitted_at is None
