"""JSON of OpenAlex: authors with dated affiliations, or works with their authors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from reviews.importing.rows import (
    COAUTHORS_MOST,
    Coauthor,
    Newcomer,
    Place,
    a_country,
    a_name,
    a_paper,
    a_ror,
    an_address,
    an_orcid,
    plain,
)
from submissions.name_list import read_names


def is_author(entry: dict[str, Any]) -> bool:
    """An author's record?"""
    return "display_name" in entry and ("affiliations" in entry or "works_count" in entry)


def is_work(entry: dict[str, Any]) -> bool:
    """A work's record?"""
    return "authorships" in entry


def author(line: int, entry: dict[str, Any]) -> Newcomer:
    """A person with dated places. Raises WrongCell."""
    given, family = parted(entry.get("display_name"))
    last = {_bare(i.get("ror")) for i in _list(entry.get("last_known_institutions"))}
    places = []
    for row in _list(entry.get("affiliations")):
        years = sorted(y for y in _list_of_years(row.get("years")))
        institution = row.get("institution") or {}
        lasts = _bare(institution.get("ror")) in last
        places.append(
            _place(
                institution,
                date(years[0], 1, 1) if years else None,
                date(years[-1], 12, 31) if years and not lasts else None,
            )
        )
    return Newcomer(
        line=line,
        given_name=given,
        family_name=family,
        email=an_address(entry.get("email")),
        orcid=an_orcid(entry.get("orcid")),
        country=next((p.country for p in places if p.country and not p.ended_on), ""),
        places=tuple(p for p in places if p.institution),
    )


def work(line: int, entry: dict[str, Any]) -> Iterator[Newcomer]:
    """Each author of a work, with the work and where it was done that year. Raises WrongCell."""
    authorships = _list(entry.get("authorships"))
    names = [
        Coauthor(
            name=plain((a.get("author") or {}).get("display_name"), 200),
            orcid=an_orcid((a.get("author") or {}).get("orcid")),
        )
        for a in authorships
    ]
    year = entry.get("publication_year")
    paper = a_paper(
        entry.get("title") or entry.get("display_name"),
        year,
        doi=entry.get("doi"),
        abstract=_abstract(entry.get("abstract_inverted_index")),
    )
    for number, (row, who) in enumerate(zip(authorships, names, strict=True)):
        given, family = parted(who.name)
        others = tuple(c for n, c in enumerate(names) if n != number)
        yield Newcomer(
            line=line,
            given_name=given,
            family_name=family,
            orcid=who.orcid,
            places=tuple(
                _place(i, date(paper.year, 1, 1), date(paper.year, 12, 31))
                for i in _list(row.get("institutions"))
                if i.get("display_name")
            ),
            papers=(replace(paper, coauthors=others[:COAUTHORS_MOST]),),
        )


def parted(name: object) -> tuple[str, str]:
    """Given and family name of a name in one piece: a proposal, as everywhere."""
    text = a_name(name, "The name")
    found = read_names(text).people
    return (found[0].given_name, found[0].family_name) if found else ("", text[:120])


def _place(institution: dict[str, Any], start: date | None, end: date | None) -> Place:
    return Place(
        institution=a_name(institution.get("display_name"), "The institution"),
        country=a_country(institution.get("country_code")),
        ror=a_ror(institution.get("ror")),
        started_on=start,
        ended_on=end,
    )


def _abstract(index: object) -> str:
    """OpenAlex keeps an abstract as word -> positions."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (place, str(word)) for word, places in index.items() for place in _list_of_numbers(places)
    ]
    return " ".join(word for _, word in sorted(placed))


def _list(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _list_of_numbers(value: object) -> list[int]:
    return [n for n in value if isinstance(n, int)] if isinstance(value, list) else []


def _list_of_years(value: object) -> list[int]:
    return [n for n in _list_of_numbers(value) if 1900 <= n <= 2100]


def _bare(ror: object) -> str:
    return plain(ror, 100).rstrip("/").rpartition("/")[2].lower()
