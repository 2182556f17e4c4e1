"""Reads of imports: everybody with whom a file is compared, and what came out of it."""

from collections import defaultdict
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db.models import Count, QuerySet

from accounts.models import Affiliation, User
from reviews.importing import Index, Known, Place, name_key, place_keys
from reviews.models import Assignment, ImportState, PoolImport, PoolImportLine
from reviews.states import HOLDING
from tmi_special_issue.models import SpecialIssue

AT_WORK = (ImportState.READING, ImportState.WRITING)


def index_of_people() -> Index:
    """Everybody with an account, by ORCID iD, address and name. Three queries."""
    places: dict[int, list[Place]] = defaultdict(list)
    rows = Affiliation.objects.order_by().values_list("user", "institution", "ror", "mail_domain")
    for user, institution, ror, domain in rows.iterator(chunk_size=5000):
        places[user].append(Place(institution, ror=ror, mail_domain=domain))
    index, by_key = Index(), {}
    people = User.objects.order_by("pk").values_list(
        "pk", "given_name", "family_name", "email", "orcid", "is_active"
    )
    for key, given, family, email, orcid, is_active in people.iterator(chunk_size=5000):
        known = Known(
            key=key,
            name=f"{given} {family}".strip() or email,
            orcid=orcid,
            is_open=is_active,
            places=place_keys(places[key]) if key in places else frozenset(),
        )
        by_key[key] = known
        add_known(index, known, name=name_key(given, family), address=email)
    addresses = EmailAddress.objects.order_by("pk").values_list("user_id", "email")
    for key, address in addresses.iterator(chunk_size=5000):
        if key in by_key and by_key[key].is_open:
            index.by_address[address.lower()] = by_key[key]
    return index


def add_known(index: Index, known: Known, *, name: str, address: str) -> None:
    """Let later rows be compared with this person too."""
    if known.orcid and (known.is_open or known.orcid not in index.by_orcid):
        index.by_orcid[known.orcid] = known
    if address:
        index.by_address.setdefault(address.lower(), known)
    if name:
        index.by_name.setdefault(name, []).append(known)


def at_work(keys: Collection[int]) -> list[str]:
    """The public ids of those of these people who have a place on some manuscript."""
    rows = Assignment.objects.filter(reviewer__in=keys, state__in=sorted(HOLDING)).order_by()
    return sorted(set(rows.values_list("reviewer__public_id", flat=True)))


def imports_of(issue: SpecialIssue) -> QuerySet[PoolImport]:
    """The imports of an issue, the latest first, with their files."""
    return PoolImport.objects.filter(issue=issue).select_related("file", "begun_by")


def unfinished_imports() -> QuerySet[PoolImport]:
    """Imports on which a worker should be at work."""
    return PoolImport.objects.filter(state__in=AT_WORK).order_by("begun_at", "pk")


def outcome_counts(pool_import: PoolImport) -> dict[str, int]:
    """How many rows have which outcome."""
    rows = PoolImportLine.objects.filter(pool_import=pool_import).order_by()
    return dict(rows.values_list("outcome").annotate(n=Count("pk")))


def evidence_counts(pool_import: PoolImport) -> list[tuple[str, int]]:
    """By which evidence how many were known, the most frequent first."""
    rows = (
        PoolImportLine.objects.filter(pool_import=pool_import)
        .exclude(evidence="")
        .order_by()
        .values_list("evidence")
        .annotate(n=Count("pk"))
    )
    return sorted(rows, key=lambda pair: (-pair[1], pair[0]))
