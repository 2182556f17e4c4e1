"""Months between days, and the spans that an issue sets."""

from datetime import date, datetime


def months_between(earlier: date, later: date) -> int:
    """Months begun between two days: one day over 36 months counts as 37."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months + (1 if later.day > earlier.day else 0)


def day_of(at: datetime | date) -> date:
    """The day of an instant."""
    return at.date() if isinstance(at, datetime) else at
