"""When an answer, a review or a reminder is due. Pure (`domain.md` B.3 and C)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tmi_special_issue.deadlines import end_of_day

# A review comes so long before the decision that a decision stays possible.
FIRST_ROUND_LEAD = timedelta(days=10)
LATER_ROUND_LEAD = timedelta(days=21)
# A reviewer who asks for more time gets it at once up to here: the slack of the issue.
SLACK_LEAD = timedelta(days=7)
# An editor may give more time up to here, the editor-in-chief beyond it.
EXTENSION_LEAD = timedelta(days=4)
# Whoever steps in late still gets some days, even inside the lead.
SHORTEST = timedelta(days=3)

NUDGE_BEFORE_EXPIRY = timedelta(days=2)
REMINDER_OFFSETS = (-7, -2, 1, 3, 5, 8)
COPY_EDITOR_FROM = 3
# A reviewer who has just agreed or got more time is left in peace for a day.
QUIET_AFTER_CHANGE = timedelta(days=1)


def answer_due(invited_at: datetime, *, days: int, zone: str) -> datetime:
    """Until when an invitation may be answered: the end of a day of the issue's zone."""
    return _end_of(invited_at + timedelta(days=days), zone)


def review_due(
    agreed_at: datetime, *, days: int, decision_at: datetime, revision_number: int, zone: str
) -> datetime:
    """When a review is due: `days` after agreement, but not later than the lead allows."""
    lead = FIRST_ROUND_LEAD if revision_number == 0 else LATER_ROUND_LEAD
    capped = min(_end_of(agreed_at + timedelta(days=days), zone), decision_at - lead)
    return max(capped, _end_of(agreed_at + SHORTEST, zone))


def extension_limit(decision_at: datetime) -> datetime:
    """The latest due date that an editor may grant alone."""
    return decision_at - EXTENSION_LEAD


def slack_limit(decision_at: datetime) -> datetime:
    """The latest due date that a reviewer gets by asking, with no editor's act."""
    return decision_at - SLACK_LEAD


def end_of_local_day(day: datetime, zone: str) -> datetime:
    """The last second of the day in which an instant falls in a zone."""
    return _end_of(day, zone)


def _end_of(instant: datetime, zone: str) -> datetime:
    return end_of_day(instant.astimezone(ZoneInfo(zone)).date(), zone)
