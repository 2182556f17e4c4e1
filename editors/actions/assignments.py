"""Acts of the handling editor on reviewers: invite the panel, release, send back, extend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from editors.locks import lock, present_version, require, require_stage
from editors.permissions import may_handle
from editors.queries import handling_editor, hidden_manuscripts
from reviews import actions as review_actions
from reviews.actions import Standby
from reviews.dates import extension_limit
from reviews.models import Alternate, Assignment, ReviewGrade
from reviews.permissions import may_extend_beyond
from reviews.queries import decision_due
from reviews.states import HOLDING
from submissions.models import Manuscript, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

# More reviewers than the issue needs must be asked for explicitly, and never beyond this.
EXTRA_MAX = 2


@dataclass(frozen=True)
class Pick:
    """A reviewer to invite, why, and why a warning is set aside."""

    reviewer: User
    reasons: tuple[str, ...] = ()
    override_reason: str = ""


@dataclass(frozen=True)
class BenchWish:
    """Who stands by, in this order, and whether they are invited without asking again."""

    standbys: tuple[Standby, ...] = ()
    invites_at_once: bool = False


@transaction.atomic
def invite_panel(
    *,
    actor: User,
    manuscript: Manuscript,
    picks: Sequence[Pick],
    beyond_need: bool = False,
    bench: BenchWish | None = None,
) -> list[Assignment]:
    """Invite all the picked reviewers or none, and approve the bench if one is named. Whoever
    holds a place already is left alone, so that a double click invites once.

    Raises:
        Refusal: `nobody_picked`, `panel_full`, `minor_revision`, `stage_moved`, `not_allowed`,
            and what the invitation itself and the bench refuse (conflict, load).
    """
    locked, version = _for_panel(actor, manuscript)
    if not picks and bench is None:
        raise Refusal(
            "nobody_picked",
            "Nobody is ticked. Tick the reviewers whom you want to invite.",
            status=400,
        )
    editor = handling_editor(locked) or actor
    unseen = hidden_manuscripts(actor, locked.issue)
    invited = _invite(actor, locked, version, picks, beyond_need, editor, unseen) if picks else []
    if bench is not None:
        picked = {pick.reviewer.pk for pick in picks}
        review_actions.approve_bench(
            actor=actor,
            version=version,
            standbys=[s for s in bench.standbys if s.reviewer.pk not in picked],
            invites_at_once=bench.invites_at_once,
            editor=editor,
            unseen=unseen,
        )
    return invited


@transaction.atomic
def invite_alternate(*, actor: User, manuscript: Manuscript, alternate: Alternate) -> Assignment:
    """Ask somebody of the bench to take a free place."""
    locked, version = _for_panel(actor, manuscript)
    return review_actions.invite_alternate(
        actor=actor,
        version=version,
        editor=handling_editor(locked) or actor,
        alternate=alternate,
        unseen=hidden_manuscripts(actor, locked.issue),
    )


@transaction.atomic
def refill_places(*, actor: str, version: Version) -> list[Assignment]:
    """Where the editor wanted it so: ask the next of the bench for each place that fell free.

    Nothing happens while nobody handles the manuscript: there would be nobody to look after
    whoever is asked.
    """
    editor = handling_editor(version.manuscript)
    if editor is None:
        return []
    unseen = hidden_manuscripts(editor, version.manuscript.issue)
    return review_actions.refill_places(actor=actor, version=version, editor=editor, unseen=unseen)


def _for_panel(actor: User, manuscript: Manuscript) -> tuple[Manuscript, Version]:
    locked = lock(actor, manuscript)
    require(may_handle(actor, locked), "Reviewers are invited by the handling guest editor.")
    require_stage(locked, Stage.IN_REVIEW, doing="inviting reviewers")
    version = present_version(locked)
    if version.revision_kind == RevisionKind.MINOR:
        raise Refusal(
            "minor_revision",
            "A minor revision is judged by the guest editor; it goes to no reviewer.",
        )
    return locked, version


def _invite(
    actor: User,
    locked: Manuscript,
    version: Version,
    picks: Sequence[Pick],
    beyond_need: bool,
    editor: User,
    unseen: frozenset[int],
) -> list[Assignment]:
    taken = set(
        Assignment.objects.select_for_update()
        .filter(version=version, state__in=sorted(HOLDING))
        .values_list("reviewer_id", flat=True)
    )
    fresh = [pick for pick in picks if pick.reviewer.pk not in taken]
    if not fresh:
        return []
    need = locked.issue.reviewers_needed
    places = need + (EXTRA_MAX if beyond_need else 0)
    if len(taken) + len(fresh) > places:
        raise Refusal(
            "panel_full",
            f"{len(taken)} of {need} places are taken and {len(fresh)} reviewers are ticked, so "
            f"that is {len(taken) + len(fresh) - places} too many. Untick some, or tick “ask more "
            "reviewers than needed”.",
        )
    invited = [
        review_actions.invite_reviewer(
            actor=actor,
            version=version,
            reviewer=pick.reviewer,
            reasons=list(pick.reasons),
            override_reason=pick.override_reason,
            editor=editor,
            places=places,
            unseen=unseen,
        )
        for pick in fresh
    ]
    audit.record(
        actor,
        "panel.invited",
        locked,
        version=version.label,
        assignments=[assignment.audit_key for assignment in invited],
    )
    return invited


@transaction.atomic
def rescind_invitation(*, actor: User, assignment: Assignment, reason: str = "") -> Assignment:
    """Withdraw an invitation that was not answered."""
    _check(actor, assignment, doing="withdrawing an invitation")
    return review_actions.rescind_invitation(actor=actor, assignment=assignment, reason=reason)


@transaction.atomic
def unassign_reviewer(*, actor: User, assignment: Assignment, reason: str) -> Assignment:
    """Let a reviewer go; access ends at once and the mail blames nobody."""
    _check(actor, assignment, doing="letting a reviewer go")
    return review_actions.unassign_reviewer(actor=actor, assignment=assignment, reason=reason)


@transaction.atomic
def send_back_review(*, actor: User, assignment: Assignment, reason: str) -> Assignment:
    """Return a review to its reviewer to be mended; the earlier text is kept."""
    _check(actor, assignment, doing="sending a review back")
    return review_actions.send_back_review(actor=actor, assignment=assignment, reason=reason)


@transaction.atomic
def grade_review(
    *, actor: User, assignment: Assignment, quality: int, timeliness: int, note: str = ""
) -> ReviewGrade:
    """Keep a private grade of a filed review, at any later stage too."""
    locked = lock(actor, assignment.version.manuscript)
    require(may_handle(actor, locked), "Only the handling guest editor can do this.")
    return review_actions.grade_review(
        actor=actor, assignment=assignment, quality=quality, timeliness=timeliness, note=note
    )


@transaction.atomic
def extend_review(*, actor: User, assignment: Assignment, until: datetime) -> Assignment:
    """Give a reviewer more time."""
    _check(actor, assignment, doing="giving a reviewer more time")
    return review_actions.extend_assignment(actor=actor, assignment=assignment, until=until)


@transaction.atomic
def grant_time(*, actor: User, assignment: Assignment) -> Assignment:
    """Give a reviewer the time asked for, or as much of it as the actor may sign.

    The editor-in-chief may sign any date, the handling editor one up to the round's limit.
    """
    locked = lock(actor, assignment.version.manuscript)
    signs = may_extend_beyond(actor, locked.issue)
    require(signs or may_handle(actor, locked), "Only the handling guest editor can do this.")
    require_stage(locked, Stage.IN_REVIEW, doing="giving a reviewer more time")
    assignment.refresh_from_db(fields=["asked_until"])
    if assignment.asked_until is None:
        raise Refusal("nothing_asked", "The reviewer no longer asks for more time.")
    until = assignment.asked_until
    if not signs:
        until = min(until, extension_limit(decision_due(assignment.version)))
    return review_actions.extend_assignment(actor=actor, assignment=assignment, until=until)


@transaction.atomic
def remind_reviewer(*, actor: User, assignment: Assignment) -> bool:
    """Remind a reviewer of the due date now; at most once a day. Returns whether a mail goes."""
    _check(actor, assignment, doing="reminding a reviewer")
    if assignment.due_at is None:
        return False
    days = (clock.now() - assignment.due_at).days
    return review_actions.remind_reviewer(actor=actor, assignment=assignment, days=days)


@transaction.atomic
def settle_hold(
    *, actor: User, assignment: Assignment, uphold: bool, reason: str = ""
) -> Assignment:
    """Answer a reviewer who agreed and declared a conflict: clear it or uphold it."""
    _check(actor, assignment, doing="answering a declared conflict")
    return review_actions.release_hold(
        actor=actor, assignment=assignment, uphold=uphold, reason=reason
    )


def _check(actor: User, assignment: Assignment, *, doing: str) -> None:
    locked = lock(actor, assignment.version.manuscript)
    require(may_handle(actor, locked), "Only the handling guest editor can do this.")
    require_stage(locked, Stage.IN_REVIEW, doing=doing)
