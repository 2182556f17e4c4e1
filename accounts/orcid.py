"""ORCID iDs: reading, checking and writing them (domain.md G.2).

An ORCID iD is sixteen characters in four groups; the last one is a check character by
ISO 7064 MOD 11-2. It is stored bare, ``0000-0002-1825-0097``, and shown and exported as its
address, ``https://orcid.org/0000-0002-1825-0097``. A valid checksum says that the iD was
typed without a slip; it never says whose it is. Only a sign-in at ORCID does that.
"""

import re

ADDRESS = "https://orcid.org/"

_TYPED = re.compile(r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?([^/]+?)/?", re.IGNORECASE)
_COMPACT = re.compile(r"[0-9]{15}[0-9X]")


class NotAnOrcid(ValueError):
    """The text is no ORCID iD. The message is a sentence for the person who typed it."""


def check_character(first_fifteen: str) -> str:
    """Return the check character for the first fifteen digits of an iD.

    ISO 7064 MOD 11-2: the result is a digit, or ``X`` for ten.
    """
    total = 0
    for digit in first_fifteen:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def address(orcid: str) -> str:
    """Return the iD as the address of the person's ORCID page. Empty stays empty."""
    return ADDRESS + orcid if orcid else ""


def normalise(typed: str) -> str:
    """Return the stored form of what somebody typed or pasted: ``0000-0002-1825-0097``.

    Accepts the address or the bare iD, with hyphens, spaces or nothing between the groups.
    An empty text gives an empty text.

    Raises:
        NotAnOrcid: the form or the check character is wrong; the message says which.
    """
    text = typed.strip()
    if not text:
        return ""
    found = _TYPED.fullmatch(text)
    compact = re.sub(r"[-\s‐‑–]", "", found.group(1)).upper() if found else ""
    if not _COMPACT.fullmatch(compact):
        raise NotAnOrcid(
            f"ORCID iD is “{_shortened(text)}”; it must be sixteen characters in four groups, "
            "such as 0000-0002-1825-0097. Copy it from your ORCID page."
        )
    if compact[-1] != check_character(compact[:-1]):
        raise NotAnOrcid(
            f"ORCID iD {_grouped(compact)} has a typing slip: its last character does not fit the "
            "fifteen before it. Compare it with your ORCID page."
        )
    return _grouped(compact)


def is_valid(orcid: str) -> bool:
    """Say whether the text is a sound iD in the form in which it is stored."""
    try:
        return orcid != "" and normalise(orcid) == orcid
    except NotAnOrcid:
        return False


def _grouped(compact: str) -> str:
    return "-".join(compact[start : start + 4] for start in range(0, 16, 4))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
