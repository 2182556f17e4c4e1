"""JSON of ORCID (version 3): one record is one person with employments and works."""

from datetime import date
from typing import Any

from reviews.importing.rows import (
    NAME_MOST,
    Newcomer,
    Paper,
    Place,
    WrongCell,
    a_country,
    a_name,
    a_paper,
    a_ror,
    an_address,
    an_orcid,
    plain,
)


def is_record(entry: dict[str, Any]) -> bool:
    """A person's record?"""
    return "orcid-identifier" in entry


def record(line: int, entry: dict[str, Any]) -> Newcomer:
    """The person of a record. A work without title or year is left out. Raises WrongCell."""
    person = entry.get("person") or {}
    name = person.get("name") or {}
    activities = entry.get("activities-summary") or {}
    addresses = _each(person.get("emails"), "email")
    countries = _each(person.get("addresses"), "address")
    return Newcomer(
        line=line,
        given_name=a_name(_value(name, "given-names"), "The given name")[:NAME_MOST],
        family_name=a_name(_value(name, "family-name"), "The family name")[:NAME_MOST],
        email=an_address(addresses[0].get("email")) if addresses else "",
        orcid=an_orcid((entry.get("orcid-identifier") or {}).get("path")),
        country=a_country(_value(countries[0], "country")) if countries else "",
        places=tuple(
            _place(summary["employment-summary"])
            for group in _each(activities.get("employments"), "affiliation-group")
            for summary in _each(group, "summaries")
            if isinstance(summary.get("employment-summary"), dict)
        ),
        papers=tuple(
            paper
            for group in _each(activities.get("works"), "group")
            for paper in _first_paper(_each(group, "work-summary"))
        ),
    )


def _first_paper(summaries: list[dict[str, Any]]) -> list[Paper]:
    """The preferred one of several descriptions of the same work."""
    for summary in summaries:
        dois = [
            row.get("external-id-value")
            for row in _each(summary.get("external-ids"), "external-id")
            if row.get("external-id-type") == "doi"
        ]
        try:
            return [
                a_paper(
                    _value(summary.get("title") or {}, "title"),
                    _value(summary.get("publication-date") or {}, "year"),
                    doi=dois[0] if dois else "",
                )
            ]
        except WrongCell:
            continue
    return []


def _place(summary: dict[str, Any]) -> Place:
    organisation = summary.get("organization") or {}
    known = organisation.get("disambiguated-organization") or {}
    is_ror = known.get("disambiguation-source") == "ROR"
    start, end = _day(summary.get("start-date")), _day(summary.get("end-date"))
    return Place(
        institution=a_name(organisation.get("name"), "The institution"),
        department=plain(summary.get("department-name"), 200),
        country=a_country((organisation.get("address") or {}).get("country")),
        ror=a_ror(known.get("disambiguated-organization-identifier")) if is_ror else "",
        started_on=start,
        ended_on=end if not (start and end and end < start) else None,
    )


def _day(value: object) -> date | None:
    if not isinstance(value, dict):
        return None
    try:
        parts = [int(_value(value, key) or 1) for key in ("year", "month", "day")]
        return date(*parts) if parts[0] > 1 else None
    except (TypeError, ValueError):
        return None


def _value(row: dict[str, Any], key: str) -> Any:
    """ORCID wraps each value as {"value": …}."""
    inner = row.get(key)
    return inner.get("value") if isinstance(inner, dict) else None


def _each(row: object, key: str) -> list[dict[str, Any]]:
    rows = row.get(key) if isinstance(row, dict) else None
    return [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []
