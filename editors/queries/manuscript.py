"""Everything that the page of one manuscript shows, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Affiliation, User
from editors.models import Decision, Letter
from editors.queries.reviews import LabelledReview
from editors.states import DecisionState, LetterState
from reviews.models import Assignment, ReviewAttachment
from reviews.queries import EarlierText, attachments_of, earlier_texts, labels_of
from reviews.sheet import BUILT_IN, Answer, Kind, Question
from reviews.states import HOLDING, LABELS, WORKING, AssignmentState
from submissions.checks import word_changes
from submissions.checks.revision import Piece
from submissions.models import Author, Manuscript, NamedReviewer, Version, VersionFile
from submissions.queries import metadata_changes
from submissions.states import AUTHOR_LABELS, FILE_KIND_LABELS, FileKind, Stage
from tmi_special_issue import audit, outbox
from tmi_special_issue.models import AuditEntry, OutboxMessage

HISTORY_LENGTH = 80
AGREE_CLOSELY = 1
DIFFER = 2


@dataclass(frozen=True)
class ReviewerLine:
    """A reviewer of a round, with what may be done."""

    assignment: Assignment
    number: int
    affiliation: str
    state: str
    tone: str
    is_suggested: bool = False
    is_late: bool = False

    @property
    def panel_id(self) -> str:
        return f"rescind-{self.assignment.public_id}"

    @property
    def may_rescind(self) -> bool:
        return self.assignment.state == AssignmentState.INVITED

    @property
    def may_unassign(self) -> bool:
        return self.assignment.state in {*WORKING, AssignmentState.COI_HOLD}

    @property
    def may_extend(self) -> bool:
        return self.assignment.state in WORKING

    @property
    def may_settle(self) -> bool:
        return self.assignment.state == AssignmentState.COI_HOLD

    @property
    def may_send_back(self) -> bool:
        return self.assignment.state == AssignmentState.RETURNED

    @property
    def has_acts(self) -> bool:
        return self.may_rescind or self.may_unassign or self.may_send_back


@dataclass(frozen=True)
class ReviewText:
    """A returned review, what the author may read apart from what only editors may."""

    number: int
    assignment: Assignment
    comments: list[Answer]
    open_answers: list[Answer]
    confidential: list[Answer]
    earlier: list[EarlierText]
    attachments: list[ReviewAttachment]

    @property
    def title(self) -> str:
        return f"Reviewer {self.number}"

    @property
    def note(self) -> str:
        """Whether the review came in time."""
        returned, due = self.assignment.returned_at, self.assignment.due_at
        if returned is None or due is None:
            return ""
        days = (returned - due).days
        return f"{days + 1} days late" if returned > due else "in time"


@dataclass(frozen=True)
class GridRow:
    """One question with the answers of all reviewers side by side."""

    label: str
    is_score: bool
    cells: list[Any]
    other_labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FileLine:
    """A file of a version with the verdict of the preflight."""

    file: VersionFile
    label: str
    verdict: str
    tone: str
    notes: list[str]


@dataclass(frozen=True)
class HistoryEntry:
    """One line of what happened, from the record or the mail log."""

    at: datetime
    sentence: str
    actor: str = ""


def versions_of(manuscript: Manuscript) -> list[Version]:
    """The versions that were handed in, the latest last."""
    rows = Version.objects.filter(
        manuscript=manuscript, first_submitted_at__isnull=False
    ) | Version.objects.filter(manuscript=manuscript, submitted_at__isnull=False)
    found = list(rows.distinct().order_by("revision_number").prefetch_related("topics"))
    for version in found:
        version.manuscript = manuscript
    return found


def authors_of(version: Version) -> list[Author]:
    return list(Author.objects.filter(version=version).order_by("position"))


def reviewer_lines(
    version: Version,
    now: datetime,
    *,
    numbers: Mapping[int, int] | None = None,
    named: Sequence[NamedReviewer] | None = None,
) -> list[ReviewerLine]:
    """The reviewers of a version by label, then those without one by invitation.

    `numbers` (the labels of the manuscript) and `named` (by the authors) spare their queries to
    whoever has them already.
    """
    assignments = list(
        Assignment.objects.filter(version=version).select_related("reviewer").order_by("pk")
    )
    if numbers is None:
        numbers = labels_of(version.manuscript)
    if named is None:
        named = list(NamedReviewer.objects.filter(version=version))
    reviewers = [a.reviewer_id for a in assignments]
    affiliations: dict[int, str] = {}
    for row in Affiliation.objects.filter(user__in=reviewers, ended_on__isnull=True):
        affiliations.setdefault(row.user_id, row.institution)
    suggested = {row.email.casefold() for row in named if row.email and not row.is_opposed}
    lines = []
    for assignment in assignments:
        assignment.version = version
        state = AssignmentState(assignment.state)
        if state == AssignmentState.CLOSED and assignment.returned_at:
            # The round is over; what was returned stays returned.
            state = AssignmentState.RETURNED
        is_late = state in WORKING and bool(assignment.due_at and assignment.due_at < now)
        lines.append(
            ReviewerLine(
                assignment=assignment,
                number=numbers.get(assignment.reviewer_id, 0),
                affiliation=affiliations.get(assignment.reviewer_id, ""),
                state="Late" if is_late else LABELS[state],
                tone=_tone(state, is_late=is_late),
                is_suggested=assignment.reviewer.email.casefold() in suggested,
                is_late=is_late,
            )
        )
    return sorted(lines, key=lambda line: (line.assignment.state not in HOLDING, line.number))


def review_texts(returned: list[LabelledReview]) -> list[ReviewText]:
    """The reviews by label, split into what the author may read and what only editors may."""
    texts = []
    earlier = earlier_texts([entry.review for entry in returned])
    attachments = attachments_of([entry.assignment for entry in returned])
    for entry in returned:
        shown = entry.for_author
        kept = [
            a
            for a in entry.for_editor
            if not a.question.author_sees
            and a.question.kind not in {Kind.RATING, Kind.CONFIDENCE, Kind.TICK}
            and a.question.key not in _NOT_CONFIDENTIAL
            and (a.question.key, a.text) not in _SILENT
        ]
        texts.append(
            ReviewText(
                number=entry.number,
                assignment=entry.assignment,
                comments=[a for a in shown if a.is_long],
                open_answers=[a for a in shown if not a.is_long],
                confidential=kept,
                earlier=earlier[entry.review.pk],
                attachments=attachments[entry.assignment.pk],
            )
        )
    return texts


# The recommendation stands in the grid; "none" to these needs no editor's attention.
_NOT_CONFIDENTIAL = frozenset({"recommendation", "willing_to_review_revision"})
_SILENT = frozenset({("ethics_concern", "None"), ("ai_use_declaration", "None")})


def score_grid(returned: list[LabelledReview]) -> tuple[list[str], list[GridRow]]:
    """Heads and rows of the grid: recommendation, six ratings, criteria, confidence."""
    heads = [entry.label for entry in returned]
    if not returned:
        return heads, []
    words = [{a.question.key: a.text for a in entry.for_editor} for entry in returned]
    rows = [GridRow("Recommendation", False, [w.get("recommendation", "–") for w in words])]
    questions = _asked_of_any(returned)
    for key, wordings in questions.items():
        if wordings[0].kind is Kind.RATING:
            scores = [entry.review.answers.get(key) for entry in returned]
            rows.append(GridRow(wordings[0].label, True, scores, _other_labels(wordings)))
    for key, wordings in questions.items():
        if wordings[0].kind is Kind.TERNARY or _is_added_choice(wordings[0]):
            cells = [w.get(key, "–") for w in words]
            if any(cell != "–" for cell in cells):
                rows.append(GridRow(wordings[0].label, False, cells, _other_labels(wordings)))
    known = [w.get("expertise_confidence", "–") for w in words]
    rows.append(GridRow("Knows the field", False, known))
    return heads, rows


def _asked_of_any(returned: list[LabelledReview]) -> dict[str, list[Question]]:
    """The questions of all versions of the score sheet among these reviews, the newest first.

    By key, each with its wordings; a question is of the same kind in every version.
    """
    sheets = {entry.sheet.number: entry.sheet for entry in returned}
    found: dict[str, list[Question]] = {}
    for number in sorted(sheets, reverse=True):
        for question in sheets[number].questions:
            found.setdefault(question.key, []).append(question)
    return found


def _other_labels(wordings: list[Question]) -> list[str]:
    """How the question was put in other versions, where it was put otherwise."""
    return list(dict.fromkeys(q.label for q in wordings if q.label != wordings[0].label))


def _is_added_choice(question: Question) -> bool:
    return question.kind is Kind.CHOICE and question.key not in BUILT_IN


def agreement(returned: list[LabelledReview]) -> str:
    """How far the overall evaluations lie apart, in words."""
    answers = [entry.review.answers.get("overall_evaluation") for entry in returned]
    overall = [value for value in answers if isinstance(value, int)]
    if len(overall) < 2:
        return ""
    apart = max(overall) - min(overall)
    if apart <= AGREE_CLOSELY:
        return "they agree closely"
    return "they differ" if apart == DIFFER else "they disagree"


def file_lines(version: Version) -> list[FileLine]:
    """The files with what the preflight found, flags for the editors' eyes included."""
    lines = []
    for row in VersionFile.objects.filter(version=version).select_related("file"):
        levels = {str(f.get("level", "")) for f in row.findings if isinstance(f, dict)}
        notes = [_sentence(f) for f in [*row.findings, *row.flags]]
        if levels & {"error", "bad"}:
            verdict, tone = "preflight found faults", "bad"
        elif row.flags or levels & {"warn", "warning"}:
            verdict, tone = "preflight asks you to look", "warn"
        else:
            verdict, tone = "preflight passed", "ok"
        label = FILE_KIND_LABELS[FileKind(row.kind)]
        lines.append(FileLine(row, label, verdict, tone, [note for note in notes if note]))
    return lines


def changed_metadata(version: Version) -> list[tuple[str, list[Piece]]]:
    """What a revision has changed of title, abstract, terms and authors, word by word."""
    return [
        (change.label, word_changes(change.before, change.after))
        for change in metadata_changes(version)
    ]


def history(manuscript: Manuscript) -> list[HistoryEntry]:
    """What happened, the newest first: the record and the mails about this manuscript."""
    assignments = list(
        Assignment.objects.filter(version__manuscript=manuscript).select_related("review")
    )
    keys = [manuscript.audit_key, *(a.audit_key for a in assignments)]
    keys += [a.review.audit_key for a in assignments if hasattr(a, "review")]
    decisions = Decision.objects.filter(version__manuscript=manuscript)
    keys += [d.audit_key for d in decisions]
    keys += [letter.audit_key for letter in Letter.objects.filter(decision__in=decisions)]
    entries = list(audit.entries_about(*keys).order_by("-sequence")[:HISTORY_LENGTH])
    people = names_of([e.actor for e in entries])
    lines = [HistoryEntry(e.at, _told(e), people.get(e.actor, "")) for e in entries]
    lines += [
        HistoryEntry(m.queued_at, _mailed(m))
        for m in outbox.messages_about(*keys).order_by("-queued_at")[:HISTORY_LENGTH]
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:HISTORY_LENGTH]


def released_letters(manuscript: Manuscript) -> list[Letter]:
    """The letters that went out."""
    return list(
        Letter.objects.filter(
            decision__version__manuscript=manuscript,
            decision__state=DecisionState.RELEASED,
            state=LetterState.ISSUED,
        )
        .select_related("file", "decision__version__manuscript")
        .order_by("issued_at")
    )


_SENTENCES = {
    "manuscript.moved": "Stage changed",
    "checklist.passed": "Checklist passed",
    "checklist.failed": "Returned to the author with a list of faults",
    "editor.assigned": "Guest editor assigned",
    "handling.ended": "Handling ended",
    "reassignment.asked": "Another editor asked for",
    "conflict.declared": "Editor declared a conflict",
    "conflict.found": "Conflict of an editor found",
    "panel.invited": "Reviewers invited",
    "decision.drafted": "Decision drafted",
    "decision.recommended": "Recommendation made",
    "decision.approved": "Decision approved and held",
    "decision.recalled": "Held decision recalled",
    "decision.released": "Decision released",
    "decision.discarded": "Draft decision discarded",
    "letter.drafted": "Letter drafted",
    "letter.rendered": "Letter made as PDF",
    "letter.failed": "Letter could not be made",
    "overdue.flagged": "Marked as overdue",
    "overdue.cleared": "No longer overdue",
}


def _told(entry: AuditEntry) -> str:
    noun, _, verb = entry.verb.partition(".")
    plain = f"{noun.replace('_', ' ').capitalize()} {verb.replace('_', ' ')}"
    sentence = _SENTENCES.get(entry.verb, plain)
    to = entry.facts.get("target")
    if entry.verb == "manuscript.moved" and to in set(Stage):
        words = (
            "decision in progress" if to == Stage.AWAITING_DECISION else AUTHOR_LABELS[Stage(to)]
        )
        return f"{sentence}: {words[:1].lower()}{words[1:]}"
    return sentence


def _mailed(message: OutboxMessage) -> str:
    state = message.get_state_display().lower()
    return f"Mail “{message.subject}” to {message.to}: {state}"


def names_of(actors: list[str]) -> dict[str, str]:
    """The names of those of the record who are people, by their key there."""
    ids = {actor.partition(":")[2] for actor in actors if actor.startswith("user:")}
    people = User.objects.filter(public_id__in=ids)
    return {person.audit_key: person.full_name or person.email for person in people}


def _sentence(finding: Any) -> str:
    if isinstance(finding, dict):
        return str(finding.get("sentence") or finding.get("code") or "")
    return str(finding)


def _tone(state: AssignmentState, *, is_late: bool) -> str:
    if is_late:
        return "bad"
    if state == AssignmentState.RETURNED:
        return "ok"
    return "warn" if state == AssignmentState.COI_HOLD else ""
