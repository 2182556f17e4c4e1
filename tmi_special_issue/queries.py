"""Reads of the call and its dates."""

from tmi_special_issue.deadlines import Window
from tmi_special_issue.models import Milestone, MilestoneKind, SpecialIssue


def current_issue() -> SpecialIssue | None:
    """The issue that was opened last."""
    return SpecialIssue.objects.order_by("-opened_at", "key").first()


def milestones(issue: SpecialIssue) -> dict[MilestoneKind, Milestone]:
    """The four dates of an issue by kind."""
    return {MilestoneKind(row.kind): row for row in Milestone.objects.filter(issue=issue)}


def window(issue: SpecialIssue, kind: MilestoneKind) -> Window:
    """The window that a milestone closes, without any extension."""
    row = Milestone.objects.get(issue=issue, kind=kind)
    return Window(closes_at=row.due_at, grace=row.grace)
