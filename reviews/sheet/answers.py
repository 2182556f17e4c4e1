"""Answers to a score sheet: what is asked, what is missing, what is wrong, what is read.

Pure: a sheet and answers in, sentences and words out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reviews.comments import parts_of
from reviews.remarks import Remark, numbered, remarks_fault, remarks_lack
from reviews.sheet.questions import Answer, Answers, Context, Kind, Missing, Question, Sheet

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
