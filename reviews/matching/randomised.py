"""An assignment drawn at random in which no pair is more likely than a cap.

It keeps a dishonest reviewer from being sure of a manuscript. The best probabilities under a cap
of c/K come from a flow with every quantity times K; dependent rounding then draws an assignment
that keeps demand and loads each time (Jecmen et al., NeurIPS 2020; Gandhi et al., JACM 2006).
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from reviews.matching.instance import Instance, Ints, Pairs


@dataclass(frozen=True)
class Lottery:
    """One draw: the pairs drawn, and the chance of every pair that had one.

    `chances` are in parts of `parts`; `expected` is the expected sum of scores. The same instance,
    cap and seed give the same draw.
    """

    pairs: Pairs
    possible: Pairs
    chances: Ints
    parts: int
    expected: float
    seed: int


def randomise(instance: Instance, *, cap: int, parts: int, seed: int) -> Lottery:
    """Draw an assignment in which no free pair has a higher chance than `cap` / `parts`.

    Locked pairs stand. Limits by group are not kept by a draw: raises ValueError where the
    instance has some, or where the cap is not between 1 and `parts`.
    """
    if instance.has_limits:
        raise ValueError("a draw cannot keep limits by group")
    if not 1 <= cap <= parts:
        raise ValueError("the cap must be between 1 and the number of parts")
    free = instance.without_locked()
    possible, chances = _best_chances(free, cap, parts)
    inside = chances > 0
    possible, chances = possible[inside], chances[inside]
    drawn = _rounded(possible, chances, parts, np.random.default_rng(seed))
    locked = np.array(instance.locked, np.int64).reshape(-1, 2)
    pairs = np.concatenate([possible[drawn], locked])
    scores = free.scores[possible[:, 0], possible[:, 1]].astype(np.int64)
    return Lottery(
        pairs=pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))],
        possible=possible,
        chances=chances,
        parts=parts,
        expected=float((scores * chances).sum()) / parts,
        seed=seed,
    )


def _best_chances(free: Instance, cap: int, parts: int) -> tuple[Pairs, Ints]:
    """The flow with every quantity times `parts`, over all permitted pairs."""
    papers, reviewers = free.scores.shape
    sink = papers + reviewers
    pairs = np.argwhere(free.scores >= 0).astype(np.int64)
    scores = free.scores[pairs[:, 0], pairs[:, 1]].astype(np.int64)
    top = free.top_score
    network = SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(
        pairs[:, 0], pairs[:, 1] + papers, np.full(len(pairs), cap), top - scores
    )
    network.add_arcs_with_capacity_and_unit_cost(
        np.arange(papers, sink),
        np.full(reviewers, sink),
        free.most * parts,
        np.zeros(reviewers, np.int64),
    )
    whole = (top + 1) * (int(free.demand.sum()) + 1)
    network.add_arcs_with_capacity_and_unit_cost(
        np.arange(papers), np.full(papers, sink), free.demand * parts, np.full(papers, whole)
    )
    supplies = np.concatenate([free.demand * parts, np.zeros(reviewers, np.int64)])
    network.set_nodes_supplies(np.arange(sink), supplies)
    network.set_node_supply(sink, -int(supplies.sum()))
    status = network.solve()
    if status != network.OPTIMAL:  # cannot be: every place has a way to the sink
        raise RuntimeError(f"the flow ended with status {status}")
    return pairs, network.flows(np.arange(len(pairs)))


def _rounded(pairs: Pairs, chances: Ints, parts: int, random: np.random.Generator) -> np.ndarray:
    """Dependent rounding: along each path or cycle of undecided pairs, push until one is decided.

    Every push keeps each pair's chance on average and each paper's and reviewer's sum, so that in
    the end sums that were whole are kept exactly, others rounded up or down.
    """
    amounts = chances.tolist()
    ends: dict[tuple[str, int], set[int]] = defaultdict(set)
    for edge, (paper, reviewer) in enumerate(pairs.tolist()):
        if 0 < amounts[edge] < parts:
            ends["paper", paper].add(edge)
            ends["reviewer", reviewer].add(edge)
    sides = [(("paper", p), ("reviewer", r)) for p, r in pairs.tolist()]
    for start in sorted(ends):
        while ends[start]:
            path = _path(start, ends, sides)
            _push(path, amounts, parts, random)
            for edge in path:
                if amounts[edge] in (0, parts):
                    for end in sides[edge]:
                        ends[end].discard(edge)
    drawn: np.ndarray = np.array(amounts) == parts
    return drawn


Node = tuple[str, int]
Sides = list[tuple[Node, Node]]


def _path(start: Node, ends: dict[Node, set[int]], sides: Sides) -> list[int]:
    """A cycle of undecided pairs, or a path that cannot be made longer at either end."""
    path, last, is_cycle = _walk(start, ends, sides)
    return path if is_cycle else _walk(last, ends, sides)[0]


def _walk(start: Node, ends: dict[Node, set[int]], sides: Sides) -> tuple[list[int], Node, bool]:
    """Undecided pairs from `start` on: a cycle that closes on the way, or up to a dead end."""
    node, at = start, {start: 0}
    path: list[int] = []
    while True:
        ways = [edge for edge in sorted(ends[node]) if not path or edge != path[-1]]
        if not ways:
            return path, node, False
        path.append(ways[0])
        node = _other(sides[ways[0]], node)
        if node in at:
            return path[at[node] :], node, True
        at[node] = len(path)


def _other(sides: tuple[Node, Node], node: Node) -> Node:
    return sides[1] if sides[0] == node else sides[0]


def _push(path: list[int], amounts: list[int], parts: int, random: np.random.Generator) -> None:
    """Move chance between the even and the odd pairs of a path, at random in either direction."""
    even, odd = path[0::2], path[1::2]
    up = min([parts - amounts[e] for e in even] + [amounts[e] for e in odd])
    down = min([amounts[e] for e in even] + [parts - amounts[e] for e in odd])
    step = up if random.integers(up + down) < down else -down
    for edge in even:
        amounts[edge] += step
    for edge in odd:
        amounts[edge] -= step
