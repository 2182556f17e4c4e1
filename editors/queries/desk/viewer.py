"""Who looks at the desk."""

from dataclasses import dataclass
from functools import cached_property

from accounts.models import RoleName, User
from accounts.queries import EDITOR_ROLES
from editors.queries.visibility import hidden_manuscripts
from tmi_special_issue.models import DecisionAuthority, SpecialIssue


@dataclass(frozen=True)
class Viewer:
    """Who looks at the desk: decides what "mine" and "my turn" mean."""

    user: User
    issue: SpecialIssue
    roles: frozenset[str]

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The keys of the manuscripts that do not exist for this person."""
        return hidden_manuscripts(self.user, self.issue)

    @property
    def is_editor(self) -> bool:
        return bool(EDITOR_ROLES & self.roles)

    @property
    def is_chief(self) -> bool:
        return bool({RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF} & self.roles)

    @property
    def is_editor_in_chief(self) -> bool:
        return RoleName.EDITOR_IN_CHIEF in self.roles

    @property
    def is_office(self) -> bool:
        return RoleName.OFFICE in self.roles

    @property
    def decides_all(self) -> bool:
        """Does this person decide on every manuscript, whoever handles it?"""
        authority = self.issue.decision_authority
        return authority != DecisionAuthority.GUEST_EDITOR and authority in self.roles
