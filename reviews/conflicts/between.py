"""A person against the authors of a manuscript: F1 to F10 and F17 together."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from accounts.people import PersonFacts
from reviews.conflicts.findings import HARD, Conflict, in_order
from reviews.conflicts.identity import same_person
from reviews.conflicts.institutions import institution_conflict
from reviews.conflicts.panel import identity_conflict
from reviews.conflicts.papers import coauthorship
from reviews.conflicts.spans import day_of
from reviews.conflicts.statements import (
    DeclaredPerson,
    NamedPerson,
    declared_conflicts,
    named_conflicts,
)

WARN_MONTHS = 60  # F5: a co-author up to five years back is worth a look


def conflicts_between(
    person: PersonFacts,
    authors: Sequence[PersonFacts],
    *,
    at: datetime | date,
    months: int,
    warn_months: int = WARN_MONTHS,
    submitted_at: datetime | date | None = None,
    named: Iterable[NamedPerson] = (),
    declared: Iterable[DeclaredPerson] = (),
) -> list[Conflict]:
    """What stands between a person and the authors: F1 to F10, F17.

    `at` is the instant of judging, which says where people work now. `submitted_at` is the first
    submission, from which the spans count back (`at` where there was none): `months` is N of F3
    and F4, `warn_months` the span of F5. `named` are the people the authors suggest or oppose,
    `declared` those with whom they declare a conflict, the only source of F6 to F8.

    Hard findings come first; per rule and author one finding. A person who is an author gets F1
    alone, since everything else follows from it.
    """
    day = day_of(at)
    since = day_of(submitted_at) if submitted_at else day
    for author in authors:
        why = same_person(person, author)
        if why:
            return [Conflict("F1", HARD, f"{person.name} is an author of this manuscript ({why}).")]
    found: list[Conflict] = []
    for author in authors:
        institution = institution_conflict(person, author, day=day, since=since, months=months)
        if institution:
            found.append(institution)
        found += coauthorship(
            person, author, since=since, months=months, warn_months=max(warn_months, months)
        )
    found += named_conflicts(person, named)
    found += declared_conflicts(person, declared)
    found += identity_conflict(person)
    return in_order(found)
