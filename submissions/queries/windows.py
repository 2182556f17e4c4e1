"""Until when each manuscript may be handed in, from milestones, own dates and extensions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from submissions.models import Extension, Manuscript, Version
from tmi_special_issue.deadlines import Window, end_of_day, latest
from tmi_special_issue.models import Milestone, MilestoneKind, SpecialIssue

FINAL_FILES_DAYS = 14  # domain.md E.1
EXTENSION_DAYS = 14


def milestone_of(version: Version) -> MilestoneKind:
    """Which of the four dates rules a version: the original's or the revision's."""
    return MilestoneKind.REVISION if version.revision_number else MilestoneKind.SUBMISSION


def deadline_window(version: Version) -> Window:
    """The window of one version: its own due date or the milestone, and the latest extension."""
    return own_window(version, dates_of(version.manuscript))


def dates_of(manuscript: Manuscript) -> dict[MilestoneKind, Window]:
    """What each of the four dates is for one manuscript, its extensions counted. One query."""
    extended = (
        Extension.objects.filter(manuscript=manuscript, kind=OuterRef("kind"))
        .order_by("-until")
        .values("until")[:1]
    )
    rows = Milestone.objects.filter(issue=manuscript.issue_id).annotate(until=Subquery(extended))
    return {MilestoneKind(row.kind): Window(row.due_at, row.grace, row.until) for row in rows}


def own_window(version: Version, dates: dict[MilestoneKind, Window]) -> Window:
    """The window of a version among the dates of its manuscript; its own due date goes first."""
    window = dates[milestone_of(version)]
    return replace(window, closes_at=version.due_at or window.closes_at)


def windows_of(versions: Iterable[Version]) -> list[Window]:
    """The windows of many versions in their order, in two queries.

    The versions need `manuscript` at hand (select_related); they need no row of their own.
    """
    listed = list(versions)
    if not listed:
        return []
    milestones = {
        (row.issue_id, row.kind): row
        for row in Milestone.objects.filter(issue__in={v.manuscript.issue_id for v in listed})
    }
    extensions: dict[tuple[int, str], list[datetime]] = {}
    for row in Extension.objects.filter(manuscript__in={v.manuscript_id for v in listed}):
        extensions.setdefault((row.manuscript_id, row.kind), []).append(row.until)
    found = []
    for version in listed:
        kind = milestone_of(version)
        milestone = milestones[version.manuscript.issue_id, kind.value]
        found.append(
            Window(
                closes_at=version.due_at or milestone.due_at,
                grace=milestone.grace,
                extended_until=latest(extensions.get((version.manuscript_id, kind.value), [])),
            )
        )
    return found


def proposed_until(due: datetime, issue: SpecialIssue, at: datetime) -> datetime:
    """Until when authors who need more time most likely ask: two weeks, to the end of a day."""
    day = max(due, at).astimezone(ZoneInfo(issue.zone)).date() + timedelta(days=EXTENSION_DAYS)
    return end_of_day(day, issue.zone)


def revision_window(manuscript: Manuscript) -> Window:
    """The window of a revision that was asked for and not yet begun."""
    return deadline_window(unborn_revision(manuscript))


def unborn_revision(manuscript: Manuscript, revision_number: int = 1) -> Version:
    """A revision that has no row yet, with the date that the decision set."""
    return Version(
        manuscript=manuscript,
        revision_number=revision_number,
        revision_kind=manuscript.revision_kind,
        due_at=manuscript.revision_due_at,
    )


def final_files_due_at(manuscript: Manuscript) -> datetime:
    """Two weeks after the acceptance, the end of that day in the zone of the issue."""
    day = (manuscript.stage_since + timedelta(days=FINAL_FILES_DAYS)).date()
    return end_of_day(day, manuscript.issue.zone)
