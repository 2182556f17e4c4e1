"""A review as a text file, to be written without a connection (`domain.md` D).

Each question has a heading line `== key ==`; its answer stands below it. Lines that begin with
`#` are notes. In an answer, a line that would be taken for one of these begins with a backslash.
What is written and read again is the same, to the last blank. Pure: answers and text, no files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reviews.pasting import plain_text
from reviews.remarks import Remark, shortened
from reviews.sheet import Answers, Context, Kind, Question, Sheet, faults

BYTES_MAX = 400_000

_HEADING = re.compile(r"==\s*([a-z0-9_]+)\s*==\s*")
_REMARK = re.compile(r"--\s*(?:page\s+(\d{1,4})|no page)\s*(,\s*optional)?\s*", re.IGNORECASE)
_SPECIAL = ("\\", "#", "==", "--", ">")
_YES, _NO = frozenset({"yes", "y", "x", "true"}), frozenset({"no", "n", "false"})

_PREFACE = """\
# Review of {label}
# Write below each line that begins with ==, leave these lines as they are, and upload
# the file on the page of your review. You see what changes before anything is kept.
# Lines that begin with # are notes. An answer that begins so gets a backslash first: \\#

== sheet ==
{sheet}

== manuscript ==
{label}
"""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in which line; lines count from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `answers` has None for a question whose answer is empty in the file."""

    answers: dict[str, Any] = field(default_factory=dict)
    faults: list[LineFault] = field(default_factory=list)

    def onto(self, answers: Answers) -> dict[str, Any]:
        """The present answers with those of the file; a question not in the file stays."""
        merged = {**answers, **self.answers}
        return {key: value for key, value in merged.items() if value is not None}


def write(sheet: Sheet, answers: Answers, context: Context, *, label: str) -> str:
    """The file of a review of the version `label`."""
    parts = [_PREFACE.format(label=label, sheet=sheet.key)]
    for question in sheet.questions:
        if isinstance(question.shown_when, str) and not question.is_asked(answers, context):
            continue
        notes = "".join(f"# {line}\n" for line in _notes(question, context))
        parts.append(f"\n== {question.key} ==\n{notes}{_written(question, answers)}")
    return "".join(parts)


def read(text: str, sheet: Sheet, context: Context, *, label: str) -> Reading:
    """What the file says, or every fault in it by its line. Nothing is taken from a faulty file."""
    found = Reading()
    seen: dict[str, int] = {}
    for line, key, body in _blocks(text, found.faults):
        if key in seen:
            found.faults.append(
                LineFault(line, f"“{key}” stands here again; see line {seen[key]}.")
            )
            continue
        seen[key] = line
        if key in {"sheet", "manuscript"}:
            wanted, given = {"sheet": sheet.key, "manuscript": label}[key], _joined(body).strip()
            if given != wanted:
                found.faults.append(
                    LineFault(
                        line, f"The file is for the {key} “{given}”, this page for “{wanted}”."
                    )
                )
            continue
        question = sheet.question(key)
        if question is None:
            found.faults.append(LineFault(line, f"The sheet has no question “{key}”."))
            continue
        value = _value(question, body, line, context, found.faults)
        sentence = faults(sheet, {key: value}, context).get(key) if value is not None else None
        if sentence:
            found.faults.append(LineFault(line, sentence))
        found.answers[key] = value
    if "manuscript" not in seen and not found.faults:
        found.faults.append(LineFault(1, "This is no file of a review: it names no manuscript."))
    return Reading({}, sorted(found.faults, key=lambda one: one.line)) if found.faults else found


# --- Writing ------------------------------------------------------------------------------------


def _notes(question: Question, context: Context) -> Iterator[str]:
    optional = "" if question.is_required else " (optional)"
    yield f"{question.label}{optional}"
    if question.help:
        yield question.help
    choices = question.offered(context)
    if question.kind is Kind.SETTLED:
        yield "A line such as “R2.1: settled” for each point; settled, partly or open"
    elif choices:
        yield "One of: " + "; ".join(f"{choice.value} = {choice.label}" for choice in choices)
    elif question.kind is Kind.TICK:
        yield "yes, or nothing"
    elif question.kind is Kind.REMARKS:
        yield "For each remark: a line “-- page 3” or “-- page 3, optional” or “-- no page”, then"
        yield "perhaps a line “> words of the manuscript”, then what you say."
    yield from question.headings


def _written(question: Question, answers: Answers) -> str:
    value = answers.get(question.key)
    if value in (None, "", [], {}, False):
        return ""
    if question.kind is Kind.TICK:
        return "yes\n"
    if question.kind is Kind.SETTLED:
        return "".join(f"{label}: {given}\n" for label, given in value.items())
    if question.kind is Kind.REFERENCES:
        return "".join(f"{_escaped(str(line))}\n" for line in value)
    if question.kind is Kind.REMARKS:
        return "".join(_written_remark(Remark.from_json(kept)) for kept in value)
    return "".join(f"{_escaped(line)}\n" for line in str(value).split("\n"))


def _written_remark(remark: Remark) -> str:
    place = f"page {remark.page}" if remark.page else "no page"
    head = f"-- {place}{', optional' if remark.is_optional else ''}\n"
    quote = f"> {remark.quote}\n" if remark.quote else ""
    return head + quote + "".join(f"{_escaped(line)}\n" for line in remark.text.split("\n"))


def _escaped(line: str) -> str:
    return f"\\{line}" if line.startswith(_SPECIAL) else line


# --- Reading ------------------------------------------------------------------------------------

Body = list[tuple[int, str]]


def _blocks(text: str, found: list[LineFault]) -> Iterator[tuple[int, str, Body]]:
    """Each heading with its line, key and the lines below it, without notes and one blank last."""
    key, at = "", 0
    body: Body = []
    for number, line in enumerate(plain_text(text).split("\n"), start=1):
        heading = _HEADING.fullmatch(line)
        if heading:
            if key:
                yield at, key, _ended(body)
            key, at, body = heading[1], number, []
        elif line.startswith("=="):
            found.append(LineFault(number, f"“{line[:40]}” is no heading such as “== impact ==”."))
        elif line.startswith("#"):
            continue
        elif key:
            body.append((number, line))
        elif line.strip():
            found.append(LineFault(number, f"“{line[:40]}” stands before the first heading."))
    if key:
        yield at, key, _ended(body)


def _ended(body: Body) -> Body:
    return body[:-1] if body and not body[-1][1] else body


def _joined(body: Body) -> str:
    return "\n".join(line.removeprefix("\\") for _, line in body)


def _value(
    question: Question, body: Body, at: int, context: Context, found: list[LineFault]
) -> Any:
    text = _joined(body)
    if not text.strip():
        return None
    if question.kind is Kind.REMARKS:
        return _remarks(body, found)
    if question.kind is Kind.SETTLED:
        return _settled(body, found)
    if question.kind is Kind.REFERENCES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if question.kind is Kind.LONG_TEXT:
        return text
    given = text.strip()
    if question.kind is Kind.TEXT:
        return given
    line = next((number for number, content in body if content.strip()), at)
    if question.kind is Kind.TICK:
        if given.casefold() in _YES:
            return True
        if given.casefold() not in _NO:
            found.append(LineFault(line, f"“{given[:40]}” is neither yes nor no."))
        return None
    choices = question.offered(context)
    by_name: Mapping[str, str] = {
        name.casefold(): choice.value for choice in choices for name in (choice.value, choice.label)
    }
    value = by_name.get(given.casefold())
    if value is None:
        names = ", ".join(choice.value for choice in choices)
        found.append(
            LineFault(line, f"“{given[:40]}” is not on offer here; choose one of: {names}.")
        )
        return None
    return int(value) if question.kind in {Kind.RATING, Kind.CONFIDENCE} else value


def _settled(body: Body, found: list[LineFault]) -> dict[str, str]:
    settled = {}
    for number, line in body:
        label, colon, given = line.partition(":")
        if colon:
            settled[label.strip()] = given.strip().casefold()
        elif line.strip():
            found.append(LineFault(number, f"“{line[:40]}” is no line such as “R2.1: settled”."))
    return settled


def _remarks(body: Body, found: list[LineFault]) -> list[dict[str, Any]]:
    remarks: list[dict[str, Any]] = []
    for number, line in body:
        head = _REMARK.fullmatch(line)
        if head:
            page = int(head[1]) if head[1] else None
            remarks.append({"page": page, "quote": "", "text": "", "optional": bool(head[2])})
        elif line.startswith("--"):
            found.append(LineFault(number, f"“{line[:40]}” is no line such as “-- page 3”."))
        elif not remarks:
            if line.strip():
                found.append(LineFault(number, "A remark begins with a line such as “-- page 3”."))
        elif line.startswith(">") and not remarks[-1]["text"].strip():
            remarks[-1]["quote"] = shortened(f"{remarks[-1]['quote']} {line[1:]}")
        else:
            remarks[-1]["text"] += f"{line.removeprefix(chr(92))}\n"
    return [{**remark, "text": remark["text"].strip()} for remark in remarks]
