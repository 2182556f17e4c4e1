"""What the minute's tick does for authors: remind, close, lapse. Each thing once.

It asks the database what is due; a tick that is lost, doubled or late changes nothing in the end
(`domain.md` B.3). It never submits, rejects or deletes anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db.models import Q, QuerySet

from submissions import mails
from submissions.actions import (
    close_submissions,
    lapse_revision,
    measure_overlap,
    remind_author,
    render_response,
    sweep_uploads,
)
from submissions.actions.responses import RENDER_ATTEMPTS
from submissions.models import Extension, Manuscript, Version
from submissions.queries import missing, unmade_responses, windows_of
from submissions.queries.overlaps import unmeasured
from submissions.queries.story import counted_versions
from submissions.states import REVISING, Stage
from tmi_special_issue import tick
from tmi_special_issue.deadlines import Window, due_offsets, has_ended
from tmi_special_issue.models import Effect, Milestone, MilestoneKind

ACTOR = "system:tick"
DRAFT_OFFSETS = (-7, -3, -1)
REVISION_OFFSETS = (-14, -7, -1)
CHUNK = 500
# Each takes seconds; a tick is a minute.
MEASURED_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """A manuscript whose author has something to hand in, with the window of it."""

    manuscript: Manuscript
    version: Version
    window: Window


def run(now: datetime) -> None:
    """Everything that is due at `now`."""
    close_ended_issues(now)
    remind_drafts(now)
    remind_revisions(now)
    lapse_revisions(now)
    sweep_uploads(actor=ACTOR, now=now)
    render_responses()
    measure_overlaps()


def render_responses() -> None:
    """Answers whose doorbell was lost."""
    for version in unmade_responses(RENDER_ATTEMPTS)[:20]:
        render_response(version=version)


def measure_overlaps() -> None:
    """Papers that were not compared with their conference paper yet."""
    for version in unmeasured()[:MEASURED_AT_ONCE]:
        measure_overlap(actor=ACTOR, version=version)


def close_ended_issues(now: datetime) -> None:
    """Note the closing of each issue whose submission date and grace are over."""
    milestones = Milestone.objects.filter(
        kind=MilestoneKind.SUBMISSION, due_at__lt=now
    ).select_related("issue")
    for row in milestones:
        if has_ended(Window(row.due_at, row.grace), now):
            tick.once(
                f"submissions_closed:{row.issue.key}:{_stamp(row.due_at)}",
                partial(close_submissions, actor=ACTOR, issue=row.issue),
            )


def remind_drafts(now: datetime) -> None:
    """M2: seven, three and one day before the closing, and before an own later date."""
    soon = now + timedelta(days=-min(DRAFT_OFFSETS))
    issues = Milestone.objects.filter(
        kind=MilestoneKind.SUBMISSION, due_at__gte=now, due_at__lte=soon
    ).values("issue")
    extended = Extension.objects.filter(kind=MilestoneKind.SUBMISSION, until__gte=now).values(
        "manuscript"
    )
    own_dates = Version.objects.filter(
        revision_number=0, submitted_at__isnull=True, due_at__gte=now, due_at__lte=soon
    ).values("manuscript")
    # What was taken back or returned is as little submitted as a draft.
    drafts = Manuscript.objects.filter(stage__in=[Stage.DRAFT, Stage.UNSUBMITTED])
    listed = drafts.filter(Q(issue__in=issues) | Q(pk__in=extended) | Q(pk__in=own_dates))
    for turn, offset in _due(listed, DRAFT_OFFSETS, now, "draft_reminder"):
        due = turn.window.effective_at
        messages = mails.draft_reminder(turn.version, missing(turn.version), due, now)
        _remind(turn, "draft_reminder", offset, messages)


def remind_revisions(now: datetime) -> None:
    """M24: fourteen, seven and one day before the revision is due."""
    listed = Manuscript.objects.filter(stage__in=[stage.value for stage in REVISING])
    for turn, offset in _due(listed, REVISION_OFFSETS, now, "revision_reminder"):
        due = turn.window.effective_at
        key = f"{_stamp(due)}:{offset}"
        messages = mails.revision_reminder(turn.manuscript, _written(turn), due, key)
        _remind(turn, "revision_reminder", offset, messages)


def lapse_revisions(now: datetime) -> None:
    """Close the revisions whose date and grace are over."""
    listed = Manuscript.objects.filter(stage__in=[stage.value for stage in REVISING])
    for turn in _turns(listed):
        if has_ended(turn.window, now):
            tick.once(_key(turn, "revision_lapsed"), partial(_lapse, turn.manuscript))


def _lapse(manuscript: Manuscript) -> None:
    lapse_revision(actor=ACTOR, manuscript=manuscript)


def _due(
    manuscripts: QuerySet[Manuscript], offsets: tuple[int, ...], now: datetime, kind: str
) -> Iterator[tuple[Turn, int]]:
    """The reminders to send now; those sent before are sorted out in one query a chunk."""
    found = []
    for turn in _turns(manuscripts):
        due = turn.window.effective_at
        offset = due_offsets(due, offsets, now, since=turn.manuscript.stage_since)
        if offset is not None and now <= due:
            found.append((turn, offset))
    while chunk := found[:CHUNK]:
        del found[:CHUNK]
        keys = [_key(turn, kind, offset) for turn, offset in chunk]
        done = set(Effect.objects.filter(key__in=keys).values_list("key", flat=True))
        yield from (pair for pair, key in zip(chunk, keys, strict=True) if key not in done)


def _turns(manuscripts: QuerySet[Manuscript]) -> Iterator[Turn]:
    rows = iter(list(manuscripts.select_related("issue", "submitter")))
    while chunk := list(islice(rows, CHUNK)):
        versions = counted_versions(chunk)
        windows = windows_of(versions)
        for manuscript, version, window in zip(chunk, versions, windows, strict=True):
            yield Turn(manuscript, version, window)


def _written(turn: Turn) -> Version:
    """The newest version that has a row: its authors are the ones to write to."""
    if turn.version.pk:
        return turn.version
    return Version.objects.filter(manuscript=turn.manuscript).latest("revision_number")


def _remind(turn: Turn, kind: str, offset: int, messages: mails.Mails) -> None:
    remind = partial(
        remind_author,
        actor=ACTOR,
        manuscript=turn.manuscript,
        about=f"{kind} {offset}",
        messages=messages,
    )
    tick.once(_key(turn, kind, offset), remind)


def _key(turn: Turn, kind: str, offset: int | None = None) -> str:
    """One key per manuscript, date and offset: an extension makes new ones."""
    key = f"{kind}:{turn.manuscript.public_id}:{_stamp(turn.window.effective_at)}"
    return key if offset is None else f"{key}:{offset}"


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}"
