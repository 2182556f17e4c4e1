"""Changing a draft of the score sheet, and what differs between two versions.

Pure: questions in, questions out; whoever writes them down looks them over with `sheet_faults`.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reviews.sheet.questions import Choice, Kind, Question, Sheet
from reviews.sheet.schema import LEVELS, section_for
from reviews.sheet.tmi import SECTIONS

Questions = tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: "added", "removed", "changed" or "moved", and what it is in words."""

    kind: str
    label: str
    details: tuple[str, ...] = ()


def added(questions: Questions, question: Question) -> Questions:
    """With this question, last in its section."""
    order = [key for key, _, _ in SECTIONS]
    place = order.index(question.section)
    before = [q for q in questions if order.index(q.section) <= place]
    return (*before, question, *questions[len(before) :])


def removed(questions: Questions, key: str) -> Questions:
    """Without this question and without those that follow up its answer."""
    return tuple(
        q
        for q in questions
        if q.key != key and not (isinstance(q.shown_when, tuple) and q.shown_when[0] == key)
    )


def moved(questions: Questions, key: str, *, up: bool) -> Questions:
    """With this question one place further up or down in its section, as far as there is one."""
    found = list(questions)
    at = next((place for place, q in enumerate(found) if q.key == key), -1)
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(found) or found[to].section != found[at].section:
        return questions
    found[at], found[to] = found[to], found[at]
    return tuple(found)


def exchanged(questions: Questions, question: Question) -> Questions:
    """With this question in the place of the one with its key."""
    return tuple(question if q.key == question.key else q for q in questions)


def new_question(
    kind: Kind,
    *,
    label: str,
    help_text: str,
    is_required: bool,
    author_sees: bool,
    choices: Sequence[str],
    taken: Collection[str],
) -> Question:
    """An added question; its key is its own in all versions of the issue (`taken`)."""
    return Question(
        key=_key(label, taken),
        kind=kind,
        label=label,
        section=section_for(kind, author_sees=author_sees),
        help=help_text,
        choices=_choices(kind, choices, ()),
        is_required=is_required,
        author_sees=author_sees,
        max_chars=4000,
    )


def reworded(
    question: Question,
    *,
    label: str,
    help_text: str,
    is_required: bool,
    choices: Sequence[str] | None = None,
) -> Question:
    """The question in other words; an answer on offer keeps its value where its words stay."""
    offered = question.choices
    if choices is not None:
        offered = _choices(question.kind, choices, question.choices)
    return replace(question, label=label, help=help_text, is_required=is_required, choices=offered)


def changes_between(before: Sheet, after: Sheet) -> list[Change]:
    """What differs from one version to another, in the order of the later page."""
    found = []
    old = {q.key: q for q in before.questions}
    new = {q.key: q for q in after.questions}
    kept = [q.key for q in before.questions if q.key in new]
    stays = _in_same_order(kept, [q.key for q in after.questions if q.key in old])
    for question in after.questions:
        earlier = old.get(question.key)
        if earlier is None:
            found.append(Change("added", question.label, (_described(question),)))
            continue
        details = _details(earlier, question)
        if details:
            found.append(Change("changed", question.label, tuple(details)))
        elif question.key not in stays:
            found.append(Change("moved", question.label, ("It stands at another place.",)))
    found += [Change("removed", q.label) for q in before.questions if q.key not in new]
    return found


def _in_same_order(before: list[str], after: list[str]) -> set[str]:
    """Those of the kept questions that stand where they stood among them."""
    return {key for key, old in zip(after, before, strict=True) if key == old}


def _details(before: Question, after: Question) -> list[str]:
    found = []
    if before.label != after.label:
        found.append(f"Before: “{before.label}”.")
    if before.help != after.help:
        found.append(f"Help: “{after.help}”; before: “{before.help}”.")
    if before.is_required != after.is_required:
        found.append("Now required." if after.is_required else "Now optional.")
    if before.choices != after.choices:
        found.append(f"Answers: {_names(after)}; before: {_names(before)}.")
    return found


def _described(question: Question) -> str:
    readers = "the authors read the answer" if question.author_sees else "for the editors alone"
    must = "required" if question.is_required else "optional"
    answers = f"; answers: {_names(question)}" if question.choices else ""
    return f"{must.capitalize()}, {readers}{answers}."


def _names(question: Question) -> str:
    return ", ".join(choice.label for choice in question.choices)


def _choices(kind: Kind, labels: Sequence[str], present: Sequence[Choice]) -> tuple[Choice, ...]:
    if kind is Kind.TERNARY:
        return tuple(Choice(value, value.capitalize()) for value in ("yes", "partly", "no"))
    if kind in {Kind.RATING, Kind.CONFIDENCE}:
        return tuple(Choice(v, label) for v, label in zip(LEVELS, labels, strict=False))
    if kind is not Kind.CHOICE:
        return ()
    kept = {choice.label: choice for choice in present}
    taken = {choice.value for choice in present}
    found = []
    for label in labels:
        choice = kept.get(label) or Choice(_free(_slug(label) or "answer", taken), label)
        taken.add(choice.value)
        found.append(choice)
    return tuple(found)


def _key(label: str, taken: Collection[str]) -> str:
    return _free(f"own_{_slug(label) or 'question'}", taken)


def _free(wanted: str, taken: Collection[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
