"""The versions of the words of an issue's letters."""

from dataclasses import dataclass

from editors.first_words import FIRST, FIRST_WORDS
from editors.models import LetterTemplate
from editors.states import DecisionKind
from tmi_special_issue.models import SpecialIssue


@dataclass(frozen=True, slots=True)
class Words:
    """One version of the words for one outcome. `row` is None for the first."""

    kind: DecisionKind
    number: int
    text: str
    row: LetterTemplate | None = None


def all_words(issue: SpecialIssue) -> dict[DecisionKind, list[Words]]:
    """All versions by outcome, the newest first, in one query."""
    rows = LetterTemplate.objects.filter(issue=issue).select_related("written_by")
    return {
        kind: [
            *(Words(kind, row.number, row.text, row) for row in rows if row.kind == kind),
            Words(kind, FIRST, FIRST_WORDS[kind]),
        ]
        for kind in DecisionKind
    }


def present_words(issue: SpecialIssue, kind: DecisionKind) -> Words:
    """The words with which a letter of this outcome is begun now."""
    row = LetterTemplate.objects.filter(issue=issue, kind=kind).order_by("-number").first()
    return Words(kind, row.number, row.text, row) if row else Words(kind, FIRST, FIRST_WORDS[kind])


def words_numbered(issue: SpecialIssue, kind: DecisionKind, number: int) -> Words | None:
    """A version of the words; None where there is none with this number."""
    if number == FIRST:
        return Words(kind, FIRST, FIRST_WORDS[kind])
    row = LetterTemplate.objects.filter(issue=issue, kind=kind, number=number).first()
    return Words(kind, row.number, row.text, row) if row else None
