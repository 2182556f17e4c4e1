"""Submitting and being let go at the same moment, on real row locks."""

from collections import Counter

import pytest

from accounts.models import User
from reviews import actions
from reviews.models import Assignment, ReviewerProfile
from submissions.models import Version
from tests.reviews.conftest import COMPLETE, deliver, make_manuscript
from tests.reviews.test_actions import at_once
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_submitting_and_being_let_go_at_once_a_hundred_times(
    version: Version, eva: User, rui: User
) -> None:
    """Exactly one of the two comes to pass, the other is told so, and no word is lost."""
    ReviewerProfile.objects.get_or_create(user=rui)
    # The first one reads templates from the disk, while the other would wait for its lock.
    deliver(
        Assignment.objects.create(
            version=version, reviewer=rui, invited_by=eva, state="agreed", due_at=clock.now()
        )
    )
    outcomes: Counter[str] = Counter()
    for number in range(100):
        assignment = Assignment.objects.create(
            version=make_manuscript(
                version.manuscript.issue, version.manuscript.submitter, [], number=number + 2
            ),
            reviewer=rui,
            invited_by=eva,
            state="in_progress",
            due_at=clock.now(),
        )
        actions.save_review(actor=rui, assignment=assignment, answers=COMPLETE, edit_count=0)

        def act(which: int, assignment: Assignment = assignment) -> None:
            if which:
                actions.unassign_reviewer(actor=eva, assignment=assignment, reason="Too late.")
            else:
                actions.deliver_review(actor=rui, assignment=assignment, edit_count=1)

        submitted, let_go = at_once(2, act)
        assignment.refresh_from_db()
        review = assignment.review
        outcomes[assignment.state] += 1
        if assignment.state == "returned":
            assert (submitted, let_go) == ("", "assignment_moved")
            assert review.submitted_at is not None
            assert [s.reason for s in review.snapshots.all()] == ["Submitted"]
        else:
            assert assignment.state == "unassigned"
            assert (submitted, let_go) == ("review_closed", "")
            assert review.submitted_at is None
            assert review.snapshots.count() == 0
        assert review.answers == COMPLETE
        mails = OutboxMessage.objects.filter(
            kind="review_delivered", key__contains=assignment.public_id
        )
        assert mails.count() == (assignment.state == "returned")
    assert outcomes.total() == 100
