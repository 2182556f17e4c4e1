"""Why these reviewers: prices in words, who came next, and what another choice would cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reviews.matching.instance import FORBIDDEN, Instance, Matching, Pair
from reviews.matching.solution import solve

_RUNNERS_UP = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair was chosen.

    `score` is the pair's own, `paper_price` what the last place on the paper is worth,
    `reviewer_price` what one more review by this person would be worth elsewhere (0 = nobody else
    needs it), all in units. `runners_up` are those who would have come next, each with the loss
    that choosing them would mean at least.
    """

    score: int
    paper_price: float
    reviewer_price: float
    runners_up: tuple[tuple[int, int], ...]

    @property
    def is_in_demand(self) -> bool:
        """Would other papers have wanted this person too?"""
        return self.reviewer_price > 0


def explain(instance: Instance, matching: Matching, pair: Pair) -> Explanation:
    """Why `pair` stands, by the prices of the answer."""
    paper, reviewer = pair
    own = instance.scores[paper].astype(np.float64)
    worth = own - matching.reviewer_prices
    taken = set(matching.reviewers_of(paper))
    others = [
        int(r) for r in np.argsort(-worth, kind="stable") if own[r] >= 0 and int(r) not in taken
    ][:_RUNNERS_UP]
    price = float(matching.paper_prices[paper])
    return Explanation(
        score=int(instance.scores[pair]),
        paper_price=price,
        reviewer_price=float(matching.reviewer_prices[reviewer]),
        runners_up=tuple((r, max(0, round(price - worth[r]))) for r in others),
    )


def cost_of_change(
    instance: Instance,
    matching: Matching,
    *,
    forced: Sequence[Pair] = (),
    forbidden: Sequence[Pair] = (),
) -> Matching | None:
    """The best assignment with some pairs forced, others forbidden; None where it cannot be.

    Exact: the instance is solved again. The cost is the difference of the two sums of scores.
    """
    scores = instance.scores.copy()
    for pair in forbidden:
        scores[pair] = FORBIDDEN
    locked = tuple(dict.fromkeys([*instance.locked, *forced]))
    load = np.bincount(np.array([r for _, r in locked], np.int64), minlength=len(instance.most))
    places = np.bincount(np.array([p for p, _ in locked], np.int64), minlength=len(instance.demand))
    is_impossible = (
        any(instance.scores[pair] < 0 for pair in forced)
        or bool((load > np.maximum(instance.most, 0)).any())
        or bool((places > instance.demand).any())
    )
    if is_impossible:
        return None
    return solve(
        replace(instance, scores=scores, locked=locked), is_fair=matching.floor is not None
    )
