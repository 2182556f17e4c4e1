"""How much of a manuscript stood in the conference paper already, section by section.

Pure, on the text of the pages as a reader program gives it. A section's share is the part of its
runs of seven words that occur anywhere in the earlier paper, 0 to 1: the measure and its n = 7 of
D. Citron and P. Ginsparg, "Patterns of text reuse in a scientific corpus", PNAS 2015, who counted
shared seven-word sequences over arXiv. Case, accents and punctuation count for nothing. The lists
of references are left out, since whoever extends a work cites the same again.

The number judges nobody: the call invites extended conference papers (`domain.md` fact 9), and an
editor reads the passages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from submissions.preflight.words import joined
from submissions.similarity import words_of

RUN_WORDS = 7
CONTEXT_WORDS = 30
# Of a text that says the same again and again, so many places are tried for each run.
PLACES_TRIED = 20
PASSAGES_KEPT = 12
WORDS_READ = 60_000
EDGE_LINES = 2
FRONT = "Title and front page"

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
_NUMBERED = re.compile(r"^(?P<number>[IVX]{1,5}|\d{1,2})(?P<dot>\.?)\s+(?P<name>\S.{1,78})$")
_NUMBER = re.compile(r"^(?:[IVX]{1,5}|\d{1,2})\.?$")
_KNOWN = re.compile(
    r"(?i)^(?:abstract|introduction|related works?|background|methods?|methodology|materials and "
    r"methods|data(?: sets?)?|experiments?|results?|results and discussion|discussion|"
    r"conclusions?|discussion and conclusions?|limitations|acknowledge?ments?|references|"
    r"bibliography|appendix(?: [a-z])?)$"
)
_ABSTRACT = re.compile(r"(?i)^abstract\s*[-—–:.]+\s*(?P<rest>.*)$")
_REFERENCES = re.compile(r"(?i)^(?:references|bibliography)$")
# Small capitals come apart: "I NTRODUCTION".
_SMALL_CAPITALS = re.compile(r"\b([A-Z]) ([A-Z]{2,})")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under its heading, as running text."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that both papers have, with what stands around them in each."""

    words: int
    before: str
    here: str
    after: str
    earlier_section: str
    earlier_before: str
    earlier: str
    earlier_after: str


@dataclass(frozen=True, slots=True)
class SectionOverlap:
    """One section: its words, the share of its runs that the earlier paper has, the passages.

    `longest` counts words. The longest passages come first, at most `PASSAGES_KEPT`.
    """

    heading: str
    words: int
    share: float
    longest: int
    passages: tuple[Passage, ...] = ()

    @property
    def percent(self) -> int:
        return round(self.share * 100)

    def as_json(self) -> dict[str, Any]:
        """This section as values that a JSON column keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The section that `as_json` gave."""
        return cls(**{**kept, "passages": tuple(Passage(**p) for p in kept["passages"])})


def sections_of(pages: Sequence[str]) -> list[Section]:
    """A paper cut at its headings, without what is printed on every page. Numbered headings must
    count on from the one before, so that a numbered list is none."""
    found: list[tuple[str, list[str]]] = [(FRONT, [])]
    number = 0
    lines = list(_lines(pages))
    for at, line in enumerate(lines):
        following = f"{line} {lines[at + 1]}" if at + 1 < len(lines) else ""
        if _NUMBER.match(line) and _heading(following, number)[0]:
            # Some readers put the number of a heading on a line of its own.
            lines[at + 1] = following
            continue
        name, number, rest = _heading(line, number)
        if name:
            found.append((name, [rest] if rest else []))
        else:
            found[-1][1].append(line)
    sections = [Section(heading, joined(lines)) for heading, lines in found]
    return [s for s in sections if s.text and not _REFERENCES.match(s.heading)]


def overlap(paper: Sequence[Section], earlier: Sequence[Section]) -> list[SectionOverlap]:
    """Each section of the paper against the whole of the earlier one, in the paper's order."""
    known = _Earlier(earlier)
    return [_measured(section, known) for section in paper]


# --- Headings ------------------------------------------------------------------------------------


def _lines(pages: Sequence[str]) -> Iterator[str]:
    """The lines of all pages without page numbers and running heads, which stand at the edge of
    most pages."""
    per_page = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    edges = Counter(key for lines in per_page for key in {_without_digits(x) for x in _edge(lines)})
    heads = {key for key, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}
    for lines in per_page:
        last = len(lines) - EDGE_LINES
        for at, line in enumerate(lines):
            is_edge = at < EDGE_LINES or at >= last
            is_page_number = is_edge and line.isdigit()
            if not is_page_number and not (is_edge and _without_digits(line) in heads):
                yield line


def _edge(lines: list[str]) -> list[str]:
    return [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]


def _without_digits(line: str) -> str:
    return re.sub(r"\d+", "", line)


def _heading(line: str, number: int) -> tuple[str, int, str]:
    """The heading that a line is, or "": with the number of the last one and the text after it."""
    if match := _ABSTRACT.match(line):
        return "Abstract", number, match["rest"]
    whole = _SMALL_CAPITALS.sub(r"\1\2", line)
    if match := _NUMBERED.match(whole):
        counted = _counted(match["number"])
        # A well-known name counts even where a heading before it was not found.
        is_next = counted == number + 1 or (counted > number and _KNOWN.match(match["name"]))
        if is_next and _is_name(match["name"], in_arabic=match["number"].isdigit()):
            return f"{match['number']}{match['dot']} {_cased(match['name'])}", counted, ""
    if _KNOWN.match(whole):
        return _cased(whole), number, ""
    return "", number, ""


def _counted(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _ROMAN.index(text) + 1 if text in _ROMAN else -1


def _is_name(text: str, *, in_arabic: bool) -> bool:
    """Could these words be a heading? A sentence of a numbered list ends in a stop."""
    if text[-1] in ".,;:" or not text[0].isupper():
        return False
    return len(text.split()) <= (7 if in_arabic else 10)


def _cased(text: str) -> str:
    return text.capitalize() if text.isupper() else text


# --- Shared words --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text as printed, and the same in the plain form in which they compare."""

    printed: list[str]
    plain: list[str]

    def text(self, start: int, end: int) -> str:
        return " ".join(self.printed[max(start, 0) : max(end, 0)])


def _words(text: str) -> _Words:
    pairs = [(token, "".join(words_of(token))) for token in text.split()[:WORDS_READ]]
    kept = [(token, plain) for token, plain in pairs if plain]
    return _Words([token for token, _ in kept], [plain for _, plain in kept])


class _Earlier:
    """The earlier paper as one run of words, with the places of all its runs of seven."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.words = _Words([], [])
        self._starts: list[tuple[int, str]] = []
        for section in sections:
            self._starts.append((len(self.words.plain), section.heading))
            words = _words(section.text)
            self.words.printed.extend(words.printed)
            self.words.plain.extend(words.plain)
        self.places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, run in enumerate(_runs(self.words.plain)):
            self.places[run].append(place)

    def heading_at(self, place: int) -> str:
        """In which section a word stands."""
        return next(heading for start, heading in reversed(self._starts) if start <= place)

    def longest_from(self, plain: list[str], at: int) -> tuple[int, int]:
        """Where the earlier paper goes on longest as `plain` does from `at`, and how far."""
        best = (0, 0)
        for place in self.places.get(tuple(plain[at : at + RUN_WORDS]), [])[:PLACES_TRIED]:
            length = RUN_WORDS
            earlier = self.words.plain
            while (
                at + length < len(plain)
                and place + length < len(earlier)
                and plain[at + length] == earlier[place + length]
            ):
                length += 1
            if length > best[1]:
                best = (place, length)
        return best


def _runs(plain: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(plain) - RUN_WORDS + 1):
        yield tuple(plain[start : start + RUN_WORDS])


def _measured(section: Section, known: _Earlier) -> SectionOverlap:
    words = _words(section.text)
    runs = list(_runs(words.plain))
    shared = sum(run in known.places for run in runs)
    passages = sorted(_passages(words, known), key=lambda passage: -passage.words)
    return SectionOverlap(
        heading=section.heading,
        words=len(words.plain),
        share=round(shared / len(runs), 4) if runs else 0.0,
        longest=passages[0].words if passages else 0,
        passages=tuple(passages[:PASSAGES_KEPT]),
    )


def _passages(words: _Words, known: _Earlier) -> Iterator[Passage]:
    at = 0
    while at + RUN_WORDS <= len(words.plain):
        place, length = known.longest_from(words.plain, at)
        if length:
            yield Passage(
                words=length,
                before=words.text(at - CONTEXT_WORDS, at),
                here=words.text(at, at + length),
                after=words.text(at + length, at + length + CONTEXT_WORDS),
                earlier_section=known.heading_at(place),
                earlier_before=known.words.text(place - CONTEXT_WORDS, place),
                earlier=known.words.text(place, place + length),
                earlier_after=known.words.text(place + length, place + length + CONTEXT_WORDS),
            )
        at += length or 1
