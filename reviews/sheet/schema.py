"""A score sheet written down as JSON, read back, and looked over before it is published.

Pure: plain values in, a sheet or sentences out. The sections are those of the journal's own
sheet; which questions stand in them, and in which words, is each version's own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from reviews.sheet.questions import Choice, Kind, Question, Sheet
from reviews.sheet.tmi import SECTIONS, TMI_1

LABEL_MAX, HELP_MAX, CHOICE_MAX = 200, 600, 100
CHOICES_LEAST, CHOICES_MOST = 2, 12
QUESTIONS_MOST = 60
LEVELS = tuple(str(level) for level in range(1, 6))

# Letters, desk, acceptance, conflicts and the second round read these answers by their keys, and
# the journal asks for the declarations: they are reworded, but neither removed nor asked otherwise.
FIXED = frozenset(
    {
        "points_settled",
        "overall_evaluation",
        "originality",
        "comments_to_author",
        "remarks",
        "confidential_comments_to_editor",
        "recommendation",
        "expertise_confidence",
        "ethics_concern",
        "ethics_note",
        "ai_use_declaration",
        "ai_use_note",
        "co_reviewer",
        "coi_confirmed",
    }
)
BUILT_IN = {question.key: question for question in TMI_1.questions}
# What an issue may ask besides; the other kinds belong to questions of the journal's own sheet.
ADDED_KINDS = frozenset({Kind.RATING, Kind.TERNARY, Kind.CHOICE, Kind.TEXT})

_KEY = re.compile(r"own_[a-z0-9_]{1,50}")
_FLAGS = frozenset({"extends_conference_paper", "has_own_points"})
_TYPES: dict[str, type] = {
    "key": str,
    "kind": str,
    "label": str,
    "section": str,
    "help": str,
    "choices": list,
    "is_required": bool,
    "author_sees": bool,
    "min_chars": int,
    "max_chars": int,
    "headings": list,
}


def to_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as plain values; `from_json` reads the same back."""
    return [
        {
            "key": q.key,
            "kind": q.kind.value,
            "label": q.label,
            "section": q.section,
            "help": q.help,
            "choices": [
                {
                    "value": c.value,
                    "label": c.label,
                    "description": c.description,
                    "first_round_only": c.first_round_only,
                }
                for c in q.choices
            ],
            "is_required": q.is_required,
            "author_sees": q.author_sees,
            "shown_when": (
                q.shown_when
                if isinstance(q.shown_when, str)
                else [q.shown_when[0], sorted(q.shown_when[1])]
            ),
            "min_chars": q.min_chars,
            "max_chars": q.max_chars,
            "headings": list(q.headings),
        }
        for q in questions
    ]


def from_json(rows: Any) -> tuple[Question, ...]:
    """The questions that `to_json` wrote.

    Raises:
        ValueError: with a sentence, where the rows have another shape.
    """
    if not isinstance(rows, list):
        raise ValueError("The questions of a score sheet are a list.")
    return tuple(_question(row, number) for number, row in enumerate(rows, start=1))


def sheet_of(number: int, rows: Any) -> Sheet:
    """The version of this number with its questions."""
    return Sheet(number, TMI_1.title, SECTIONS, from_json(rows))


def sheet_faults(questions: Sequence[Question]) -> list[str]:
    """A sentence for everything that keeps these questions from being a score sheet."""
    return [*_of_the_whole(questions), *(s for q in questions for s in _of_one(q, questions))]


def _question(row: Any, number: int) -> Question:
    if not isinstance(row, dict) or set(row) != {*_TYPES, "shown_when"}:
        raise ValueError(f"Question {number} has not exactly the parts of a question.")
    for part, kind in _TYPES.items():
        if type(row[part]) is not kind:
            raise ValueError(f"Question {number}: “{part}” is not of the type {kind.__name__}.")
    if row["kind"] not in set(Kind):
        raise ValueError(f"Question {number}: there is no kind “{row['kind']}”.")
    if any(not isinstance(heading, str) for heading in row["headings"]):
        raise ValueError(f"Question {number}: a heading is text.")
    return Question(
        key=row["key"],
        kind=Kind(row["kind"]),
        label=row["label"],
        section=row["section"],
        help=row["help"],
        choices=tuple(_choice(choice, number) for choice in row["choices"]),
        is_required=row["is_required"],
        author_sees=row["author_sees"],
        shown_when=_condition(row["shown_when"], number),
        min_chars=row["min_chars"],
        max_chars=row["max_chars"],
        headings=tuple(row["headings"]),
    )


def _choice(row: Any, number: int) -> Choice:
    parts = {"value": str, "label": str, "description": str, "first_round_only": bool}
    if not isinstance(row, dict) or {k: type(v) for k, v in row.items()} != parts:
        raise ValueError(f"Question {number}: an answer has not exactly the parts of one.")
    return Choice(**row)


def _condition(given: Any, number: int) -> str | tuple[str, frozenset[str]]:
    if isinstance(given, str) and given in {"", *_FLAGS}:
        return given
    match given:
        case [str(key), [*values]] if values and all(isinstance(v, str) for v in values):
            return key, frozenset(values)
    raise ValueError(f"Question {number}: it is not clear when it is asked.")


def _of_the_whole(questions: Sequence[Question]) -> Iterator[str]:
    keys = Counter(q.key for q in questions)
    for key, count in keys.items():
        if count > 1:
            yield f"The key “{key}” stands {count} times; each question has a key of its own."
    for key in BUILT_IN:
        if key in FIXED and key not in keys:
            yield f"“{BUILT_IN[key].label}” is missing; every score sheet asks it."
    if len(questions) > QUESTIONS_MOST:
        yield f"There are {len(questions)} questions; {QUESTIONS_MOST} are the most."
    places = [section for section, _, _ in SECTIONS]
    order = [places.index(q.section) for q in questions if q.section in places]
    if order != sorted(order):
        yield "The questions of a section do not stand together."


def _of_one(question: Question, questions: Sequence[Question]) -> Iterator[str]:
    name = question.label.strip() or question.key
    yield from _of_the_words(question, name)
    original = BUILT_IN.get(question.key)
    if original is not None:
        yield from _of_a_built_in(question, original)
    else:
        yield from _of_an_added_one(question, name)
    yield from _of_the_choices(question, name)
    if isinstance(question.shown_when, tuple):
        other, values = question.shown_when
        before = [q.key for q in questions]
        asked = next((q for q in questions if q.key == other), None)
        if asked is None:
            yield f"“{name}” is asked after an answer to a question that is not on the sheet."
        elif not values <= {choice.value for choice in asked.choices}:
            yield f"“{name}” is asked after an answer that “{asked.label}” does not offer."
        elif before.index(other) > before.index(question.key):
            yield f"“{name}” stands before “{asked.label}”, whose answer it follows up."


def _of_the_words(question: Question, name: str) -> Iterator[str]:
    if not question.label.strip():
        yield f"The question “{question.key}” has no words."
    if len(question.label) > LABEL_MAX:
        yield f"“{name[:60]}…” has {len(question.label)} characters; {LABEL_MAX} are the most."
    if len(question.help) > HELP_MAX:
        yield (
            f"The help of “{name}” has {len(question.help)} characters; {HELP_MAX} are the most."
        )
    if any(len(line.splitlines()) > 1 for line in (question.label, question.help)):
        yield f"The words and the help of “{name}” are one line each."


def _of_a_built_in(question: Question, original: Question) -> Iterator[str]:
    """Only the words may differ, the names of levels, and whether it must be answered."""
    name = original.label
    if (question.kind, question.section, question.author_sees) != (
        original.kind,
        original.section,
        original.author_sees,
    ):
        yield f"“{name}” stays of its kind, in its section, and with those who read it."
    if question.key in FIXED and question.is_required != original.is_required:
        must = "must be answered" if original.is_required else "may be left out"
        yield f"“{name}” {must} on every score sheet."
    if (question.shown_when, question.min_chars, question.max_chars, question.headings) != (
        original.shown_when,
        original.min_chars,
        original.max_chars,
        original.headings,
    ):
        yield f"When “{name}” is asked, its length and its headings stay as they are."
    is_scale = question.kind in {Kind.RATING, Kind.CONFIDENCE}
    if not is_scale and question.choices != original.choices:
        yield f"The answers on offer at “{name}” stay as they are."


def _of_an_added_one(question: Question, name: str) -> Iterator[str]:
    if not _KEY.fullmatch(question.key):
        yield f"The key “{question.key}” is not one of an added question."
    if question.kind not in ADDED_KINDS:
        yield f"“{name}”: a question of this kind cannot be added."
    if question.section != section_for(question.kind, author_sees=question.author_sees):
        yield f"“{name}” does not stand where its readers expect it."
    if question.kind is Kind.RATING and question.author_sees:
        yield f"“{name}” is a score, and the authors never see scores."
    if question.shown_when or question.min_chars or question.headings:
        yield f"“{name}”: an added question is always asked, without least length or headings."
    if not 1 <= question.max_chars <= 20_000:
        yield f"“{name}”: the longest answer has between 1 and 20000 characters."


def _of_the_choices(question: Question, name: str) -> Iterator[str]:
    labels = [choice.label.strip() for choice in question.choices]
    values = [choice.value for choice in question.choices]
    if question.kind in {Kind.RATING, Kind.CONFIDENCE} and tuple(values) != LEVELS:
        yield f"“{name}” has the five levels from 1 to 5."
    if question.kind is Kind.TERNARY and values != ["yes", "partly", "no"]:
        yield f"“{name}” is answered with yes, partly or no."
    if question.kind is Kind.CHOICE and not CHOICES_LEAST <= len(values) <= CHOICES_MOST:
        yield f"“{name}” offers {len(values)} answers; {CHOICES_LEAST} to {CHOICES_MOST} are due."
    if question.kind is Kind.TEXT and values:
        yield f"“{name}” is answered in words and offers nothing to choose."
    if not all(labels):
        yield f"“{name}” has an answer without words."
    if len({label.casefold() for label in labels}) < len(labels) or len(set(values)) < len(values):
        yield f"“{name}” offers the same answer twice."
    for label in labels:
        if len(label) > CHOICE_MAX or ";" in label or " :: " in label:
            yield (
                f"“{name}”: the answer “{label[:40]}” is one line of up to {CHOICE_MAX} "
                "characters without a semicolon or “ :: ”."
            )


def section_for(kind: Kind, *, author_sees: bool) -> str:
    """Where an added question stands: who reads the answer decides it, so that notes stay true."""
    if kind is Kind.RATING:
        return "ratings"
    if not author_sees:
        return "declarations"
    return "comments" if kind is Kind.TEXT else "criteria"
