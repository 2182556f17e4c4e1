"""Matching under limits that cross: HiGHS on candidate pairs, proved over all pairs.

The linear program comes first, since it is nearly always integral; its prices find the pairs that
were left out and could help. Only where it is fractional the integer program follows, with the
linear one as its bound (`matching.md` 4.6).
"""

from dataclasses import dataclass, replace
from math import ceil
from time import monotonic

import numpy as np

from reviews.matching.candidates import best_pairs, blocks, merged, most_violated
from reviews.matching.instance import Instance, Pairs
from reviews.matching.program import Outcome, Program, Question

PER_PAPER, PER_REVIEWER = 30, 15
_TOLERANCE = 1e-4  # of a unit
_GAP_PAIRS_MOST = 60_000


@dataclass(frozen=True)
class LinearAnswer:
    """Chosen pairs of the free part. `bound` - `value` is the gap of what was asked, in units.

    `pairs` are all that the last program looked at.
    """

    chosen: Pairs
    pairs: Pairs
    value: int
    bound: int
    floor: float
    prices: Outcome
    rounds: int


@dataclass
class _Search:
    """The pairs and floors that have turned out to matter so far."""

    instance: Instance
    whole: Instance
    asked: Question
    pairs: Pairs
    ends_at: float
    rounds: int = 0

    def solve(self, *, whole_numbers: bool = False) -> Outcome:
        self.rounds += 1
        program = Program(self.instance, self.whole, self.pairs, self.asked)
        # The linear program is what everything else stands on: it gets the time it needs.
        seconds = max(self.ends_at - monotonic(), 1.0) if whole_numbers else float("inf")
        return program.solve(whole_numbers=whole_numbers, seconds=seconds)

    @property
    def is_late(self) -> bool:
        return monotonic() > self.ends_at


def solve_linear(
    instance: Instance,
    whole: Instance,
    asked: Question | None = None,
    *,
    known: Pairs | None = None,
    whole_numbers: bool = True,
    seconds: float = 30.0,
) -> LinearAnswer | None:
    """The best assignment under the limits of `whole`, or None where the question has no answer.

    `instance` is the free part of `whole`; `known` are pairs to look at besides the best, such as
    those of an answer that is to be bettered. Without `whole_numbers` the linear program is enough,
    and `chosen` is empty where it is fractional. `seconds` limit the integer programs together.
    """
    asked = asked or Question()
    pairs = best_pairs(instance.scores, per_paper=PER_PAPER, per_reviewer=PER_REVIEWER)
    for more in (asked.kept_pairs, known):
        if more is not None and len(more):
            pairs = merged(pairs, more, instance.scores.shape[1])
    search = _Search(instance, whole, asked, pairs, monotonic() + seconds)
    relaxed = _relaxed(search)
    if relaxed is None:
        return None
    if relaxed.is_integral:
        return _answer(search, relaxed, relaxed, relaxed.objective)
    if not whole_numbers:
        empty = replace(relaxed, values=np.zeros(len(search.pairs)))
        return _answer(search, empty, relaxed, relaxed.objective)
    return _in_whole_numbers(search, relaxed)


def _relaxed(search: _Search) -> Outcome | None:
    """The linear program over all pairs, by adding those that its prices call for."""
    while True:
        outcome = search.solve()
        if not outcome.is_feasible:
            return None
        if _floors_added(search, outcome.values, outcome.floor):
            continue
        more = _beyond(
            search, outcome, threshold=_TOLERANCE * max(1.0, search.instance.top_score / 1e4)
        )
        if not len(more):
            return outcome
        search.pairs = merged(search.pairs, more, search.instance.scores.shape[1])


def _floors_added(search: _Search, values: np.ndarray, floor: float) -> bool:
    """Put a floor under the papers that fell below it; most never do and need no row."""
    asked = search.asked
    if asked.floor is None and not asked.raises_floor:
        return False
    papers = search.instance.scores.shape[0]
    scores = search.instance.scores[search.pairs[:, 0], search.pairs[:, 1]]
    own = np.bincount(search.pairs[:, 0], weights=scores * values, minlength=papers)
    offset = asked.floor if asked.floor is not None else np.zeros(papers, np.int64)
    low = own < offset + floor - 0.5
    low &= search.instance.demand > 0
    if asked.shortest is not None:
        low &= asked.shortest == 0
    low[asked.floored] = False
    if not low.any():
        return False
    search.asked = replace(asked, floored=np.union1d(asked.floored, np.flatnonzero(low)))
    return True


def _in_whole_numbers(search: _Search, relaxed: Outcome) -> LinearAnswer | None:
    """The integer program, with every pair in it that the gap to the linear one allows."""
    has_all = False
    while True:
        whole = search.solve(whole_numbers=True)
        if not whole.is_feasible:
            return None
        if _floors_added(search, np.rint(whole.values), whole.floor):
            continue
        gap = whole.objective - relaxed.objective
        if has_all or gap < 1 or search.is_late:
            break
        more = _beyond(search, relaxed, threshold=1.0 - gap, most=10**9)
        if len(more) > _GAP_PAIRS_MOST:
            break
        has_all = True
        if not len(more):
            break
        search.pairs = merged(search.pairs, more, search.instance.scores.shape[1])
    bound = max(relaxed.objective, whole.bound) if has_all or gap < 1 else relaxed.objective
    return _answer(search, whole, relaxed, bound)


def _answer(search: _Search, outcome: Outcome, priced: Outcome, bound: float) -> LinearAnswer:
    chosen = search.pairs[outcome.values > 0.5]
    value = round(-outcome.objective)
    return LinearAnswer(
        chosen=chosen,
        pairs=search.pairs,
        value=value,
        # No whole number above the bound can be reached; the solver's own error is far below it.
        bound=max(value, int(np.floor(-bound + 1e-6 * max(1.0, abs(bound)) ** 0.5))),
        floor=outcome.floor,
        prices=priced,
        rounds=search.rounds,
    )


def _beyond(
    search: _Search, outcome: Outcome, *, threshold: float, most: int | None = None
) -> Pairs:
    """Pairs outside the program whose worth exceeds their prices by `threshold`."""
    instance, width = search.instance, search.instance.scores.shape[1]
    own_worth = 1.0 if search.asked.counts_scores else 0.0
    inside = search.pairs[:, 0] * width + search.pairs[:, 1]
    by_paper: dict[int, list[tuple[int, int, float]]] = {}
    for limit, paper, group, price in outcome.group_prices:
        by_paper.setdefault(paper, []).append((limit, group, price))
    found = [np.empty((0, 2), np.int64)]
    for first, block in blocks(instance.scores):
        here = slice(first, first + len(block))
        worth = own_worth - outcome.floor_prices[here]
        surplus = block * worth[:, None] - outcome.paper_prices[here, None]
        surplus -= outcome.reviewer_prices
        for row in range(len(block)):
            for limit, group, price in by_paper.get(first + row, ()):
                surplus[row, search.whole.groups[limit].group == group] -= price
        surplus[block < 0] = -np.inf
        low, high = np.searchsorted(inside, [first * width, (first + len(block)) * width])
        surplus.ravel()[inside[low:high] - first * width] = -np.inf
        rows, columns = np.nonzero(surplus > threshold)
        if len(rows):
            values = surplus[rows, columns]
            limit_here = most if most is not None else ceil(PER_PAPER / 2)
            best = most_violated(rows, columns, values, most=limit_here)
            best[:, 0] += first
            found.append(best)
    return np.concatenate(found)
