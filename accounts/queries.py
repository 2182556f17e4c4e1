"""Reads of people and their roles."""

from typing import TypeAlias

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Affiliation, Role, RoleName, User
from tmi_special_issue.models import SpecialIssue

Visitor: TypeAlias = User | AnonymousUser

EDITOR_ROLES: frozenset[str] = frozenset({RoleName.GUEST_EDITOR, RoleName.LEAD_GUEST_EDITOR})
DESK_ROLES: frozenset[str] = EDITOR_ROLES | {RoleName.EDITOR_IN_CHIEF, RoleName.OFFICE}


def role_names(user: Visitor, issue: SpecialIssue) -> frozenset[str]:
    """The names of the roles that a person has in an issue now. One query."""
    if not isinstance(user, User):
        return frozenset()
    return frozenset(_current_roles().filter(user=user, issue=issue).values_list("name", flat=True))


def role_names_anywhere(user: Visitor) -> frozenset[str]:
    """The names of the roles that a person has now in any issue. One query."""
    if not isinstance(user, User):
        return frozenset()
    return frozenset(_current_roles().filter(user=user).values_list("name", flat=True))


def people_with(issue: SpecialIssue, *names: str) -> QuerySet[User]:
    """The active people who have one of these roles in an issue now, by family name."""
    holders = _current_roles().filter(issue=issue, name__in=names).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by(
        "family_name", "given_name", "pk"
    )


def editors(issue: SpecialIssue) -> QuerySet[User]:
    """The guest editors of an issue, the lead among them."""
    return people_with(issue, *EDITOR_ROLES)


def issues_with_role(user: Visitor, *names: str) -> QuerySet[SpecialIssue]:
    """The issues in which a person has one of these roles now; any role when none is named."""
    if not isinstance(user, User):
        return SpecialIssue.objects.none()
    roles = _current_roles().filter(user=user)
    if names:
        roles = roles.filter(name__in=names)
    return SpecialIssue.objects.filter(pk__in=roles.values("issue"))


def person_by_address(email: str) -> User | None:
    """The account of an e-mail address, in whatever case it is written."""
    return User.objects.filter(email__iexact=email.strip()).first()


def is_confirmed(person: User) -> bool:
    """Has the person shown an address or an ORCID iD to be theirs (`domain.md` F17)?"""
    if person.orcid_verified:
        return True
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


def affiliations_of(person: User) -> QuerySet[Affiliation]:
    """A person's affiliations: present ones first, then those that ended, the latest first."""
    return Affiliation.objects.filter(user=person)


def _current_roles() -> QuerySet[Role]:
    return Role.objects.filter(ended_at__isnull=True)
