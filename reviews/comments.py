"""The free text of a review cut into points: its lists, its headings, its paragraphs.

The guided headings of the score sheet ask for numbered lists of mandatory and optional changes;
each entry is a point. Where a reviewer wrote no list, each paragraph is one. Words are neither
changed nor left out, but the signs before a list's entries and the headings of its lists.
Pure: text in, points out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a reviewer says. An optional one may be left without an answer."""

    text: str
    must_answer: bool = True


class _Part(StrEnum):
    """Under what kind of heading a paragraph stands."""

    GENERAL = "general"
    MANDATORY = "mandatory"
    OPTIONAL = "optional"


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together: an entry of a list, or plain prose under its heading."""

    part: _Part
    lines: list[str] = field(default_factory=list)
    is_entry: bool = False
    is_numbered: bool = False
    heading: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def whole(self) -> str:
        """The text with the heading above it."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


_NUMBERED = re.compile(
    r"\s{0,3}(?:(?:comment|concern|issue|point|question|remark)\s+)?#?\(?\d{1,2}[.):]\)?\s+(?=\S)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s{0,3}[-–—*•]\s+(?=\S)")
_MANDATORY = re.compile(
    r"(?:mandatory|required|necessary|essential|major|minor|specific|detailed)\b"
)
_OPTIONAL = re.compile(r"(?:optional|suggestions?|suggested|recommended)\b")
_OF_A_LIST = re.compile(r"\b(?:changes?|comments?|concerns?|issues?|points?|revisions?|remarks?)$")
_MARKED_OPTIONAL = re.compile(r"[(\[]\s*optional\s*[)\]]", re.IGNORECASE)
_USUAL = frozenset(
    {"general comments", "general remarks", "overall", "summary", "strengths", "weaknesses"}
)
_HEADING_CHARACTERS = 60


def split_comments(text: str, headings: Sequence[str] = ()) -> list[Point]:
    """The points of a text in their order.

    With a list in it, the entries are the points, numbered as their writer numbered them, and all
    prose beside it is one last, optional point. Without one each paragraph must be answered.
    """
    entries, prose = parts_of(text, headings)
    return entries + prose


def parts_of(text: str, headings: Sequence[str] = ()) -> tuple[list[Point], list[Point]]:
    """The same in two parts: entries of lists, which have numbers, and what has none."""
    paragraphs = list(_joined(_paragraphs(text, headings)))
    listed = [p for p in paragraphs if p.is_entry or p.part is not _Part.GENERAL]
    if not listed:
        return [], [Point(paragraph.whole) for paragraph in paragraphs]
    entries = [
        Point(
            paragraph.text,
            paragraph.part is not _Part.OPTIONAL and not _MARKED_OPTIONAL.search(paragraph.text),
        )
        for paragraph in listed
    ]
    prose = [p.whole for p in paragraphs if not p.is_entry and p.part is _Part.GENERAL]
    return entries, [Point("\n\n".join(prose), must_answer=False)] if prose else []


def _paragraphs(text: str, headings: Sequence[str]) -> Iterator[_Paragraph]:
    known = {_plain(heading) for heading in headings} | _USUAL
    part, heading = _Part.GENERAL, ""
    current = _Paragraph(part)
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        under = _part_under(line, known)
        numbered, bullet = _NUMBERED.match(line), _BULLET.match(line)
        if under is not None:
            if current.text:
                yield current
            part = under
            heading = line.strip() if under is _Part.GENERAL else ""
            current = _Paragraph(part, heading=heading)
        elif numbered or (bullet and not current.is_numbered):
            if current.text:
                yield current
            start = numbered or bullet
            words = line[start.end() :] if start else line
            current = _Paragraph(part, [words], is_entry=True, is_numbered=bool(numbered))
            heading = ""
        elif not line.strip():
            if current.text:
                yield current
                heading = ""
            current = _Paragraph(part, heading=heading)
        else:
            current.lines.append(line.rstrip())
    if current.text:
        yield current


def _joined(paragraphs: Iterator[_Paragraph]) -> Iterator[_Paragraph]:
    """Prose within a list belongs to the entry before it, a lead-in to the entry after it."""
    last: _Paragraph | None = None
    for one in paragraphs:
        if last is None:
            last = one
        elif last.is_entry and not one.is_entry and not one.heading and one.part is last.part:
            last.lines += ["", *one.lines]
        elif one.is_entry and not last.is_entry and one.part is last.part is not _Part.GENERAL:
            one.lines = [*last.lines, *one.lines]
            last = one
        else:
            yield last
            last = one
    if last is not None:
        yield last


def _part_under(line: str, known: set[str]) -> _Part | None:
    """What follows this line when it is a heading; None when it is text."""
    plain = _plain(line)
    if not plain or len(line) > _HEADING_CHARACTERS or line.rstrip().endswith((".", ",", ";")):
        return None
    is_of_sheet = plain in known
    if _OPTIONAL.match(plain) and (is_of_sheet or _is_short(plain)):
        return _Part.OPTIONAL
    if _MANDATORY.match(plain) and (is_of_sheet or _OF_A_LIST.search(plain)):
        return _Part.MANDATORY
    return _Part.GENERAL if is_of_sheet else None


def _is_short(plain: str) -> bool:
    return bool(_OF_A_LIST.search(plain)) or len(plain.split()) <= 2


def _plain(line: str) -> str:
    """A heading without marks, numbers and what stands in brackets."""
    bare = re.sub(r"\(.*?\)", "", line).strip(" \t#*_:")
    return " ".join(_NUMBERED.sub("", bare).casefold().split())
