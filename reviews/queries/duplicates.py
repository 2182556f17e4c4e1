"""Who in the pool may be the same person twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from accounts.models import Affiliation
from reviews.importing import Place, name_key, place_keys
from reviews.models import PeopleApart
from reviews.queries.pool import reviewer_pool
from tmi_special_issue.models import SpecialIssue

# Of a name that very many share no pairs are made; such a name proves nothing.
ALIKE_MOST = 20


@dataclass(frozen=True, order=True)
class Duplicate:
    """Two accounts by their keys, the older first, and what they have in common."""

    first: int
    second: int
    evidence: str


def possible_duplicates(issue: SpecialIssue) -> list[Duplicate]:
    """Pairs with one ORCID iD, or with one name and a place in common. Three queries."""
    pool = reviewer_pool(issue).order_by("pk")
    people = list(pool.values_list("pk", "given_name", "family_name", "orcid"))
    rows = Affiliation.objects.filter(user__in=pool.order_by().values("pk")).order_by()
    places: dict[int, set[str]] = defaultdict(set)
    for user, institution, ror, domain in rows.values_list(
        "user", "institution", "ror", "mail_domain"
    ):
        places[user] |= place_keys([Place(institution, ror=ror, mail_domain=domain)])
    orcids = {key: orcid for key, _, _, orcid in people}
    by_orcid = _groups((orcid, key) for key, _, _, orcid in people)
    by_name = _groups((name_key(given, family), key) for key, given, family, _ in people)
    found = {pair: "ORCID iD" for group in by_orcid.values() for pair in combinations(group, 2)}
    for group in by_name.values():
        for one, other in combinations(group, 2) if len(group) <= ALIKE_MOST else ():
            differ = orcids[one] and orcids[other] and orcids[one] != orcids[other]
            if places[one] & places[other] and not differ:
                found.setdefault((one, other), "name and institution")
    for pair in PeopleApart.objects.values_list("first_id", "second_id"):
        found.pop(pair, None)
    return sorted(Duplicate(one, other, evidence) for (one, other), evidence in found.items())


def _groups(rows: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for word, key in rows:
        if word:
            groups[word].append(key)
    return groups
