"""Why these reviewers: prices in words, who came next, and what another choice would cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from reviews.matching.instance import FORBIDDEN, Instance, Matching, Pair
from reviews.matching.solution import solve

_RUNNERS_UP = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair was chosen.

    `score` is the pair's own, `paper_price` what the last place on the paper is worth,
    `reviewer_price` what one more review by this person would be worth elsewhere (0 = nobody else
    needs it), all in units. `runners_up` could take the place with nobody else moving and no
    limit broken, best first, each with what the sum of scores would lose.
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
    score = int(instance.scores[pair])
    return Explanation(
        score=score,
        paper_price=float(matching.paper_prices[paper]),
        reviewer_price=float(matching.reviewer_prices[reviewer]),
        runners_up=tuple(
            (r, score - int(instance.scores[paper, r]))
            for r in islice(_substitutes(instance, matching, pair), _RUNNERS_UP)
        ),
    )


def _substitutes(instance: Instance, matching: Matching, pair: Pair) -> Iterator[int]:
    """Who could take the place of a pair with everybody else staying, the best first."""
    paper, leaving = pair
    load = np.bincount(matching.pairs[:, 1], minlength=len(instance.most))
    if load[leaving] <= instance.least[leaving]:
        return  # whoever left would have too little to do
    before = matching.reviewers_of(paper)
    staying = [r for r in before if r != leaving]
    own = instance.scores[paper]
    for number in np.argsort(-own.astype(np.int64), kind="stable").tolist():
        if own[number] < 0:
            return
        is_free = number not in before and load[number] < instance.most[number]
        if is_free and _keeps_limits(instance, paper, before, [*staying, number]):
            yield number


def _keeps_limits(
    instance: Instance, paper: int, before: Sequence[int], after: Sequence[int]
) -> bool:
    """Does a changed panel break no limit that the one before it kept?"""
    for limit in instance.groups:
        was = Counter(limit.group[before].tolist())
        now = Counter(limit.group[after].tolist())
        for group in (was.keys() | now.keys()) - {-1}:
            if limit.most is not None and now[group] > max(limit.most, was[group]):
                return False
            if now[group] < min(limit.least, was[group]):
                return False
    for named in instance.pair_limits:
        members = {r for p, r in named.pairs if p == paper}
        if len(members & set(after)) > max(named.most, len(members & set(before))):
            return False
    return True


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
