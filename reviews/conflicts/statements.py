"""F2 to F10 as the authors state them: conflicts they declare, people they oppose or suggest."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.people import PersonFacts
from reviews.conflicts.findings import HARD, WARN, Conflict
from reviews.conflicts.identity import Match, named_as
from submissions.states import CONFLICT_LABELS, ConflictKind


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody whom the authors suggest or oppose, as they wrote it."""

    name: str
    email: str = ""
    is_opposed: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredPerson:
    """Somebody with whom the authors declare a conflict: an account's key, or name and address."""

    kind: ConflictKind
    evidence: str
    key: str = ""
    name: str = ""
    email: str = ""


# Which rule of `domain.md` F each kind comes under. All are hard there when declared.
DECLARED_RULES: dict[ConflictKind, str] = {
    ConflictKind.INSTITUTION: "F2",
    ConflictKind.FORMER_INSTITUTION: "F3",
    ConflictKind.COLLABORATOR: "F4",
    ConflictKind.ADVISER: "F6",
    ConflictKind.FAMILY: "F7",
    ConflictKind.INTEREST: "F8",
    ConflictKind.SIMILAR_WORK: "F8",
}


def named_conflicts(person: PersonFacts, named: Iterable[NamedPerson]) -> list[Conflict]:
    """F9, a warning with a reason, and F10, a warning; with a reason where the identity is open.

    A suggested reviewer must be known by an institution's address or an ORCID iD, since a false
    address at an open provider is how invented reviewers come in.
    """
    found = []
    for entry in named:
        match = named_as(person, entry.name, entry.email)
        if match is Match.NO:
            continue
        because = f" Their reason: {entry.reason}" if entry.reason else ""
        if entry.is_opposed:
            evidence = f"The authors ask not to invite {person.name}.{because}"
        elif person.is_identified:
            evidence = f"The authors suggested {person.name}.{because}"
        else:
            evidence = (
                f"The authors suggested {person.name}, whom neither a confirmed address at an "
                f"institution nor an ORCID iD identifies.{because}"
            )
        found.append(
            Conflict(
                "F9" if entry.is_opposed else "F10",
                WARN,
                evidence,
                is_by_name=match is Match.BY_NAME,
                asks_reason=not entry.is_opposed and not person.is_identified,
            )
        )
    return found


def declared_conflicts(person: PersonFacts, declared: Iterable[DeclaredPerson]) -> list[Conflict]:
    """What the authors declare of a person: hard, under the rule of its kind."""
    found = []
    for entry in declared:
        if entry.key:
            match = Match.SURE if entry.key == person.key else Match.NO
        else:
            match = named_as(person, entry.name, entry.email)
        if match is Match.NO:
            continue
        found.append(
            Conflict(
                DECLARED_RULES[entry.kind],
                HARD,
                f"The authors declare a conflict with {person.name}: "
                f"{CONFLICT_LABELS[entry.kind]}. Their words: {entry.evidence}",
                is_declared=True,
                is_by_name=match is Match.BY_NAME,
            )
        )
    return found


def suggestion_conflict(
    person: PersonFacts, named: Iterable[NamedPerson], panel: Iterable[PersonFacts]
) -> list[Conflict]:
    """F10: at most one reviewer of a manuscript may be somebody whom its authors suggested."""
    suggested = [entry for entry in named if not entry.is_opposed]

    def is_suggested(somebody: PersonFacts) -> bool:
        return any(named_as(somebody, e.name, e.email) is not Match.NO for e in suggested)

    if not is_suggested(person):
        return []
    for other in panel:
        if other.key != person.key and is_suggested(other):
            return [
                Conflict(
                    "F10",
                    HARD,
                    f"The authors suggested {person.name} and also {other.name}, who is on the "
                    "panel already; one suggested reviewer is the most.",
                )
            ]
    return []
