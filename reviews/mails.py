"""The mails of the review (`domain.md` I, M9 to M17). They are built here and sent nowhere.

Reviewers hear of their own assignment only; editors hear of their reviewers; authors get
nothing from here. `link` is the address with the secret of this very mail.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from reviews.calendars import CANCELLED, CONFIRMED, TENTATIVE, appointment
from reviews.conflicts import Conflict
from reviews.models import Assignment, Review
from reviews.queries import Proposal, RoundCounts
from reviews.queries.benches import waiting_alternates
from reviews.sheet import in_words
from reviews.states import DECLINE_REASONS
from submissions.models import Author
from tmi_special_issue import links, outbox
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.templatetags.moments import (
    OfficialZone,
    written,
    written_day,
    written_elsewhere,
)

PassedOver = Sequence[tuple[User, str]]


def pool_asked(
    issue: SpecialIssue, person: User, *, link: str, answer_by: datetime
) -> outbox.Message:
    """Will you be one of those whom the editors may ask to review?

    It says nothing of how the desk came to the person: that may be a manuscript.
    """
    zone = OfficialZone(issue.zone, issue.zone_label)
    return outbox.compose(
        "pool_asked",
        person.email,
        f"{issue.short_title}: would you review for this special issue?",
        {
            "issue": issue,
            "person": person,
            "link": link,
            "answer_by": written(answer_by, zone),
            "topics": issue.topics.all(),
        },
    )


def review_invited(assignment: Assignment, *, link: str, due_at: datetime) -> outbox.Message:
    """M9: will you review this manuscript?"""
    names = Author.objects.filter(version=assignment.version).order_by("position")
    return _to_reviewer(
        "review_invited",
        assignment,
        f"{assignment.version.label}: invitation to review",
        link=link,
        authors=", ".join(author.full_name for author in names),
        answer_by=_instant(assignment, assignment.answer_by),
        due=_instant(assignment, due_at),
        calendar=_date(assignment, TENTATIVE, due_at=due_at, changed_at=assignment.invited_at),
    )


def review_invitation_nudged(assignment: Assignment, *, link: str) -> outbox.Message:
    """M10: an invitation still waits for an answer."""
    return _to_reviewer(
        "review_invitation_nudged",
        assignment,
        f"{assignment.version.label}: will you review this manuscript?",
        link=link,
        answer_by=_instant(assignment, assignment.answer_by),
    )


def review_invitation_expired(assignment: Assignment) -> outbox.Message:
    """M10, to the reviewer: the time to answer is over."""
    return _to_reviewer(
        "review_invitation_expired",
        assignment,
        f"{assignment.version.label}: the invitation to review has ended",
        calendar=_date(assignment, CANCELLED),
    )


def review_unanswered(assignment: Assignment, editor: User, counts: RoundCounts) -> outbox.Message:
    """M12, to the editor: an invitation got no answer."""
    return _to_editor(
        "review_unanswered",
        assignment,
        editor,
        f"{assignment.version.label}: no answer from {assignment.reviewer.full_name}",
        counts=counts,
        standbys=_standbys(assignment),
    )


def review_bounced(assignment: Assignment, editor: User, counts: RoundCounts) -> outbox.Message:
    """M32, to the editor: an invitation could not be delivered."""
    return _to_editor(
        "review_bounced",
        assignment,
        editor,
        f"{assignment.version.label}: the mail to {assignment.reviewer.full_name} came back",
        counts=counts,
        standbys=_standbys(assignment),
    )


def alternate_invited(
    assignment: Assignment, editor: User, gone: Assignment, passed_over: PassedOver = ()
) -> outbox.Message:
    """M12, to the editor: the next of the approved bench was asked in somebody's place."""
    return _to_editor(
        "alternate_invited",
        assignment,
        editor,
        f"{assignment.version.label}: {assignment.reviewer.full_name} is invited from the bench",
        gone=gone.reviewer,
        passed_over=passed_over,
        answer_by=_instant(assignment, assignment.answer_by, editor),
    )


def bench_exhausted(gone: Assignment, editor: User, passed_over: PassedOver = ()) -> outbox.Message:
    """M12, to the editor: a place is free and nobody of the bench can be asked."""
    return _to_editor(
        "bench_exhausted",
        gone,
        editor,
        f"{gone.version.label}: the bench has nobody left to invite",
        passed_over=passed_over,
    )


def review_agreed(assignment: Assignment, *, link: str) -> outbox.Message:
    """M11: thank you; here are the files, the sheet and the rules."""
    return _to_reviewer(
        "review_agreed",
        assignment,
        f"{assignment.version.label}: thank you for agreeing to review",
        link=link,
        due=_instant(assignment, assignment.due_at),
        calendar=_date(assignment, CONFIRMED),
    )


def review_declined(
    assignment: Assignment, editor: User, counts: RoundCounts, proposals: Sequence[Proposal] = ()
) -> outbox.Message:
    """M12, to the editor: declined, with the reason and the names that were suggested."""
    return _to_editor(
        "review_declined",
        assignment,
        editor,
        f"{assignment.version.label}: {assignment.reviewer.full_name} cannot review",
        reason=DECLINE_REASONS.get(assignment.decline_reason, ""),
        proposals=proposals,
        counts=counts,
        standbys=_standbys(assignment),
    )


def review_reconsidered(
    assignment: Assignment, editor: User, counts: RoundCounts, *, has_place: bool
) -> outbox.Message:
    """M12, to the editor: somebody who declined or did not answer would review after all."""
    return _to_editor(
        "review_reconsidered",
        assignment,
        editor,
        f"{assignment.version.label}: {assignment.reviewer.full_name} would review after all",
        counts=counts,
        has_place=has_place,
        answer_by=_instant(assignment, assignment.answer_by, editor),
    )


def review_claimed(assignment: Assignment, editor: User, former: User) -> outbox.Message:
    """To the editor: an invitation was taken over with the account of another address."""
    return _to_editor(
        "review_claimed",
        assignment,
        editor,
        f"{assignment.version.label}: an invitation was taken over by another account",
        former=former,
    )


def review_moved_away(assignment: Assignment, former: User) -> outbox.Message:
    """To the address that was invited: the invitation has gone to another account."""
    return _compose(
        "review_moved_away",
        assignment,
        former,
        f"{assignment.version.label}: your invitation was taken over by another account",
    )


def review_held(assignment: Assignment, editor: User) -> outbox.Message:
    """To the editor: a reviewer agreed and declared a possible conflict."""
    return _to_editor(
        "review_held",
        assignment,
        editor,
        f"{assignment.version.label}: {assignment.reviewer.full_name} declares a possible conflict"
        if not assignment.is_author_found
        else f"{assignment.version.label}: {assignment.reviewer.full_name} is an author",
    )


def review_conflict_found(
    assignment: Assignment, editor: User, found: Sequence[Conflict]
) -> outbox.Message:
    """To the editor: the rules have found a conflict that was not there before."""
    return _to_editor(
        "review_conflict_found",
        assignment,
        editor,
        f"{assignment.version.label}: a conflict of {assignment.reviewer.full_name} was found",
        lines=[f"{c.evidence} ({c.rule})" for c in found],
    )


def review_paused(assignment: Assignment) -> outbox.Message:
    """To the reviewer: the work rests while the editor looks at something. No evidence."""
    return _to_reviewer(
        "review_paused",
        assignment,
        f"{assignment.version.label}: your review rests for the moment",
    )


def review_resumed(assignment: Assignment, *, link: str) -> outbox.Message:
    """To the reviewer: please go on, with the days that the work rested."""
    return _to_reviewer(
        "review_resumed",
        assignment,
        f"{assignment.version.label}: please go on with your review",
        link=link,
        due=_instant(assignment, assignment.due_at),
        calendar=_date(assignment, CONFIRMED),
    )


def review_hold_upheld(assignment: Assignment) -> outbox.Message:
    """To the reviewer: with the declared conflict the review is better done by another."""
    return _to_reviewer(
        "review_hold_upheld",
        assignment,
        f"{assignment.version.label}: thank you for your declaration",
        calendar=_date(assignment, CANCELLED),
    )


def review_reminded(
    assignment: Assignment, *, link: str, is_late: bool, cc: Iterable[str] = ()
) -> outbox.Message:
    """M13: a review is due soon, or was."""
    issue = assignment.version.manuscript.issue
    zone = OfficialZone(issue.zone, issue.zone_label)
    day = written_day(assignment.due_at, zone) if assignment.due_at else ""
    verb = "was" if is_late else "is"
    return _to_reviewer(
        "review_reminded",
        assignment,
        f"{assignment.version.label}: your review {verb} due on {day}",
        cc=cc,
        link=link,
        is_late=is_late,
        due=_instant(assignment, assignment.due_at),
    )


def review_extended(assignment: Assignment, *, link: str) -> outbox.Message:
    """M14: more time was granted."""
    return _to_reviewer(
        "review_extended",
        assignment,
        f"{assignment.version.label}: more time for your review",
        link=link,
        due=_instant(assignment, assignment.due_at),
        calendar=_date(assignment, CONFIRMED),
    )


def review_time_asked(assignment: Assignment, editor: User, reason: str) -> outbox.Message:
    """To the editor: a reviewer asks for more time than can be granted at once."""
    return _to_editor(
        "review_time_asked",
        assignment,
        editor,
        f"{assignment.version.label}: {assignment.reviewer.full_name} asks for more time",
        until=_instant(assignment, assignment.asked_until, editor),
        due=_instant(assignment, assignment.due_at, editor),
        reason=reason,
    )


def review_delivered(assignment: Assignment, review: Review) -> outbox.Message:
    """M15, to the reviewer: thanks, with a copy of the own text."""
    return _to_reviewer(
        "review_delivered",
        assignment,
        f"{assignment.version.label}: thank you for your review",
        answers=in_words(review.sheet, review.answers),
    )


def review_received(assignment: Assignment, editor: User, counts: RoundCounts) -> outbox.Message:
    """M15, to the editor: a review is in, and how many of how many."""
    return _to_editor(
        "review_received",
        assignment,
        editor,
        f"{assignment.version.label}: {counts.returned} of {counts.agreed} reviews are in",
        counts=counts,
    )


def review_sent_back(assignment: Assignment, *, link: str, reason: str) -> outbox.Message:
    """M16: please mend your review."""
    return _to_reviewer(
        "review_sent_back",
        assignment,
        f"{assignment.version.label}: a question about your review",
        link=link,
        reason=reason,
        due=_instant(assignment, assignment.due_at),
        calendar=_date(assignment, CONFIRMED),
    )


def review_rescinded(assignment: Assignment) -> outbox.Message:
    """To the reviewer: an invitation that was not answered is withdrawn."""
    return _to_reviewer(
        "review_rescinded",
        assignment,
        f"{assignment.version.label}: the invitation to review is withdrawn",
        calendar=_date(assignment, CANCELLED),
    )


def review_unassigned(
    assignment: Assignment, *, is_round_over: bool, is_withdrawn: bool = False
) -> outbox.Message:
    """M17: thanks, no blame."""
    return _to_reviewer(
        "review_unassigned",
        assignment,
        f"{assignment.version.label}: your review is no longer needed",
        is_round_over=is_round_over,
        is_withdrawn=is_withdrawn,
        calendar=_date(assignment, CANCELLED),
    )


def _standbys(assignment: Assignment) -> list[User]:
    """Who of the bench was not asked yet, in their order."""
    return [row.reviewer for row in waiting_alternates(assignment.version)]


def _to_reviewer(
    kind: str, assignment: Assignment, subject: str, *, cc: Iterable[str] = (), **context: Any
) -> outbox.Message:
    return _compose(kind, assignment, assignment.reviewer, subject, cc=tuple(cc), **context)


def _to_editor(
    kind: str, assignment: Assignment, editor: User, subject: str, **context: Any
) -> outbox.Message:
    manuscript = assignment.version.manuscript
    desk = links.absolute("desk:manuscript", manuscript.public_id)
    return _compose(kind, assignment, editor, subject, desk=desk, **context)


def _compose(
    kind: str,
    assignment: Assignment,
    person: User,
    subject: str,
    *,
    cc: Sequence[str] = (),
    calendar: str = "",
    **context: Any,
) -> outbox.Message:
    version = assignment.version
    context |= {
        "person": person,
        "assignment": assignment,
        "reviewer": assignment.reviewer,
        "version": version,
        "issue": version.manuscript.issue,
    }
    return outbox.compose(
        kind,
        person.email,
        subject,
        context,
        about=assignment.audit_key,
        cc=cc,
        calendar=calendar,
    )


def _date(
    assignment: Assignment,
    status: str,
    *,
    due_at: datetime | None = None,
    changed_at: datetime | None = None,
) -> str:
    """The review's date for the reader's calendar; a cancelled one takes it out again."""
    changed_at = changed_at or assignment.ended_at or assignment.due_set_at
    due_at = due_at or assignment.due_at or assignment.answer_by
    if due_at is None or changed_at is None:
        return ""
    return appointment(assignment, due_at=due_at, changed_at=changed_at, status=status)


def _instant(assignment: Assignment, instant: datetime | None, person: User | None = None) -> str:
    """An instant in the issue's zone and, in brackets, in the reader's own."""
    if instant is None:
        return ""
    issue = assignment.version.manuscript.issue
    zone = OfficialZone(issue.zone, issue.zone_label)
    reader = person or assignment.reviewer
    own = written_elsewhere(instant, reader.time_zone, zone)
    return f"{written(instant, zone)} ({own})" if own else written(instant, zone)
