"""What a decision letter says, frozen as plain JSON values (`domain.md` E.2).

Only what the author may see goes in: reviews under their labels, the answers that the score sheet
opens to authors, never a name, address or time of return of a reviewer.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
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
from editors.states import DecisionKind
from editors.wording import REASONS, blocks, paragraphs, places_of, typed_places, unfilled
from reviews.sheet import Kind
from submissions.models import Author, Version, VersionFile
from submissions.states import FileKind
from tmi_special_issue import links
from tmi_special_issue.identifiers import ALPHABET, printed_code
from tmi_special_issue.models import MilestoneKind, SpecialIssue
from tmi_special_issue.queries import milestones

LAYOUT_VERSION = "2024.2"
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
    decision: Decision, *, number: str, code: str, dated_at: datetime, due_at: datetime | None
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
        "template_version": template_version(decision),
        "number": number,
        "code": printed_code(code),
        "check": links.absolute("letters:verify"),
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
        "body": blocks(decision.wording, place_values(version, kind, due_at, decision.reasons)),
        "signatures": [_signature(person, issue) for person in signers(decision)],
        "reviews": anonymous_reviews(version),
        "due_at": due_at.isoformat() if due_at else None,
    }
    content["content_sha256"] = digest(content)
    return content


def body_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The words of a letter, block by block.

    Letters drafted before their words could be edited hold them in parts, and are sent as they
    were: their content and its checksum are never written anew.
    """
    if "body" in content:
        return list(content["body"])
    steps = content.get("next") or {}
    texts = [content.get("opening", ""), *content.get("reasons", []), steps.get("text", "")]
    listed = [{"look": "list", "text": "", "items": steps["items"]}] if steps.get("items") else []
    ends = [{"look": "text", "text": note, "items": []} for note in steps.get("notes", [])]
    if steps.get("link"):
        ends.append({"look": "link", "text": steps["link"], "items": []})
    return [{"look": "text", "text": text, "items": []} for text in texts if text] + listed + ends


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


def place_values(
    version: Version, kind: DecisionKind, due_at: datetime | None, reasons: str
) -> dict[str, str]:
    """What the places of a letter on this version are filled with (`editors.wording.PLACES`)."""
    issue = version.manuscript.issue
    corresponding, _ = recipients(version)
    known = {
        REASONS: reasons,
        "author": corresponding.full_name,
        "manuscript_id": version.label,
        "title": version.title,
        "journal": issue.journal,
        "issue_title": issue.title,
        "contact_email": issue.contact_email,
        "round": str(version.revision_number + 1),
        "due": letter_instant(due_at, issue) if due_at else "",
        "link": links.absolute("submissions:show", version.manuscript.public_id),
        "page_charge": _charge_note(version),
    }
    return {name: known[name] for name in places_of(kind)}


def left_unfilled(decision: Decision) -> list[str]:
    """The places and gaps that the letter would print as they are."""
    kind = DecisionKind(decision.kind)
    due_at = author_due_of(decision, decision.drafted_at)
    values = place_values(decision.version, kind, due_at, decision.reasons)
    return [*unfilled(decision.wording, values), *typed_places(decision.reasons)]


def template_version(decision: Decision) -> str:
    """The layout and the version of the words, as they stand at the foot of a letter."""
    return f"{LAYOUT_VERSION}/{decision.template_number}"


def letter_instant(instant: datetime, issue: SpecialIssue) -> str:
    """An instant in a letter: 01-Oct-2024, 23:59 AoE."""
    local = instant.astimezone(ZoneInfo(issue.zone))
    return f"{local:%d-%b-%Y, %H:%M} {issue.zone_label}"


def _charge_note(version: Version) -> str:
    """The estimate of the charge in a sentence; empty below the length that costs."""
    pages = (
        VersionFile.objects.filter(version=version, kind=FileKind.MAIN)
        .values_list("page_count", flat=True)
        .first()
    )
    if not pages or not overlength_usd(pages):
        return ""
    return (
        f"With {pages} pages the over-length charge is estimated at "
        f"${overlength_usd(pages):,}; the printed length decides."
    )


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
