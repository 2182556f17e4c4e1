"""The numbers by which authors know reviewers: random, free again, kept over rounds."""

from collections import Counter
from collections.abc import Callable

import pytest

from accounts.models import User
from reviews import actions
from reviews.models import Assignment, ReviewerLabel
from reviews.queries import labels_of, returned_reviews
from submissions.models import Version
from submissions.states import Stage
from tests.reviews.conftest import deliver, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

Agreed = Callable[..., Assignment]


def second_round(version: Version) -> Version:
    """The revision of a version, submitted and under review."""
    now = clock.now()
    made = Version.objects.create(
        manuscript=version.manuscript,
        revision_number=1,
        title=version.title,
        abstract=version.abstract,
        saved_at=now,
        submitted_at=now,
    )
    type(version.manuscript).objects.update(stage=Stage.IN_REVIEW)
    return made


def test_four_reviewers_get_the_numbers_one_to_four(
    agreed: Agreed, version: Version, rui: User, sol: User, tea: User, uma: User
) -> None:
    for person in (rui, sol, tea, uma):
        agreed(person)
    labels = labels_of(version.manuscript)
    assert set(labels) == {rui.pk, sol.pk, tea.pk, uma.pk}
    assert set(labels.values()) == {1, 2, 3, 4}


def test_an_invitation_alone_gives_no_number(invite: Agreed, rui: User, version: Version) -> None:
    invite(rui)
    assert labels_of(version.manuscript) == {}


def test_the_first_to_agree_gets_any_of_the_numbers(
    agreed: Agreed, rui: User, ada: User, issue: SpecialIssue, eva: User
) -> None:
    drawn: Counter[int] = Counter()
    for number in range(2, 42):
        version = make_manuscript(issue, ada, [ada], number=number)
        assignment = agreed(rui, version)
        drawn[labels_of(version.manuscript)[rui.pk]] += 1
        actions.unassign_reviewer(actor=eva, assignment=assignment, reason="only a draw")
    # Each of four numbers misses in all of 40 fair draws once in 100,000.
    assert set(drawn) == {1, 2, 3, 4}


def test_a_replacement_gets_the_number_that_became_free(
    agreed: Agreed,
    version: Version,
    rui: User,
    sol: User,
    tea: User,
    uma: User,
    eva: User,
    sam: User,
    issue: SpecialIssue,
) -> None:
    rows = {person: agreed(person) for person in (rui, sol, tea, uma)}
    freed = labels_of(version.manuscript)[tea.pk]
    actions.unassign_reviewer(actor=eva, assignment=rows[tea], reason="late")
    assert tea.pk not in labels_of(version.manuscript)
    from accounts.actions import grant_role
    from accounts.models import RoleName

    grant_role(actor="system:test", issue=issue, person=sam, name=RoleName.REVIEWER)
    agreed(sam)
    assert labels_of(version.manuscript)[sam.pk] == freed


def test_the_number_stays_over_rounds(
    agreed: Agreed, version: Version, rui: User, sol: User, tea: User, uma: User, eva: User
) -> None:
    rows = [agreed(person) for person in (rui, sol, tea, uma)]
    for row in rows:
        deliver(row)
    before = labels_of(version.manuscript)
    actions.close_round(actor=eva, version=version)
    revision = second_round(version)
    agreed(uma, revision)
    agreed(rui, revision)
    assert labels_of(version.manuscript) == before


def test_who_wrote_in_round_one_keeps_the_number_when_leaving_round_two(
    agreed: Agreed, version: Version, rui: User, eva: User
) -> None:
    deliver(agreed(rui))
    before = labels_of(version.manuscript)
    actions.close_round(actor=eva, version=version)
    again = agreed(rui, second_round(version))
    actions.unassign_reviewer(actor=eva, assignment=again, reason="ill")
    assert labels_of(version.manuscript) == before


def test_a_newcomer_in_round_two_never_takes_a_number_of_round_one(
    agreed: Agreed, version: Version, rui: User, sol: User, tea: User, uma: User, eva: User
) -> None:
    for person in (rui, sol, tea):
        deliver(agreed(person))
    known = labels_of(version.manuscript)
    actions.close_round(actor=eva, version=version)
    agreed(uma, second_round(version))
    assert labels_of(version.manuscript)[uma.pk] not in known.values()


@pytest.mark.parametrize("attempt", range(3))
def test_reviews_are_ordered_by_number_not_by_time(
    attempt: int, agreed: Agreed, version: Version, rui: User, sol: User, tea: User, uma: User
) -> None:
    rows = [agreed(person) for person in (rui, sol, tea, uma)]
    for row in reversed(rows):
        deliver(row)
    labels = labels_of(version.manuscript)
    order = [labels[review.assignment.reviewer_id] for review in returned_reviews(version)]
    assert order == [1, 2, 3, 4]
    assert ReviewerLabel.objects.count() == 4
