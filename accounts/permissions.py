"""Who may do what with people and roles."""

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, Visitor, role_names, role_names_anywhere
from tmi_special_issue.models import SpecialIssue


def may_edit_person(user: Visitor, person: User) -> bool:
    """Everybody keeps their own profile, and nobody another's."""
    return isinstance(user, User) and user.pk == person.pk


def may_grant_roles(user: Visitor, issue: SpecialIssue) -> bool:
    """The editorial office of the issue gives and ends roles."""
    return may_act_for_office(user, issue)


def may_act_for_office(user: Visitor, issue: SpecialIssue) -> bool:
    """Is this person in the editorial office of the issue?"""
    return RoleName.OFFICE in role_names(user, issue)


def may_use_desk(user: Visitor, issue: SpecialIssue) -> bool:
    """Guest editors, editor-in-chief and office of the issue use its desk."""
    return bool(DESK_ROLES & role_names(user, issue))


def needs_second_factor(user: Visitor) -> bool:
    """Whoever sees reviewers' names or decides needs more than one way to prove who they are."""
    return bool(DESK_ROLES & role_names_anywhere(user))
