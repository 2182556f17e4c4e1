"""The date of a review that goes with a mail: one event that moves, and goes away in the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from accounts.models import User
from reviews import actions
from reviews.models import Assignment
from submissions.models import Version
from tests.reviews.conftest import REVIEW_BEGINS, agree
from tmi_special_issue import clock, outbox
from tmi_special_issue.models import OutboxMessage

Invite = Callable[..., Assignment]


@pytest.fixture(autouse=True)
def _now(version: Version) -> Any:
    with clock.frozen_at(REVIEW_BEGINS):
        yield


def event(kind: str) -> tuple[str, dict[str, Any]]:
    """Method and properties of the event in the latest mail of a kind."""
    calendar = Calendar.from_ical(OutboxMessage.objects.filter(kind=kind).latest("pk").calendar)
    [found] = calendar.walk("VEVENT")
    names = ("UID", "SEQUENCE", "STATUS", "SUMMARY")
    facts: dict[str, Any] = {name.lower(): str(found[name]) for name in names}
    return str(calendar["METHOD"]), {**facts, "at": found.decoded("DTSTART")}


def test_one_event_through_the_life_of_an_assignment(invite: Invite, rui: User, eva: User) -> None:
    assignment = invite(rui)
    method, asked = event("review_invited")
    assert (method, asked["status"], asked["summary"]) == (
        "PUBLISH",
        "TENTATIVE",
        "Review due: TMI-FM-2024-0001",
    )
    with clock.frozen_at(REVIEW_BEGINS + timedelta(hours=3)):
        assignment = agree(assignment)
    method, agreed = event("review_agreed")
    assert (method, agreed["status"], agreed["at"]) == ("PUBLISH", "CONFIRMED", assignment.due_at)
    later = assignment.due_at + timedelta(days=2)
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=1)):
        actions.extend_assignment(actor=eva, assignment=assignment, until=later)
    _, moved = event("review_extended")
    assert (moved["status"], moved["at"]) == ("CONFIRMED", later)
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=2)):
        actions.unassign_reviewer(actor=eva, assignment=assignment, reason="enough reviews")
    method, ended = event("review_unassigned")
    assert (method, ended["status"]) == ("CANCEL", "CANCELLED")
    assert len({e["uid"] for e in (asked, agreed, moved, ended)}) == 1
    sequences = [int(e["sequence"]) for e in (asked, agreed, moved, ended)]
    assert sequences == sorted(set(sequences))


@pytest.mark.parametrize("way", ["expired", "rescinded"])
def test_an_invitation_that_ends_takes_its_date_out(
    invite: Invite, rui: User, eva: User, way: str
) -> None:
    assignment = invite(rui)
    assert assignment.answer_by is not None
    with clock.frozen_at(assignment.answer_by + timedelta(seconds=1)):
        if way == "expired":
            actions.expire_invitation(actor="system:test", assignment=assignment)
        else:
            actions.rescind_invitation(actor=eva, assignment=assignment)
    kind = "review_invitation_expired" if way == "expired" else "review_rescinded"
    method, ended = event(kind)
    assert (method, ended["uid"]) == ("CANCEL", event("review_invited")[1]["uid"])


def test_asking_again_moves_the_same_event(invite: Invite, rui: User) -> None:
    assignment = invite(rui)
    _, first = event("review_invited")
    actions.decline_assignment(actor=rui, assignment=assignment)
    with clock.frozen_at(REVIEW_BEGINS + timedelta(days=3)):
        invite(rui)
    _, second = event("review_invited")
    assert second["uid"] == first["uid"]
    assert int(second["sequence"]) > int(first["sequence"])
    assert second["at"] > first["at"]


def test_an_event_tells_number_and_date_and_nothing_more(invite: Invite, rui: User) -> None:
    invite(rui)
    [row] = OutboxMessage.objects.filter(kind="review_invited")
    whole = row.calendar.replace("\r\n ", "")
    for secret in ("Sentence-Level", "Avelin", "Brandt", "Rezende", rui.email, "/invitation/"):
        assert secret in row.text + row.to
        assert secret not in whole


def test_the_mail_carries_it_as_calendar_programs_want(
    invite: Invite, rui: User, settings: Any
) -> None:
    settings.DELIVER_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    invite(rui)
    outbox.deliver_due(clock.now())
    [sent] = [one for one in mail.outbox if one.to == [rui.email]]
    [part] = [p for p in sent.message().walk() if p.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_filename()) == ("PUBLISH", "date.ics")
    assert part.get_content_charset() == "utf-8"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    [entry] = Calendar.from_ical(content).walk("VEVENT")
    assert str(entry["UID"]) == event("review_invited")[1]["uid"]


def test_reviewers_have_one_address_each_and_one_event_each(
    invite: Invite, rui: User, sol: User
) -> None:
    invite(rui)
    _, first = event("review_invited")
    invite(sol)
    _, second = event("review_invited")
    assert first["uid"] != second["uid"]
