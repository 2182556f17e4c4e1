"""Dates of reviews for a reviewer's calendar (RFC 5545, RFC 5546). Builds text, sends nothing.

A calendar is often shared with an employer or a family, and its address may leak: an event holds
the manuscript's number and the date, never the title, the authors or the secret of a mail's link
(`security.md` T7).
"""

from datetime import datetime

from icalendar import Calendar, Event, vCalAddress

from reviews.models import Assignment
from tmi_special_issue import links

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"


def appointment(
    assignment: Assignment, *, due_at: datetime, changed_at: datetime, status: str
) -> str:
    """The due date of one review, to go with a mail.

    The same assignment gives the same UID and every later change a higher SEQUENCE, so that a
    calendar moves the event instead of adding one. It is published, not an invitation of the
    calendar's own: its "accept" button would be taken for the answer that only the page takes.
    """
    issue = assignment.version.manuscript.issue
    calendar = _calendar(CANCEL if status == CANCELLED else PUBLISH)
    event = event_of(assignment, due_at=due_at, changed_at=changed_at, status=status)
    organizer = vCalAddress(f"mailto:{issue.contact_email}")
    organizer.params["CN"] = issue.journal_short
    event.add("organizer", organizer)
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def event_of(
    assignment: Assignment, *, due_at: datetime, changed_at: datetime, status: str
) -> Event:
    """One review as an event at the instant at which it is due."""
    issue = assignment.version.manuscript.issue
    page = links.absolute("reviews:show", assignment.public_id)
    host = page.split("://", 1)[-1].split("/")[0].split(":")[0]
    event = Event()
    event.add("uid", f"review-{assignment.public_id}@{host}")
    event.add("sequence", max(0, int((changed_at - issue.opened_at).total_seconds())))
    event.add("dtstamp", changed_at)
    event.add("dtstart", due_at)
    event.add("dtend", due_at)
    event.add("summary", f"Review due: {assignment.version.label}")
    event.add("description", f"{issue.journal_short}, special issue. {page}")
    event.add("url", page)
    event.add("status", status)
    event.add("transp", "TRANSPARENT")
    return event


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//special issue//reviews//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar
