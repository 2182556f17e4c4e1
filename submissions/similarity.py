"""How alike two texts are, on plain values: shingles, their resemblance, and a sketch to find by.

A text becomes the set of its shingles, that is of all runs of a few words or letters; the
resemblance of two sets is the share that they have in common (Jaccard, 0 to 1). To find what is
alike among ten thousand without comparing each with each, a set is drawn together into a few
numbers, so that alike sets very probably share one of them (MinHash in bands: A. Broder, "On the
resemblance and containment of documents", 1997). Whoever shares a number is a candidate and is
then compared in full, so the sketch decides nothing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache

PRIME = (1 << 61) - 1
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of a manuscript is compared.

    `shingles` cuts it up; two parts are almost the same from `alike_from` on. With `bands` of
    `rows` each, a pair of resemblance s shares a number with probability 1 - (1 - s^rows)^bands.
    """

    name: str
    shingles: Callable[[str], frozenset[str]]
    alike_from: float
    bands: int
    rows: int


def words_of(text: str) -> list[str]:
    """The words in lower case, without accents, punctuation and mark-up."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return WORD.findall(bare.casefold())


def title_shingles(text: str) -> frozenset[str]:
    """Runs of four letters: a title has few words, and one may be spelt in another way."""
    line = " ".join(words_of(text))
    return frozenset(line[i : i + 4] for i in range(max(len(line) - 3, 0)))


def abstract_shingles(text: str) -> frozenset[str]:
    """Runs of three words: the same subject shares words, only the same text shares runs."""
    words = words_of(text)
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(len(words) - 2, 0)))


def resemblance(one: Set[str], other: Set[str]) -> float:
    """The share of shingles that two sets have in common, 0 to 1. Empty sets resemble nothing."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


# One word in ten changed leaves an abstract at about 0.55 and a title at about 0.75.
TITLE = Part("title", title_shingles, alike_from=0.7, bands=20, rows=4)
ABSTRACT = Part("abstract", abstract_shingles, alike_from=0.4, bands=24, rows=2)
PARTS = (TITLE, ABSTRACT)


def sketch(part: Part, text: str) -> list[int]:
    """The numbers to find a text by, one a band, each below 2^63. Empty for an empty text.

    Part and band are drawn into the number, so that numbers of different kinds never meet.
    """
    hashes = [_hash(shingle) for shingle in part.shingles(text)]
    if not hashes:
        return []
    least = [
        min((a * h + b) % PRIME for h in hashes) for a, b in _functions(part.bands * part.rows)
    ]
    numbers = []
    for band in range(part.bands):
        rows = least[band * part.rows : (band + 1) * part.rows]
        numbers.append(_hash(f"{part.name} {band} {rows}") >> 1)
    return numbers


@cache
def _functions(count: int) -> tuple[tuple[int, int], ...]:
    """The same hash functions in every process and for ever: stored sketches depend on them."""
    return tuple(
        (_hash(f"factor {number}") % (PRIME - 1) + 1, _hash(f"summand {number}") % PRIME)
        for number in range(count)
    )


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
