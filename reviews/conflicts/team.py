"""F12, F13 and F18: the editors of an issue among themselves and as its authors."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import combinations

from accounts.people import PersonFacts
from reviews.conflicts.findings import HARD, INFO, WARN, Conflict
from reviews.conflicts.institutions import shared_now
from reviews.conflicts.spans import day_of

# The rules that keep an editor from handling, and from seeing, a manuscript (F12).
EDITOR_RULES = frozenset({"F1", "F2", "F3", "F4", "F6", "F7", "F8"})
# From this one on the editors' own manuscripts are more than an exception.
MANY_SUBMISSIONS = 2


def bars_to_handling(found: Sequence[Conflict]) -> list[Conflict]:
    """F12: of what the rules say of an editor and the authors, that which calls for another."""
    return [c for c in found if c.is_hard and c.rule in EDITOR_RULES]


def own_issue_conflict(name: str, *, count: int, cap: int | None) -> list[Conflict]:
    """F13: an editor of the issue is an author in it. `count` includes the manuscript looked at.

    Allowed and told; a warning from the second; hard beyond the cap (None: there is none).
    """
    if count < 1:
        return []
    if cap is not None and count > cap:
        noun = "manuscript" if cap == 1 else "manuscripts"
        words = f"{name}, an editor of this issue, is an author of {count}; at most {cap} {noun}."
        return [Conflict("F13", HARD, words)]
    if count >= MANY_SUBMISSIONS:
        words = f"{name}, an editor of this issue, is an author of {count} manuscripts in it."
        return [Conflict("F13", WARN, words)]
    return [Conflict("F13", INFO, f"{name} is an editor of this issue and an author in it.")]


def team_conflicts(editors: Sequence[PersonFacts], *, at: datetime | date) -> list[Conflict]:
    """F18: which guest editors come from one institution. For information only."""
    day = day_of(at)
    found = []
    for one, other in combinations(editors, 2):
        shared = shared_now(one, other, day)
        if shared:
            words = f"{one.name} and {other.name} are both at {shared}."
            found.append(Conflict("F18", INFO, words))
    return found
