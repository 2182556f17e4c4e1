"""A pasted list of authors, read into names, addresses and institutions.

Pure and forgiving: what cannot be read is given back, never guessed into somebody's address.
Where the family name begins is a proposal that the author corrects; nothing is ever written in
other capitals than it was pasted in (`domain.md` G.2).
"""

import re
import unicodedata
from dataclasses import dataclass

PEOPLE_MOST = 100
LINE_CHARACTERS = 1000
TEXT_CHARACTERS = 50_000
NAME_CHARACTERS = 120
PLACE_CHARACTERS = 300
ADDRESS_CHARACTERS = 254

# Bounded on both sides of the @, so that no text makes it search long.
_ADDRESS = re.compile(
    r"(?:mailto:)?([^\s@,;:<>()\[\]\"“”]{1,64}@[^\s@,;:<>()\[\]\"“”]{1,190})", re.IGNORECASE
)
_WHOLE = re.compile(r"[^@]+@[^@.]+(?:\.[^@.]+)+")
_ITEM = re.compile(r"(?:\(?\d{1,3}[.)]|[-–•*·])\s+")
_FOOTNOTES = re.compile(r"[\d*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:\s*,\s*[\d*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]+)*$")
_PARTICLES = frozenset(
    {"af", "al", "ap", "bin", "bint", "da", "dal", "das", "de", "del", "della", "den", "der"}
    | {"des", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "los", "mac", "st"}
    | {"te", "ten", "ter", "tom", "van", "von", "y", "zu", "zum", "zur"}
)
_EDGES = " \t,;:.<>()[]\"“”'"


@dataclass(frozen=True, slots=True)
class PastedPerson:
    """One person of the list. `email` and `institution` are empty when none was there."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True)
class PastedList:
    """The people in their order, and the lines of which nothing could be made."""

    people: tuple[PastedPerson, ...] = ()
    unread: tuple[str, ...] = ()


def read_names(text: str) -> PastedList:
    """Read "Ada Avelin <ada@x.example>; Ben Ott, ben@y.example, Institute of Y" and the like.

    One person a line or divided by semicolons; a line of addresses divided by commas, as mail
    programs write it, works too. What follows an address after a comma is the institution.
    """
    people: list[PastedPerson] = []
    unread: list[str] = []
    for line in _lines(text):
        found = _with_addresses(line) if "@" in line else _without_addresses(line)
        if found:
            people += found
        else:
            unread.append(line[:80])
    kept, seen = [], set[str]()
    for person in people[:PEOPLE_MOST]:
        if person.email and person.email in seen:
            continue
        seen.add(person.email)
        kept.append(person)
    unread += [_shown(person) for person in people[PEOPLE_MOST:]]
    return PastedList(tuple(kept), tuple(unread))


def _lines(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text[:TEXT_CHARACTERS])
    broken = re.sub(r"[\r\n;\u2028\u2029\v\f\x85]+", "\n", plain)
    cleaned = (
        "".join(
            " " if c == "\t" else c
            for c in line
            if c in "\t\u200c\u200d" or unicodedata.category(c)[0] != "C"
        )
        for line in broken.split("\n")
    )
    joined = (" ".join(line[:LINE_CHARACTERS].split()) for line in cleaned)
    return [line for line in joined if line.strip(_EDGES)]


def _with_addresses(line: str) -> list[PastedPerson]:
    """Names stand before their address; behind the only address stands the institution."""
    marks = [m for m in _ADDRESS.finditer(line) if _WHOLE.fullmatch(m[1].rstrip(_EDGES))]
    people = []
    begins_at = 0
    for mark in marks:
        name = _ITEM.sub("", line[begins_at : mark.start()].lstrip(_EDGES), count=1)
        begins_at = mark.end()
        people.append(_person(name, mark[1].rstrip(_EDGES).lower()))
    rest = line[begins_at:].strip(_EDGES)[:PLACE_CHARACTERS]
    if len(people) == 1 and rest:
        only = people[0]
        return [PastedPerson(only.given_name, only.family_name, only.email, rest)]
    return people


def _without_addresses(line: str) -> list[PastedPerson]:
    """Names alone: several, or one written as "Family, Given"."""
    parts = [part for part in _ITEM.sub("", line, count=1).split(",") if part.strip(_EDGES)]
    is_one = len(parts) == 1 or (len(parts) == 2 and any(len(p.split()) == 1 for p in parts))
    names = [", ".join(parts)] if is_one else parts
    people = [_person(name, "") for name in names]
    return [person for person in people if person.family_name]


def _person(name: str, email: str) -> PastedPerson:
    given, family = split_name(name)
    return PastedPerson(given, family, email[:ADDRESS_CHARACTERS])


def split_name(name: str) -> tuple[str, str]:
    """Given and family name, as far as one can tell: a proposal.

    "Avelin, Ada" is turned round; small words before the last one ("van den") belong to the
    family; a name in one word is a family name.
    """
    plain = _FOOTNOTES.sub("", name.strip(_EDGES)).strip(_EDGES)
    if not any(c.isalpha() for c in plain):
        return "", ""
    before, comma, after = plain.partition(",")
    if comma and after.strip(_EDGES):
        return after.strip(_EDGES)[:NAME_CHARACTERS], before.strip(_EDGES)[:NAME_CHARACTERS]
    words = before.split()
    first = len(words) - 1
    while first > 1 and words[first - 1].lower().rstrip(".’'") in _PARTICLES:
        first -= 1
    return " ".join(words[:first])[:NAME_CHARACTERS], " ".join(words[first:])[:NAME_CHARACTERS]


def _shown(person: PastedPerson) -> str:
    return f"{person.given_name} {person.family_name}".strip() or person.email
