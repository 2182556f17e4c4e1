"""Reads of who was asked to join the pool, and what stands against asking."""

from collections.abc import Collection, Iterable

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.queries import DESK_ROLES, people_with
from reviews.models import PeopleMerge, PoolRequest
from reviews.recruiting import RequestState, Standing
from submissions.models import Author, Manuscript
from submissions.states import ACCEPTED, Confirmation
from tmi_special_issue.models import SpecialIssue


def request_by_hash(secret_hash: str) -> PoolRequest | None:
    """The request behind a mail's link, unless the account was closed since."""
    return (
        PoolRequest.objects.select_related("issue", "person")
        .filter(secret_hash=secret_hash, person__is_active=True)
        .first()
    )


def requests_for(issue: SpecialIssue, people: Iterable[User]) -> dict[int, PoolRequest]:
    """The request of each person in an issue, by user key. One query."""
    rows = PoolRequest.objects.filter(issue=issue, person__in=list(people)).order_by()
    return {row.person_id: row for row in rows}


def refusers(issue: SpecialIssue) -> QuerySet[PoolRequest, int]:
    """Keys of those who said no: for this issue, or for good."""
    rows = PoolRequest.objects.filter(state=RequestState.DECLINED)
    return (
        rows.filter(Q(issue=issue) | Q(never_again=True))
        .order_by()
        .values_list("person_id", flat=True)
    )


def standings(issue: SpecialIssue, people: Collection[User]) -> dict[int, Standing]:
    """What is known of people who might be asked, by user key. Four queries.

    A no for good that was said with an account joined to this one since counts as well.
    """
    keys = [person.pk for person in people]
    rows = requests_for(issue, people)
    at_desk = set(
        people_with(issue, *DESK_ROLES).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    )
    joined = dict(
        PeopleMerge.objects.filter(kept__in=keys, undone_at__isnull=True)
        .order_by()
        .values_list("gone_id", "kept_id")
    )
    never = {
        joined.get(key, key)
        for key in PoolRequest.objects.filter(never_again=True, person__in=[*keys, *joined])
        .order_by()
        .values_list("person_id", flat=True)
    }
    return {
        person.pk: Standing(
            is_closed=not person.is_active,
            is_at_desk=person.pk in at_desk,
            never_again=person.pk in never,
            state=RequestState(row.state) if row else None,
            asked_at=row.asked_at if row else None,
        )
        for person in people
        for row in [rows.get(person.pk)]
    }


def owners_of(addresses: Collection[str]) -> dict[str, User]:
    """The account of each address in lower case: its main one, or one that was confirmed."""
    wanted = {address.lower() for address in addresses}
    confirmed = (
        EmailAddress.objects.annotate(address=Lower("email"))
        .filter(address__in=wanted, verified=True)
        .select_related("user")
    )
    found = {row.address: row.user for row in confirmed}
    main = User.objects.annotate(address=Lower("email")).filter(address__in=wanted)
    return found | {user.address: user for user in main}


def accepted_papers(person: User) -> QuerySet[Manuscript]:
    """The person's own manuscripts whose authors have been told that they are accepted.

    No other manuscript is offered as a publication: what stands in the pool is read by every
    editor, also by one from whom the manuscript is hidden.
    """
    own = Author.objects.filter(
        Q(user=person) | Q(email__iexact=person.email), version__submitted_at__isnull=False
    ).exclude(confirmation=Confirmation.DISPUTED)
    return Manuscript.objects.filter(
        stage__in=sorted(ACCEPTED), pk__in=own.order_by().values("version__manuscript")
    ).order_by("number", "pk")
