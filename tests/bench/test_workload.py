"""The workload of the benchmark is what its docstring says, and nothing the product could not make.

At this size every fate comes once.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Count, Q

from bench.fates import FATES, NOW
from bench.people import People
from bench.workload import fill
from editors.models import AcceptanceSnapshot
from reviews.actions.writing import sheet_context
from reviews.models import Assignment, Review
from reviews.sheet import faults, missing_answers
from reviews.states import AssignmentState
from submissions.models import Manuscript
from submissions.states import Stage
from tests.conftest import sign_in
from tmi_special_issue import audit, clock
from tmi_special_issue.models import SpecialIssue, Topic

SIZE = len(FATES)


@pytest.fixture
def people(db: None) -> People:
    return fill(SIZE)


def test_the_workload_is_what_its_docstring_says(people: People) -> None:
    listed = Manuscript.objects.exclude(stage=Stage.DRAFT)
    filed = Count("versions__assignments__review__submitted_at")
    assert set(listed.annotate(n=filed).values_list("n", flat=True)) == {4}
    assert Counter(listed.values_list("stage", flat=True)) == Counter(fate.stage for fate in FATES)
    assert (len(people.reviewers), Topic.objects.count()) == (SIZE // 2, 12)
    assert Manuscript.objects.filter(stage=Stage.DRAFT).count() == SIZE // 20
    assert AcceptanceSnapshot.objects.count() == 3


def test_every_filed_review_is_complete_and_without_fault(people: People) -> None:
    for review in Review.objects.filter(submitted_at__isnull=False).select_related(
        "assignment__version"
    ):
        context = sheet_context(review.assignment.version)
        sheet = review.sheet
        assert missing_answers(sheet, review.answers, context) == []
        assert faults(sheet, review.answers, context) == {}


def test_rounds_and_record_are_as_the_product_leaves_them(people: People) -> None:
    twice = Assignment.objects.values("version__manuscript", "version").annotate(
        n=Count("pk"), people=Count("reviewer", distinct=True)
    )
    assert all(row["n"] == row["people"] for row in twice)
    open_still = Assignment.objects.filter(
        ~Q(version__manuscript__stage__in=[Stage.IN_REVIEW, Stage.AWAITING_DECISION]),
        state__in=[AssignmentState.RETURNED, AssignmentState.AGREED, AssignmentState.IN_PROGRESS],
    )
    assert not open_still.exists()
    assert list(audit.verify()) == []


def test_the_desk_shows_the_workload(people: People) -> None:
    with clock.frozen_at(NOW):
        answer = sign_in(people.office).get("/desk/")
    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == SIZE
    assert SpecialIssue.objects.get().next_number == SIZE + 1
