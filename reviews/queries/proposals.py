"""Whom reviewers who declined named in their place, judged before an editor sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from accounts.people import (
    PersonFacts,
    employment,
    is_public_domain,
    mail_domain_of,
)
from accounts.queries import people_with
from reviews.conflicts import Conflict
from reviews.models import ProposedReviewer
from reviews.queries.judging import find_conflicts, named_people, yardstick_of
from submissions.models import Version
from tmi_special_issue import clock


@dataclass(frozen=True)
class Proposal:
    """A name with what the rules say of it. `user` is the account of the address, if there is one.

    `is_in_pool`: the person is among the candidates and can be ticked there.
    """

    row: ProposedReviewer
    named_by: str
    conflicts: tuple[Conflict, ...]
    user: User | None = None
    is_in_pool: bool = False

    @property
    def is_blocked(self) -> bool:
        return any(conflict.is_hard for conflict in self.conflicts)

    @property
    def is_public_address(self) -> bool:
        """Is the address at a provider where anybody can have one?"""
        return is_public_domain(self.row.email.rpartition("@")[2])


def proposals_of(version: Version) -> list[ProposedReviewer]:
    """Whom reviewers named in their place, with who named them."""
    rows = ProposedReviewer.objects.filter(assignment__version=version)
    return list(rows.select_related("assignment__reviewer"))


def proposals_for(
    version: Version, *, editor_key: str, rows: Sequence[ProposedReviewer] | None = None
) -> list[Proposal]:
    """The people named for a version (`rows` where they are at hand), each judged as of now.
    At most a dozen queries."""
    if rows is None:
        rows = proposals_of(version)
    if not rows:
        return []
    addresses = [row.email.lower() for row in rows if row.email]
    users = {user.email.lower(): user for user in User.objects.filter(email__in=addresses)}
    known = find_conflicts(version, list(users.values()), editor_key=editor_key) if users else {}
    pool = set(
        people_with(version.manuscript.issue, "reviewer")
        .filter(pk__in=[user.pk for user in users.values()])
        .values_list("pk", flat=True)
    )
    yardstick, now = yardstick_of(version, named_people(version)), clock.now()
    found = []
    for row in rows:
        user = users.get(row.email.lower()) if row.email else None
        conflicts = known[user.pk] if user else yardstick.judge(_facts(row), now)
        found.append(
            Proposal(
                row=row,
                named_by=row.assignment.reviewer.full_name,
                conflicts=tuple(c for c in conflicts if c.rule != "F17"),
                user=user,
                is_in_pool=user is not None and user.pk in pool,
            )
        )
    return found


def _facts(row: ProposedReviewer) -> PersonFacts:
    """What name and address alone tell of a person."""
    domain = mail_domain_of(row.email)
    return PersonFacts(
        key=f"proposed:{row.public_id}",
        name=row.name,
        emails=frozenset({row.email.lower()} - {""}),
        affiliations=(employment("by the mail domain", mail_domain=domain),) if domain else (),
        is_verified=False,
    )
