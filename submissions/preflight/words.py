"""Printed words made plain: lines joined, words that a line end has parted made whole."""

from collections.abc import Iterable

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "", "\u00a0": " "}
)
# Before these a hyphen belongs to the word and not to the end of the line.
_COMPOUND = frozenset(
    {"self", "non", "pre", "post", "co", "multi", "cross", "semi", "state", "of", "the", "to"}
    | {"well", "high", "low", "large", "long", "short", "end", "real", "fine", "zero", "few"}
    | {"one", "two", "three", "single", "dual", "inter", "intra", "class", "domain", "weakly"}
    | {"task", "voxel", "pixel", "patch", "image", "text", "time", "user", "data", "art", "in"}
)


def plain(text: str) -> str:
    """Without ligatures, soft hyphens and doubled blanks."""
    return " ".join(text.translate(_LIGATURES).split())


def joined(lines: Iterable[str]) -> str:
    """The lines as one text. A hyphen at a line's end stays only where the word has one."""
    text = ""
    for line in lines:
        following = line.strip()
        if not following:
            continue
        if text.endswith("\u00ad"):
            text = f"{text[:-1]}{following}"
        elif text.endswith("-") and text[-2:-1].isalnum():
            text = f"{text if _keeps_hyphen(text, following) else text[:-1]}{following}"
        else:
            text = f"{text} {following}"
    return plain(text)


def _keeps_hyphen(text: str, following: str) -> bool:
    before = text[:-1].split()[-1].rpartition("-")[2].lower()
    return before in _COMPOUND or not following[0].islower()
