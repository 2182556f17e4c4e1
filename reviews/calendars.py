"""Dates of reviews for a reviewer's calendar (RFC 5545, RFC 5546). Builds text, sends nothing.

A calendar is often shared with an employer or a family, and its address may leak: an event holds
the manuscript's number and the date, never the title, the authors or the secret of a mail's link
(`security.md` T7).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

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


def feed(assignments: Iterable[Assignment], *, made_at: datetime) -> bytes:
    """A person's calendar: reviews to write and invitations to answer. Equal rows, equal bytes."""
    calendar = _calendar(PUBLISH)
    # A program that subscribes asks again after this time: RFC 7986 says it, the other is older.
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add("x-wr-calname", "Reviews due")
    for row in assignments:
        if row.due_at is not None:
            changed_at = row.due_set_at or row.answered_at or made_at
            calendar.add_component(
                event_of(row, due_at=row.due_at, changed_at=changed_at, status=CONFIRMED)
            )
        elif row.answer_by is not None:
            calendar.add_component(_answer(row, row.answer_by, row.invited_at or made_at))
    return bytes(calendar.to_ical())


def event_of(
    assignment: Assignment, *, due_at: datetime, changed_at: datetime, status: str
) -> Event:
    """One review as an event at the instant at which it is due."""
    event = _event("review", assignment, at=due_at, changed_at=changed_at, status=status)
    event.add("summary", f"Review due: {assignment.version.label}")
    return event


def _answer(assignment: Assignment, answer_by: datetime, invited_at: datetime) -> Event:
    event = _event("answer", assignment, at=answer_by, changed_at=invited_at, status=TENTATIVE)
    event.add("summary", f"Answer the invitation: {assignment.version.label}")
    return event


def _event(
    kind: str, assignment: Assignment, *, at: datetime, changed_at: datetime, status: str
) -> Event:
    issue = assignment.version.manuscript.issue
    page = links.absolute("reviews:show", assignment.public_id)
    host = page.split("://", 1)[-1].split("/")[0].split(":")[0]
    event = Event()
    event.add("uid", f"{kind}-{assignment.public_id}@{host}")
    event.add("sequence", max(0, int((changed_at - issue.opened_at).total_seconds())))
    event.add("dtstamp", changed_at)
    event.add("dtstart", at)
    event.add("dtend", at)
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
