"""The dates that a decision sets (`domain.md` B.3, E.1). Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from editors.states import DecisionKind
from tmi_special_issue.deadlines import end_of_day

FINAL_FILES_DAYS = 14
MINOR_REVISION_DAYS = 14
# A late minor revision must leave the editor a week before the final acceptance.
MINOR_REVISION_SLACK = timedelta(days=7)
# When the date of the call is too near or past, an author still gets this long.
REVISION_DAYS_AT_LEAST = 7


def author_due(
    kind: DecisionKind,
    *,
    revision_number: int,
    decided_at: datetime,
    revision_due: datetime,
    final_due: datetime,
    zone: str,
) -> datetime | None:
    """By when the author must act after this decision; None when there is nothing to hand in.

    A revision of the original is due on the call's date; a minor revision in the second round
    after two weeks, capped a week before the final acceptance.
    """
    if kind == DecisionKind.ACCEPT:
        return _days_after(decided_at, FINAL_FILES_DAYS, zone)
    if kind not in {DecisionKind.MINOR_REVISION, DecisionKind.REJECT_RESUBMIT}:
        return None
    soonest = _days_after(decided_at, REVISION_DAYS_AT_LEAST, zone)
    if revision_number == 0:
        return max(revision_due, soonest)
    two_weeks = _days_after(decided_at, MINOR_REVISION_DAYS, zone)
    return max(min(two_weeks, final_due - MINOR_REVISION_SLACK), soonest)


def _days_after(instant: datetime, days: int, zone: str) -> datetime:
    local_day = instant.astimezone(ZoneInfo(zone)).date()
    return end_of_day(local_day + timedelta(days=days), zone)
