"""The buttons that matter, pressed five times at the same instant on real PostgreSQL.

Each press is a request of its own in a thread and a connection of its own. One of them has its
effect; the others end in a page or a sentence, and no number, mail or letter is there twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from editors.models import Decision, Letter
from editors.states import LetterState
from reviews.models import Assignment, Review, ReviewerLabel
from reviews.states import AssignmentState
from submissions.models import Correspondence, Manuscript, Version
from submissions.states import Stage
from tests.cast import REVIEWERS, Story, full_answers, latest_version
from tests.conftest import sign_in
from tests.people import OPENING, open_the_issue
from tmi_special_issue import audit, clock
from tmi_special_issue.models import OutboxMessage

pytestmark = [
    pytest.mark.faults,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
TIMES = 5
# A page, the way on, or a sentence about what has happened already. Never a crash.
FINE = {200, 302, 409, 410, 422}


@pytest.fixture
def story() -> Iterator[Story]:
    """The cast, eleven days before submissions close."""
    with clock.frozen_at(OPENING):
        yield Story(open_the_issue())


def pressed(story: Story, person: str, address: str, **values: Any) -> list[int]:
    """Press a button five times at once; the answers' statuses."""
    together = threading.Barrier(TIMES)
    statuses: list[int] = []
    session = sign_in(story.people[person]).cookies

    def press() -> None:
        browser = Client(raise_request_exception=False)
        browser.cookies = session
        try:
            together.wait(30)
            statuses.append(browser.post(address, values).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(statuses) == TIMES
    assert set(statuses) <= FINE
    return sorted(statuses)


def mails(kind: str) -> int:
    return OutboxMessage.objects.filter(kind=kind).count()


def recorded(verb: str) -> int:
    return sum(entry.verb == verb for entry in audit.AuditEntry.objects.all())


def stage_of(manuscript: Manuscript) -> Stage:
    return Stage(Manuscript.objects.get(pk=manuscript.pk).stage)


def test_submit(story: Story) -> None:
    paper = story.draft()
    address = reverse("submissions:submit", args=[latest_version(paper).public_id])
    assert pressed(story, "ada", address) == [302] * TIMES
    assert (stage_of(paper), recorded("manuscript.submitted")) == (Stage.SUBMITTED, 1)
    assert (mails("manuscript_submitted"), mails("authorship_asked")) == (1, 1)
    story.issue.refresh_from_db()
    assert Manuscript.objects.get(pk=paper.pk).number == f"{story.issue.number_prefix}-0001"
    assert story.issue.next_number == 2


def test_begin_a_revision(story: Story) -> None:
    paper = story.reviewed("minor_revision")
    story.decide(paper, "minor_revision")
    pressed(story, "ada", reverse("submissions:revise", args=[paper.public_id]))
    assert Version.objects.filter(manuscript=paper, revision_number=1).count() == 1
    assert stage_of(paper) == Stage.REVISION_DRAFT


def test_admit(story: Story) -> None:
    paper = story.submitted()
    pressed(story, "ivo", reverse("desk:admit", args=[paper.public_id]))
    assert (stage_of(paper), recorded("checklist.passed")) == (Stage.AWAITING_EDITOR, 1)


def test_assign_an_editor(story: Story) -> None:
    paper = story.admitted()
    address = reverse("desk:assign_editor", args=[paper.public_id])
    pressed(story, "kim", address, editor=story.eva.public_id)
    assert (stage_of(paper), recorded("editor.assigned")) == (Stage.IN_REVIEW, 1)
    assert mails("editor_assigned") == 1


def test_invite_the_panel(story: Story) -> None:
    paper = story.handled()
    picks = [story.people[name].public_id for name in REVIEWERS]
    pressed(story, "eva", reverse("desk:panel", args=[paper.public_id]), pick=picks)
    assert Assignment.objects.count() == len(REVIEWERS)
    assert (mails("review_invited"), recorded("panel.invited")) == (len(REVIEWERS), 1)


def test_agree(story: Story) -> None:
    paper = story.handled()
    story.invite(paper)
    assignment = story.assignment(paper, "rui")
    ticks = dict.fromkeys(("accepts_confidentiality", "accepts_ai_terms"), "on")
    address = reverse("reviews:agree", args=[assignment.public_id])
    pressed(story, "rui", address, has_conflict="no", **ticks)
    assert story.assignment(paper, "rui").state == AssignmentState.AGREED
    assert (mails("review_agreed"), ReviewerLabel.objects.count()) == (1, 1)


def test_deliver_a_review(story: Story) -> None:
    paper = story.in_review()
    assignment = story.assignment(paper, "rui")
    typed = {
        key: "on" if value is True else value
        for key, value in full_answers(assignment.version, "accept").items()
    }
    address = reverse("reviews:deliver", args=[assignment.public_id])
    pressed(story, "rui", address, revision="0", **typed)
    assert story.assignment(paper, "rui").state == AssignmentState.RETURNED
    assert Review.objects.filter(submitted_at__isnull=False).count() == 1
    assert (mails("review_delivered"), mails("review_received")) == (1, 1)


def test_decide(story: Story) -> None:
    paper = story.reviewed("reject")
    address = reverse("desk:decide", args=[paper.public_id])
    pressed(story, "eva", address, kind="reject", reasons="All four are of one mind.")
    assert (stage_of(paper), Decision.objects.count()) == (Stage.AWAITING_DECISION, 1)
    assert Letter.objects.exclude(state=LetterState.REPLACED).count() == 1


def test_release(story: Story) -> None:
    paper = story.reviewed("reject")
    story.draft_decision(paper, "reject")
    letter = Letter.objects.get()
    address = reverse("desk:release", args=[paper.public_id])
    pressed(story, "eva", address, letter=letter.public_id)
    assert (stage_of(paper), recorded("decision.released")) == (Stage.REJECTED, 1)
    assert (mails("decision_released"), Correspondence.objects.count()) == (1, 1)
    assert mails("decision_shared") == len(REVIEWERS)
