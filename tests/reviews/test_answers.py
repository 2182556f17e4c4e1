"""In the second round reviewers read the authors' answers, the ones to their own points first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from reviews.models import Assignment, ReviewerLabel
from reviews.queries import answers_for_reviewer
from submissions.models import ResponsePoint, Version
from tmi_special_issue import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(version: Version, rui: User, sol: User) -> Version:
    """The revision is in; rui was Reviewer 3 and sol Reviewer 1 of the version before."""
    for person, number in ((rui, 3), (sol, 1)):
        ReviewerLabel.objects.update_or_create(
            manuscript=version.manuscript, reviewer=person, defaults={"number": number}
        )
        ResponsePoint.objects.create(
            manuscript=version.manuscript,
            revision_number=1,
            reviewer=number,
            position=1,
            text=f"Point of {number}.",
            answer=f"Answer to {number}.",
            place="page 4",
        )
    return Version.objects.create(
        manuscript=version.manuscript,
        revision_number=1,
        revision_kind="reject_resubmit",
        title=version.title,
        abstract=version.abstract,
        saved_at=clock.now(),
        submitted_at=clock.now(),
        first_submitted_at=clock.now(),
    )


def labels(groups: list[Any]) -> list[str]:
    return [group.label for group in groups]


def test_own_points_stand_in_the_sheet_and_nobody_is_named(
    revision: Version,
    rui: User,
    sol: User,
    agreed: Callable[..., Assignment],
    client_of: Callable[..., Any],
) -> None:
    assignment = agreed(rui, revision)
    own, others = answers_for_reviewer(assignment)
    assert (labels(own), labels(others)) == (["Reviewer 3"], ["Reviewer 1"])
    page = client_of(rui).get(f"/reviews/{assignment.public_id}/").content.decode()
    places = [page.index(words) for words in ("Answer to 1.", 'id="sheet"', "Answer to 3.")]
    assert places == sorted(places)
    assert "answers to your points" in page
    assert sol.family_name not in page
    assert sol.email not in page


def test_a_new_reviewer_reads_all_and_owns_none(
    revision: Version, tea: User, agreed: Callable[..., Assignment]
) -> None:
    own, others = answers_for_reviewer(agreed(tea, revision))
    assert (labels(own), labels(others)) == ([], ["Reviewer 1", "Reviewer 3"])


def test_whoever_is_only_invited_reads_no_answer(
    revision: Version, rui: User, invite: Callable[..., Assignment]
) -> None:
    assert answers_for_reviewer(invite(rui, revision)) == ([], [])


def test_a_version_that_went_back_to_its_authors_shows_none(
    revision: Version, rui: User, agreed: Callable[..., Assignment]
) -> None:
    assignment = agreed(rui, revision)
    Version.objects.filter(pk=revision.pk).update(submitted_at=None)
    assert answers_for_reviewer(Assignment.objects.get(pk=assignment.pk)) == ([], [])


def test_the_first_round_has_no_answers(
    version: Version, rui: User, agreed: Callable[..., Assignment]
) -> None:
    assert answers_for_reviewer(agreed(rui)) == ([], [])
