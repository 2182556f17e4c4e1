"""Who is who: the same person, a co-author on a list of publications."""

from enum import Enum
from functools import lru_cache

from accounts.people import CoauthorFacts, PersonFacts, mail_domain_of


class Match(Enum):
    """How sure it is that an entry means a person."""

    NO = 0
    BY_NAME = 1
    SURE = 2


def same_person(one: PersonFacts, other: PersonFacts) -> str:
    """Why the two are one person, "" when they are not known to be."""
    if one.key == other.key:
        return "the same account"
    shared = sorted(one.emails & other.emails)
    if shared:
        return f"the same address, {shared[0]}"
    if one.orcid and one.orcid == other.orcid:
        return f"the same ORCID iD, {one.orcid}"
    return ""


def named_as(person: PersonFacts, name: str, email: str) -> Match:
    """By address when one was given; else by the whole name, as authors often know no more."""
    if email:
        return Match.SURE if email.strip().lower() in person.emails else Match.NO
    return Match.BY_NAME if plain(name) == plain(person.name) != "" else Match.NO


def as_coauthor(entry: CoauthorFacts, person: PersonFacts) -> Match:
    """By ORCID iD or address; by the whole name only where neither can be compared."""
    if entry.orcid and person.orcid:
        return Match.SURE if entry.orcid == person.orcid else Match.NO
    if entry.email and entry.email.lower() in person.emails:
        return Match.SURE
    if plain(entry.name) != plain(person.name) or not plain(entry.name):
        return Match.NO
    # Two people with one name at one institution are told apart by their addresses.
    domain = mail_domain_of(entry.email) if entry.email and person.emails else ""
    is_another = domain in {mail_domain_of(address) for address in person.emails} - {""}
    return Match.NO if is_another else Match.BY_NAME


@lru_cache(maxsize=16_384)  # a panel compares the same few thousand names again and again
def plain(name: str) -> str:
    """A name as it is compared: no capitals, no dots, single spaces."""
    return " ".join(name.casefold().replace(".", " ").split())
