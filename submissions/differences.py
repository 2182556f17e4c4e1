"""What changed between two texts, word by word. Pure: texts in, parts out.

For the author and the editor who compare two versions of the metadata. Words are compared as they
stand between spaces; line breaks count, so that lists are compared line by line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Change: TypeAlias = Literal["same", "gone", "new"]
Labelled: TypeAlias = Sequence[tuple[str, str]]

# Above this many pairs of words the comparison would take seconds; the text is shown as a whole.
PAIRS_MOST = 4_000_000
_TOKEN = re.compile(r"\n|\S+")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that stayed, went, or came."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the metadata in which two versions differ."""

    label: str
    parts: tuple[Part, ...]


def differences(before: Labelled, after: Labelled) -> list[Difference]:
    """The fields that differ, in the order of `after`; fields that only `before` has come last."""
    old, new = dict(before), dict(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Difference(label, compared(old.get(label, ""), new.get(label, "")))
        for label in labels
        if _plain(old.get(label, "")) != _plain(new.get(label, ""))
    ]


def compared(before: str, after: str) -> tuple[Part, ...]:
    """The words of both texts in reading order; what is replaced goes before what comes."""
    old, new = _TOKEN.findall(before.strip()), _TOKEN.findall(after.strip())
    return tuple(_joined(_runs(old, new)))


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Change, list[str]]]:
    if len(old) * len(new) > PAIRS_MOST:
        yield "gone", old
        yield "new", new
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", old[i1:i2]
        else:
            yield "gone", old[i1:i2]
            yield "new", new[j1:j2]


def _joined(runs: Iterable[tuple[Change, list[str]]]) -> Iterator[Part]:
    for change, words in runs:
        text = " ".join(words).replace(" \n ", "\n").replace("\n ", "\n").replace(" \n", "\n")
        if text:
            yield Part(change, text)


def _plain(text: str) -> list[str]:
    return _TOKEN.findall(text.strip())
