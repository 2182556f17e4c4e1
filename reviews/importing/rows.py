"""What a file says of people: typed, trimmed and checked, but not yet compared with anybody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts import orcid, ror

NAME_MOST = 120
INSTITUTION_MOST = 300
TITLE_MOST = 500
ABSTRACT_MOST = 10_000
COAUTHORS_MOST = 100
YEAR_LEAST, YEAR_MOST = 1900, 2100

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"]{1,64}@[^\s@.,;:<>()\[\]\"]+(\.[^\s@.,;:<>()\[\]\"]+)+")
_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
# A spreadsheet would compute such a cell when the pool is exported again.
_FORMULA = ("=", "@", "+", "-")


class WrongCell(ValueError):
    """A value that cannot be taken; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Coauthor:
    """Somebody on the same paper."""

    name: str = ""
    email: str = ""
    orcid: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication of the person."""

    title: str
    year: int
    doi: str = ""
    abstract: str = ""
    coauthors: tuple[Coauthor, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Equal keys mean the same paper: the DOI, and the title with the year."""
        by_title = f"{re.sub(r'[^0-9a-z]+', '', self.title.casefold()) or self.title}:{self.year}"
        return (f"doi:{self.doi}", by_title) if self.doi else (by_title,)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person works or worked, with dates as far as known."""

    institution: str
    department: str = ""
    country: str = ""
    ror: str = ""
    mail_domain: str = ""
    started_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person as the file has them. `line` is the line, or of JSON the entry, counted from 1."""

    line: int
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    orcid: str = ""
    country: str = ""
    expertise: str = ""
    topics: tuple[str, ...] = ()
    is_senior: bool = False
    load_limit: int | None = None
    places: tuple[Place, ...] = ()
    papers: tuple[Paper, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the file that was not taken, where, and why. `line` 0 is the whole file."""

    line: int
    sentence: str


@dataclass(slots=True)
class Reading:
    """What came out of a file. `joined` counts rows that belong to a person of an earlier row."""

    people: list[Newcomer] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    joined: int = 0


def plain(value: object, most: int) -> str:
    """One line of text without control characters; longer than `most` is cut at a word."""
    if value is None:
        return ""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def a_name(value: object, label: str) -> str:
    """A name or institution. Raises WrongCell for a formula."""
    text = plain(value, INSTITUTION_MOST)
    if text.startswith(_FORMULA):
        raise WrongCell(f"{label} begins with “{text[0]}”, as a formula does. Write the name.")
    return text


def an_address(value: object) -> str:
    """An address in lower case, or "". Raises WrongCell for anything else."""
    text = plain(value, 300).removeprefix("mailto:").lower()
    if text and (len(text) > 254 or not _ADDRESS.fullmatch(text) or text.startswith(_FORMULA)):
        raise WrongCell(f"“{text[:80]}” is no e-mail address.")
    return text


def an_orcid(value: object) -> str:
    """A bare ORCID iD, or "". Raises WrongCell when form or checksum is wrong."""
    try:
        return orcid.normalise(plain(value, 100))
    except orcid.NotAnOrcid as wrong:
        raise WrongCell(str(wrong)) from wrong


def a_ror(value: object) -> str:
    """A bare ROR id, or "". Raises WrongCell when form or check digits are wrong."""
    try:
        return ror.normalise(plain(value, 100))
    except ror.NotAnRor as wrong:
        raise WrongCell(str(wrong)) from wrong


def a_doi(value: object) -> str:
    """A DOI in lower case without resolver, or "" for what is none."""
    found = _DOI.search(plain(value, 300).lower())
    return found[0].rstrip(".,;") if found else ""


def a_country(value: object) -> str:
    """A country code of two letters, or ""."""
    text = plain(value, 10).upper()
    return text if re.fullmatch(r"[A-Z]{2}", text) else ""


def a_day(value: object, label: str) -> date | None:
    """A day written 2024-07-31, 2024-07 or 2024 (their first day), or None."""
    text = plain(value, 20)
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        pass
    raise WrongCell(f"{label} is “{text}”; write a day such as 2024-07-31.")


def a_paper(
    title: object,
    year: object,
    *,
    doi: object = "",
    abstract: object = "",
    coauthors: Iterable[Coauthor] = (),
) -> Paper:
    """A publication. Raises WrongCell without a title or a year."""
    text = plain(title, TITLE_MOST)
    digits = plain(year, 10)
    if not text:
        raise WrongCell("A publication has no title.")
    if not re.fullmatch(r"\d{4}", digits) or not YEAR_LEAST <= int(digits) <= YEAR_MOST:
        raise WrongCell(f"The year of “{text[:60]}” is “{digits}”; write four digits.")
    return Paper(
        title=text,
        year=int(digits),
        doi=a_doi(doi),
        abstract=plain(abstract, ABSTRACT_MOST),
        coauthors=tuple(c for c in coauthors if c.name or c.email or c.orcid)[:COAUTHORS_MOST],
    )
