"""Invite, nudge, expire, come back undelivered."""

from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.checks import keep_check
from reviews.actions.moves import (
    Actor,
    drop_links,
    end,
    lock_assignment,
    lock_manuscript,
    lock_with_manuscript,
    make_link,
    move,
    queue_once,
    require_move,
    stamp,
    tell_editor,
)
from reviews.conflicts import Conflict
from reviews.dates import answer_due, review_due
from reviews.models import Assignment
from reviews.permissions import may_waive
from reviews.queries import decision_due, find_conflicts, reviewer_pool, round_of
from reviews.queries.door import undelivered_invitations
from reviews.queries.pool import absences
from reviews.states import HOLDING, AssignmentState, CheckAct
from submissions.models import Version
from submissions.states import Stage
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def invite_reviewer(
    *,
    actor: Actor,
    version: Version,
    reviewer: User,
    editor: User,
    reasons: Sequence[str] = (),
    override_reason: str = "",
    places: int | None = None,
    unseen: Collection[int] = (),
) -> Assignment:
    """Invite one person to review a version, or ask again somebody who could not or did not answer.

    `editor` looks after the assignment and gets its news; `places` is the number of reviewers
    that the editor explicitly wants when it is more than the issue needs; `unseen` are the keys
    of manuscripts that do not exist for `actor` and must not be told of by a refusal. Conflicts,
    load and places are judged again under the manuscript's lock. The caller has checked that
    `actor` may invite.

    Raises:
        Refusal: not_under_review, stale_version, not_in_pool, already_invited, paused,
            resting, no_place_left, conflict_of_interest, reason_needed.
    """
    manuscript = lock_manuscript(version.manuscript_id)
    version = Version.objects.select_related("manuscript__issue").get(pk=version.pk)
    issue = manuscript.issue
    if manuscript.stage != Stage.IN_REVIEW or version.submitted_at is None:
        raise Refusal(
            "not_under_review",
            f"{version.label} is not under review, so nobody can be invited.",
        )
    _require_latest(version)
    _require_in_pool(issue, reviewer, unseen=[*unseen, manuscript.pk])
    assignment = Assignment.objects.filter(version=version, reviewer=reviewer).first()
    if assignment and AssignmentState(assignment.state) in HOLDING - {AssignmentState.SELECTED}:
        raise Refusal(
            "already_invited", f"{reviewer.full_name} has a place on {version.label} already."
        )
    if assignment:
        require_move(assignment, AssignmentState.INVITED, doing="another invitation")
    _require_place(version, places)
    found, set_aside = _require_no_conflict(
        actor,
        version,
        reviewer,
        editor=editor,
        override_reason=override_reason,
        unseen=unseen,
    )
    now = clock.now()
    assignment = assignment or Assignment(version=version, reviewer=reviewer)
    assignment.invited_by = editor
    assignment.invited_at = now
    assignment.answer_by = answer_due(now, days=issue.invitation_days, zone=issue.zone)
    assignment.reasons = list(reasons)
    assignment.override_reason = override_reason.strip()[:500] if set_aside else ""
    assignment.answered_at = assignment.due_at = assignment.ended_at = None
    assignment.accepted_terms_at = assignment.asked_until = None
    assignment.ask_again_on = None
    assignment.ended_reason = assignment.decline_reason = assignment.decline_note = ""
    assignment.coi_statement = ""
    assignment.held_at = None
    assignment.conflicts_checked_at = now
    assignment.state = assignment.state or AssignmentState.SELECTED
    assignment.save()
    move(
        assignment,
        AssignmentState.INVITED,
        actor=actor,
        verb="assignment.invited",
        reviewer=reviewer.audit_key,
        set_aside=[f"{c.rule}: {c.evidence}" for c in set_aside],
        override_reason=assignment.override_reason,
    )
    keep_check(
        actor=actor,
        version=version,
        person=reviewer,
        act=CheckAct.INVITED,
        findings=found,
        assignment=assignment,
        set_aside=[c for c in set_aside if c.needs_reason],
        reason=assignment.override_reason,
    )
    drop_links(assignment)
    due_at = review_due(
        now,
        days=issue.review_days,
        decision_at=decision_due(version),
        revision_number=version.revision_number,
        zone=issue.zone,
    )
    message = mails.review_invited(assignment, link=make_link(assignment), due_at=due_at)
    queue_once(message, f"review_invited:{stamp(now)}", assignment, reviewer)
    return assignment


@transaction.atomic
def nudge_invitation(*, actor: Actor, assignment: Assignment) -> Assignment:
    """M10, day 3: ask again, with a link of its own. An answered invitation is left alone."""
    assignment = lock_assignment(assignment)
    if assignment.state != AssignmentState.INVITED:
        return assignment
    message = mails.review_invitation_nudged(assignment, link=make_link(assignment))
    event = f"review_invitation_nudged:{stamp(assignment.invited_at)}"
    queue_once(message, event, assignment, assignment.reviewer)
    return assignment


@transaction.atomic
def expire_invitation(*, actor: Actor, assignment: Assignment) -> Assignment:
    """End an invitation whose time to answer is over; reviewer and editor are told.

    An invitation that was answered in the last second stands: nothing happens.
    """
    assignment = lock_with_manuscript(assignment)
    is_over = assignment.answer_by is not None and assignment.answer_by < clock.decisive_now()
    if assignment.state != AssignmentState.INVITED or not is_over:
        return assignment
    event = stamp(assignment.invited_at)
    end(
        assignment,
        AssignmentState.EXPIRED,
        actor=actor,
        verb="assignment.expired",
        keep_links=True,
    )
    queue_once(
        mails.review_invitation_expired(assignment),
        f"review_invitation_expired:{event}",
        assignment,
        assignment.reviewer,
    )
    counts = round_of(assignment.version)
    tell_editor(
        assignment,
        f"review_unanswered:{event}",
        lambda editor: mails.review_unanswered(assignment, editor, counts),
    )
    return assignment


@transaction.atomic
def return_invitation(*, actor: Actor, assignment: Assignment) -> Assignment:
    """M32: end an invitation whose mail could not be delivered; its place is free, the editor told.

    One that was answered all the same, or sent again since, stands.
    """
    assignment = lock_with_manuscript(assignment)
    if assignment not in undelivered_invitations():
        return assignment
    event = stamp(assignment.invited_at)
    end(
        assignment,
        AssignmentState.BOUNCED,
        actor=actor,
        verb="assignment.bounced",
        keep_links=True,
    )
    counts = round_of(assignment.version)
    tell_editor(
        assignment,
        f"review_bounced:{event}",
        lambda editor: mails.review_bounced(assignment, editor, counts),
    )
    return assignment


def is_latest(version: Version) -> bool:
    """Has no newer version been handed in?"""
    newer = Version.objects.filter(
        manuscript=version.manuscript_id, revision_number__gt=version.revision_number
    )
    return not newer.filter(submitted_at__isnull=False).exists()


def _require_latest(version: Version) -> None:
    if not is_latest(version):
        raise Refusal(
            "stale_version", f"{version.label} is not the latest version; a revision has come in."
        )


def _require_in_pool(issue: SpecialIssue, reviewer: User, *, unseen: Collection[int]) -> None:
    known = reviewer_pool(issue).filter(pk=reviewer.pk).first()
    if known is None:
        raise Refusal(
            "not_in_pool",
            f"{reviewer.full_name} is not among the reviewers of this special issue. "
            "Give the person the reviewer's role first.",
        )
    absence = absences([known], clock.now().date(), unseen=unseen).get(known.pk)
    if absence:
        raise Refusal(absence.kind, f"{reviewer.full_name} {absence.sentence} Choose another.")


def _require_place(version: Version, places: int | None) -> None:
    """At most as many places as needed, or as the editor explicitly wants. Under the lock."""
    counts = round_of(version)
    limit = max(counts.need, places or 0)
    if counts.held >= limit:
        raise Refusal(
            "no_place_left",
            f"All {limit} places on {version.label} are taken: {counts.agreed} reviewers have "
            f"agreed and {counts.held - counts.agreed} are asked. Withdraw an invitation, or say "
            "that you want more reviewers than needed.",
        )


def _require_no_conflict(
    actor: Actor,
    version: Version,
    reviewer: User,
    *,
    editor: User,
    override_reason: str,
    unseen: Collection[int],
) -> tuple[list[Conflict], list[Conflict]]:
    """All findings, and the warnings and waivers that this invitation sets aside; refuses what
    cannot be."""
    judged = find_conflicts(version, [reviewer], editor_key=editor.public_id, unseen=unseen)
    found = judged[reviewer.pk]
    has_reason = len(override_reason.strip()) >= 10
    for conflict in found:
        if conflict.is_hard and not conflict.is_waivable:
            raise Refusal(
                "conflict_of_interest",
                f"{reviewer.full_name} cannot review this manuscript ({conflict.rule}). "
                f"{conflict.evidence}",
            )
        if conflict.is_hard and not may_waive(actor, version.manuscript.issue):
            raise Refusal(
                "conflict_of_interest",
                f"{reviewer.full_name} cannot review this manuscript ({conflict.rule}) unless the "
                f"editor-in-chief or the lead guest editor waives it. {conflict.evidence}",
            )
        if conflict.needs_reason and not has_reason:
            raise Refusal(
                "reason_needed",
                f"Inviting {reviewer.full_name} needs a written reason of at least ten characters "
                f"({conflict.rule}). {conflict.evidence}",
                field="override_reason",
            )
    return found, [c for c in found if c.rule != "F10" or has_reason]
