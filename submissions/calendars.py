"""The dates of an issue as a calendar to subscribe to (RFC 5545)."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from tmi_special_issue import links
from tmi_special_issue.models import Milestone, SpecialIssue


def calendar_of(issue: SpecialIssue, milestones: Iterable[Milestone]) -> bytes:
    """One event a date, at its instant; the same call gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//special issue//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # A program that subscribes asks once a day: RFC 7986 says it, the other is the older way.
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    calendar.add("x-wr-calname", f"{issue.journal_short}: {issue.short_title}")
    address = links.absolute("submissions:call")
    host = address.split("://", 1)[-1].split("/")[0].split(":")[0]
    for milestone in milestones:
        event = Event()
        event.add("uid", f"{issue.key}-{milestone.kind}@{host}")
        event.add("dtstamp", issue.opened_at)
        event.add("dtstart", milestone.due_at)
        event.add("dtend", milestone.due_at)
        event.add("summary", f"{milestone.get_kind_display()}: {issue.short_title}")
        event.add("description", f"{issue.journal}, special issue “{issue.title}”. {address}")
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
