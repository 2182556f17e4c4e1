"""Who may do what with an assignment. A stranger gets a 404 before any of these is asked."""

from accounts.models import RoleName, User
from accounts.queries import role_names
from reviews.models import Assignment
from tmi_special_issue.models import SpecialIssue

_WAIVERS = frozenset({RoleName.EDITOR_IN_CHIEF, RoleName.LEAD_GUEST_EDITOR})


def may_answer(person: User, assignment: Assignment) -> bool:
    """Only the person who was asked answers an invitation."""
    return person.pk == assignment.reviewer_id


def may_write(person: User, assignment: Assignment) -> bool:
    """Only the reviewer writes the review."""
    return person.pk == assignment.reviewer_id


def may_waive(person: User | str, issue: SpecialIssue) -> bool:
    """Editor-in-chief and lead set aside a hard conflict that may be waived (`domain.md` F)."""
    return isinstance(person, User) and bool(_WAIVERS & role_names(person, issue))


def may_extend_beyond(person: User, issue: SpecialIssue) -> bool:
    """Only the editor-in-chief grants time beyond the limit of the round (`domain.md` C)."""
    return RoleName.EDITOR_IN_CHIEF in role_names(person, issue)
