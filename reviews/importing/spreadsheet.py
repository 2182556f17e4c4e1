"""CSV: one row is a person, or one more place or paper of the person of an earlier row."""

import csv
from collections.abc import Iterator
from io import StringIO

from reviews.importing.decoding import UnreadableFile
from reviews.importing.rows import (
    NAME_MOST,
    Coauthor,
    Fault,
    Newcomer,
    Paper,
    Place,
    Reading,
    WrongCell,
    a_country,
    a_day,
    a_name,
    a_paper,
    a_ror,
    an_address,
    an_orcid,
    plain,
)

COLUMNS: dict[str, str] = {
    "email": "the address; every new person needs one",
    "given_name": "",
    "family_name": "",
    "orcid": "0000-0002-1825-0097 or its address",
    "country": "two letters, such as NO",
    "institution": "",
    "department": "",
    "ror": "05dxps055 or its address",
    "mail_domain": "of the institution, such as halvard.example",
    "started_on": "2021-09-01, 2021-09 or 2021",
    "ended_on": "empty while it lasts",
    "topics": "codes of the call, divided by semicolons",
    "expertise": "in words",
    "senior": "yes or empty",
    "load_limit": "open reviews at one time",
    "paper_title": "",
    "paper_year": "",
    "paper_doi": "",
    "paper_abstract": "",
    "paper_coauthors": "names divided by semicolons",
}
_ALIASES = {
    "e_mail": "email",
    "mail": "email",
    "address": "email",
    "first_name": "given_name",
    "last_name": "family_name",
    "surname": "family_name",
    "affiliation": "institution",
    "orcid_id": "orcid",
    "ror_id": "ror",
    "title": "paper_title",
    "year": "paper_year",
    "doi": "paper_doi",
    "abstract": "paper_abstract",
    "coauthors": "paper_coauthors",
}
_YES = {"yes", "y", "true", "1", "x"}
_CELL_MOST = 200_000


def read_rows(text: str) -> Reading:
    """People of a CSV file divided by commas, semicolons or tabs, with a line of column names.

    A row that cannot be taken is a fault of its line, and the others are taken.

    Raises:
        UnreadableFile: no known columns, or nothing below them.
    """
    head = text.split("\n", 1)[0]
    divider = max(",;\t", key=head.count)
    csv.field_size_limit(_CELL_MOST)
    rows = csv.reader(StringIO(text, newline=""), delimiter=divider)
    columns = [_column(name) for name in next(rows, [])]
    unknown = [name for name in columns if name and name not in COLUMNS]
    if not {"email", "orcid", "family_name"} & set(columns):
        raise UnreadableFile(
            "The first line must name the columns, among them email, orcid or family_name. "
            f"It reads “{plain(head, 120)}”."
        )
    reading = Reading()
    if unknown:
        reading.faults.append(
            Fault(1, f"Columns that are not known were left out: {', '.join(unknown)[:200]}.")
        )
    for line, cells in _numbered(rows, reading):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns):
            reading.faults.append(
                Fault(
                    line,
                    f"The row has {len(cells)} cells, but there are {len(columns)} columns. Put a "
                    "cell that contains the divider into quotation marks.",
                )
            )
            continue
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        try:
            reading.people.append(_newcomer(line, row))
        except WrongCell as wrong:
            reading.faults.append(Fault(line, str(wrong)))
    if not reading.people and not [f for f in reading.faults if f.line > 1]:
        raise UnreadableFile("The file names columns, but has no row below them.")
    return reading


def _numbered(rows: Iterator[list[str]], reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; what the reader cannot take is a fault."""
    source: csv.reader = rows  # type: ignore[valid-type]
    while True:
        line = source.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(rows, None)
        except csv.Error as error:
            reading.faults.append(Fault(line, f"The row cannot be read ({error})."))
            continue
        if cells is None:
            return
        yield line, cells


def _column(name: str) -> str:
    key = "_".join(plain(name, 60).lower().replace("-", " ").replace("_", " ").split())
    return _ALIASES.get(key, key)


def _newcomer(line: int, row: dict[str, str]) -> Newcomer:
    person = Newcomer(
        line=line,
        given_name=a_name(row.get("given_name"), "The given name")[:NAME_MOST],
        family_name=a_name(row.get("family_name"), "The family name")[:NAME_MOST],
        email=an_address(row.get("email")),
        orcid=an_orcid(row.get("orcid")),
        country=a_country(row.get("country")),
        expertise=plain(row.get("expertise"), 2000),
        topics=tuple(t.strip() for t in row.get("topics", "").split(";") if t.strip()),
        is_senior=row.get("senior", "").lower() in _YES,
        load_limit=_limit(row.get("load_limit", "")),
        places=_places(row),
        papers=_papers(row),
    )
    if not (person.email or person.orcid or person.family_name):
        raise WrongCell("The row has no address, no ORCID iD and no family name.")
    return person


def _places(row: dict[str, str]) -> tuple[Place, ...]:
    institution = a_name(row.get("institution"), "The institution")
    if not institution:
        return ()
    place = Place(
        institution=institution,
        department=plain(row.get("department"), 200),
        country=a_country(row.get("country")),
        ror=a_ror(row.get("ror")),
        mail_domain=plain(row.get("mail_domain"), 253).lower().removeprefix("@"),
        started_on=a_day(row.get("started_on"), "The first day"),
        ended_on=a_day(row.get("ended_on"), "The last day"),
    )
    if place.started_on and place.ended_on and place.ended_on < place.started_on:
        raise WrongCell(
            f"The last day {place.ended_on} at {institution} is before the first "
            f"{place.started_on}."
        )
    return (place,)


def _papers(row: dict[str, str]) -> tuple[Paper, ...]:
    if not row.get("paper_title"):
        return ()
    names = row.get("paper_coauthors", "").split(";")
    return (
        a_paper(
            row["paper_title"],
            row.get("paper_year"),
            doi=row.get("paper_doi"),
            abstract=row.get("paper_abstract"),
            coauthors=[Coauthor(name=plain(name, 200)) for name in names],
        ),
    )


def _limit(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or int(typed[:4]) > 20:
        raise WrongCell(f"The load limit is “{typed[:20]}”; write a number from 0 to 20.")
    return int(typed)
