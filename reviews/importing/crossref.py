"""JSON of Crossref: works with their authors."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from reviews.importing.rows import (
    NAME_MOST,
    Coauthor,
    Newcomer,
    Place,
    a_name,
    a_paper,
    an_orcid,
    plain,
)

_TAGS = re.compile(r"<[^>]{1,100}>")


def is_work(entry: dict[str, Any]) -> bool:
    """A work's record?"""
    return "DOI" in entry and isinstance(entry.get("title"), list | str)


def work(line: int, entry: dict[str, Any]) -> Iterator[Newcomer]:
    """Each author of a work, with the work and the affiliations printed on it. Raises WrongCell."""
    people = [a for a in entry.get("author") or [] if isinstance(a, dict) and a.get("family")]
    names = [
        Coauthor(
            name=plain(f"{a.get('given') or ''} {a['family']}", 200), orcid=an_orcid(a.get("ORCID"))
        )
        for a in people
    ]
    title = entry["title"][0] if isinstance(entry["title"], list) and entry["title"] else ""
    year = _year(entry)
    for number, (row, who) in enumerate(zip(people, names, strict=True)):
        paper = a_paper(
            title or entry["title"],
            year,
            doi=entry.get("DOI"),
            abstract=_TAGS.sub(" ", plain(entry.get("abstract"), 20_000)),
            coauthors=[c for n, c in enumerate(names) if n != number],
        )
        yield Newcomer(
            line=line,
            given_name=a_name(row.get("given"), "The given name")[:NAME_MOST],
            family_name=a_name(row["family"], "The family name")[:NAME_MOST],
            orcid=who.orcid,
            places=tuple(
                Place(
                    institution=a_name(place.get("name"), "The institution"),
                    started_on=date(paper.year, 1, 1),
                    ended_on=date(paper.year, 12, 31),
                )
                for place in row.get("affiliation") or []
                if isinstance(place, dict) and place.get("name")
            ),
            papers=(paper,),
        )


def _year(entry: dict[str, Any]) -> object:
    for key in ("published", "published-print", "published-online", "issued", "created"):
        parts = (entry.get(key) or {}).get("date-parts") or [[None]]
        if parts and parts[0] and parts[0][0]:
            return parts[0][0]
    return ""
