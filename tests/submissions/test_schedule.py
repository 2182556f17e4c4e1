"""The tick: reminds, closes, lapses; each once, whatever happens to the worker."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from submissions import actions, schedule
from submissions.states import Stage
from tests.submissions.drafts import complete_draft, empty_draft, fresh, revision_asked, submitted
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, MilestoneKind, OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)
REVISION_CLOSING = datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def tick(at: datetime, times: int = 2) -> None:
    with clock.frozen_at(at):
        for _ in range(times):
            schedule.run(at)


def sent(kind: str) -> int:
    return OutboxMessage.objects.filter(kind=kind).count()


def test_a_draft_is_reminded_seven_three_and_one_day_before(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    submitted(ada, issue)
    counts = []
    for days in (8, 7, 5, 3, 1):
        tick(CLOSING - days * DAY)
        counts.append(sent("draft_reminder"))
    tick(CLOSING + DAY)
    assert [*counts, sent("draft_reminder")] == [0, 1, 1, 2, 3, 3]
    mail = OutboxMessage.objects.filter(kind="draft_reminder").latest("id")
    assert "no PDF yet" in mail.text
    assert f"/submissions/versions/{version.public_id}/check/" in mail.text


def test_after_an_outage_only_the_latest_reminder_is_sent(ada: User, issue: SpecialIssue) -> None:
    empty_draft(ada, issue)
    tick(CLOSING - DAY)
    assert sent("draft_reminder") == 1


def test_a_draft_begun_late_gets_no_reminder_of_the_past(ada: User, issue: SpecialIssue) -> None:
    with clock.frozen_at(CLOSING - 2 * DAY):
        empty_draft(ada, issue)
    tick(CLOSING - 2 * DAY + SECOND)
    assert sent("draft_reminder") == 0


def test_closing_is_noted_once_and_touches_no_draft(ada: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue)
    submitted(ada, issue)
    tick(CLOSING + timedelta(minutes=15))
    assert not AuditEntry.objects.filter(verb="submissions.closed").exists()
    tick(CLOSING + timedelta(minutes=15, seconds=1))
    entry = AuditEntry.objects.get(verb="submissions.closed")
    assert entry.facts == {"submitted": 1, "drafts": 1}
    assert fresh(version.manuscript).stage == Stage.DRAFT


def test_revisions_are_reminded_and_lapse_once(ada: User, issue: SpecialIssue) -> None:
    waiting, begun = revision_asked(ada, issue), revision_asked(ada, issue)
    actions.start_revision(actor=ada, manuscript=begun)
    counts = []
    for days in (15, 14, 7, 1):
        tick(REVISION_CLOSING - days * DAY)
        counts.append(sent("revision_reminder"))
    assert counts == [0, 2, 4, 6]
    tick(REVISION_CLOSING + timedelta(minutes=15))
    assert fresh(waiting).stage == Stage.MAJOR_REVISION
    tick(REVISION_CLOSING + timedelta(minutes=15, seconds=1))
    assert {fresh(waiting).stage, fresh(begun).stage} == {Stage.REVISION_LAPSED}
    assert sent("revision_lapsed") == 2
    assert sent("revision_reminder") == 6


def test_an_extension_moves_reminders_and_the_lapse(
    ada: User, kim: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue)
    tick(REVISION_CLOSING - DAY)
    until = REVISION_CLOSING + 10 * DAY
    with clock.frozen_at(REVISION_CLOSING - DAY + SECOND):
        actions.grant_extension(
            actor=kim,
            manuscript=manuscript,
            kind=MilestoneKind.REVISION,
            until=until,
            reason="Illness.",
        )
    tick(REVISION_CLOSING + DAY)
    assert fresh(manuscript).stage == Stage.MAJOR_REVISION
    tick(until - DAY)
    assert sent("revision_reminder") == 3
    tick(until + DAY)
    assert fresh(manuscript).stage == Stage.REVISION_LAPSED


def test_a_tick_costs_the_same_however_many_drafts_were_reminded(
    ada: User, issue: SpecialIssue
) -> None:
    at = CLOSING - 3 * DAY
    empty_draft(ada, issue)
    tick(at)
    for_one = cost(at)
    for _ in range(7):
        empty_draft(ada, issue)
    tick(at)
    assert sent("draft_reminder") == 8
    assert cost(at) == for_one


def cost(at: datetime) -> int:
    """The queries of one more tick."""
    with CaptureQueriesContext(connection) as queries, clock.frozen_at(at):
        schedule.run(at)
    return len(queries)
