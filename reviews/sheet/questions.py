"""What a score sheet is made of (`domain.md` D): questions, who sees them, when they are asked.

Answers are a plain mapping from question key to value:

* rating and confidence: a whole number 5..1
* ternary and choice: the value of one choice
* text and long text: a string
* references: a list of strings, one citation each
* settled: a mapping from the label of a point ("R2.1") to "settled", "partly" or "open"
* remarks: a list of remarks at places in the manuscript (`remarks.py`)
* tick: True

A question without an answer has no key; nothing is preselected anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reviews.remarks import Remark

Answers = Mapping[str, Any]


class Kind(StrEnum):
    """How a question is asked."""

    RATING = "rating"
    TERNARY = "ternary"
    CHOICE = "choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    REFERENCES = "references"
    REMARKS = "remarks"
    SETTLED = "settled"
    TICK = "tick"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer. `description` is the small print of a choice card."""

    value: str
    label: str
    description: str = ""
    first_round_only: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What of the manuscript and the assignment decides which questions are asked."""

    revision_number: int = 0
    extends_conference_paper: bool = False
    has_own_points: bool = False  # of the version before, with the authors' answers


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a sheet.

    `shown_when` is either a flag of `Context` ("extends_conference_paper") or a pair of another
    question's key and the answers under which this one is asked. `min_chars` counts characters
    without outer space; `headings` guide a long text.
    """

    key: str
    kind: Kind
    label: str
    section: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    is_required: bool = True
    author_sees: bool = False
    shown_when: str | tuple[str, frozenset[str]] = ""
    min_chars: int = 0
    max_chars: int = 20_000
    headings: tuple[str, ...] = ()

    def offered(self, context: Context) -> tuple[Choice, ...]:
        """The choices in this round."""
        if context.revision_number == 0:
            return self.choices
        return tuple(choice for choice in self.choices if not choice.first_round_only)

    def is_asked(self, answers: Answers, context: Context) -> bool:
        """Is this question put at all?"""
        if not self.shown_when:
            return True
        if isinstance(self.shown_when, str):
            return bool(getattr(context, self.shown_when))
        other, values = self.shown_when
        return answers.get(other) in values


@dataclass(frozen=True, slots=True)
class Sheet:
    """A numbered form. `sections` in the order of the page: key, title, a sentence."""

    number: int
    title: str
    sections: tuple[tuple[str, str, str], ...]
    questions: tuple[Question, ...] = field(default_factory=tuple)

    @property
    def key(self) -> str:
        """Its name in a text file and on pages, such as "tmi-1"."""
        return f"tmi-{self.number}"

    def question(self, key: str) -> Question | None:
        return next((q for q in self.questions if q.key == key), None)


@dataclass(frozen=True, slots=True)
class Missing:
    """What still keeps a review from being submitted, with the question to go to."""

    key: str
    sentence: str

    @property
    def url(self) -> str:
        return f"#id_{self.key}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer in words, ready to be read. `remarks` where it asks for them."""

    question: Question
    text: str
    remarks: tuple[Remark, ...] = ()

    @property
    def is_long(self) -> bool:
        return self.question.kind in {Kind.LONG_TEXT, Kind.REFERENCES, Kind.REMARKS}
