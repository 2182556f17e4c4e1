"""Writes of the ground: open an issue, send a mail again."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import F, Model

from tmi_special_issue import audit, clock, doorbell, outbox
from tmi_special_issue.deadlines import end_of_day
from tmi_special_issue.models import (
    ListedEditor,
    MailState,
    Milestone,
    MilestoneKind,
    OutboxMessage,
    SpecialIssue,
    Topic,
)
from tmi_special_issue.refusal import Refusal

# The dates in the order in which they must come.
ORDER = [
    MilestoneKind.SUBMISSION,
    MilestoneKind.INITIAL_DECISION,
    MilestoneKind.REVISION,
    MilestoneKind.FINAL_ACCEPTANCE,
]


@transaction.atomic
def open_issue(*, actor: str, content: dict[str, Any], dry_run: bool = False) -> SpecialIssue:
    """Load a call: facts, topics, listed editors, dates. The same file twice changes nothing.

    `content` is the parsed TOML. Raises Refusal with the field that is wrong.
    """
    facts = _section(content, "issue")
    dates = _checked_dates(_section(content, "dates"))
    _refuse_unknown(facts, SpecialIssue, "[issue]")
    if not (key := str(facts.pop("key", ""))):
        raise Refusal("missing_field", "[issue] needs a key, e.g. foundation-models-2024.")
    _refuse_unknown_zone(str(facts.get("zone", "UTC")))
    topics = _checked_rows(content, "topics", "Topic", Topic, ("code", "name", "short_name"))
    editors = _checked_rows(
        content,
        "guest_editors",
        "Guest editor",
        ListedEditor,
        ("given_name", "family_name", "affiliation", "email"),
    )
    issue, _ = SpecialIssue.objects.update_or_create(
        key=key, defaults=facts, create_defaults={**facts, "opened_at": clock.now()}
    )
    for kind, day in dates.items():
        Milestone.objects.update_or_create(
            issue=issue, kind=kind, defaults={"due_at": end_of_day(day, issue.zone)}
        )
    _arrange_topics(issue, topics)
    ListedEditor.objects.filter(issue=issue, position__gt=len(editors)).delete()
    for position, editor in enumerate(editors, start=1):
        ListedEditor.objects.update_or_create(issue=issue, position=position, defaults=editor)
    audit.record(actor, "issue.opened", issue, dates={k: d.isoformat() for k, d in dates.items()})
    if dry_run:
        transaction.set_rollback(True)
    return issue


@transaction.atomic
def send_again(*, actor: str, message: OutboxMessage) -> OutboxMessage:
    """Put a mail that waits for a person back into the queue, as one that was never tried.

    It keeps its Message-ID, so that a mailbox which has it already can tell. Raises Refusal
    "not_held" for a mail that does not wait for a person.
    """
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if locked.state not in outbox.HELD:
        raise Refusal("not_held", f"The mail “{locked}” does not wait for anybody.")
    locked.state = MailState.QUEUED
    locked.attempts = 0
    locked.lease_until = None
    locked.not_before = clock.real_now()
    locked.save(update_fields=["state", "attempts", "lease_until", "not_before"])
    audit.record(actor, "mail.sent_again", locked, about=locked.about, to=locked.to)
    doorbell.ring("tmi_special_issue.tasks.deliver_mail")
    return locked


def _arrange_topics(issue: SpecialIssue, topics: list[dict[str, Any]]) -> None:
    # Two topics may change places, and a place is unique: so all step aside first. A topic that
    # is gone from the file stays behind the others, because manuscripts may carry it.
    Topic.objects.filter(issue=issue).update(position=F("position") + 1000)
    for position, topic in enumerate(topics, start=1):
        Topic.objects.update_or_create(
            issue=issue, code=topic["code"], defaults={**topic, "position": position}
        )


def _refuse_unknown(row: dict[str, Any], model: type[Model], place: str) -> None:
    unknown = set(row) - {field.name for field in model._meta.get_fields()}
    if unknown:
        raise Refusal("unknown_field", f"{place} has unknown fields: {', '.join(sorted(unknown))}.")


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal(
            "unknown_zone", f"{zone!r} is no time zone; write one such as UTC.", field="zone"
        ) from error


def _checked_rows(
    content: dict[str, Any], name: str, noun: str, model: type[Model], needed: tuple[str, ...]
) -> list[dict[str, Any]]:
    rows = [dict(row) for row in content.get(name, [])]
    for position, row in enumerate(rows, start=1):
        _refuse_unknown(row, model, f"{noun} {position}")
        for field in needed:
            if not row.get(field):
                raise Refusal("missing_field", f"{noun} {position} has no {field}.")
    return rows


def _section(content: dict[str, Any], name: str) -> dict[str, Any]:
    if name not in content:
        raise Refusal("missing_section", f"The file has no section [{name}].")
    return dict(content[name])


def _checked_dates(section: dict[str, Any]) -> dict[MilestoneKind, date]:
    dates: dict[MilestoneKind, date] = {}
    for kind in ORDER:
        day = section.get(kind.value)
        if not isinstance(day, date):
            raise Refusal("missing_date", f"[dates] needs {kind.value} as a date, e.g. 2024-07-01.")
        if dates and day <= max(dates.values()):
            raise Refusal(
                "dates_out_of_order",
                f"{kind.label} is on {day}; it must come after {max(dates.values())}.",
            )
        dates[kind] = day
    return dates
