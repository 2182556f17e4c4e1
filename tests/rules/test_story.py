"""The cast can act out the whole path, so tests may build on any point of it."""

from __future__ import annotations

from submissions.states import Stage
from tests.cast import REVIEWERS, Story, latest_version
from tmi_special_issue import audit
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue


def test_from_draft_to_acceptance_in_two_rounds(issue: SpecialIssue) -> None:
    story = Story(issue)
    paper = story.reviewed("reject_resubmit")
    assert (paper.number, paper.stage) == ("TMI-FM-2024-0001", Stage.IN_REVIEW)
    story.decide(paper, "reject_resubmit")
    paper = story.revise(paper)
    assert latest_version(paper).label == "TMI-FM-2024-0001.R1"
    story.admit(paper)
    story.invite(paper)
    for name in REVIEWERS:
        story.agree(paper, name)
        story.deliver(paper, name)
    story.decide(paper, "accept")
    paper.refresh_from_db()
    assert paper.stage == Stage.AWAITING_FINAL_FILES
    assert list(audit.verify()) == []
    assert AuditEntry.objects.filter(verb="decision.released").count() == 2
    assert OutboxMessage.objects.filter(to=story.ada.email).count() >= 3
