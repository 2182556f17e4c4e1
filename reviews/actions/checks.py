"""Apply the conflict rules again to those who take part, and keep what they said."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.moves import (
    Actor,
    lock_with_manuscript,
    move,
    queue_once,
    stamp,
    tell_editor,
)
from reviews.conflicts import Conflict, rule_set
from reviews.models import Assignment, ConflictCheck
from reviews.queries import find_conflicts
from reviews.queries.checks import (
    TAKING_PART,
    Key,
    key_of,
    set_aside_for,
    stopping,
    told_of,
)
from reviews.states import WORKING, AssignmentState, CheckAct
from submissions.models import Version
from tmi_special_issue import audit, clock


@transaction.atomic
def recheck_assignment(
    *, actor: Actor, assignment: Assignment, act: CheckAct, is_editor_told: bool = True
) -> list[Conflict]:
    """Judge somebody who takes part again; hold the work when a new hard conflict stands.

    Returns the findings that are new. Work in hand is held, with every word kept, until the
    editor has answered; an invitation and a returned review stay, and the editor is told of them.
    The reviewer learns that the work rests, and nothing of the evidence. What the editor set
    aside before, and what was found before, changes nothing.
    """
    assignment = lock_with_manuscript(assignment)
    state = AssignmentState(assignment.state)
    if state not in TAKING_PART:
        return []
    now = clock.now()
    assignment.conflicts_checked_at = now
    assignment.save(update_fields=["conflicts_checked_at"])
    found = findings_of(assignment)
    waived = set_aside_for(assignment)
    known = told_of(assignment)
    standing = [c for c in stopping(found) if key_of(c) not in waived]
    if {key_of(c) for c in standing} == known - waived:
        return []
    keep_check(
        actor=actor,
        version=assignment.version,
        person=assignment.reviewer,
        act=act,
        findings=found,
        assignment=assignment,
        waived=waived,
    )
    new = [c for c in standing if key_of(c) not in known]
    if not new:
        return []
    audit.record(
        actor,
        "assignment.conflict_found",
        assignment,
        manuscript=assignment.version.manuscript.audit_key,
        rules=sorted({c.rule for c in new}),
        act=act.value,
    )
    if state in WORKING:
        _hold(assignment, actor)
    if is_editor_told:
        tell_editor(
            assignment,
            f"review_conflict_found:{stamp(now)}",
            lambda editor: mails.review_conflict_found(assignment, editor, new),
        )
    return new


def findings_of(assignment: Assignment) -> list[Conflict]:
    """What the rules say now of the reviewer of an assignment."""
    editor = assignment.invited_by
    found = find_conflicts(
        assignment.version,
        [assignment.reviewer],
        editor_key=editor.public_id if editor else "",
    )
    return found[assignment.reviewer_id]


def keep_check(
    *,
    actor: Actor,
    version: Version,
    person: User,
    act: CheckAct,
    findings: Sequence[Conflict],
    assignment: Assignment | None = None,
    set_aside: Iterable[Conflict] = (),
    waived: Collection[Key] = (),
    reason: str = "",
) -> ConflictCheck:
    """Keep one evaluation. `set_aside` are findings that this very act passes, for `reason`;
    `waived` are those that an earlier act has. Called inside an action."""
    passed = {key_of(c) for c in set_aside} | set(waived)
    issue = version.manuscript.issue
    return ConflictCheck.objects.create(
        version=version,
        person=person,
        assignment=assignment,
        act=act,
        rule_set=rule_set(months=issue.conflict_months, warn_months=issue.conflict_warn_months),
        findings=[_kept(c, is_set_aside=key_of(c) in passed) for c in findings],
        actor=actor.audit_key if isinstance(actor, User) else actor,
        reason=reason.strip()[:500],
        checked_at=clock.now(),
    )


def _kept(conflict: Conflict, *, is_set_aside: bool) -> dict[str, object]:
    kept = asdict(conflict)
    return {
        **{name: kept[name] for name in ("rule", "level", "evidence", "is_declared")},
        "is_set_aside": is_set_aside,
    }


def _hold(assignment: Assignment, actor: Actor) -> None:
    assignment.held_at = clock.now()
    move(
        assignment,
        AssignmentState.COI_HOLD,
        actor=actor,
        verb="assignment.held",
        fields=("held_at",),
    )
    queue_once(
        mails.review_paused(assignment),
        f"review_paused:{stamp(assignment.held_at)}",
        assignment,
        assignment.reviewer,
    )
