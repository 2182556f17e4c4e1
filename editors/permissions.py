"""Who may do what on the desk. A conflicted editor may nothing, because nothing is visible."""

from accounts.models import RoleName, User
from accounts.queries import EDITOR_ROLES, Visitor, role_names
from editors.models import Decision
from editors.queries import deciders, handling_editor, is_visible
from editors.queries.visibility import hidden_manuscripts
from submissions.models import Manuscript
from tmi_special_issue.models import SpecialIssue

_CHIEFS = frozenset({RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF})


def may_see(user: Visitor, manuscript: Manuscript) -> bool:
    """Does the manuscript exist for this person on the desk?"""
    return is_visible(user, manuscript)


def may_check(user: Visitor, manuscript: Manuscript) -> bool:
    """The office works through the checklist: admit or return."""
    return RoleName.OFFICE in role_names(user, manuscript.issue) and may_see(user, manuscript)


def may_assign_editor(user: Visitor, manuscript: Manuscript) -> bool:
    """Lead, editor-in-chief and office give a manuscript to an editor."""
    allowed = _CHIEFS | {RoleName.OFFICE}
    return bool(allowed & role_names(user, manuscript.issue)) and may_see(user, manuscript)


def may_handle(user: Visitor, manuscript: Manuscript) -> bool:
    """The handling editor works with reviewers; lead and editor-in-chief may step in."""
    if not may_see(user, manuscript):
        return False
    roles = role_names(user, manuscript.issue)
    if _CHIEFS & roles:
        return True
    return bool(EDITOR_ROLES & roles) and handling_editor(manuscript) == user


def may_extend(user: Visitor, manuscript: Manuscript) -> bool:
    """Office, lead and editor-in-chief grant a manuscript more time."""
    return may_assign_editor(user, manuscript)


def may_decide(user: Visitor, manuscript: Manuscript) -> bool:
    """Whoever the issue names: the handling editor, the lead, or the editor-in-chief."""
    return may_see(user, manuscript) and user in deciders(manuscript)


def may_recommend(user: Visitor, manuscript: Manuscript) -> bool:
    """The handling editor, where somebody else decides."""
    return (
        may_see(user, manuscript)
        and handling_editor(manuscript) == user
        and bool(EDITOR_ROLES & role_names(user, manuscript.issue))
        and user not in deciders(manuscript)
    )


def may_release(user: Visitor, decision: Decision) -> bool:
    """Only the authority lets a decision out."""
    return may_decide(user, decision.version.manuscript)


def may_see_acceptance(user: Visitor, issue: SpecialIssue) -> bool:
    """Office, lead and editor-in-chief see the acceptance list."""
    return bool((_CHIEFS | {RoleName.OFFICE}) & role_names(user, issue))


def may_take_acceptance(user: Visitor, issue: SpecialIssue) -> bool:
    """The list for production is complete or nothing: taken by somebody who sees every row."""
    return (
        isinstance(user, User)
        and may_see_acceptance(user, issue)
        and not hidden_manuscripts(user, issue)
    )


def may_manage_people(user: Visitor, issue: SpecialIssue) -> bool:
    """The office gives and ends roles."""
    return RoleName.OFFICE in role_names(user, issue)


def may_change_settings(user: Visitor, issue: SpecialIssue) -> bool:
    """Office and editor-in-chief change how the issue works."""
    return bool({RoleName.OFFICE, RoleName.EDITOR_IN_CHIEF} & role_names(user, issue))
