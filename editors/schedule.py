"""What the minute's tick does for the desk (`domain.md` B.3, M18, M19, M23, M33).

It screens new arrivals for conflicts and for manuscripts that are almost the same, renders
letters that wait, lets out what people approved, flags what missed a date, and nudges. It never
decides.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db.models import QuerySet

from accounts.models import RoleName, User
from accounts.queries import people_with
from editors import actions, mails
from editors.models import Handling, OverdueFlag
from editors.queries import handling_editor, hidden_manuscripts
from editors.queries.decisions import decisions_due_for_release, letters_waiting
from editors.queries.desk import Viewer, with_progress
from editors.queries.likenesses import uncompared
from editors.queries.matching import waiting_runs
from editors.queries.requests import consented_changes
from reviews.queries import late_assignments
from reviews.queries.benches import versions_to_refill
from submissions.models import Manuscript, Version
from submissions.queries import latest_version, submitted_version
from submissions.states import RevisionKind, Stage
from tmi_special_issue import doorbell, outbox, tick
from tmi_special_issue.models import MilestoneKind, SpecialIssue
from tmi_special_issue.queries import milestones
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

# Three days after an editor was assigned, four invitations should be out.
INVITE_WITHIN = timedelta(days=3)
# Before the initial decision: too few agreed, then too few returned.
AGREED_BEFORE_DECISION = timedelta(days=31)
RETURNED_BEFORE_DECISION = timedelta(days=7)
RETURNED_AT_LEAST = 2
# A tick is a minute; the rest has its turn in the next one.
COMPARED_AT_ONCE = 50
# The copies of M13 (`domain.md` C): who hears of a review so many days late.
LATE_DAYS = ((5, RoleName.LEAD_GUEST_EDITOR), (8, RoleName.EDITOR_IN_CHIEF))

_UNDECIDED = [Stage.SUBMITTED, Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.AWAITING_DECISION]


def run(now: datetime) -> None:
    """Every step on its own: one that fails does not keep the others from running."""
    for step in (
        screen,
        compare,
        render,
        release,
        refill,
        match,
        flag_overdue,
        tell_complete,
        tell_late,
        tell_consented,
        nudge,
    ):
        try:
            step(now)
        except Exception:
            log.exception("desk_step_failed", step=step.__name__)


def screen(now: datetime) -> None:
    """Look for conflicts of everybody on the desk with the authors of new arrivals, once."""
    arrived = Manuscript.objects.filter(stage=Stage.SUBMITTED).select_related("issue")
    for manuscript in arrived:
        version = submitted_version(manuscript)
        if version is None or version.submitted_at is None:
            continue
        key = f"conflicts_screened:{version.public_id}:{version.submitted_at.isoformat()}"
        tick.once(key, partial(_screen, manuscript, version))


def compare(now: datetime) -> None:
    """Look among the manuscripts of the issue for one that is almost the same as a new arrival."""
    arrived = list(uncompared()[:COMPARED_AT_ONCE])
    for version in arrived:
        actions.sketch_version(actor="system:tick", version=version)
    for version in arrived:
        actions.compare_version(actor="system:tick", version=version)


def render(now: datetime) -> None:
    """Letters whose doorbell was lost."""
    for letter in letters_waiting()[:20]:
        actions.render_letter(letter=letter)


def release(now: datetime) -> None:
    """Decisions that a person approved for a minute that has come."""
    for decision in decisions_due_for_release().filter(release_at__lte=now):
        try:
            actions.release_due_decision(decision=decision, now=now)
        except Refusal as refusal:
            log.warning("release_refused", decision=decision.public_id, code=refusal.code)


def refill(now: datetime) -> None:
    """Places that fell free and whose doorbell was lost."""
    for version in versions_to_refill():
        try:
            actions.refill_places(actor="system:tick", version=version)
        except Refusal as refusal:
            log.warning("refill_refused", version=version.public_id, code=refusal.code)


def match(now: datetime) -> None:
    """Questions to the optimiser whose doorbell was lost."""
    for run in waiting_runs():
        doorbell.ring("editors.tasks.answer_matching", run.public_id)


def flag_overdue(now: datetime) -> None:
    """Manuscripts without a decision when a decision date has passed."""
    for issue in SpecialIssue.objects.all():
        dates = milestones(issue)
        for kind in (MilestoneKind.INITIAL_DECISION, MilestoneKind.FINAL_ACCEPTANCE):
            if kind not in dates or now <= dates[kind].due_at:
                continue
            late = Manuscript.objects.filter(issue=issue, stage__in=_UNDECIDED)
            if kind == MilestoneKind.INITIAL_DECISION:
                late = late.exclude(
                    versions__revision_number__gt=0, versions__submitted_at__isnull=False
                )
            flagged = OverdueFlag.objects.filter(kind=kind).values("manuscript")
            for manuscript in late.exclude(pk__in=flagged).select_related("issue"):
                tick.once(
                    f"overdue:{kind}:{manuscript.public_id}",
                    partial(_flag, manuscript, kind, dates[kind].due_at),
                )


def tell_complete(now: datetime) -> None:
    """M18: all reviews of the round are in."""
    for issue in SpecialIssue.objects.all():
        for manuscript in _in_review(issue, now):
            if not _is_complete(manuscript, issue):
                continue
            version = Version.objects.get(pk=manuscript.version_key)
            version.manuscript = manuscript
            editor = handling_editor(manuscript)
            if editor is not None:
                key = f"reviews_completed:{version.public_id}:{editor.public_id}"
                tick.once(
                    key, partial(_queue, mails.reviews_completed(manuscript, version, editor), key)
                )


def tell_late(now: datetime) -> None:
    """A review five days late is told to the lead, eight days late to the editor-in-chief."""
    for days, role in LATE_DAYS:
        for assignment in late_assignments(now, days=days):
            manuscript = assignment.version.manuscript
            for person in people_with(manuscript.issue, role):
                if manuscript.pk in hidden_manuscripts(person, manuscript.issue):
                    continue
                due = assignment.due_at.isoformat() if assignment.due_at else ""
                key = f"reviewer_late:{assignment.public_id}:{due}:{days}:{person.public_id}"
                message = partial(mails.reviewer_late, assignment, person, days)
                tick.once(key, partial(_compose_and_queue, message, key))


def tell_consented(now: datetime) -> None:
    """All authors agree to another list: the editor-in-chief and the office are told, once."""
    for change in consented_changes():
        manuscript = change.manuscript
        version = latest_version(manuscript)
        for person in people_with(manuscript.issue, RoleName.EDITOR_IN_CHIEF, RoleName.OFFICE):
            if manuscript.pk in hidden_manuscripts(person, manuscript.issue):
                continue
            key = f"author_change_consented:{change.public_id}:{person.public_id}"
            message = partial(mails.author_change_consented, change, version, person)
            tick.once(key, partial(_compose_and_queue, message, key))


def nudge(now: datetime) -> None:
    """M19: nobody invited after three days; fewer than four agreed a month before the decision;
    fewer than two returned a week before it. Each once, to more people each time."""
    for issue in SpecialIssue.objects.all():
        dates = milestones(issue)
        if MilestoneKind.INITIAL_DECISION not in dates:
            continue
        decision_at = dates[MilestoneKind.INITIAL_DECISION].due_at
        lagging = list(_in_review(issue, now).exclude(version_kind=RevisionKind.MINOR))
        _nudge_editors(issue, [m for m in lagging if m.holding < issue.reviewers_needed], now)
        first_round = [m for m in lagging if m.version_number == 0]
        if decision_at - AGREED_BEFORE_DECISION <= now <= decision_at:
            _nudge_chiefs(
                issue,
                [m for m in first_round if m.agreed < issue.reviewers_needed],
                f"Fewer than {issue.reviewers_needed} reviewers have agreed.",
                "agreed",
                (RoleName.LEAD_GUEST_EDITOR,),
            )
        if decision_at - RETURNED_BEFORE_DECISION <= now <= decision_at:
            _nudge_chiefs(
                issue,
                [m for m in first_round if m.returned < RETURNED_AT_LEAST],
                f"Fewer than {RETURNED_AT_LEAST} reviews are in, a week before the decision.",
                "returned",
                (RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF),
            )


def _in_review(issue: SpecialIssue, now: datetime) -> QuerySet[Any]:
    nobody = User(pk=0)
    viewer = Viewer(user=nobody, issue=issue, roles=frozenset())
    live = Manuscript.objects.filter(issue=issue, stage=Stage.IN_REVIEW).select_related("issue")
    return with_progress(live, viewer, now)


def _is_complete(manuscript: Any, issue: SpecialIssue) -> bool:
    agreed, returned = int(manuscript.agreed), int(manuscript.returned)
    return agreed >= issue.reviewers_needed and agreed == returned


def _screen(manuscript: Manuscript, version: Version) -> None:
    actions.screen_conflicts(manuscript=manuscript, version=version)


def _flag(manuscript: Manuscript, kind: MilestoneKind, due_at: datetime) -> None:
    actions.raise_flag(actor="system:tick", manuscript=manuscript, kind=kind)
    issue = manuscript.issue
    told: list[User] = list(
        people_with(issue, RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF)
    )
    editor = handling_editor(manuscript)
    if editor and editor not in told:
        told.append(editor)
    for person in told:
        if manuscript.pk not in hidden_manuscripts(person, issue):
            outbox.queue(
                mails.decision_overdue(manuscript, person, due_at),
                f"decision_overdue:{kind}:{manuscript.public_id}:{person.public_id}",
            )


def _nudge_editors(issue: SpecialIssue, lagging: Iterable[Manuscript], now: datetime) -> None:
    rows = Handling.objects.filter(
        manuscript__in=[m.pk for m in lagging],
        ended_at__isnull=True,
        assigned_at__lte=now - INVITE_WITHIN,
        manuscript__stage_since__lte=now - INVITE_WITHIN,
    ).select_related("editor", "manuscript")
    for row in rows:
        key = f"panel_lagging:invited:{row.manuscript.public_id}:{row.editor.public_id}:{row.pk}"
        why = (
            f"Three days after it came to you, fewer than {issue.reviewers_needed} reviewers are "
            "invited."
        )
        subject = f"{row.manuscript.number}: reviewers are still to be invited"
        lines = [str(row.manuscript)]
        message = partial(mails.panel_lagging, issue, row.editor, lines, why, subject)
        tick.once(key, partial(_compose_and_queue, message, key))


def _nudge_chiefs(
    issue: SpecialIssue,
    lagging: list[Any],
    why: str,
    what: str,
    roles: tuple[str, ...],
) -> None:
    if not lagging:
        return
    for person in people_with(issue, *roles):
        hidden = hidden_manuscripts(person, issue)
        lines = [str(m) for m in lagging if m.pk not in hidden]
        if lines:
            key = f"panel_lagging:{what}:{issue.key}:{person.public_id}"
            subject = f"{issue.journal_short} special issue: {len(lines)} manuscripts lag behind"
            message = partial(mails.panel_lagging, issue, person, lines, why, subject)
            tick.once(key, partial(_compose_and_queue, message, key))


def _compose_and_queue(message: Callable[[], outbox.Message], key: str) -> None:
    _queue(message(), key)


def _queue(message: outbox.Message, key: str) -> None:
    outbox.queue(message, key)
