"""Is a person of a file somebody who is known already, and by which evidence?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from accounts.people import is_public_domain
from reviews.importing.gathering import folded
from reviews.importing.rows import Newcomer, Place


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"
    NO_ADDRESS = "no_address"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with an account. `places` are keys as `place_keys` makes them."""

    key: int
    name: str
    orcid: str = ""
    is_open: bool = True
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row: `key` is whose, `evidence` by what, `sentence` what to know."""

    outcome: Outcome
    key: int | None = None
    evidence: str = ""
    sentence: str = ""


@dataclass(slots=True)
class Index:
    """Everybody with whom rows are compared."""

    by_orcid: dict[str, Known] = field(default_factory=dict)
    by_address: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)


def identify(person: Newcomer, index: Index) -> Verdict:
    """By ORCID iD, by address, else by name with a place in common.

    Name and place join nobody who brings an address of their own: two people of one name at one
    university are not rare, and a wrong join would send one's letters to the other. Such a pair
    is added and shown as a possible duplicate instead.
    """
    by_orcid = index.by_orcid.get(person.orcid) if person.orcid else None
    by_address = index.by_address.get(person.email) if person.email else None
    if by_orcid and by_address and by_orcid.key != by_address.key:
        return Verdict(
            Outcome.FAULT,
            sentence=f"The ORCID iD is that of {by_orcid.name}, the address that of "
            f"{by_address.name}. Join the two first if they are one person.",
        )
    found = by_orcid or by_address
    if found is None:
        return _by_name(person, index)
    if not found.is_open:
        return Verdict(
            Outcome.FAULT, sentence=f"The account of {found.name} is closed; nothing was added."
        )
    if person.orcid and found.orcid and person.orcid != found.orcid:
        return Verdict(
            Outcome.FAULT,
            sentence=f"{person.email} is the address of {found.name}, whose ORCID iD is "
            f"{found.orcid} and not {person.orcid}.",
        )
    evidence = " and ".join(
        word for word, known in (("ORCID iD", by_orcid), ("address", by_address)) if known
    )
    return Verdict(Outcome.KNOWN, found.key, evidence)


def name_key(given_name: str, family_name: str) -> str:
    """A name for comparing; "" for none, which is equal to nobody's."""
    return folded(f"{given_name} {family_name}")


def place_keys(places: Iterable[Place]) -> frozenset[str]:
    """What two people of one place share: ROR id, institution's name, own mail domain."""
    keys = set()
    for place in places:
        keys.add(folded(place.institution))
        keys.add(f"ror:{place.ror}" if place.ror else "")
        domain = place.mail_domain
        keys.add(f"@{domain}" if domain and not is_public_domain(domain) else "")
    return frozenset(keys - {""})


def _by_name(person: Newcomer, index: Index) -> Verdict:
    name = name_key(person.given_name, person.family_name)
    places = place_keys(person.places)
    alike = [
        known
        for known in (index.by_name.get(name, []) if name else [])
        if known.is_open and known.places & places and _may_be_one(person, known)
    ]
    if person.email:
        return Verdict(Outcome.NEW, sentence=_resembles(alike))
    if len(alike) == 1:
        return Verdict(Outcome.KNOWN, alike[0].key, "name and institution")
    if alike:
        return Verdict(
            Outcome.FAULT,
            sentence=f"{len(alike)} people are called {person.full_name} at this institution. Add "
            "an address or an ORCID iD to say which.",
        )
    return Verdict(
        Outcome.NO_ADDRESS,
        sentence="Nobody known, and without an address nobody can be asked. Add an address.",
    )


def _may_be_one(person: Newcomer, known: Known) -> bool:
    return not (person.orcid and known.orcid and person.orcid != known.orcid)


def _resembles(alike: Collection[Known]) -> str:
    if not alike:
        return ""
    return "May be the same as somebody with this name at this institution; see the duplicates."
