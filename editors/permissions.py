"""Who may do what on the desk. A conflicted editor may nothing, because nothing is visible."""

from dataclasses import dataclass

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, EDITOR_ROLES, Visitor, role_names
from editors.models import Decision
from editors.queries import handling_editor, is_visible
from editors.queries.decisions import DECIDING_ROLES, WITHOUT_EDITOR
from editors.queries.visibility import hidden_manuscripts
from submissions.models import Manuscript
from tmi_special_issue.models import DecisionAuthority, SpecialIssue

_CHIEFS = frozenset({RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF})
_SETTLERS = frozenset({RoleName.EDITOR_IN_CHIEF, RoleName.OFFICE})
_ASSIGNERS = _CHIEFS | {RoleName.OFFICE}


@dataclass(frozen=True)
class Standing:
    """How a person stands to a manuscript; all permissions follow from it without a query."""

    roles: frozenset[str]
    is_visible: bool
    is_handling: bool
    editor: User | None
    authority: DecisionAuthority

    @property
    def is_handled(self) -> bool:
        """Does anybody look after it?"""
        return self.editor is not None

    @property
    def may_check(self) -> bool:
        """The office works through the checklist: admit or return."""
        return self.is_visible and RoleName.OFFICE in self.roles

    @property
    def may_assign_editor(self) -> bool:
        """Lead, editor-in-chief and office give a manuscript to an editor."""
        return self.is_visible and bool(_ASSIGNERS & self.roles)

    @property
    def may_extend(self) -> bool:
        """Office, lead and editor-in-chief grant a manuscript more time."""
        return self.may_assign_editor

    @property
    def may_settle_withdrawal(self) -> bool:
        """Office and editor-in-chief answer an author who asks to withdraw."""
        return self.is_visible and bool(_SETTLERS & self.roles)

    @property
    def may_approve_authors(self) -> bool:
        """The editor-in-chief approves another list of authors."""
        return self.is_visible and RoleName.EDITOR_IN_CHIEF in self.roles

    @property
    def may_handle(self) -> bool:
        """The handling editor works with reviewers; lead and editor-in-chief may step in."""
        if not self.is_visible:
            return False
        return bool(_CHIEFS & self.roles) or self._is_editor_here

    @property
    def may_resend(self) -> bool:
        """Whoever works with the manuscript sends a mail again that did not go out."""
        return self.may_handle or self.may_assign_editor

    @property
    def may_decide(self) -> bool:
        """Whoever the issue names: the handling editor, the lead, or the editor-in-chief."""
        if not self.is_visible:
            return False
        if self.authority != DecisionAuthority.GUEST_EDITOR:
            return bool(DECIDING_ROLES[self.authority] & self.roles)
        if self.is_handled:
            return self._is_editor_here
        return bool(WITHOUT_EDITOR & self.roles)

    @property
    def may_recommend(self) -> bool:
        """The handling editor, where somebody else decides."""
        return self.is_visible and self._is_editor_here and not self.may_decide

    @property
    def _is_editor_here(self) -> bool:
        works = EDITOR_ROLES | {RoleName.EDITOR_IN_CHIEF}
        return self.is_handling and bool(works & self.roles)


def standing(
    user: Visitor,
    manuscript: Manuscript,
    *,
    roles: frozenset[str] | None = None,
    seen: bool | None = None,
) -> Standing:
    """How a person stands to a manuscript now, in four queries at most.

    `roles` and `seen` spare those queries to whoever has just asked them.
    """
    issue = manuscript.issue
    editor = handling_editor(manuscript)
    return Standing(
        roles=role_names(user, issue) if roles is None else roles,
        is_visible=is_visible(user, manuscript) if seen is None else seen,
        is_handling=editor is not None and editor == user,
        editor=editor,
        authority=DecisionAuthority(issue.decision_authority),
    )


def may_see(user: Visitor, manuscript: Manuscript) -> bool:
    """Does the manuscript exist for this person on the desk?"""
    return is_visible(user, manuscript)


def may_check(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person pass or fail the checklist?"""
    return standing(user, manuscript).may_check


def may_assign_editor(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person say who handles the manuscript?"""
    return standing(user, manuscript).may_assign_editor


def may_settle_withdrawal(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person confirm or decline a withdrawal?"""
    return standing(user, manuscript).may_settle_withdrawal


def may_approve_authors(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person approve or decline another list of authors?"""
    return standing(user, manuscript).may_approve_authors


def may_handle(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person work with the reviewers?"""
    return standing(user, manuscript).may_handle


def may_extend(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person grant the manuscript more time?"""
    return standing(user, manuscript).may_extend


def may_resend(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person send a mail about the manuscript again?"""
    return standing(user, manuscript).may_resend


def may_decide(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person decide on the manuscript?"""
    return standing(user, manuscript).may_decide


def may_recommend(user: Visitor, manuscript: Manuscript) -> bool:
    """May this person recommend a decision to another who decides?"""
    return standing(user, manuscript).may_recommend


def may_release(user: Visitor, decision: Decision) -> bool:
    """Only the authority lets a decision out."""
    return may_decide(user, decision.version.manuscript)


def may_see_acceptance(user: Visitor, issue: SpecialIssue) -> bool:
    """Office, lead and editor-in-chief see the acceptance list."""
    return bool(_ASSIGNERS & role_names(user, issue))


def may_take_acceptance(user: Visitor, issue: SpecialIssue) -> bool:
    """The list for production is complete or nothing: taken by somebody who sees every row."""
    return (
        isinstance(user, User)
        and may_see_acceptance(user, issue)
        and not hidden_manuscripts(user, issue)
    )


def may_match(user: Visitor, issue: SpecialIssue) -> bool:
    """Lead and editor-in-chief have reviewers proposed for all manuscripts."""
    return bool(_CHIEFS & role_names(user, issue))


def may_manage_people(user: Visitor, issue: SpecialIssue) -> bool:
    """The office gives and ends roles."""
    return RoleName.OFFICE in role_names(user, issue)


def may_see_pool(user: Visitor, issue: SpecialIssue) -> bool:
    """Everybody at the desk looks for reviewers."""
    return bool(DESK_ROLES & role_names(user, issue))


def may_keep_pool(user: Visitor, issue: SpecialIssue) -> bool:
    """Office, lead and editor-in-chief add people to the pool and keep what is known of them."""
    return bool(_ASSIGNERS & role_names(user, issue))


def may_recruit(user: Visitor, issue: SpecialIssue) -> bool:
    """Everybody at the desk asks people to join the pool, as everybody looks for reviewers."""
    return may_see_pool(user, issue)


def may_merge_people(user: Visitor, issue: SpecialIssue) -> bool:
    """Joining accounts touches every manuscript, so whoever does it is in conflict with none.

    What stands against it tells of assignments, which nobody may learn of a hidden manuscript.
    """
    return (
        isinstance(user, User)
        and may_keep_pool(user, issue)
        and not hidden_manuscripts(user, issue)
    )


def may_edit_sheet(user: Visitor, issue: SpecialIssue) -> bool:
    """Office, lead and editor-in-chief say what reviewers are asked."""
    return bool(_ASSIGNERS & role_names(user, issue))


def may_read_letter_words(user: Visitor, issue: SpecialIssue) -> bool:
    """Office, lead and editor-in-chief read the words of the issue's letters."""
    return bool(_ASSIGNERS & role_names(user, issue))


def may_edit_letter_words(user: Visitor, issue: SpecialIssue) -> bool:
    """Lead and editor-in-chief change them."""
    return bool(_CHIEFS & role_names(user, issue))


def may_change_settings(user: Visitor, issue: SpecialIssue) -> bool:
    """Office and editor-in-chief change how the issue works."""
    return bool({RoleName.OFFICE, RoleName.EDITOR_IN_CHIEF} & role_names(user, issue))
