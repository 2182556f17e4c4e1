"""The exact core: a minimum-cost flow over candidate pairs, proved over all pairs by its prices.

A pair that was left out could only help if its score exceeded the price of its paper plus the
price of its reviewer. The prices are integers, so "no such pair anywhere" is a proof without any
tolerance (`matching.md` 2.5; Ahuja, Magnanti, Orlin, Network Flows, 1993, chapter 9).
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from reviews.matching.candidates import best_pairs, blocks, merged, most_violated
from reviews.matching.instance import Instance, Ints, Pairs

_NOTHING = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class FlowAnswer:
    """Chosen pairs of the free part, with the integer prices that prove them optimal."""

    chosen: Pairs
    objective: int
    paper_prices: Ints
    reviewer_prices: Ints
    penalty: int
    rounds: int
    pair_count: int


def solve_flow(instance: Instance) -> FlowAnswer:
    """The assignment with the fewest unfilled places and then the highest sum of scores.

    `instance` has neither locked pairs left nor limits by group.
    """
    pairs = best_pairs(instance.scores)
    # A modest penalty is quick. It is exact wherever nothing is short; else one that outweighs
    # every sum of scores takes its place.
    penalty = 4 * (instance.top_score + 1)
    whole = (instance.top_score + 1) * (int(instance.demand.sum()) + int(instance.least.sum()) + 1)
    rounds = 0
    while True:
        rounds += 1
        amounts = _flow(instance, pairs, penalty)
        if penalty < whole and _is_short(instance, pairs, amounts):
            penalty = whole
            continue
        paper_prices, reviewer_prices = _prices(instance, pairs, amounts, penalty)
        more = _violated(instance, pairs[amounts], paper_prices, reviewer_prices)
        if not len(more):
            break
        pairs = merged(pairs, more, instance.scores.shape[1])
    chosen = pairs[amounts]
    return FlowAnswer(
        chosen=chosen,
        objective=int(instance.scores[chosen[:, 0], chosen[:, 1]].astype(np.int64).sum()),
        paper_prices=paper_prices,
        reviewer_prices=reviewer_prices,
        penalty=penalty,
        rounds=rounds,
        pair_count=len(pairs),
    )


def _flow(instance: Instance, pairs: Pairs, penalty: int) -> np.ndarray:
    """Which candidate pairs the flow uses, as booleans."""
    papers, reviewers = instance.scores.shape
    sink = papers + reviewers
    network = SimpleMinCostFlow()
    scores = instance.scores[pairs[:, 0], pairs[:, 1]].astype(np.int64)
    ones = np.ones(len(pairs), np.int64)
    network.add_arcs_with_capacity_and_unit_cost(
        pairs[:, 0], pairs[:, 1] + papers, ones, instance.top_score - scores
    )
    # An unfilled place goes straight to the sink, an unfilled least load comes from it.
    everybody = np.arange(papers, sink)
    network.add_arcs_with_capacity_and_unit_cost(
        np.arange(papers),
        np.full(papers, sink),
        instance.demand,
        np.full(papers, instance.top_score + penalty),
    )
    network.add_arcs_with_capacity_and_unit_cost(
        everybody,
        np.full(reviewers, sink),
        instance.most - instance.least,
        np.zeros(reviewers, np.int64),
    )
    wanting = np.flatnonzero(instance.least)
    network.add_arcs_with_capacity_and_unit_cost(
        np.full(len(wanting), sink),
        wanting + papers,
        instance.least[wanting],
        np.full(len(wanting), penalty),
    )
    supplies = np.concatenate(
        [
            instance.demand,
            -instance.least,
            [int(instance.least.sum()) - int(instance.demand.sum())],
        ]
    )
    network.set_nodes_supplies(np.arange(sink + 1), supplies)
    status = network.solve()
    if status != network.OPTIMAL:  # cannot be: every place has a way to the sink
        raise RuntimeError(f"the flow ended with status {status}")
    amounts: np.ndarray = network.flows(np.arange(len(pairs))) > 0
    return amounts


def _is_short(instance: Instance, pairs: Pairs, used: np.ndarray) -> bool:
    papers, reviewers = instance.scores.shape
    filled = np.bincount(pairs[used, 0], minlength=papers)
    load = np.bincount(pairs[used, 1], minlength=reviewers)
    return bool((filled < instance.demand).any() or (load < instance.least).any())


def _prices(instance: Instance, pairs: Pairs, used: np.ndarray, penalty: int) -> tuple[Ints, Ints]:
    """The lowest reviewers' prices and highest papers' prices that fit an optimal flow.

    A used pair must be worth its prices, an unused one must not. Starting from nothing, each side
    is raised as little as the other demands until both hold. With the lowest reviewers' prices
    the pairs that were left out look as unattractive as they can (`matching.md` 2.5).
    """
    papers, reviewers = instance.scores.shape
    scores = instance.scores[pairs[:, 0], pairs[:, 1]].astype(np.int64)
    filled = np.bincount(pairs[used, 0], minlength=papers)
    load = np.bincount(pairs[used, 1], minlength=reviewers)
    lowest = np.where((instance.least > 0) & (load <= instance.least), -penalty, 0)
    is_short = filled < instance.demand
    taken = _Segments(pairs[used, 0], papers)
    taken_by, taken_scores = pairs[used, 1][taken.order], scores[used][taken.order]
    open_ = _Segments(pairs[~used, 1], reviewers)
    open_for, open_scores = pairs[~used, 0][open_.order], scores[~used][open_.order]
    prices = lowest.astype(np.int64)
    while True:
        own = taken.reduce(np.minimum, taken_scores - prices[taken_by], _NOTHING)
        own = np.where(is_short, np.minimum(own, -penalty), own)
        raised = np.maximum(
            lowest, open_.reduce(np.maximum, open_scores - own[open_for], -_NOTHING)
        )
        if np.array_equal(raised, prices):
            return own, prices
        prices = raised


class _Segments:
    """Values grouped by a key, for a minimum or maximum of each group in one pass."""

    def __init__(self, keys: Ints, size: int) -> None:
        self.order = np.argsort(keys, kind="stable")
        counts = np.bincount(keys, minlength=size)
        self._present = np.flatnonzero(counts)
        self._starts = np.concatenate([[0], np.cumsum(counts)[:-1]])[self._present]
        self._size = size

    def reduce(self, by: np.ufunc, values: Ints, empty: int) -> Ints:
        """The minimum or maximum of each group; `empty` for a group without values."""
        out = np.full(self._size, empty, np.int64)
        if len(self._present):
            out[self._present] = by.reduceat(values, self._starts)
        return out


def _violated(
    instance: Instance, chosen: Pairs, paper_prices: Ints, reviewer_prices: Ints
) -> Pairs:
    """Pairs that would be worth more than their prices, a few per paper; chosen ones are not."""
    starts = np.searchsorted(chosen[:, 0], np.arange(instance.scores.shape[0] + 1))
    found = [np.empty((0, 2), np.int64)]
    # Prices beyond the range of a score rule a pair in or out whatever its score is.
    limit = 2 * instance.top_score + 1
    is_narrow = limit + instance.top_score < np.iinfo(np.int16).max and bool(
        (np.abs(reviewer_prices) <= limit).all()
    )
    prices: np.ndarray = reviewer_prices.astype(np.int16 if is_narrow else np.int64)
    for first, block in blocks(instance.scores):
        own = chosen[starts[first] : starts[first + len(block)]]
        surplus: np.ndarray = np.subtract(block, prices)
        surplus[own[:, 0] - first, own[:, 1]] = np.iinfo(surplus.dtype).min
        prices_here = paper_prices[first : first + len(block)]
        rows = np.flatnonzero(
            surplus.max(axis=1, initial=np.iinfo(surplus.dtype).min) > prices_here
        )
        if not len(rows):
            continue
        part = surplus[rows].astype(np.int64) - prices_here[rows, None]
        places, columns = np.nonzero((part > 0) & (block[rows] >= 0))
        best = most_violated(rows[places], columns, part[places, columns])
        best[:, 0] += first
        found.append(best)
    return np.concatenate(found)
