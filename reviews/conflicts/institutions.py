"""F2 and F3: the same institution, now or lately."""

from datetime import date

from accounts.people import Employment, PersonFacts, mail_domain_of
from reviews.conflicts.findings import HARD, Conflict
from reviews.conflicts.identity import plain
from reviews.conflicts.spans import months_between


def institution_conflict(
    person: PersonFacts, author: PersonFacts, *, day: date, since: date, months: int
) -> Conflict | None:
    """F2 when they share an institution today, F3 when the person left the author's lately.

    "Lately" counts back from `since`, the day of the first submission.
    """
    shared = shared_now(person, author, day)
    if shared:
        return Conflict("F2", HARD, f"Same institution as {author.name}: {shared}.")
    for mine in person.affiliations:
        if mine.ended_on is None or mine.ended_on >= day:
            continue
        if months_between(mine.ended_on, since) > months:
            continue
        for theirs in _current(author, day):
            if _same_institution(mine, theirs):
                return Conflict(
                    "F3",
                    HARD,
                    f"Left {mine.institution}, where {author.name} works, in "
                    f"{mine.ended_on:%B %Y}, within {months} months of the submission.",
                )
    return None


def shared_now(one: PersonFacts, other: PersonFacts, day: date) -> str:
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
    if _is_part(one, other) or _is_part(other, one):
        return True
    if shared_domain(one.mail_domain, other.mail_domain):
        return True
    same_name = plain(one.institution) == plain(other.institution) != ""
    # Two institutions may bear one name; two different ROR ids say that they are two.
    return same_name and not (one.ror and other.ror)


def _is_part(one: Employment, other: Employment) -> bool:
    """Does the first institution belong to the second, as ROR knows it?"""
    return other.ror != "" and other.ror in one.ror_parents


def _evidence(one: Employment, other: Employment) -> str:
    if one.ror and one.ror == other.ror:
        return f"{one.institution} (ROR {one.ror})"
    for part, whole in ((one, other), (other, one)):
        if _is_part(part, whole):
            return f"{part.institution} belongs to {whole.institution} (ROR {whole.ror})"
    shared = shared_domain(one.mail_domain, other.mail_domain)
    return f"{one.institution} ({shared})" if shared else one.institution


def shared_domain(one: str, other: str) -> str:
    """The domain under which both lie: equal, or one a sub-domain of the other; else "".

    Two different sub-domains match when somebody registered the domain above both:
    `cs.a.example` and `ee.a.example` share `a.example`, the last two labels (the last three
    below `ac.uk`, `edu.cn`, `nhs.uk` and the like, where everybody registers).
    """
    # A whole country's `ac.uk`, typed as somebody's domain, is nobody's.
    base = _registered(one)
    if not base or not _registered(other):
        return ""
    if one == other:
        return one
    if one.endswith("." + other):
        return other
    if other.endswith("." + one):
        return one
    return base if base == _registered(other) else ""


# Below these, under a country's two letters, institutions of all kinds have their domains.
_SECOND_LEVEL = frozenset(
    {"ac", "co", "com", "edu", "gc", "go", "gob", "gouv", "gov", "govt", "mil", "net", "nhs"}
    | {"or", "org", "re", "res", "sch"}
)


def _registered(domain: str) -> str:
    """The part of a domain that somebody registered, by rule of thumb; "" when it has none."""
    labels = domain.split(".")
    if len(labels) < 2:
        return ""
    has_second_level = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    size = 3 if has_second_level else 2
    return ".".join(labels[-size:]) if len(labels) >= size else ""
