"""Rows of one file that are the same person become one."""

import unicodedata
from dataclasses import replace

from reviews.importing.rows import Fault, Newcomer, Paper, Place, Reading


def gather(reading: Reading) -> Reading:
    """The reading with one row a person, in the order of their first rows.

    The same person is who has the same ORCID iD or the same address; without both, the same name
    at the same institution. One address with two ORCID iDs is a fault of the later row.
    """
    groups: list[list[Newcomer]] = []
    of: dict[str, int] = {}
    orcid_of: dict[int, str] = {}
    faults = list(reading.faults)
    for person in reading.people:
        keys = _keys(person)
        known = sorted({of[key] for key in keys if key in of})
        orcids = {orcid_of[n] for n in known if n in orcid_of} | {person.orcid} - {""}
        if len(orcids) > 1:
            faults.append(
                Fault(
                    person.line,
                    f"{person.full_name or person.email} has another ORCID iD here than in an "
                    f"earlier row: {' and '.join(sorted(orcids))}. One of the two is wrong.",
                )
            )
            continue
        if not known:
            groups.append([])
            known = [len(groups) - 1]
        first, *others = known
        for number in others:  # an address in one row, an ORCID iD in another, both in this one
            groups[first] += groups[number]
            groups[number] = []
        groups[first].append(person)
        for member in groups[first] if others else [person]:
            of.update(dict.fromkeys(_keys(member), first))
        if orcids:
            orcid_of[first] = next(iter(orcids))
    people = [_one(rows) for rows in groups if rows]
    people.sort(key=lambda person: person.line)
    return Reading(people, sorted(faults, key=lambda f: f.line), len(reading.people) - len(people))


def folded(text: str) -> str:
    """Text for comparing: no accents, no case, no punctuation."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join(
        "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
        .casefold()
        .split()
    )


def _keys(person: Newcomer) -> list[str]:
    keys = [f"orcid:{person.orcid}"] if person.orcid else []
    if person.email:
        keys.append(f"email:{person.email}")
    if keys:
        return keys
    where = folded(person.places[0].institution) if person.places else f"line {person.line}"
    return [f"name:{folded(person.full_name)}@{where}"]


def _one(rows: list[Newcomer]) -> Newcomer:
    """The first value of each field, and all places, papers and topics once."""
    if len(rows) == 1:
        return rows[0]
    rows = sorted(rows, key=lambda row: row.line)

    def first(name: str) -> str:
        return next((value for row in rows if (value := getattr(row, name))), "")

    limits = [row.load_limit for row in rows if row.load_limit is not None]
    return replace(
        rows[0],
        given_name=first("given_name"),
        family_name=first("family_name"),
        email=first("email"),
        orcid=first("orcid"),
        country=first("country"),
        expertise=first("expertise"),
        topics=tuple(dict.fromkeys(topic for row in rows for topic in row.topics)),
        is_senior=any(row.is_senior for row in rows),
        load_limit=limits[0] if limits else None,
        places=_distinct_places(rows),
        papers=_distinct_papers(rows),
    )


def _distinct_places(rows: list[Newcomer]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for row in rows for place in row.places))


def _distinct_papers(rows: list[Newcomer]) -> tuple[Paper, ...]:
    kept: list[Paper] = []
    seen: set[str] = set()
    for paper in (paper for row in rows for paper in row.papers):
        if seen.isdisjoint(paper.keys):
            kept.append(paper)
        seen.update(paper.keys)
    return tuple(kept)
