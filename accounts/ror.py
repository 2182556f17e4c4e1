"""ROR ids of institutions: reading, checking and writing them (domain.md G.2).

A ROR id is ``0``, six characters of Crockford's base 32, and two check digits. It is stored
bare, ``05dxps055``, and shown and exported as its address, ``https://ror.org/05dxps055``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

ADDRESS = "https://ror.org/"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TYPED = re.compile(r"(?:(?:https?://)?(?:www\.)?ror\.org/)?([^/]+?)/?", re.IGNORECASE)
_BARE = re.compile(r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}")


class NotAnRor(ValueError):
    """The text is no ROR id. The message is a sentence for the person who typed it."""


def check_digits(six_characters: str) -> str:
    """Return the two check digits for the six characters after the leading zero.

    ``98 - (n * 100 mod 97)`` where n is the characters' value in Crockford's base 32.
    """
    value = 0
    for character in six_characters:
        value = value * 32 + _ALPHABET.index(character)
    return f"{98 - value * 100 % 97:02d}"


def address(ror: str) -> str:
    """Return the id as the address of the institution's record. Empty stays empty."""
    return ADDRESS + ror if ror else ""


def normalise(typed: str) -> str:
    """Return the stored form of what somebody typed or pasted: ``05dxps055``.

    Accepts the address or the bare id. An empty text gives an empty text.

    Raises:
        NotAnRor: the form or the check digits are wrong; the message says which.
    """
    text = typed.strip()
    if not text:
        return ""
    found = _TYPED.fullmatch(text)
    identifier = found.group(1).strip().lower() if found else ""
    if not _BARE.fullmatch(identifier):
        raise NotAnRor(
            f"ROR id is “{_shortened(text)}”; it must be nine characters that begin with 0, "
            "such as 05dxps055. Copy it from ror.org, or leave the field empty."
        )
    if identifier[7:] != check_digits(identifier[1:7]):
        raise NotAnRor(
            f"ROR id {identifier} has a typing slip: its last two digits do not fit the characters "
            "before them. Compare it with ror.org, or leave the field empty."
        )
    return identifier


def all_parents(records: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Every (child, parent) at any height that the registry's records tell of.

    `records` are of the registry's own file: "id", and "relationships" with "type" ("parent" or
    "child") and "id". A ring, which the registry should not have, ends where it began; what is
    no ROR id is left out.
    """
    above: dict[str, set[str]] = {}
    for record in records:
        own = _bare(record.get("id"))
        for relation in record.get("relationships") or ():
            other, kind = _bare(relation.get("id")), str(relation.get("type")).lower()
            if not own or not other or own == other:
                continue
            if kind == "parent":
                above.setdefault(own, set()).add(other)
            elif kind == "child":
                above.setdefault(other, set()).add(own)
    pairs = set()
    for child in above:
        waiting, seen = list(above[child]), set[str]()
        while waiting:
            parent = waiting.pop()
            if parent in seen or parent == child:
                continue
            seen.add(parent)
            waiting += above.get(parent, ())
        pairs |= {(child, parent) for parent in seen}
    return pairs


def _bare(value: object) -> str:
    try:
        return normalise(str(value or ""))
    except NotAnRor:
        return ""


def is_valid(ror: str) -> bool:
    """Say whether the text is a sound id in the form in which it is stored."""
    try:
        return ror != "" and normalise(ror) == ror
    except NotAnRor:
        return False


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
