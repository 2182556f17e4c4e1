"""F4 and F5: published together within N months of the submission, or some years before.

Only the year of a paper is known, so it counts from the end of that year: in doubt for the
conflict.
"""

from dataclasses import dataclass
from datetime import date

from accounts.people import PersonFacts
from reviews.conflicts.findings import HARD, WARN, Conflict
from reviews.conflicts.identity import Match, as_coauthor
from reviews.conflicts.spans import months_between


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """The last paper of two people. `is_by_name`: only a name says that it is theirs."""

    year: int
    is_by_name: bool = False
    doi: str = ""

    @property
    def when(self) -> str:
        """The year, with what shows it."""
        if self.doi:
            return f"{self.year} (DOI {self.doi})"
        return f"{self.year} (known by the name alone)" if self.is_by_name else str(self.year)


def coauthorship(
    person: PersonFacts, author: PersonFacts, *, since: date, months: int, warn_months: int
) -> list[Conflict]:
    """What the papers of two people say. `since` is the day from which one counts back.

    A paper known for sure decides before one that only a name points to; of the latter the
    finding says so, and it is given only when it weighs more.
    """
    found: list[Conflict] = []
    for paper in shared_papers(person, author):
        ago = months_since(paper.year, since)
        evidence = f"Published with {author.name} in {paper.when}."
        if ago <= months:
            return [Conflict("F4", HARD, evidence, is_by_name=paper.is_by_name)]
        if ago <= warn_months and not found:
            found = [Conflict("F5", WARN, evidence, is_by_name=paper.is_by_name)]
    return found


def shared_papers(one: PersonFacts, other: PersonFacts) -> list[SharedPaper]:
    """The last sure one and the last by name, known from either side's lists or by one DOI."""
    shared = {doi for doi, _ in one.papers} & {doi for doi, _ in other.papers}
    # Two lists may date one paper differently; the later year counts.
    sure = {year: doi for doi, year in sorted(one.papers | other.papers) if doi in shared}
    by_name: set[int] = set()
    for entries, person in ((one.coauthors, other), (other.coauthors, one)):
        for entry in entries:
            match = as_coauthor(entry, person)
            if match is Match.SURE:
                sure.setdefault(entry.year, "")
            elif match is Match.BY_NAME:
                by_name.add(entry.year)
    found = []
    if sure:
        last = max(sure)
        found.append(SharedPaper(last, doi=sure[last]))
    if by_name:
        found.append(SharedPaper(max(by_name), is_by_name=True))
    return found


def months_since(year: int, day: date) -> int:
    """Months from the end of a year to a day, never below 0."""
    return max(0, months_between(date(year, 12, 31), day)) if 1 <= year <= 9999 else 0
