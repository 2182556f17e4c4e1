"""F11 and F14 to F17: who else takes part, and what the person is and does already."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from accounts.people import PersonFacts
from reviews.conflicts.findings import HARD, WARN, Conflict
from reviews.conflicts.institutions import shared_now
from reviews.conflicts.papers import months_since, shared_papers
from reviews.conflicts.spans import day_of


def handling_conflict(person: PersonFacts, editor_key: str) -> list[Conflict]:
    """F11: the handling editor cannot review the same manuscript. Never waived."""
    if person.key != editor_key:
        return []
    return [Conflict("F11", HARD, f"{person.name} handles this manuscript as its editor.")]


def panel_conflicts(
    person: PersonFacts,
    others: Iterable[PersonFacts],
    *,
    at: datetime | date,
    months: int,
) -> list[Conflict]:
    """F14: the person and another reviewer of the manuscript share an institution or a paper."""
    day = day_of(at)
    found = []
    for other in others:
        if other.key == person.key:
            continue
        shared = shared_now(person, other, day)
        papers = [p for p in shared_papers(person, other) if months_since(p.year, day) <= months]
        if shared:
            found.append(
                Conflict("F14", WARN, f"{other.name}, also a reviewer here, is at {shared} too.")
            )
        elif papers:
            found.append(
                Conflict(
                    "F14",
                    WARN,
                    f"Published with {other.name}, also a reviewer here, in {papers[0].when}.",
                    is_by_name=papers[0].is_by_name,
                )
            )
    return found


def own_submission_conflict(
    person: PersonFacts, *, own_numbers: Sequence[str], mutual_numbers: Sequence[str]
) -> list[Conflict]:
    """F15: the person has a manuscript in this issue; hard when the two would judge each other.

    `mutual_numbers` are those of the person's manuscripts that an author of this one reviews.
    """
    if mutual_numbers:
        return [
            Conflict(
                "F15",
                HARD,
                f"An author of this manuscript reviews {person.name}'s own "
                f"{_listed(mutual_numbers)}.",
            )
        ]
    if own_numbers:
        return [
            Conflict(
                "F15",
                WARN,
                f"{person.name} is an author of {_listed(own_numbers)} in this issue.",
            )
        ]
    return []


def load_conflict(person: PersonFacts, *, open_count: int, limit: int) -> list[Conflict]:
    """F16: the person already has as many open reviews as the limit allows."""
    if open_count < limit:
        return []
    return [Conflict("F16", WARN, f"{person.name} has {open_count} open reviews of {limit}.")]


def identity_conflict(person: PersonFacts) -> list[Conflict]:
    """F17: nobody has shown yet to be this person; no files until that is done."""
    if person.is_verified:
        return []
    return [
        Conflict(
            "F17",
            WARN,
            f"{person.name} has neither a confirmed address nor an authenticated ORCID iD.",
        )
    ]


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(sorted(numbers))
