"""BibTeX: publications of reviewers. Whose they are, the entry or the page says."""

import re
from typing import Any

from pybtex.database import Entry
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

from reviews.importing.decoding import UnreadableFile
from reviews.importing.rows import (
    Coauthor,
    Fault,
    Newcomer,
    Reading,
    WrongCell,
    a_paper,
    an_address,
    an_orcid,
    plain,
)

_BEGINS = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
_NO_PAPERS = {"comment", "preamble", "string"}
_MARKUP = re.compile(r"\\[a-zA-Z]+\s?|[{}]")


def read_bibtex(text: str, *, owner: str = "") -> Reading:
    """The publications of a BibTeX file, each as a row of its owner.

    `owner` is an address or ORCID iD for the whole file; an entry may name another one in a field
    `reviewer`. Each entry is parsed by itself, so that a broken one spoils no other.

    Raises:
        UnreadableFile: there is no entry.
    """
    starts = [
        found for found in _BEGINS.finditer(text) if found[1].lower() not in {"comment", "preamble"}
    ]
    if not starts:
        raise UnreadableFile("There is no BibTeX entry in the file; one begins with @article{….")
    strings = [f for f in starts if f[1].lower() == "string"]
    bounds = [found.start() for found in starts] + [len(text)]
    shared = "".join(
        text[found.start() : bounds[bounds.index(found.start()) + 1]] for found in strings
    )
    reading = Reading()
    line, counted = 1, 0
    for found, end in zip(starts, bounds[1:], strict=True):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if found[1].lower() in _NO_PAPERS:
            continue
        try:
            entry = _entry(shared + text[found.start() : end])
            reading.people.append(_row(line, entry, owner))
        except WrongCell as wrong:
            reading.faults.append(Fault(line, str(wrong)))
    return reading


def _entry(text: str) -> Entry:
    try:
        found = list(Parser().parse_string(text).entries.values())
    except (PybtexSyntaxError, PybtexError) as error:
        raise WrongCell(
            f"The entry cannot be read: {plain(str(error).split(chr(10))[0], 160)}."
        ) from error
    if not found:
        raise WrongCell("The entry cannot be read; a brace is missing or too many.")
    return found[0]


def _row(line: int, entry: Entry, owner: str) -> Newcomer:
    fields: Any = entry.fields
    whose = _MARKUP.sub("", fields.get("reviewer", "") or owner).strip()
    if not whose:
        raise WrongCell(
            "The entry does not say whose publication it is. Give the person above, or add "
            "reviewer = {address or ORCID iD}."
        )
    email, orcid = ("", an_orcid(whose)) if "@" not in whose else (an_address(whose), "")
    paper = a_paper(
        _text(fields.get("title", "")),
        _text(fields.get("year", "") or fields.get("date", "")[:4]),
        doi=fields.get("doi", "") or fields.get("url", ""),
        abstract=_text(fields.get("abstract", "")),
        coauthors=[Coauthor(name=_text(str(p))) for p in _authors(entry)],
    )
    return Newcomer(line=line, email=email, orcid=orcid, papers=(paper,))


def _authors(entry: Entry) -> list[str]:
    people: Any = entry.persons.get("author", [])
    return [
        " ".join(
            [*p.first_names, *p.middle_names, *p.prelast_names, *p.last_names, *p.lineage_names]
        )
        for p in people
    ]


def _text(value: str) -> str:
    """BibTeX's text as it is printed, as far as accents go."""
    try:
        return str(Text.from_latex(value))
    except PybtexError:
        return _MARKUP.sub("", value)
