"""The list of people that an editor pastes into the conflict clinic, read line by line. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from accounts import orcid

LINES_MOST = 50
LINE_CHARACTERS = 300
TEXT_CHARACTERS = 20_000

# Bounded on both sides of the @, so that no text makes it search long.
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"“”]{1,64}@[^\s@,;:<>()\[\]\"“”]{1,190}")
_WHOLE = re.compile(r"[^@]+@[^@.]+(?:\.[^@.]+)+")
_ORCID = re.compile(r"(?:(?:https?://)?orcid\.org/)?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b")
_BREAKS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
_SCHEME = re.compile(r"mailto:", re.IGNORECASE)
_EDGES = " \t,;:.<>()[]\"“”'|"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """One line: who is meant, as far as it says. `fault` is a sentence when it cannot be used."""

    text: str
    name: str = ""
    email: str = ""
    orcid: str = ""
    fault: str = ""

    @property
    def shown(self) -> str:
        """The person as typed, the best part first."""
        return self.name or self.email or self.orcid or self.text


@dataclass(frozen=True, slots=True)
class AskedList:
    """The people in their order, and how many lines were too many."""

    people: tuple[AskedPerson, ...] = ()
    left_count: int = 0


def read_people(text: str, most: int = LINES_MOST) -> AskedList:
    """Read one person a line: "Rui Rezende <rui@x.example>", an address, an ORCID iD, a name.

    The same line twice is one. Lines beyond `most` are counted and left.
    """
    plain = unicodedata.normalize("NFC", text[:TEXT_CHARACTERS])
    lines = dict.fromkeys(
        _cleaned(line) for line in re.split(r"[\r\n\v\f\x85\u2028\u2029]+", plain)
    )
    wanted = [line for line in lines if line.strip(_EDGES)]
    return AskedList(tuple(_read(line) for line in wanted[:most]), max(0, len(wanted) - most))


def _cleaned(line: str) -> str:
    kept = "".join(
        " " if c.isspace() else c
        for c in line[:LINE_CHARACTERS]
        if c.isspace() or c in "\u200c\u200d" or unicodedata.category(c)[0] != "C"
    )
    return " ".join(kept.split())


def _read(line: str) -> AskedPerson:
    rest, address, identifier = _SCHEME.sub("", line), "", ""
    found = _ORCID.search(rest)
    if found:
        try:
            identifier = orcid.normalise(found[1])
        except orcid.NotAnOrcid as wrong:
            return AskedPerson(line, fault=str(wrong))
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    mark = _ADDRESS.search(rest)
    if mark:
        address = mark[0].strip(_EDGES).lower()
        if not _WHOLE.fullmatch(address):
            return AskedPerson(line, fault=f"“{address}” is no whole address.")
        rest = rest[: mark.start()]
    elif "@" in rest:
        return AskedPerson(line, fault="The address in this line cannot be read.")
    name = " ".join(rest.strip(_EDGES).split())
    if not any(c.isalpha() for c in name):
        name = ""
    if not (name or address or identifier):
        return AskedPerson(line, fault="There is no name, address or ORCID iD in this line.")
    return AskedPerson(line, name, address, identifier)
