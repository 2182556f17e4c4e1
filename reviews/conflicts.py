"""Conflicts of interest as rules on plain facts (`domain.md` F). No Django, no clock.

Each finding names the rule, its level and the evidence in a sentence, so that an editor can
judge it and the record can keep it. "hard" stops an act, "warn" is shown; some warnings let the
act pass only with a written reason (`needs_reason`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from accounts.people import CoauthorFacts, Employment, PersonFacts, mail_domain_of
from submissions.states import CONFLICT_LABELS, ConflictKind

HARD = "hard"
WARN = "warn"
WARN_MONTHS = 60  # F5: a co-author up to five years back is worth a look

# The editor-in-chief may set aside a hard finding of these rules with a reason; of no others.
WAIVABLE = frozenset({"F3"})
# Warnings under which an invitation needs a written reason.
REASONED = frozenset({"F9", "F16"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule that fired between a person and a manuscript."""

    rule: str
    level: str
    evidence: str
    is_declared: bool = False  # by the authors, to the editors alone

    @property
    def is_hard(self) -> bool:
        return self.level == HARD

    @property
    def is_waivable(self) -> bool:
        """May the editor-in-chief set it aside with a reason? Warnings may always be."""
        return not self.is_hard or self.rule in WAIVABLE

    @property
    def needs_reason(self) -> bool:
        """May it be passed only with words?"""
        return self.rule in REASONED or (self.is_hard and self.is_waivable)


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


def conflicts_between(
    person: PersonFacts,
    authors: Sequence[PersonFacts],
    *,
    at: datetime | date,
    months: int,
    named: Iterable[NamedPerson] = (),
    declared: Iterable[DeclaredPerson] = (),
) -> list[Conflict]:
    """What stands between a person and the authors: F1 to F10, F17.

    `at` is the instant of judging, `months` the span N of F3 and F4, `named` the people the
    authors suggest or oppose, `declared` those with whom they declare a conflict, the only source
    of F6 to F8. Hard findings come first; per rule and author one finding. A
    person who is an author gets F1 alone, since everything else follows from it.
    """
    day = at.date() if isinstance(at, datetime) else at
    for author in authors:
        why = _same_person(person, author)
        if why:
            return [Conflict("F1", HARD, f"{person.name} is an author of this manuscript ({why}).")]
    found: list[Conflict] = []
    for author in authors:
        institution = _institution(person, author, day, months)
        if institution:
            found.append(institution)
        coauthor = _coauthorship(person, author, day, months)
        if coauthor:
            found.append(coauthor)
    found.extend(_named(person, named))
    found.extend(_declared(person, declared))
    if not person.is_verified:
        found.append(
            Conflict(
                "F17",
                WARN,
                f"{person.name} has neither a confirmed address nor an authenticated ORCID iD.",
            )
        )
    return in_order(found)


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
    day = at.date() if isinstance(at, datetime) else at
    found = []
    for other in others:
        if other.key == person.key:
            continue
        shared = _shared_now(person, other, day)
        paper = _latest_paper(person, other)
        if shared:
            found.append(
                Conflict("F14", WARN, f"{other.name}, also a reviewer here, is at {shared} too.")
            )
        elif paper and _months_since(paper, day) <= months:
            found.append(
                Conflict(
                    "F14",
                    WARN,
                    f"Published with {other.name}, also a reviewer here, in {paper}.",
                )
            )
    return found


def suggestion_conflict(
    person: PersonFacts, named: Iterable[NamedPerson], panel: Iterable[PersonFacts]
) -> list[Conflict]:
    """F10: at most one reviewer of a manuscript may be somebody whom its authors suggested."""
    suggested = [entry for entry in named if not entry.is_opposed]
    if not any(_is_named(person, entry) for entry in suggested):
        return []
    for other in panel:
        if other.key != person.key and any(_is_named(other, entry) for entry in suggested):
            return [
                Conflict(
                    "F10",
                    HARD,
                    f"The authors suggested {person.name} and also {other.name}, who is on the "
                    "panel already; one suggested reviewer is the most.",
                )
            ]
    return []


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


def in_order(found: Iterable[Conflict]) -> list[Conflict]:
    """Hard before warn, then by the number of the rule; a finding that repeats is kept once."""
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda c: (not c.is_hard, int(c.rule[1:]), c.evidence))


# --- Sameness ---------------------------------------------------------------------------------


def _same_person(one: PersonFacts, other: PersonFacts) -> str:
    if one.key == other.key:
        return "the same account"
    shared = sorted(one.emails & other.emails)
    if shared:
        return f"the same address, {shared[0]}"
    if one.orcid and one.orcid == other.orcid:
        return f"the same ORCID iD, {one.orcid}"
    return ""


def _is_named(person: PersonFacts, entry: NamedPerson) -> bool:
    """By address when one was given; else by the whole name, as authors often know no more."""
    if entry.email:
        return entry.email.strip().lower() in person.emails
    return _plain(entry.name) == _plain(person.name) != ""


def _is_coauthor(entry: CoauthorFacts, person: PersonFacts) -> bool:
    """By ORCID iD or address; by the whole name only where neither can be compared."""
    if entry.orcid and person.orcid:
        return entry.orcid == person.orcid
    if entry.email and entry.email.lower() in person.emails:
        return True
    if _plain(entry.name) != _plain(person.name) or not _plain(entry.name):
        return False
    # Two people with one name at one institution are told apart by their addresses.
    domain = mail_domain_of(entry.email) if entry.email and person.emails else ""
    return not domain or domain not in {mail_domain_of(address) for address in person.emails}


@lru_cache(maxsize=16_384)  # a panel compares the same few thousand names again and again
def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").split())


# --- Institutions -----------------------------------------------------------------------------


def _institution(
    person: PersonFacts, author: PersonFacts, day: date, months: int
) -> Conflict | None:
    shared = _shared_now(person, author, day)
    if shared:
        return Conflict("F2", HARD, f"Same institution as {author.name}: {shared}.")
    for mine in person.affiliations:
        if mine.ended_on is None or mine.ended_on >= day:
            continue
        if _months_between(mine.ended_on, day) > months:
            continue
        for theirs in _current(author, day):
            if _same_institution(mine, theirs):
                return Conflict(
                    "F3",
                    HARD,
                    f"Left {mine.institution}, where {author.name} works, in "
                    f"{mine.ended_on:%B %Y}, less than {months} months ago.",
                )
    return None


def _shared_now(one: PersonFacts, other: PersonFacts, day: date) -> str:
    """The institution, or the mail domain, that two people share today; "" when none."""
    for mine in _current(one, day):
        for theirs in _current(other, day):
            if _same_institution(mine, theirs):
                return _evidence(mine, theirs)
    for domain in _domains(one, day):
        for their_domain in _domains(other, day):
            shared = shared_domain(domain, their_domain)
            if shared:
                return f"mail domain {shared}"
    return ""


def _current(person: PersonFacts, day: date) -> list[Employment]:
    return [
        entry
        for entry in person.affiliations
        if (entry.ended_on is None or entry.ended_on >= day)
        and (entry.started_on is None or entry.started_on <= day)
    ]


def _domains(person: PersonFacts, day: date) -> list[str]:
    """Institutional mail domains of the present: of affiliations and of the addresses.

    The address of somebody who has left is not always changed at once, so a domain that belongs
    to an affiliation that has ended is left to F3.
    """
    left = {
        entry.mail_domain
        for entry in person.affiliations
        if entry.mail_domain and entry.ended_on is not None and entry.ended_on < day
    }
    of_addresses = {mail_domain_of(address) for address in person.emails}
    domains = {entry.mail_domain for entry in _current(person, day)} | (of_addresses - left)
    return sorted(domains - {""})


def _same_institution(one: Employment, other: Employment) -> bool:
    if one.ror and one.ror == other.ror:
        return True
    if shared_domain(one.mail_domain, other.mail_domain):
        return True
    same_name = _plain(one.institution) == _plain(other.institution) != ""
    # Two institutions may bear one name; two different ROR ids say that they are two.
    return same_name and not (one.ror and other.ror)


def _evidence(one: Employment, other: Employment) -> str:
    if one.ror and one.ror == other.ror:
        return f"{one.institution} (ROR {one.ror})"
    shared = shared_domain(one.mail_domain, other.mail_domain)
    return f"{one.institution} ({shared})" if shared else one.institution


def shared_domain(one: str, other: str) -> str:
    """The domain under which both lie: equal, or one a sub-domain of the other; else "".

    Two different sub-domains of one parent match when the parent is itself an institution's
    domain, which only the affiliations know; `cs.a.example` and `ee.a.example` share
    `a.example`, the last two labels (three below a two-letter country's `ac`, `edu`, `co`...).
    """
    if not one or not other:
        return ""
    if one == other:
        return one
    if one.endswith("." + other):
        return other
    if other.endswith("." + one):
        return one
    base = _registered(one)
    return base if base and base == _registered(other) else ""


_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gov", "gob", "net", "or", "org", "re"})


def _registered(domain: str) -> str:
    """The part of a domain that somebody registered, by rule of thumb; "" when it has none."""
    labels = domain.split(".")
    if len(labels) < 2:
        return ""
    has_second_level = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    size = 3 if has_second_level else 2
    return ".".join(labels[-size:]) if len(labels) >= size else ""


# --- Papers together --------------------------------------------------------------------------


def _coauthorship(
    person: PersonFacts, author: PersonFacts, day: date, months: int
) -> Conflict | None:
    year = _latest_paper(person, author)
    if not year:
        return None
    ago = _months_since(year, day)
    if ago <= months:
        return Conflict("F4", HARD, f"Published with {author.name} in {year}.")
    if ago <= WARN_MONTHS:
        return Conflict("F5", WARN, f"Published with {author.name} in {year}.")
    return None


def _latest_paper(one: PersonFacts, other: PersonFacts) -> int:
    """The last year in which the two published together, known from either side; 0 if never."""
    years = [entry.year for entry in one.coauthors if _is_coauthor(entry, other)]
    years += [entry.year for entry in other.coauthors if _is_coauthor(entry, one)]
    return max(years, default=0)


def _months_since(year: int, day: date) -> int:
    """Months from the end of a year, since only the year of a paper is known (never below 0)."""
    return max(0, _months_between(date(year, 12, 31), day))


def _months_between(earlier: date, later: date) -> int:
    """Months begun between two days: one day over 36 months counts as 37."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months + (1 if later.day > earlier.day else 0)


def _named(person: PersonFacts, named: Iterable[NamedPerson]) -> list[Conflict]:
    found = []
    for entry in named:
        if not _is_named(person, entry):
            continue
        because = f" Their reason: {entry.reason}" if entry.reason else ""
        if entry.is_opposed:
            found.append(
                Conflict("F9", WARN, f"The authors ask not to invite {person.name}.{because}")
            )
        else:
            found.append(Conflict("F10", WARN, f"The authors suggested {person.name}.{because}"))
    return found


def _declared(person: PersonFacts, declared: Iterable[DeclaredPerson]) -> list[Conflict]:
    return [
        Conflict(
            DECLARED_RULES[entry.kind],
            HARD,
            f"The authors declare a conflict with {person.name}: "
            f"{CONFLICT_LABELS[entry.kind]}. Their words: {entry.evidence}",
            is_declared=True,
        )
        for entry in declared
        if (
            entry.key == person.key
            if entry.key
            else _is_named(person, NamedPerson(entry.name, entry.email))
        )
    ]


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(sorted(numbers))
