"""What the conflict rules say of people whom an editor thinks of, before anybody is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from accounts.models import User
from accounts.people import PersonFacts
from editors.clinic import AskedPerson
from reviews.conflicts import Conflict
from reviews.models import Assignment
from reviews.queries import find_conflicts, reviewer_pool, yardstick_of
from reviews.queries.judging import named_people
from reviews.states import HOLDING, LABELS, AssignmentState
from submissions.models import Version
from tmi_special_issue import clock

# Of people of one name only so many are shown; an address tells them apart better.
ALIKE_MOST = 5


@dataclass(frozen=True)
class Finding:
    """One person that a line may mean, and what the rules say. `user` is None for a stranger."""

    name: str
    institution: str
    conflicts: tuple[Conflict, ...]
    user: User | None = None
    is_in_pool: bool = False
    state: str = ""

    @property
    def is_blocked(self) -> bool:
        return any(conflict.is_hard for conflict in self.conflicts)

    @property
    def is_waivable(self) -> bool:
        """Could every hard finding be set aside?"""
        return all(conflict.is_waivable for conflict in self.conflicts)

    @property
    def is_open(self) -> bool:
        """May the person be taken to the panel page?"""
        return self.is_in_pool and not self.is_blocked and not self.state


@dataclass(frozen=True)
class ClinicLine:
    """A line of the list with those whom it may mean; several share a name."""

    asked: AskedPerson
    findings: tuple[Finding, ...]
    more_count: int = 0

    @property
    def is_ambiguous(self) -> bool:
        return len(self.findings) > 1


def clinic_lines(
    version: Version,
    asked: Sequence[AskedPerson],
    *,
    editor_key: str,
    unseen: Collection[int] = (),
) -> list[ClinicLine]:
    """Each line with what the rules say. Nothing is stored. The number of queries is constant.

    An address or ORCID iD decides who is meant; a name only where neither is given or known.
    `unseen` are the manuscripts that do not exist for whoever asks (F15, F16).
    """
    found = _accounts(asked)
    meant = [_meant(line, found) for line in asked]
    users = list({user.pk: user for row in meant for user in row[:ALIKE_MOST]}.values())
    judged = find_conflicts(version, users, editor_key=editor_key, unseen=unseen)
    pool = set(
        reviewer_pool(version.manuscript.issue)
        .filter(pk__in=[user.pk for user in users])
        .values_list("pk", flat=True)
    )
    states = {
        row.reviewer_id: LABELS[AssignmentState(row.state)].lower()
        for row in Assignment.objects.filter(
            version=version, reviewer__in=users, state__in=sorted(HOLDING)
        )
    }
    yardstick = yardstick_of(version, named_people(version))
    now = clock.now()

    def known(user: User) -> Finding:
        return Finding(
            name=user.full_name or user.email,
            institution=next(
                (row.institution for row in user.affiliations.all() if row.ended_on is None), ""
            ),
            conflicts=tuple(judged[user.pk]),
            user=user,
            is_in_pool=user.pk in pool,
            state=states.get(user.pk, ""),
        )

    def stranger(line: AskedPerson) -> Finding:
        facts = PersonFacts(
            key=f"typed:{line.text}",
            name=line.shown,
            emails=frozenset({line.email} - {""}),
            orcid=line.orcid,
        )
        return Finding(line.shown, "", tuple(yardstick.judge(facts, now)))

    return [
        ClinicLine(
            line,
            tuple(known(user) for user in row[:ALIKE_MOST])
            if row
            else (() if line.fault else (stranger(line),)),
            max(0, len(row) - ALIKE_MOST),
        )
        for line, row in zip(asked, meant, strict=True)
    ]


@dataclass(frozen=True)
class _Accounts:
    by_address: dict[str, User]
    by_orcid: dict[str, list[User]]
    by_name: dict[str, list[User]]


def _accounts(asked: Sequence[AskedPerson]) -> _Accounts:
    addresses = {line.email for line in asked if line.email}
    owners = dict(
        EmailAddress.objects.annotate(address=Lower("email"))
        .filter(address__in=addresses)
        .values_list("address", "user_id")
    )
    names = {_folded(line.name) for line in asked if line.name}
    rows: QuerySet[User] = (
        User.objects.annotate(
            whole=Lower(Concat("given_name", Value(" "), "family_name")), address=Lower("email")
        )
        .filter(
            Q(address__in=addresses)
            | Q(pk__in=list(owners.values()))
            | Q(orcid__in=[line.orcid for line in asked if line.orcid])
            | Q(whole__in=names),
            is_active=True,
        )
        .select_related("reviewer_profile")
        .prefetch_related("affiliations")
        .order_by("family_name", "given_name", "pk")
    )
    users = {user.pk: user for user in rows}
    by_address = {user.email.lower(): user for user in users.values()}
    by_address |= {address: users[key] for address, key in owners.items() if key in users}
    by_orcid: dict[str, list[User]] = {}
    by_name: dict[str, list[User]] = {}
    for user in users.values():
        by_name.setdefault(_folded(user.full_name), []).append(user)
        if user.orcid:
            by_orcid.setdefault(user.orcid, []).append(user)
    return _Accounts(by_address, by_orcid, by_name)


def _meant(line: AskedPerson, found: _Accounts) -> list[User]:
    if line.fault:
        return []
    if line.email in found.by_address:
        return [found.by_address[line.email]]
    if line.orcid in found.by_orcid:
        return found.by_orcid[line.orcid]
    # With an address or iD of its own that nobody has here, a name is not enough to be somebody.
    if line.email or line.orcid or not line.name:
        return []
    return found.by_name.get(_folded(line.name), [])


def _folded(name: str) -> str:
    return " ".join(name.lower().split())
