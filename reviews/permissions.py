"""Who may do what with an assignment. A stranger gets a 404 before any of these is asked."""

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, role_names
from reviews.models import Assignment
from reviews.queries import find_conflicts
from tmi_special_issue.models import SpecialIssue

_WAIVERS = frozenset({RoleName.EDITOR_IN_CHIEF, RoleName.LEAD_GUEST_EDITOR})


def may_answer(person: User, assignment: Assignment) -> bool:
    """Only the person who was asked answers an invitation."""
    return person.pk == assignment.reviewer_id


def may_claim(person: User, assignment: Assignment) -> bool:
    """May the holder of the link take the assignment over with this account?

    Not with a part of another kind in the issue, a place or a former answer on the version, or a
    hard conflict; an author is the hardest of these. Two people who were both suggested by the
    authors (F10) are no reason, since one takes the place of the other.
    """
    version = assignment.version
    if role_names(person, version.manuscript.issue) & DESK_ROLES:
        return False
    if Assignment.objects.filter(version=version, reviewer=person).exists():
        return False
    editor = assignment.invited_by
    found = find_conflicts(version, [person], editor_key=editor.public_id if editor else "")
    return not any(c.is_hard and c.rule != "F10" for c in found[person.pk])


def may_write(person: User, assignment: Assignment) -> bool:
    """Only the reviewer writes the review."""
    return person.pk == assignment.reviewer_id


def may_waive(person: User | str, issue: SpecialIssue, roles: frozenset[str] | None = None) -> bool:
    """Editor-in-chief and lead set aside a hard conflict that may be waived (`domain.md` F).
    `roles` spares its query to whoever has just read them."""
    if not isinstance(person, User):
        return False
    return bool(_WAIVERS & (role_names(person, issue) if roles is None else roles))


def may_extend_beyond(person: User, issue: SpecialIssue) -> bool:
    """Only the editor-in-chief grants time beyond the limit of the round (`domain.md` C)."""
    return RoleName.EDITOR_IN_CHIEF in role_names(person, issue)
