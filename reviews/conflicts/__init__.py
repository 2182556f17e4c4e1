"""Conflicts of interest as rules on plain facts (`domain.md` F). No Django, no clock.

Each finding names the rule, its level and the evidence in a sentence, so that an editor can
judge it and the record can keep it. "hard" stops an act, "warn" is shown, "info" is told once;
some warnings let the act pass only with a written reason (`needs_reason`).
"""

from reviews.conflicts.between import WARN_MONTHS, conflicts_between
from reviews.conflicts.findings import (
    HARD,
    INFO,
    NEVER_WAIVED,
    REASONED,
    RULES_VERSION,
    WAIVABLE,
    WARN,
    Conflict,
    in_order,
    rule_set,
)
from reviews.conflicts.institutions import shared_domain
from reviews.conflicts.panel import (
    handling_conflict,
    load_conflict,
    own_submission_conflict,
    panel_conflicts,
)
from reviews.conflicts.statements import (
    DECLARED_RULES,
    DeclaredPerson,
    NamedPerson,
    suggestion_conflict,
)
from reviews.conflicts.team import (
    EDITOR_RULES,
    bars_to_handling,
    own_issue_conflict,
    team_conflicts,
)

__all__ = [
    "DECLARED_RULES",
    "EDITOR_RULES",
    "HARD",
    "INFO",
    "NEVER_WAIVED",
    "REASONED",
    "RULES_VERSION",
    "WAIVABLE",
    "WARN",
    "WARN_MONTHS",
    "Conflict",
    "DeclaredPerson",
    "NamedPerson",
    "bars_to_handling",
    "conflicts_between",
    "handling_conflict",
    "in_order",
    "load_conflict",
    "own_issue_conflict",
    "own_submission_conflict",
    "panel_conflicts",
    "rule_set",
    "shared_domain",
    "suggestion_conflict",
    "team_conflicts",
]
