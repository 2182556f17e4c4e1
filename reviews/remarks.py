"""Remarks at places in the manuscript: a page, the words there, and what the reviewer says of them.

They are data, so that they can be moved and changed; the authors read them as numbered comments
that go on where the list in the free comments ends (`domain.md` D). Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

PAGE_MAX = 9999
QUOTE_MAX = 300
TEXT_MAX = 4000
COUNT_MAX = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. `page` counts from 1, None for no page; an optional one needs no answer."""

    page: int | None
    quote: str
    text: str
    is_optional: bool = False

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The remark that `as_json` gave."""
        return cls(
            kept.get("page"),
            str(kept.get("quote", "")),
            str(kept.get("text", "")),
            bool(kept.get("optional")),
        )

    def as_json(self) -> dict[str, Any]:
        """The remark as values that a JSON column keeps."""
        return {
            "page": self.page,
            "quote": self.quote,
            "text": self.text,
            "optional": self.is_optional,
        }

    @property
    def at_place(self) -> str:
        """The remark behind its place: (page 3, “the words there”) what is said of them."""
        place = ", ".join(
            part
            for part in (
                f"page {self.page}" if self.page else "",
                f"“{self.quote}”" if self.quote else "",
            )
            if part
        )
        return f"({place}) {self.text}" if place else self.text


def numbered(remarks: Sequence[Remark], first: int) -> str:
    """The remarks as their authors read them, numbered from `first`."""
    return "\n\n".join(
        f"{number}. {'(optional) ' if remark.is_optional else ''}{remark.at_place}"
        for number, remark in enumerate(remarks, start=first)
    )


def shortened(quote: str) -> str:
    """A quotation in one line, cut after a word where it is too long."""
    line = re.sub(r"\s+", " ", quote).strip()
    if len(line) <= QUOTE_MAX:
        return line
    return line[: QUOTE_MAX - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def remarks_fault(value: Any) -> str:
    """What is wrong with kept remarks, in a sentence; "" when nothing is."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return "remarks are a list."
    if len(value) > COUNT_MAX:
        return f"there are {len(value)} remarks; the limit is {COUNT_MAX}. Join some of them."
    for number, kept in enumerate(value, start=1):
        sentence = _fault(kept)
        if sentence:
            return f"remark {number} {sentence}"
    return ""


def remarks_lack(value: Sequence[Mapping[str, Any]]) -> str:
    """Which remark says nothing yet, in a sentence; "" when all do."""
    empty = [str(n) for n, kept in enumerate(value, start=1) if not str(kept["text"]).strip()]
    if not empty:
        return ""
    noun = "remark" if len(empty) == 1 else "remarks"
    return f"{noun} {', '.join(empty)} without a text: write what you say of the place, or remove."


def _fault(kept: Any) -> str:
    if not isinstance(kept, Mapping) or set(kept) != {"page", "quote", "text", "optional"}:
        return "has other parts than page, quote, text and optional."
    page = kept["page"]
    is_number = isinstance(page, int) and not isinstance(page, bool)
    if page is not None and not (is_number and 1 <= page <= PAGE_MAX):
        return f"has the page {page!r}; it is a whole number from 1 to {PAGE_MAX}, or left empty."
    for part, most in (("quote", QUOTE_MAX), ("text", TEXT_MAX)):
        if not isinstance(kept[part], str):
            return f"has a {part} that is no text."
        if len(kept[part]) > most:
            return f"has a {part} of {len(kept[part])} characters; the limit is {most}. Shorten it."
    return "" if isinstance(kept["optional"], bool) else "is optional or not, and nothing else."
