"""The words of a decision letter, which editors may change: text with named places, never code.

A text is paragraphs between blank lines. A line that begins with `## ` is a heading, lines that
begin with `- ` are a list. `{due}` is a place that is filled from the manuscript, `{write: what}` a
gap that the editor fills by hand. What is put into a place is never read again: whatever signs it
holds, it stays text (`domain.md` E.2). Pure: texts in, plain values out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from editors.states import ASKED_REVISION, DecisionKind

WORDS_MAX = 8_000
GAP = "write:"
REASONS = "reasons"
# A place that may have nothing to say stands alone in its paragraph, which is then left out.
MAY_BE_EMPTY = frozenset({"page_charge"})

PLACES: dict[str, str] = {
    REASONS: "what the editor writes to the author; alone in its paragraph, once",
    "author": "the name of the corresponding author",
    "manuscript_id": "the number with its revision",
    "title": "the title of the manuscript",
    "journal": "the name of the journal",
    "issue_title": "the title of the special issue",
    "contact_email": "the address of the editorial office",
    "round": "1 for an original, 2 for a revised manuscript",
    "due": "by when the author must act, with the time zone",
    "link": "the author's page of the manuscript",
    "page_charge": "the estimate of the over-length charge; alone in its paragraph",
}
_ACTING = frozenset({DecisionKind.ACCEPT, *ASKED_REVISION})
_ONLY_FOR: dict[str, frozenset[DecisionKind]] = {
    "due": _ACTING,
    "link": _ACTING,
    "page_charge": frozenset({DecisionKind.ACCEPT}),
}
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and where: lines and signs count from one."""

    line: int
    sign: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}, sign {self.sign}: {self.sentence}"


def places_of(kind: DecisionKind) -> dict[str, str]:
    """The places that a letter of this outcome knows, with what each means."""
    return {name: words for name, words in PLACES.items() if _is_open(name, kind)}


def wording_faults(text: str, kind: DecisionKind) -> list[Fault]:
    """Why a text cannot be the words of such a letter, in reading order; empty when it can."""
    found = []
    if len(text) > WORDS_MAX:
        found.append(
            Fault(1, 1, f"the text has {len(text):,} characters; the limit is {WORDS_MAX:,}.")
        )
    lines = text.splitlines()
    reasons_seen = 0
    for number, line in enumerate(lines, start=1):
        for match in _PLACE.finditer(line):
            name = match[1]
            reasons_seen += name == REASONS
            sentence = _place_fault(name, kind)
            if not sentence and name in {REASONS, *MAY_BE_EMPTY}:
                sentence = "" if _stands_alone(lines, number) else f"“{{{name}}}” stands alone."
            if not sentence and name == REASONS and reasons_seen > 1:
                sentence = "“{reasons}” stands here a second time."
            if sentence:
                found.append(Fault(number, match.start() + 1, sentence))
        rest = _PLACE.sub(lambda m: " " * len(m[0]), line)
        found += [
            Fault(number, brace.start() + 1, f"“{brace[0]}” opens or closes no place.")
            for brace in _BRACE.finditer(rest)
        ]
    if not reasons_seen:
        found.append(Fault(max(1, len(lines)), 1, "“{reasons}” is missing in the text."))
    return sorted(found, key=lambda fault: (fault.line, fault.sign))


def unfilled(text: str, values: Mapping[str, str]) -> list[str]:
    """The places and gaps that would be printed as they are, in reading order."""
    return [
        match[0]
        for match in _PLACE.finditer(text)
        if _is_gap(match[1])
        or (match[1] in PLACES and match[1] not in MAY_BE_EMPTY and not values.get(match[1]))
    ]


def typed_places(text: str) -> list[str]:
    """Places and gaps in words that are not searched for them: whoever typed one expects more."""
    return [m[0] for m in _PLACE.finditer(text) if m[1] in PLACES or _is_gap(m[1])]


def blocks(text: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The text as a list of {look, text, items}, its places filled; look is one of heading,
    list, due, link, comments and text. A place without a value stays as it is written."""
    return [block for part in _paragraphs(text) for block in _blocks_of(part, values)]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, by blank lines."""
    return [
        part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()
    ]


def tidy(text: str) -> str:
    """The text with the line ends of this house and nothing around it."""
    return text.replace("\r\n", "\n").strip()


def _blocks_of(part: str, values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    alone = _PLACE.fullmatch(part)
    if alone and alone[1] in MAY_BE_EMPTY and not values.get(alone[1]):
        return
    if alone and alone[1] == REASONS:
        for said in paragraphs(values.get(REASONS, "")):
            yield _block("comments", said)
        return
    if part.startswith("## "):
        yield _block("heading", _filled(part[3:], values))
    elif part.startswith("- "):
        items = [_filled(line.removeprefix("- "), values) for line in part.splitlines()]
        yield {"look": "list", "text": "", "items": items}
    else:
        look = "link" if alone and alone[1] == "link" else "due" if "{due}" in part else "text"
        yield _block(look, _filled(part, values))


def _block(look: str, text: str) -> dict[str, Any]:
    return {"look": look, "text": text, "items": []}


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs, headings and lists, each by itself, also where no blank line parts them."""
    for part in paragraphs(text):
        kept: list[str] = []
        for line in part.splitlines():
            breaks = bool(kept) and (
                line.startswith("## ")
                or kept[-1].startswith("## ")
                or line.startswith("- ") != kept[-1].startswith("- ")
            )
            if breaks:
                yield "\n".join(kept)
                kept = []
            kept.append(line)
        yield "\n".join(kept)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: values.get(match[1]) or match[0], text)


def _place_fault(name: str, kind: DecisionKind) -> str:
    if _is_gap(name):
        return "" if name.removeprefix(GAP).strip() else "the gap does not say what to write."
    if name not in PLACES:
        return f"“{{{name[:60]}}}” is no place of a letter."
    return "" if _is_open(name, kind) else f"“{{{name}}}” is not known for this outcome."


def _stands_alone(lines: list[str], number: int) -> bool:
    """Is the line a paragraph of its own and nothing but one place?"""
    around = lines[number - 2 : number - 1] + lines[number : number + 1]
    is_place = _PLACE.fullmatch(lines[number - 1].strip()) is not None
    return is_place and not any(line.strip() for line in around)


def _is_open(name: str, kind: DecisionKind) -> bool:
    return kind in _ONLY_FOR.get(name, frozenset(DecisionKind))


def _is_gap(name: str) -> bool:
    return name.startswith(GAP)
