"""Writes of the ground: open an issue."""

from datetime import date
from typing import Any

from django.db import transaction

from tmi_special_issue import audit, clock
from tmi_special_issue.deadlines import end_of_day
from tmi_special_issue.models import (
    ListedEditor,
    Milestone,
    MilestoneKind,
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
    key = str(facts.pop("key"))
    unknown = set(facts) - {field.name for field in SpecialIssue._meta.get_fields()}
    if unknown:
        raise Refusal("unknown_field", f"[issue] has unknown fields: {', '.join(sorted(unknown))}.")
    issue, _ = SpecialIssue.objects.update_or_create(
        key=key, defaults=facts, create_defaults={**facts, "opened_at": clock.now()}
    )
    for kind, day in dates.items():
        Milestone.objects.update_or_create(
            issue=issue, kind=kind, defaults={"due_at": end_of_day(day, issue.zone)}
        )
    for position, topic in enumerate(content.get("topics", []), start=1):
        Topic.objects.update_or_create(
            issue=issue,
            code=topic["code"],
            defaults={
                "position": position,
                "name": topic["name"],
                "short_name": topic["short_name"],
            },
        )
    for position, editor in enumerate(content.get("guest_editors", []), start=1):
        ListedEditor.objects.update_or_create(issue=issue, position=position, defaults=editor)
    audit.record(actor, "issue.opened", issue, dates={k: d.isoformat() for k, d in dates.items()})
    if dry_run:
        transaction.set_rollback(True)
    return issue


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
