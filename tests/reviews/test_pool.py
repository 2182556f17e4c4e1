"""Who can be asked: pauses, rest after a review, private grades, history."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.models import User
from reviews import actions
from reviews.availability import Absence, absence_on
from reviews.models import Assignment, ReviewerProfile, ReviewGrade
from reviews.queries import candidates
from reviews.queries.history import NO_HISTORY, History, histories
from submissions.models import Manuscript, Version
from tests.reviews.conftest import REVIEW_BEGINS, agree, deliver, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]
JULY = date(2024, 7, 1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 6, 30), None),
        (date(2024, 7, 1), Absence("paused", date(2024, 7, 9))),
        (date(2024, 7, 9), Absence("paused", date(2024, 7, 9))),
        (date(2024, 7, 10), None),
    ],
)
def test_a_pause_holds_on_both_its_ends(day: date, expected: Absence | None) -> None:
    found = absence_on(day, paused_from=JULY, paused_until=date(2024, 7, 9))
    assert found == expected


def test_either_end_of_a_pause_may_be_open() -> None:
    assert absence_on(JULY, paused_from=JULY) == Absence("paused", None)
    assert absence_on(JULY, paused_until=JULY) == Absence("paused", JULY)
    assert absence_on(JULY) is None


def test_the_day_after_the_rest_is_free() -> None:
    def on(day: date) -> Absence | None:
        return absence_on(day, interval_days=30, last_returned_on=JULY)

    assert on(date(2024, 7, 30)) == Absence("resting", date(2024, 7, 30))
    assert on(date(2024, 7, 31)) is None


def test_no_interval_and_no_review_give_no_rest() -> None:
    assert absence_on(JULY, interval_days=0, last_returned_on=JULY) is None
    assert absence_on(JULY, interval_days=30) is None


def test_of_pause_and_rest_the_longer_is_told() -> None:
    both = absence_on(JULY, paused_until=JULY, interval_days=9, last_returned_on=JULY)
    assert both == Absence("resting", date(2024, 7, 9))
    for_ever = absence_on(JULY, paused_from=JULY, interval_days=9, last_returned_on=JULY)
    assert for_ever == Absence("paused", None)


@pytest.fixture
def other(issue: SpecialIssue, sam: User) -> Version:
    """A second manuscript, of somebody else."""
    return make_manuscript(issue, sam, [sam], number=2, title="Another subject altogether")


def rests(person: User, days: int | None) -> None:
    ReviewerProfile.objects.filter(user=person).update(interval_days=days)


def test_who_has_just_reviewed_is_not_asked_again(
    agreed: Invite, invite: Invite, rui: User, eva: User, other: Version, version: Version
) -> None:
    deliver(agreed(rui))
    rests(rui, 30)
    with pytest.raises(Refusal) as refused:
        invite(rui, other)
    assert refused.value.code == "resting"
    assert refused.value.sentence == (
        "Rui Rezende has just returned a review and takes no other until 19 Jul 2024. "
        "Choose another."
    )
    found = candidates(other, editor_key=eva.public_id)
    assert [c.user for c in found if c.is_blocked] == [rui]
    with clock.frozen_at(clock.now() + timedelta(days=30)):
        assert invite(rui, other).state == "invited"


def test_the_next_round_of_the_same_manuscript_is_no_other_review(
    agreed: Invite, rui: User, eva: User, version: Version
) -> None:
    deliver(agreed(rui))
    rests(rui, 300)
    assert [c.absence for c in candidates(version, editor_key=eva.public_id)] == [None]


def test_a_rest_tells_nothing_of_a_hidden_manuscript(
    agreed: Invite, rui: User, eva: User, other: Version, version: Version
) -> None:
    deliver(agreed(rui))
    rests(rui, 30)
    unseen = [version.manuscript_id]
    found = candidates(other, editor_key=eva.public_id, unseen=unseen)
    assert [c.absence for c in found if c.user == rui] == [None]


def test_a_grade_is_kept_replaced_and_told_to_nobody(agreed: Invite, rui: User, eva: User) -> None:
    assignment = agreed(rui)
    deliver(assignment)
    told = OutboxMessage.objects.count()
    for quality in (2, 5):
        actions.grade_review(
            actor=eva, assignment=assignment, quality=quality, timeliness=4, note=" Careful. "
        )
    grade = ReviewGrade.objects.get()
    assert (grade.quality, grade.timeliness, grade.note, grade.editor) == (5, 4, "Careful.", eva)
    assert OutboxMessage.objects.count() == told
    entries = AuditEntry.objects.filter(verb="review.graded")
    assert [entry.facts["quality"] for entry in entries] == [2, 5]


@pytest.mark.parametrize(("quality", "timeliness"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_a_grade_is_from_one_to_five(
    quality: int, timeliness: int, agreed: Invite, rui: User, eva: User
) -> None:
    assignment = agreed(rui)
    deliver(assignment)
    with pytest.raises(Refusal, match="from 1 to 5"):
        actions.grade_review(
            actor=eva, assignment=assignment, quality=quality, timeliness=timeliness
        )
    assert ReviewGrade.objects.count() == 0


def test_what_is_not_filed_has_no_grade(agreed: Invite, rui: User, eva: User) -> None:
    with pytest.raises(Refusal) as refused:
        actions.grade_review(actor=eva, assignment=agreed(rui), quality=3, timeliness=3)
    assert refused.value.code == "not_returned"


def test_history_counts_and_takes_medians(
    invite: Invite, rui: User, sol: User, tea: User, eva: User, version: Version, other: Version
) -> None:
    with clock.frozen_at(REVIEW_BEGINS):
        first, second = invite(rui), invite(rui, other)
        invite(sol)
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=2)):
        agree(first)
        actions.decline_assignment(actor=rui, assignment=second, reason="no_time", note="")
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=12)):
        deliver(first)
    actions.grade_review(actor=eva, assignment=first, quality=4, timeliness=5)
    found = histories([rui, sol, tea], Manuscript.objects.all())
    assert found == {
        rui.pk: History(
            invited=2,
            agreed=1,
            declined=1,
            returned=1,
            decline_reasons=(("No time at present", 1),),
            answer_days=2.0,
            review_days=10.0,
            quality=4.0,
            timeliness=5.0,
        ),
        sol.pk: History(invited=1, open=1),
    }
    assert found[rui.pk].words == "asked 2, agreed 1 · answers in 2 d · reviews in 10 d"
    assert NO_HISTORY.words == ""


def test_history_knows_only_the_manuscripts_it_is_given(
    agreed: Invite, rui: User, version: Version, other: Version
) -> None:
    deliver(agreed(rui))
    visible = Manuscript.objects.exclude(pk=version.manuscript_id)
    assert histories([rui], visible) == {}


@pytest.mark.parametrize("days", [-1, 366])
def test_a_rest_is_at_most_a_year(days: int, rui: User) -> None:
    with pytest.raises(Refusal) as refused:
        actions.save_profile(
            actor=rui,
            topics=[],
            expertise="",
            load_limit=None,
            interval_days=days,
            paused_from=None,
            paused_until=None,
        )
    assert refused.value.code == "interval_out_of_range"
    assert not ReviewerProfile.objects.exists()
