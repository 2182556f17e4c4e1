"""The mails of the desk (`domain.md` I). They are built here and sent nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from editors.acceptance import overlength_usd
from editors.letters import body_of, letter_day, letter_instant, recipients
from editors.models import AcceptanceSnapshot, Decision, Letter, Likeness, Recommendation
from editors.states import DECISION_WORDS, DecisionKind
from reviews.dates import answer_due, review_due
from reviews.mails import review_invited
from reviews.models import Assignment
from reviews.queries import decision_due
from submissions.models import (
    Author,
    AuthorChange,
    Enquiry,
    EnquiryMessage,
    Manuscript,
    Version,
    VersionFile,
)
from submissions.queries import answer_words
from submissions.states import FileKind
from tmi_special_issue import clock, links, outbox
from tmi_special_issue.models import SpecialIssue


def editor_assigned(manuscript: Manuscript, version: Version, editor: User) -> outbox.Message:
    """M7: a guest editor has a manuscript to handle."""
    return _compose(
        "editor_assigned",
        editor,
        manuscript,
        f"{version.label}: please handle this manuscript",
        version=version,
        need=manuscript.issue.reviewers_needed,
    )


def revision_admitted(manuscript: Manuscript, version: Version, editor: User) -> outbox.Message:
    """M25 and M26, the editor's part: a revised version has arrived."""
    return _compose(
        "revision_admitted",
        editor,
        manuscript,
        f"{version.label}: the revised manuscript has arrived",
        version=version,
    )


def reassignment_asked(
    manuscript: Manuscript, editor: User, to: User, reason: str, *, is_conflict: bool
) -> outbox.Message:
    """M8: the handling editor steps back."""
    return _compose(
        "reassignment_asked",
        to,
        manuscript,
        f"{manuscript.number}: the guest editor asks for another editor",
        editor=editor,
        reason=reason,
        is_conflict=is_conflict,
    )


def reviews_completed(manuscript: Manuscript, version: Version, editor: User) -> outbox.Message:
    """M18: all reviews are in."""
    return _compose(
        "reviews_completed",
        editor,
        manuscript,
        f"{version.label}: all reviews are in",
        version=version,
    )


def author_change_consented(change: AuthorChange, version: Version, to: User) -> outbox.Message:
    """All authors agree to another list: the editor-in-chief is asked, the office knows."""
    return _compose(
        "author_change_consented",
        to,
        change.manuscript,
        f"{change.manuscript.number}: all agree to another list of authors",
        version=version,
        change=change,
    )


def author_conflicts_found(
    manuscript: Manuscript, version: Version, to: User, lines: Sequence[str]
) -> outbox.Message:
    """The new authors bring conflicts with people who work on the manuscript."""
    return _compose(
        "author_conflicts_found",
        to,
        manuscript,
        f"{version.label}: conflicts with the new authors",
        version=version,
        lines=lines,
    )


def editor_conflict_found(
    manuscript: Manuscript, version: Version, to: User, lines: Sequence[str]
) -> outbox.Message:
    """The handling editor is in conflict since an affiliation has changed (F12)."""
    return _compose(
        "editor_conflict_found",
        to,
        manuscript,
        f"{version.label}: another editor is needed",
        version=version,
        lines=lines,
    )


def panel_lagging(
    issue: SpecialIssue, to: User, lines: Sequence[str], why: str, subject: str
) -> outbox.Message:
    """M19: manuscripts that lack invitations, agreed reviewers or reviews."""
    return outbox.compose(
        "panel_lagging",
        to.email,
        subject,
        {
            "recipient": to,
            "issue": issue,
            "lines": lines,
            "why": why,
            "link": links.absolute("desk:desk"),
        },
        about=issue.audit_key,
    )


def decision_recommended(recommendation: Recommendation, to: User) -> outbox.Message:
    """M20: the guest editor advises, the authority decides."""
    version = recommendation.version
    return _compose(
        "decision_recommended",
        to,
        version.manuscript,
        f"{version.label}: recommendation of the guest editor",
        version=version,
        recommendation=recommendation,
        words=DECISION_WORDS[DecisionKind(recommendation.kind)],
        page="desk:decide",
    )


def decision_released(decision: Decision, letter: Letter) -> outbox.Message:
    """M21: the letter, to the corresponding author, with a copy to all authors."""
    version = decision.version
    issue = version.manuscript.issue
    corresponding, others = recipients(version)
    if letter.file is None:
        raise ValueError("A letter without bytes cannot be sent.")
    return outbox.compose(
        "decision_released",
        corresponding.email,
        f"{issue.journal} - Decision on Manuscript ID {version.label}",
        {
            "content": letter.content,
            "body": body_of(letter.content),
            "letter": letter,
            "issue": issue,
        },
        about=version.manuscript.audit_key,
        cc=_addresses(others),
        attachments=[outbox.Attachment(letter.file, letter_file_name(letter))],
    )


def decision_shared(
    decision: Decision, letter: Letter, reviewer: User, own_number: int
) -> outbox.Message:
    """M22: thanks to a reviewer, the decision, and what the others wrote, without names."""
    version = decision.version
    own = f"Reviewer {own_number}"
    others = [r for r in letter.content["reviews"] if r["label"] != own]
    return outbox.compose(
        "decision_shared",
        reviewer.email,
        f"{version.label}: the decision, and thank you",
        {
            "recipient": reviewer,
            "version": version,
            "issue": version.manuscript.issue,
            "words": decision.words,
            "own": own,
            "others": others,
        },
        about=version.manuscript.audit_key,
    )


def decision_overdue(manuscript: Manuscript, to: User, due_at: datetime) -> outbox.Message:
    """M23, the editors' part: a date has passed without a decision."""
    return _compose(
        "decision_overdue",
        to,
        manuscript,
        f"{manuscript.number}: the decision is overdue",
        due=letter_instant(due_at, manuscript.issue),
    )


def manuscript_accepted(decision: Decision, due_at: datetime) -> outbox.Message:
    """M27: what is wanted now that the manuscript is accepted."""
    version = decision.version
    issue = version.manuscript.issue
    corresponding, others = recipients(version)
    pages = (
        VersionFile.objects.filter(version=version, kind=FileKind.MAIN)
        .values_list("page_count", flat=True)
        .first()
        or 0
    )
    return outbox.compose(
        "manuscript_accepted",
        corresponding.email,
        f"{version.label}: accepted, final files wanted",
        {
            "version": version,
            "issue": issue,
            "author": corresponding,
            "due": letter_instant(due_at, issue),
            "pages": pages,
            "charge": overlength_usd(pages),
            "missing_orcid": [a.full_name for a in (corresponding, *others) if not a.orcid],
            "link": links.absolute("submissions:show", version.manuscript.public_id),
        },
        about=version.manuscript.audit_key,
        cc=_addresses(others),
    )


def acceptance_listed(
    snapshot: AcceptanceSnapshot, to: User, changes: Sequence[str]
) -> outbox.Message:
    """M31: a new acceptance list was taken."""
    issue = snapshot.issue
    return outbox.compose(
        "acceptance_listed",
        to.email,
        f"{issue.journal_short}: acceptance list {snapshot.number}",
        {
            "recipient": to,
            "issue": issue,
            "snapshot": snapshot,
            "count": len(snapshot.rows),
            "day": letter_day(snapshot.taken_at, issue),
            "changes": changes,
            "link": links.absolute("desk:acceptance"),
        },
        about=issue.audit_key,
    )


def reviewer_late(assignment: Assignment, to: User, days: int) -> outbox.Message:
    """The copies of M13 for the lead (five days) and the editor-in-chief (eight days)."""
    version = assignment.version
    return _compose(
        "reviewer_late",
        to,
        version.manuscript,
        f"{version.label}: a review is {days} days late",
        version=version,
        assignment=assignment,
        days=days,
    )


def invitation_preview(version: Version, reviewer: User, editor: User) -> outbox.Message:
    """The invitation that a reviewer would get now. Nothing is kept, and the link is blank."""
    issue = version.manuscript.issue
    now = clock.now()
    assignment = Assignment(
        version=version,
        reviewer=reviewer,
        invited_by=editor,
        invited_at=now,
        answer_by=answer_due(now, days=issue.invitation_days, zone=issue.zone),
    )
    due_at = review_due(
        now,
        days=issue.review_days,
        decision_at=decision_due(version),
        revision_number=version.revision_number,
        zone=issue.zone,
    )
    return review_invited(assignment, link="[the reviewer's personal link]", due_at=due_at)


def letter_file_name(letter: Letter) -> str:
    """The neutral name under which the letter goes out."""
    return f"{letter.decision.version.label}-decision.pdf"


def _addresses(authors: Sequence[Author]) -> list[str]:
    return list(dict.fromkeys(a.email for a in authors if a.email))


def _compose(
    kind: str,
    to: User,
    manuscript: Manuscript,
    subject: str,
    *,
    page: str = "desk:manuscript",
    **context: Any,
) -> outbox.Message:
    return outbox.compose(
        kind,
        to.email,
        subject,
        {
            "recipient": to,
            "manuscript": manuscript,
            "issue": manuscript.issue,
            "link": links.absolute(page, manuscript.public_id),
            **context,
        },
        about=manuscript.audit_key,
    )


def enquiry_asked(enquiry: Enquiry, question: str) -> outbox.Message:
    """An author asks a guest editor whether a work fits."""
    return _about_enquiry(
        "enquiry_asked",
        enquiry,
        enquiry.editor,
        "Does this work fit the special issue?",
        question=question,
    )


def enquiry_answered(message: EnquiryMessage) -> outbox.Message:
    """The editor's answer, to the author."""
    enquiry = message.enquiry
    words = answer_words(message.suitability)
    return _about_enquiry(
        "enquiry_answered",
        enquiry,
        enquiry.author,
        f"{enquiry.editor.full_name} answered: {words}",
        words=words,
        message=message,
    )


def enquiry_written(message: EnquiryMessage) -> outbox.Message:
    """A further message, to the other of the two."""
    enquiry = message.enquiry
    is_authors = message.sender_id == enquiry.author_id
    return _about_enquiry(
        "enquiry_written",
        enquiry,
        enquiry.editor if is_authors else enquiry.author,
        f"{message.sender.full_name} wrote to you about an enquiry",
        message=message,
    )


def _about_enquiry(
    kind: str, enquiry: Enquiry, to: User, subject: str, **context: Any
) -> outbox.Message:
    """A reply by mail goes to the office, so each of these mails asks to answer on the page."""
    page = "desk:enquiry" if to == enquiry.editor else "enquiries:enquiry"
    return outbox.compose(
        kind,
        to.email,
        subject,
        {
            "recipient": to,
            "enquiry": enquiry,
            "issue": enquiry.issue,
            "link": links.absolute(page, enquiry.public_id),
            **context,
        },
        about=enquiry.audit_key,
    )


def likeness_found(
    version: Version, to: User, found: Sequence[tuple[Likeness, Sequence[str]]]
) -> outbox.Message:
    """M33: manuscripts that are almost the same as this one, each with the evidence. It is about
    no manuscript's history."""
    manuscript = version.manuscript
    others = found[0][0].other.label if len(found) == 1 else f"{len(found)} others"
    return outbox.compose(
        "likeness_found",
        to.email,
        f"{version.label} is almost the same as {others}",
        {
            "recipient": to,
            "issue": manuscript.issue,
            "version": version,
            "found": found,
            "link": links.absolute("desk:manuscript", manuscript.public_id),
        },
        about=f"comparison:{version.public_id}",
    )
