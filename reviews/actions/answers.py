"""A reviewer's answer to an invitation, and the editor's to a declared conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.actions import confirm_address
from accounts.models import User
from reviews import mails
from reviews.actions.checks import findings_of, keep_check
from reviews.actions.moves import (
    Actor,
    draw_label,
    end,
    lock_with_manuscript,
    make_link,
    move,
    queue_once,
    require_move,
    require_reviewing,
    stamp,
    tell_editor,
)
from reviews.conflicts import Conflict
from reviews.dates import review_due
from reviews.models import Assignment, ProposedReviewer, Review
from reviews.permissions import may_answer, may_waive
from reviews.queries import decision_due, proposals_for, round_of
from reviews.queries.checks import key_of, set_aside_for, stopping
from reviews.states import DECLINE_REASONS, AssignmentState, CheckAct
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

NOTE_MAX = 2000
REASON_LEAST = 10  # characters that say why a finding is set aside
PROPOSALS_MAX = 2
# "Ask me later" further away than this is of no use to the issue.
LATER_MAX = timedelta(days=366)


@dataclass(frozen=True)
class Colleague:
    """Somebody who could review instead, as a reviewer knows them; the address may be unknown."""

    name: str
    email: str = ""


@transaction.atomic
def agree_assignment(
    *,
    actor: User,
    assignment: Assignment,
    has_conflict: bool,
    coi_statement: str = "",
    accepts_terms: bool,
    is_by_link: bool = False,
) -> Assignment:
    """Agree to review: the files open and the due date is set.

    With a declared conflict the assignment is held until the editor decides, and the files stay
    closed. The rules are judged again, since affiliations and author lists change. Through the
    link of a mail (`is_by_link`) the address is shown to be the reviewer's (F17).

    Raises:
        Refusal: not_yours, assignment_moved, invitation_expired, not_under_review,
            terms_not_accepted, statement_missing, conflict_of_interest.
    """
    assignment = lock_with_manuscript(assignment)
    _require_own(actor, assignment)
    require_move(assignment, AssignmentState.AGREED, doing="agreeing")
    if assignment.state != AssignmentState.INVITED:
        raise Refusal("assignment_moved", "The editor is looking at what you declared.")
    now = clock.decisive_now()
    if assignment.answer_by is not None and now > assignment.answer_by:
        raise Refusal(
            "invitation_expired",
            "The time to answer this invitation is over. If you would still like to review, "
            f"please write to {assignment.version.manuscript.issue.contact_email}.",
            status=410,
        )
    require_reviewing(assignment, doing="the invitation")
    if not accepts_terms:
        raise Refusal(
            "terms_not_accepted",
            "Please confirm both terms, confidentiality and the use of AI, before you agree.",
            field="accepts_confidentiality",
            status=400,
        )
    statement = coi_statement.strip()
    if has_conflict and len(statement) < 10:
        raise Refusal(
            "statement_missing",
            "Please describe the possible conflict in a sentence, so that the editor can judge it.",
            field="coi_statement",
            status=400,
        )
    if is_by_link:
        confirm_address(actor=assignment.reviewer)
    found = findings_of(assignment)
    waived = set_aside_for(assignment)
    # What the authors declare was looked at when the person was invited, and the version is frozen
    # since; to tell of it here would tell the reviewer what only editors read.
    standing = [c for c in stopping(found) if not c.is_declared and key_of(c) not in waived]
    if standing and not has_conflict:
        raise Refusal(
            "conflict_of_interest",
            "Our records point to a possible conflict of interest: you may be close to one of "
            "the authors by your work or by publications. Please say below what it is, and the "
            "editor will decide; or decline.",
            field="has_conflict",
        )
    keep_check(
        actor=actor,
        version=assignment.version,
        person=assignment.reviewer,
        act=CheckAct.AGREED,
        findings=found,
        assignment=assignment,
        waived=waived,
    )
    assignment.conflicts_checked_at = now
    assignment.answered_at = now
    assignment.accepted_terms_at = now
    assignment.coi_statement = statement[:NOTE_MAX] if has_conflict else ""
    answered = ("answered_at", "accepted_terms_at", "coi_statement", "conflicts_checked_at")
    if has_conflict:
        move(
            assignment,
            AssignmentState.COI_HOLD,
            actor=actor,
            verb="assignment.held",
            fields=answered,
        )
        tell_editor(
            assignment,
            f"review_held:{stamp(now)}",
            lambda editor: mails.review_held(assignment, editor),
        )
        return assignment
    _open(assignment, actor=actor, now=now, fields=answered)
    return assignment


@transaction.atomic
def decline_assignment(
    *,
    actor: User,
    assignment: Assignment,
    reason: str = "",
    note: str = "",
    ask_again_on: date | None = None,
    colleagues: Sequence[Colleague] = (),
) -> Assignment:
    """Decline an invitation; reason, words, a day to be asked again and two names are optional.

    The editor sees the names beside the candidates, judged by the rules of conflict. Nobody is
    invited, becomes an account or hears of it by being named.

    Raises:
        Refusal: not_yours, assignment_moved, unknown_reason, note_too_long, day_out_of_range,
            too_many_names, named_oneself.
    """
    assignment = lock_with_manuscript(assignment)
    _require_own(actor, assignment)
    require_move(assignment, AssignmentState.DECLINED, doing="declining")
    if assignment.state != AssignmentState.INVITED:
        raise Refusal("assignment_moved", "The editor is looking at what you declared.")
    if reason and reason not in DECLINE_REASONS:
        raise Refusal(
            "unknown_reason",
            f"“{reason[:40]}” is not one of the reasons. Choose one of the list, or none.",
            field="reason",
            status=400,
        )
    if len(note) > NOTE_MAX:
        raise Refusal(
            "note_too_long",
            f"The words have {len(note)} characters; the limit is {NOTE_MAX}. Shorten them.",
            field="note",
            status=400,
        )
    now = clock.now()
    _require_later_day(ask_again_on, now.date())
    named = _named(colleagues, assignment.reviewer)
    assignment.answered_at = now
    assignment.decline_reason = reason or ("ask_later" if ask_again_on else "")
    assignment.decline_note = note.strip()
    assignment.ask_again_on = ask_again_on
    ProposedReviewer.objects.filter(assignment=assignment).delete()
    ProposedReviewer.objects.bulk_create(
        ProposedReviewer(assignment=assignment, name=one.name, email=one.email) for one in named
    )
    end(
        assignment,
        AssignmentState.DECLINED,
        actor=actor,
        verb="assignment.declined",
        reason=DECLINE_REASONS.get(assignment.decline_reason, ""),
        fields=("answered_at", "decline_reason", "decline_note", "ask_again_on"),
        keep_links=True,
    )
    counts = round_of(assignment.version)
    tell_editor(
        assignment,
        f"review_declined:{stamp(now)}",
        lambda editor: mails.review_declined(
            assignment,
            editor,
            counts,
            [
                p
                for p in proposals_for(assignment.version, editor_key=editor.public_id)
                if p.row.assignment_id == assignment.pk
            ],
        ),
    )
    return assignment


@transaction.atomic
def release_hold(
    *, actor: User, assignment: Assignment, uphold: bool, reason: str = ""
) -> Assignment:
    """The editor's answer to a conflict, declared or found later: cleared or upheld.

    Cleared, the reviewer begins, or goes on with every word as it was and with the days that the
    work rested. Upheld, the assignment ends as declined; the text is kept. A hard finding of the
    rules is cleared only where it may be waived, by those who may, with a reason. The caller has
    checked that `actor` handles the manuscript.
    """
    assignment = lock_with_manuscript(assignment)
    to = AssignmentState.DECLINED if uphold else AssignmentState.AGREED
    if assignment.state != AssignmentState.COI_HOLD:
        raise Refusal("assignment_moved", "No conflict waits for an answer here.")
    require_move(assignment, to, doing="this answer")
    now = clock.now()
    if uphold:
        assignment.decline_reason = "conflict"
        end(
            assignment,
            to,
            actor=actor,
            verb="assignment.hold_upheld",
            reason=reason,
            fields=("decline_reason",),
        )
        queue_once(
            mails.review_hold_upheld(assignment),
            f"review_hold_upheld:{stamp(now)}",
            assignment,
            assignment.reviewer,
        )
        return assignment
    require_reviewing(assignment, doing="the assignment")
    found = findings_of(assignment)
    waived = set_aside_for(assignment)
    standing = [c for c in stopping(found) if key_of(c) not in waived]
    _require_waivable(actor, assignment, standing, reason)
    keep_check(
        actor=actor,
        version=assignment.version,
        person=assignment.reviewer,
        act=CheckAct.HOLD_ANSWERED,
        findings=found,
        assignment=assignment,
        set_aside=standing,
        waived=waived,
        reason=reason,
    )
    assignment.override_reason = reason.strip()[:500]
    if assignment.held_at is not None:
        _resume(assignment, actor=actor, now=now)
        return assignment
    _open(
        assignment,
        actor=actor,
        now=now,
        fields=("override_reason",),
        verb="assignment.hold_cleared",
    )
    return assignment


def _require_waivable(
    actor: User, assignment: Assignment, standing: list[Conflict], reason: str
) -> None:
    """Nobody clears what cannot be waived; what can be, only those who may, and with words."""
    for conflict in standing:
        if not conflict.is_waivable:
            raise Refusal(
                "conflict_of_interest",
                f"This conflict cannot be cleared ({conflict.rule}). {conflict.evidence}",
            )
        if not may_waive(actor, assignment.version.manuscript.issue):
            raise Refusal(
                "conflict_of_interest",
                f"This conflict is cleared by the editor-in-chief or the lead guest editor only "
                f"({conflict.rule}). {conflict.evidence}",
            )
        if len(reason.strip()) < REASON_LEAST:
            raise Refusal(
                "reason_needed",
                f"Say in at least {REASON_LEAST} characters why this is no conflict "
                f"({conflict.rule}). {conflict.evidence}",
                field="reason",
                status=400,
            )


def _resume(assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Give the work back as it was, with the days that it rested."""
    if assignment.held_at is not None and assignment.due_at is not None:
        assignment.due_at += now - assignment.held_at
    assignment.due_set_at = now
    assignment.held_at = None
    is_begun = Review.objects.filter(assignment=assignment).exists()
    move(
        assignment,
        AssignmentState.IN_PROGRESS if is_begun else AssignmentState.AGREED,
        actor=actor,
        verb="assignment.hold_cleared",
        fields=("due_at", "due_set_at", "held_at", "override_reason"),
        due_at=assignment.due_at,
    )
    message = mails.review_resumed(assignment, link=make_link(assignment))
    queue_once(message, f"review_resumed:{stamp(now)}", assignment, assignment.reviewer)


def _open(
    assignment: Assignment,
    *,
    actor: Actor,
    now: datetime,
    fields: tuple[str, ...],
    verb: str = "assignment.agreed",
) -> None:
    """Open the files and set the due date; draw the label; send the instructions (M11)."""
    version = assignment.version
    issue = version.manuscript.issue
    assignment.due_at = review_due(
        now,
        days=issue.review_days,
        decision_at=decision_due(version),
        revision_number=version.revision_number,
        zone=issue.zone,
    )
    assignment.due_set_at = now
    draw_label(assignment)
    move(
        assignment,
        AssignmentState.AGREED,
        actor=actor,
        verb=verb,
        fields=("due_at", "due_set_at", *fields),
        due_at=assignment.due_at,
    )
    message = mails.review_agreed(assignment, link=make_link(assignment))
    queue_once(message, f"review_agreed:{stamp(now)}", assignment, assignment.reviewer)


def _require_later_day(day: date | None, today: date) -> None:
    if day is not None and not today < day <= today + LATER_MAX:
        raise Refusal(
            "day_out_of_range",
            f"{day:%-d %b %Y} does not lie in the twelve months ahead. Choose the day from which "
            "you may be asked again, or leave it empty.",
            field="ask_again_on",
            status=400,
        )


def _named(colleagues: Sequence[Colleague], reviewer: User) -> list[Colleague]:
    """The names with their spaces and capitals mended, each address once."""
    found: dict[str, Colleague] = {}
    for one in colleagues:
        name, email = " ".join(one.name.split())[:200], one.email.strip().lower()
        if not name:
            continue
        if email == reviewer.email.lower():
            raise Refusal(
                "named_oneself",
                f"{email} is the address of this invitation. Name somebody else, or nobody.",
                field="first_email",
                status=400,
            )
        found.setdefault(email or name.casefold(), Colleague(name, email))
    if len(found) > PROPOSALS_MAX:
        raise Refusal(
            "too_many_names",
            f"{len(found)} names were given; {PROPOSALS_MAX} are the most.",
            status=400,
        )
    return list(found.values())


def _require_own(actor: User, assignment: Assignment) -> None:
    if not may_answer(actor, assignment):
        raise Refusal(
            "not_yours", "This invitation is for another person; only they can answer.", status=404
        )
