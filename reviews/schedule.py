"""The reviewers' part of the minute's tick: nudges, expiries, reminders, each once; fits;
conflicts that came into being.

One assignment that fails does not keep the others from their turn.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog

from reviews import actions
from reviews.dates import NUDGE_BEFORE_EXPIRY, QUIET_AFTER_CHANGE, REMINDER_OFFSETS
from reviews.models import Assignment
from reviews.queries.checks import unchecked_since
from reviews.queries.door import (
    due_for_expiry,
    held_authors,
    unanswered,
    undelivered_invitations,
    working,
)
from reviews.queries.fits import unfitted
from reviews.queries.imports import unfinished_imports
from reviews.queries.service import unmade_certificates
from reviews.states import CheckAct
from tmi_special_issue import doorbell, tick
from tmi_special_issue.deadlines import due_offsets
from tmi_special_issue.models import Effect

log = structlog.get_logger(__name__)

SYSTEM = "system:tick"
_CHUNK = 500
# Publications and affiliations come in many ways; whoever takes part is judged again this often,
# so many in one tick.
RECHECKED_EVERY = timedelta(minutes=30)
RECHECKED_AT_ONCE = 40


def run(now: datetime) -> None:
    """Do what has come due by `now`. Running it twice, or late, changes nothing."""
    return_undelivered()
    expire_invitations(now)
    nudge_invitations(now)
    remind_reviewers(now)
    report_authors(now)
    call_for_fits(now)
    recheck_conflicts(now)
    call_for_certificates()
    carry_imports()


def carry_imports() -> None:
    """Files of people whose doorbell was lost, or whose worker died; too long for the tick."""
    for pool_import in unfinished_imports():
        doorbell.ring("reviews.tasks.carry_import", pool_import.public_id)


def expire_invitations(now: datetime) -> None:
    """End the invitations whose five days are over."""
    for assignment in due_for_expiry(now):
        _once(
            f"invitation_expired:{assignment.public_id}:{_mark(assignment.invited_at)}",
            partial(actions.expire_invitation, actor=SYSTEM, assignment=assignment),
        )


def return_undelivered() -> None:
    """End the invitations whose mail could not be delivered."""
    for assignment in undelivered_invitations():
        _once(
            f"invitation_bounced:{assignment.public_id}:{_mark(assignment.invited_at)}",
            partial(actions.return_invitation, actor=SYSTEM, assignment=assignment),
        )


def report_authors(now: datetime) -> None:
    """Tell of the reviewers whom the database put on hold as authors of the manuscript."""
    for assignment in held_authors():
        _once(
            f"author_held:{assignment.public_id}:{_mark(assignment.invited_at)}",
            partial(actions.report_author, actor=SYSTEM, assignment=assignment),
        )


def call_for_certificates() -> None:
    """Ring for the certificates whose ring was lost."""
    for certificate in unmade_certificates():
        doorbell.ring("reviews.tasks.render_certificate", certificate.public_id)


def nudge_invitations(now: datetime) -> None:
    """Ask again where two days are left and the invitation is at least a day old."""
    rows = unanswered(now, now + NUDGE_BEFORE_EXPIRY).filter(
        invited_at__lte=now - QUIET_AFTER_CHANGE
    )
    due = {
        f"invitation_nudged:{row.public_id}:{_mark(row.invited_at)}": partial(
            actions.nudge_invitation, actor=SYSTEM, assignment=row
        )
        for row in rows
    }
    for key in _not_done(due):
        _once(key, due[key])


def remind_reviewers(now: datetime) -> None:
    """The one reminder that is due for each open review (`domain.md` C, compressed ladder).

    The key holds the due date, so more time starts a new ladder and cancels what was not sent.
    After an outage only the latest counts. A reviewer hears of one review a day; the reminder of
    a second one waits for the next day.
    """
    due: dict[str, tuple[Assignment, int]] = {}
    until = now + timedelta(days=-min(REMINDER_OFFSETS))
    for row in working(until).select_related("reviewer").order_by("due_at", "pk"):
        if row.due_at is None:
            continue
        since = (row.due_set_at or row.answered_at or row.due_at) + QUIET_AFTER_CHANGE
        days = due_offsets(row.due_at, REMINDER_OFFSETS, now, since=since)
        if days is not None:
            due[f"review_reminded:{row.public_id}:{_mark(row.due_at)}:{days}"] = (row, days)
    for key in _not_done(due):
        row, days = due[key]
        remind = partial(actions.remind_reviewer, actor=SYSTEM, assignment=row, days=days)
        day = f"review_reminder_day:{row.reviewer.public_id}:{now:%Y-%m-%d}"
        _once(day, partial(tick.once, key, partial(_run, remind)))


def call_for_fits(now: datetime) -> None:
    """Have the fit of the pool with new arrivals worked out; too long a work for the tick."""
    if unfitted(now).exists():
        doorbell.ring("reviews.tasks.fit_versions")


def recheck_conflicts(now: datetime) -> None:
    """Apply the conflict rules again to those who take part and were not judged for a while."""
    for assignment in unchecked_since(now - RECHECKED_EVERY)[:RECHECKED_AT_ONCE]:
        try:
            actions.recheck_assignment(
                actor="system:conflicts", assignment=assignment, act=CheckAct.FACTS_CHANGED
            )
        except Exception:
            log.exception("recheck_failed", assignment=assignment.public_id)


def _not_done(keys: Iterable[str]) -> list[str]:
    """The keys that have no effect yet, in their order, in few queries."""
    names = list(keys)
    done: set[str] = set()
    for start in range(0, len(names), _CHUNK):
        part = names[start : start + _CHUNK]
        done |= set(Effect.objects.filter(key__in=part).values_list("key", flat=True))
    return [name for name in names if name not in done]


def _once(key: str, effect: Callable[[], object]) -> None:
    try:
        tick.once(key, partial(_run, effect))
    except Exception:
        log.exception("schedule_step_failed", key=key)


def _run(effect: Callable[[], object]) -> None:
    effect()


def _mark(instant: datetime | None) -> str:
    return instant.strftime("%Y%m%dT%H%M%S") if instant else "-"
