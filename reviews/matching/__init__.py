"""The optimiser: who reviews what, exactly, with proof and reasons (`matching.md` section 4).

Pure: an `Instance` in, a `Matching` out; no Django, no clock, no I/O. `solve` is the door, `repair`
mends an assignment after declines, `randomise` draws one at random with capped probabilities.
"""

from reviews.matching.checker import broken_rules
from reviews.matching.explanation import Explanation, cost_of_change, explain
from reviews.matching.instance import (
    FORBIDDEN,
    GroupLimit,
    Instance,
    Matching,
    PairLimit,
    Shortage,
    in_units,
)
from reviews.matching.randomised import Lottery, randomise
from reviews.matching.solution import repair, solve

__all__ = [
    "FORBIDDEN",
    "Explanation",
    "GroupLimit",
    "Instance",
    "Lottery",
    "Matching",
    "PairLimit",
    "Shortage",
    "broken_rules",
    "cost_of_change",
    "explain",
    "in_units",
    "randomise",
    "repair",
    "solve",
]
