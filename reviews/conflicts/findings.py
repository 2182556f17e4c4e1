"""What a rule says: the rule, its level, the evidence in a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

# Goes up whenever a rule changes what it finds, so that the record says by which it was judged.
RULES_VERSION = "F-2"

HARD = "hard"
WARN = "warn"
INFO = "info"
_TURN = {HARD: 0, WARN: 1, INFO: 2}

# The editor-in-chief or the lead may set aside a hard finding of these rules with a reason, and
# one that rests on a name alone.
WAIVABLE = frozenset({"F3"})
# These are set aside by nobody (`domain.md` F).
NEVER_WAIVED = frozenset({"F1", "F11"})
# Warnings under which an invitation needs a written reason.
REASONED = frozenset({"F9", "F16"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule that fired between a person and a manuscript.

    `is_by_name`: the two were taken for one by the whole name alone, since neither an address
    nor an ORCID iD could be compared; another person may bear that name.
    """

    rule: str
    level: str
    evidence: str
    is_declared: bool = False  # by the authors, to the editors alone
    is_by_name: bool = False
    asks_reason: bool = False

    @property
    def is_hard(self) -> bool:
        return self.level == HARD

    @property
    def is_waivable(self) -> bool:
        """May editor-in-chief or lead set it aside with a reason? Warnings may always be."""
        if not self.is_hard:
            return True
        return self.rule in WAIVABLE or (self.is_by_name and self.rule not in NEVER_WAIVED)

    @property
    def needs_reason(self) -> bool:
        """May it be passed only with words?"""
        return self.asks_reason or self.rule in REASONED or (self.is_hard and self.is_waivable)


def in_order(found: Iterable[Conflict]) -> list[Conflict]:
    """Hard before warn before info, then by the number of the rule; a repetition is kept once."""
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda c: (_TURN[c.level], int(c.rule[1:]), c.evidence))


def rule_set(*, months: int, warn_months: int) -> str:
    """By which rules and spans somebody was judged: "F-2/36/60"."""
    return f"{RULES_VERSION}/{months}/{warn_months}"
