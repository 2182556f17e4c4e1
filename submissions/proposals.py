"""What the first page of the PDF offers for the draft (`domain.md` G.3): the author corrects it.

Pure rules on what the preflight has read there. An offer never counts before the author takes it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from submissions.name_list import split_name
from submissions.preflight.facts import Facts

TITLE_CHARACTERS = 300
ABSTRACT_CHARACTERS = 20_000


class Offer(StrEnum):
    """The part of a draft that page 1 may fill."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Title, abstract and authors' names in their order, as page 1 prints them; empty if unread."""

    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()

    @classmethod
    def read_from(cls, facts: Facts) -> Self:
        """What the preflight has read, in lengths that a draft can keep."""
        return cls(
            facts.title_guess[:TITLE_CHARACTERS],
            facts.abstract_guess[:ABSTRACT_CHARACTERS],
            facts.authors_guess,
        )

    def as_json(self) -> dict[str, Any]:
        """Values for a JSON column; nothing at all when nothing was read."""
        found = {"title": self.title, "abstract": self.abstract, "authors": list(self.authors)}
        return found if any(found.values()) else {}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The page that `as_json` gave."""
        return cls(kept.get("title", ""), kept.get("abstract", ""), tuple(kept.get("authors", ())))


def same_words(one: str, other: str) -> bool:
    """Do two texts differ in nothing but their spaces and line ends?"""
    return one.split() == other.split()


def place_of(given_name: str, family_name: str, printed: Sequence[str]) -> int | None:
    """Which of the printed names is this person's, counted from 0.

    The family name must be the same, and of the given name the first letter; accents and capitals
    do not count. None when no name fits, or several do.
    """
    own = _key(given_name, family_name)
    places = [place for place, name in enumerate(printed) if _key(*split_name(name)) == own]
    return places[0] if len(places) == 1 else None


def _key(given_name: str, family_name: str) -> tuple[str, str]:
    return _letters(given_name)[:1], _letters(family_name)


def _letters(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parted if c.isalpha()).casefold()
