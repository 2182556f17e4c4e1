"""The score sheet as data (`domain.md` D): questions, who sees them, when they are asked.

A review keeps the key of the sheet it answered, so a later sheet changes no earlier review.
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

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reviews.comments import parts_of
from reviews.remarks import Remark, numbered, remarks_fault, remarks_lack

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

    key: str
    title: str
    sections: tuple[tuple[str, str, str], ...]
    questions: tuple[Question, ...] = field(default_factory=tuple)

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


RATING_CHOICES = (
    Choice("1", "Poor"),
    Choice("2", "Fair"),
    Choice("3", "Good"),
    Choice("4", "Very good"),
    Choice("5", "Excellent"),
)
CONFIDENCE_CHOICES = (
    Choice("1", "Outside my field"),
    Choice("2", "Some knowledge"),
    Choice("3", "Fairly confident"),
    Choice("4", "Confident"),
    Choice("5", "Expert"),
)
SETTLED_CHOICES = (
    Choice("settled", "Settled"),
    Choice("partly", "In part"),
    Choice("open", "Not settled"),
)
TERNARY_CHOICES = (Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No"))

# TMI's five recommendations in its own words; the values are those of a decision.
RECOMMENDATIONS = (
    Choice("accept", "Accept"),
    Choice(
        "minor_revision",
        "Accept pending minor revision",
        "No external review required",
    ),
    Choice(
        "reject_resubmit",
        "Reject/Resubmit",
        "Major revisions needed and new external review required",
        first_round_only=True,
    ),
    Choice(
        "reject_other_journal",
        "Reject with recommendation to submit to another journal",
    ),
    Choice("reject", "Reject"),
)

_PARTLY_OR_NO = frozenset({"partly", "no"})


def _rating(key: str, label: str, help_text: str) -> Question:
    return Question(key, Kind.RATING, label, "ratings", help_text, RATING_CHOICES)


def _criterion(key: str, label: str, help_text: str = "") -> Question:
    return Question(
        key, Kind.TERNARY, label, "criteria", help_text, TERNARY_CHOICES, author_sees=True
    )


TMI_1 = Sheet(
    key="tmi-1",
    title="Score sheet",
    sections=(
        (
            "answers",
            "The authors' answers to your points",
            "For the editors alone; what must still change belongs in your comments.",
        ),
        ("ratings", "Ratings", "Nothing is chosen for you. The authors do not see these."),
        ("criteria", "Criteria", "The authors see your answers to these."),
        (
            "comments",
            "Comments",
            "Write to the authors what they can act on. Your name is never shown to them.",
        ),
        (
            "verdict",
            "Recommendation",
            "Advice to the editors, who decide. The authors do not see it.",
        ),
        ("declarations", "Declarations", "For the editors only."),
    ),
    questions=(
        Question(
            "points_settled",
            Kind.SETTLED,
            "Is each of your points settled?",
            "answers",
            choices=SETTLED_CHOICES,
            is_required=False,
            shown_when="has_own_points",
        ),
        _rating(
            "overall_evaluation",
            "Overall evaluation",
            "Your judgement of the manuscript as a whole.",
        ),
        _rating("originality", "Originality", "How new are the ideas and methods?"),
        _rating("scientific_merit", "Scientific merit", "Is the work sound and well supported?"),
        _rating("impact", "Impact", "How much will it change what others do?"),
        _rating("practical_value", "Practical value", "Of what use is it in practice?"),
        _rating(
            "reader_interest", "Reader interest", "How many of the journal's readers will care?"
        ),
        _criterion("novelty_met", "Is the novelty sufficient for the journal?"),
        _criterion("quality_met", "Is the technical quality sufficient?"),
        _criterion(
            "appropriateness_met",
            "Is it appropriate for the journal and for this special issue?",
        ),
        _criterion("impact_met", "Is the expected impact sufficient?"),
        _criterion(
            "real_large_scale_validation",
            "Is the method validated on real, large-scale imaging data?",
            "The call asks for it.",
        ),
        Question(
            "validation_note",
            Kind.TEXT,
            "What is missing in the validation",
            "criteria",
            "One or two sentences.",
            is_required=False,
            author_sees=True,
            shown_when=("real_large_scale_validation", _PARTLY_OR_NO),
            max_chars=1000,
        ),
        _criterion(
            "reproducibility",
            "Could others reproduce it from what is described and shared?",
            "Code, data, settings.",
        ),
        Question(
            "english_quality",
            Kind.CHOICE,
            "English",
            "criteria",
            choices=(
                Choice("satisfactory", "Satisfactory"),
                Choice("needs_improvement", "Needs improvement"),
                Choice("poor", "Poor"),
            ),
            author_sees=True,
        ),
        Question(
            "conference_extension_adequate",
            Kind.TERNARY,
            "Does it go far enough beyond the conference paper that it extends?",
            "criteria",
            "The authors declared an earlier conference paper; it is among the files.",
            TERNARY_CHOICES,
            author_sees=True,
            shown_when="extends_conference_paper",
        ),
        Question(
            "out_of_scope_type",
            Kind.TICK,
            "This is a review article or a position paper",
            "criteria",
            "Such papers are out of the scope of this call. Only the editors see this.",
            is_required=False,
        ),
        Question(
            "comments_to_author",
            Kind.LONG_TEXT,
            "Comments to the authors",
            "comments",
            "At least 500 characters. Number your concerns, and say which are mandatory and which "
            "are optional.",
            author_sees=True,
            min_chars=500,
            headings=(
                "Significance and innovation",
                "Design and technical approach",
                "Content and results",
                "Writing",
                "Mandatory changes (numbered)",
                "Optional suggestions (numbered)",
            ),
        ),
        Question(
            "remarks",
            Kind.REMARKS,
            "Remarks at places in the manuscript",
            "comments",
            "Select words in the manuscript and press “Comment”. The authors read these as "
            "numbered comments with page and quotation, after the list in your comments.",
            is_required=False,
            author_sees=True,
        ),
        Question(
            "suggested_references",
            Kind.REFERENCES,
            "References that the authors should consider",
            "comments",
            "One a line, with its DOI. The editor looks at them before the authors do.",
            is_required=False,
            author_sees=True,
            max_chars=5000,
        ),
        Question(
            "confidential_comments_to_editor",
            Kind.LONG_TEXT,
            "Confidential comments to the editors",
            "comments",
            "Never shown to the authors.",
            is_required=False,
        ),
        Question(
            "recommendation",
            Kind.CHOICE,
            "Your recommendation",
            "verdict",
            choices=RECOMMENDATIONS,
        ),
        Question(
            "expertise_confidence",
            Kind.CONFIDENCE,
            "How well do you know this field?",
            "verdict",
            choices=CONFIDENCE_CHOICES,
        ),
        Question(
            "willing_to_review_revision",
            Kind.CHOICE,
            "Would you review a revised version?",
            "verdict",
            choices=(Choice("yes", "Yes"), Choice("no", "No")),
        ),
        Question(
            "ethics_concern",
            Kind.CHOICE,
            "Is there an ethical concern?",
            "declarations",
            "Approval by a board, consent, privacy, integrity of the data or the text.",
            choices=(Choice("none", "None"), Choice("concern", "Yes, as described below")),
        ),
        Question(
            "ethics_note",
            Kind.TEXT,
            "The ethical concern",
            "declarations",
            shown_when=("ethics_concern", frozenset({"concern"})),
            max_chars=4000,
        ),
        Question(
            "ai_use_declaration",
            Kind.CHOICE,
            "Did you use an AI tool?",
            "declarations",
            "A review may not be written by AI, and the manuscript may not be put into a public AI "
            "service.",
            choices=(
                Choice("none", "None"),
                Choice("language", "For the wording of my own text"),
                Choice("other", "Otherwise, as described below"),
            ),
        ),
        Question(
            "ai_use_note",
            Kind.TEXT,
            "Tool and purpose",
            "declarations",
            shown_when=("ai_use_declaration", frozenset({"language", "other"})),
            max_chars=1000,
        ),
        Question(
            "co_reviewer",
            Kind.TEXT,
            "Who helped you with this review",
            "declarations",
            "Name of anybody who helped; the editor must have agreed beforehand.",
            is_required=False,
            max_chars=300,
        ),
        Question(
            "coi_confirmed",
            Kind.TICK,
            "I have no conflict of interest beyond what I declared when I agreed",
            "declarations",
        ),
    ),
)

SHEETS: dict[str, Sheet] = {TMI_1.key: TMI_1}
CURRENT_SHEET = TMI_1.key

# The six ratings in the order in which the editors' score grid shows them.
RATING_KEYS: tuple[str, ...] = tuple(q.key for q in TMI_1.questions if q.kind is Kind.RATING)

_POINT = re.compile(r"R\d{1,3}\.\d{1,4}")
_MARK = re.compile(r"[\s\W_]+")


def asked(sheet: Sheet, answers: Answers, context: Context) -> list[Question]:
    """The questions that are put, given the answers so far."""
    return [q for q in sheet.questions if q.is_asked(answers, context)]


def missing_answers(sheet: Sheet, answers: Answers, context: Context) -> list[Missing]:
    """What keeps the review from being submitted, in the order of the page."""
    missing = []
    for question in asked(sheet, answers, context):
        sentence = _lack(question, answers.get(question.key))
        if sentence:
            missing.append(Missing(question.key, sentence))
    return missing


def faults(sheet: Sheet, answers: Answers, context: Context) -> dict[str, str]:
    """Answers that the sheet cannot hold: unknown questions, unknown values, over-long text.

    Returns a sentence for each key; empty when all is well. A draft may lack answers, so what is
    missing is no fault here.
    """
    found: dict[str, str] = {}
    for key, value in answers.items():
        question = sheet.question(key)
        if question is None:
            found[key] = f"The {sheet.title.lower()} {sheet.key} has no question “{key}”."
            continue
        sentence = _fault(question, value, context)
        if sentence:
            found[key] = sentence
    return found


def open_to_author(sheet: Sheet, answers: Answers) -> list[Answer]:
    """What the authors read of a review, and nothing else: the one place that decides it."""
    return _read(sheet, answers, lambda question: question.author_sees)


def in_words(sheet: Sheet, answers: Answers) -> list[Answer]:
    """Every answer in words, for the editors and for the reviewer's own copy."""
    return _read(sheet, answers, lambda question: True)


def differing(sheet: Sheet, answers: Answers, others: Answers) -> list[Answer]:
    """The answers in words that stand differently, or not at all, in `others`."""
    return [
        answer
        for answer in _read(sheet, answers, lambda question: True)
        if answers[answer.question.key] != others.get(answer.question.key)
    ]


def label_of(question: Question, value: Any) -> str:
    """An answer in words."""
    if question.kind is Kind.REFERENCES:
        return "\n".join(str(line) for line in value)
    if question.kind is Kind.REMARKS:
        return numbered([Remark.from_json(kept) for kept in value], 1)
    if question.kind is Kind.TICK:
        return "Yes" if value else "No"
    if question.kind is Kind.SETTLED:
        names = {choice.value: choice.label.lower() for choice in question.choices}
        return "\n".join(f"{label}: {names.get(given, given)}" for label, given in value.items())
    if question.choices:
        return next((c.label for c in question.choices if c.value == str(value)), str(value))
    return str(value)


def _read(sheet: Sheet, answers: Answers, wanted: Callable[[Question], bool]) -> list[Answer]:
    return [
        _answer(sheet, question, answers)
        for question in sheet.questions
        if wanted(question) and _is_given(answers.get(question.key)) and _holds(question, answers)
    ]


def _answer(sheet: Sheet, question: Question, answers: Answers) -> Answer:
    value = answers[question.key]
    if question.kind is not Kind.REMARKS:
        return Answer(question, label_of(question, value))
    remarks = tuple(Remark.from_json(kept) for kept in value)
    return Answer(question, numbered(remarks, first_remark_number(sheet, answers)), remarks)


def first_remark_number(sheet: Sheet, answers: Answers) -> int:
    """Remarks go on counting where the lists in the comments to the authors end."""
    return 1 + sum(
        len(parts_of(str(answers.get(question.key, "")), question.headings)[0])
        for question in sheet.questions
        if question.kind is Kind.LONG_TEXT and question.author_sees
    )


def _holds(question: Question, answers: Answers) -> bool:
    """Is the answer that gave rise to this question still the same? Else it is left unread."""
    if isinstance(question.shown_when, str):
        return True
    other, values = question.shown_when
    return answers.get(other) in values


def _is_given(value: Any) -> bool:
    return value not in (None, "", [], {}, False)


def _lack(question: Question, value: Any) -> str:
    if not _is_given(value):
        if not question.is_required:
            return ""
        if question.kind is Kind.TICK:
            return f"Please confirm: {question.label}."
        return f"{question.label}: not answered yet."
    if question.kind is Kind.REMARKS:
        sentence = remarks_lack(value)
        return f"{question.label}: {sentence}" if sentence else ""
    if question.min_chars:
        length = len(str(value).strip())
        if length < question.min_chars:
            return (
                f"{question.label}: {length} characters so far; at least {question.min_chars} are "
                "asked for."
            )
        if len(_MARK.sub("", str(value))) < question.min_chars // 2:
            return f"{question.label}: please write it in words."
    return ""


def _fault(question: Question, value: Any, context: Context) -> str:
    match question.kind:
        case Kind.RATING | Kind.CONFIDENCE:
            is_number = isinstance(value, int) and not isinstance(value, bool)
            if not is_number or not 1 <= value <= 5:
                return f"{question.label}: the answer is a whole number from 1 to 5, not {value!r}."
        case Kind.TICK:
            if not isinstance(value, bool):
                return f"{question.label}: the answer is a tick or none, not {value!r}."
        case Kind.TERNARY | Kind.CHOICE:
            offered = question.offered(context)
            if value not in {choice.value for choice in offered}:
                names = ", ".join(choice.label for choice in offered)
                return f"{question.label}: {value!r} is not on offer here; choose one of: {names}."
        case Kind.TEXT | Kind.LONG_TEXT:
            return _text_fault(question, value)
        case Kind.SETTLED:
            return _settled_fault(question, value)
        case Kind.REMARKS:
            sentence = remarks_fault(value)
            return f"{question.label}: {sentence}" if sentence else ""
        case Kind.REFERENCES:
            if not isinstance(value, Sequence) or isinstance(value, str):
                return f"{question.label}: the answer is a list of lines."
            return _text_fault(question, "\n".join(map(str, value)))
    return ""


def _settled_fault(question: Question, value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{question.label} The answer is a mapping from point to answer."
    offered = {choice.value for choice in question.choices}
    for label, given in value.items():
        if not _POINT.fullmatch(str(label)) or str(given) not in offered:
            return f"{question.label} {label!r} is no point, or {given!r} no answer to it."
    return ""


def _text_fault(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        return f"{question.label}: the answer is text, not {type(value).__name__}."
    if len(value) > question.max_chars:
        return (
            f"{question.label} has {len(value)} characters; the limit is {question.max_chars}. "
            "Shorten it."
        )
    return ""
