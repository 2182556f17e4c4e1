"""What a decision letter says, frozen as plain JSON values (`domain.md` E.2).

Only what the author may see goes in: reviews under their labels, the answers that the score sheet
opens to authors, never a name, address or time of return of a reviewer.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import RoleName, User
from accounts.queries import affiliations_of, role_names
from editors.acceptance import overlength_usd
from editors.due import author_due
from editors.models import Decision
from editors.queries import deciders, handling_editor
from editors.queries.reviews import LabelledReview, labelled_reviews
from editors.states import ASKED_REVISION, DecisionKind
from reviews.sheet import Kind
from submissions.models import Author, Version, VersionFile
from submissions.states import FileKind
from tmi_special_issue import links
from tmi_special_issue.identifiers import ALPHABET
from tmi_special_issue.models import MilestoneKind, SpecialIssue
from tmi_special_issue.queries import milestones

TEMPLATE_VERSION = "2024.1"
TEMPLATE = "letters/decision.html"

_ROLE_WORDS = (
    (RoleName.EDITOR_IN_CHIEF, "Editor-in-Chief"),
    (RoleName.LEAD_GUEST_EDITOR, "Lead Guest Editor"),
    (RoleName.GUEST_EDITOR, "Guest Editor"),
)


def new_number(version: Version) -> str:
    """A letter's number: the manuscript's label and a random part, which counts no drafts."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(6)).upper()
    return f"{version.label}-L-{code}"


def decision_content(
    decision: Decision, *, number: str, dated_at: datetime, due_at: datetime | None
) -> dict[str, Any]:
    """Everything that the letter's template needs, with the checksum of the whole."""
    version = decision.version
    manuscript = version.manuscript
    issue = manuscript.issue
    kind = DecisionKind(decision.kind)
    authors = list(Author.objects.filter(version=version))
    corresponding = next((a for a in authors if a.is_corresponding), authors[0])
    first_submitted = (
        Version.objects.filter(manuscript=manuscript, revision_number=0)
        .values_list("first_submitted_at", flat=True)
        .first()
    )
    content: dict[str, Any] = {
        "template_version": TEMPLATE_VERSION,
        "number": number,
        "dated": letter_day(dated_at, issue),
        "journal": issue.journal,
        "issue_title": issue.title,
        "manuscript_type": issue.manuscript_type,
        "contact_email": issue.contact_email,
        "manuscript_id": version.label,
        "title": version.title,
        "authors": [author.full_name for author in authors],
        "received": letter_day(first_submitted or version.submitted_at or dated_at, issue),
        "round": version.revision_number + 1,
        "salutation": f"Dear {corresponding.full_name},",
        "kind": kind.value,
        "title_of_letter": "Decision letter",
        "decision_words": decision.words,
        "opening": _OPENINGS[kind],
        "reasons": paragraphs(decision.reasons),
        "next": _next_steps(decision, due_at),
        "signatures": [_signature(person, issue) for person in signers(decision)],
        "reviews": anonymous_reviews(version),
        "due_at": due_at.isoformat() if due_at else None,
    }
    content["content_sha256"] = digest(content)
    return content


def author_due_of(decision: Decision, at: datetime) -> datetime | None:
    """By when the author must act when this decision goes out."""
    issue = decision.version.manuscript.issue
    dates = milestones(issue)
    return author_due(
        DecisionKind(decision.kind),
        revision_number=decision.version.revision_number,
        decided_at=at,
        revision_due=dates[MilestoneKind.REVISION].due_at,
        final_due=dates[MilestoneKind.FINAL_ACCEPTANCE].due_at,
        zone=issue.zone,
    )


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of a letter's content without the checksum itself."""
    kept = {key: value for key, value in content.items() if key != "content_sha256"}
    canonical = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def anonymous_reviews(version: Version) -> list[dict[str, Any]]:
    """The returned reviews of a version as their author may read them, by label."""
    return [anonymous_review(returned) for returned in labelled_reviews(version)]


def anonymous_review(returned: LabelledReview) -> dict[str, Any]:
    """One review without anything that tells who wrote it."""
    comments: list[str] = []
    answers: list[dict[str, str]] = []
    references: list[str] = []
    for answer in returned.for_author:
        if answer.question.kind in {Kind.LONG_TEXT, Kind.REMARKS}:
            comments.extend(paragraphs(answer.text))
        elif answer.question.kind == Kind.REFERENCES:
            references.extend(line.strip() for line in answer.text.splitlines() if line.strip())
        else:
            answers.append({"label": answer.question.label, "value": answer.text})
    return {
        "label": returned.label,
        "comments": comments,
        "answers": answers,
        "references": references,
    }


def names_found(returned: LabelledReview) -> list[str]:
    """Words in the author's part of a review that would give its writer away."""
    person = returned.assignment.reviewer
    text = json.dumps(anonymous_review(returned), ensure_ascii=False).casefold()
    wanted = [person.full_name, person.email, person.family_name]
    return [
        word
        for word in dict.fromkeys(wanted)
        if len(word) > 2 and re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text)
    ]


def signers(decision: Decision) -> list[User]:
    """Who signs: the handling editor, and whoever decided when that is somebody else."""
    manuscript = decision.version.manuscript
    editor = handling_editor(manuscript)
    people = [editor] if editor else []
    allowed = deciders(manuscript)
    if editor not in allowed:
        people += [decision.drafted_by] if decision.drafted_by in allowed else allowed[:1]
    return people


def letter_day(instant: datetime, issue: SpecialIssue) -> str:
    """A day as letters of the trade write it: 15-Aug-2024, in the zone of the issue."""
    return instant.astimezone(ZoneInfo(issue.zone)).strftime("%d-%b-%Y")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, by blank lines."""
    return [
        part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()
    ]


_OPENINGS: dict[DecisionKind, str] = {
    DecisionKind.ACCEPT: (
        "The review of your manuscript is complete, and we are glad to tell you the decision."
    ),
    DecisionKind.MINOR_REVISION: (
        "The review of your manuscript is complete. It is close to publication; what remains can "
        "be settled between you and the guest editor."
    ),
    DecisionKind.REJECT_RESUBMIT: (
        "The review of your manuscript is complete. The reviewers see merit in the work, and "
        "they ask for changes that have to be reviewed again."
    ),
    DecisionKind.REJECT_OTHER_JOURNAL: (
        "The review of your manuscript is complete. We cannot publish it in this special issue, "
        "and we believe that another journal would serve it better."
    ),
    DecisionKind.REJECT: (
        "The review of your manuscript is complete. We are sorry to tell you that we cannot "
        "publish it in this special issue."
    ),
    DecisionKind.IMMEDIATE_REJECT: (
        "The editors have read your manuscript. We decided not to send it to reviewers, so that "
        "you lose no time in submitting it to another journal."
    ),
}


def _next_steps(decision: Decision, due_at: datetime | None) -> dict[str, Any]:
    """What the author does now, by when, with what (`domain.md` E.2, points 7 and 8)."""
    version = decision.version
    issue = version.manuscript.issue
    kind = DecisionKind(decision.kind)
    due = letter_instant(due_at, issue) if due_at else ""
    link = links.absolute("submissions:show", version.manuscript.public_id)
    if kind == DecisionKind.ACCEPT:
        return {
            "title": "Final files",
            "text": f"Please upload the final files by {due}.",
            "items": [
                "the final two-column PDF and its LaTeX or Word sources",
                "each figure as a separate file",
                "biographies and photographs of the authors",
                "the signed copyright form",
                "an ORCID iD for every author",
            ],
            "notes": _charge_note(version),
            "link": link,
        }
    if kind in ASKED_REVISION:
        notes = ["A request for revision is not a promise of acceptance."]
        if kind == DecisionKind.REJECT_RESUBMIT:
            notes.append(
                "The journal allows one major revision. The revised manuscript goes to the same "
                "guest editor, and it may go to the same or to new reviewers."
            )
        else:
            notes.append("The guest editor reads the revised manuscript; there is no new review.")
        return {
            "title": "Your revision",
            "text": f"Please hand in the revised manuscript by {due}, under the same number.",
            "items": [
                "the revised manuscript as a PDF",
                "a response to the reviewers that answers every point",
                "a copy in which the changes are marked",
            ],
            "notes": notes,
            "link": link,
        }
    notes = [
        (
            "If you believe that the decision rests on an error of fact, you may write to "
            f"{issue.contact_email} within 30 days and ask for it to be looked at again."
        )
    ]
    if kind != DecisionKind.IMMEDIATE_REJECT:
        notes.append(
            "A substantially new manuscript may be submitted to the journal later, under a new "
            "number and with a reference to this one."
        )
    return {"title": "What you can do", "text": "", "items": [], "notes": notes, "link": ""}


def letter_instant(instant: datetime, issue: SpecialIssue) -> str:
    """An instant in a letter: 01-Oct-2024, 23:59 AoE."""
    local = instant.astimezone(ZoneInfo(issue.zone))
    return f"{local:%d-%b-%Y, %H:%M} {issue.zone_label}"


def _charge_note(version: Version) -> list[str]:
    pages = (
        VersionFile.objects.filter(version=version, kind=FileKind.MAIN)
        .values_list("page_count", flat=True)
        .first()
    )
    if not pages or not overlength_usd(pages):
        return []
    return [
        (
            f"With {pages} pages the over-length charge is estimated at "
            f"${overlength_usd(pages):,}; the printed length decides."
        )
    ]


def _signature(person: User, issue: SpecialIssue) -> dict[str, str]:
    roles = role_names(person, issue)
    words = next((label for name, label in _ROLE_WORDS if name in roles), "Editor")
    affiliation = affiliations_of(person).filter(ended_on__isnull=True).first()
    return {
        "name": person.full_name,
        "role": words,
        "affiliation": affiliation.institution if affiliation else "",
    }


def recipients(version: Version) -> tuple[Author, Sequence[Author]]:
    """The corresponding author and the others, for the mails about a decision."""
    authors = list(Author.objects.filter(version=version))
    corresponding = next((a for a in authors if a.is_corresponding), authors[0])
    return corresponding, [a for a in authors if a is not corresponding]
