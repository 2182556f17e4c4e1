"""The door of the optimiser: `solve` for a new assignment, `repair` for one with declines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from reviews.matching.flow import FlowAnswer, solve_flow
from reviews.matching.instance import (
    FORBIDDEN,
    Instance,
    Ints,
    Matching,
    Pair,
    Pairs,
    paper_scores,
)
from reviews.matching.linear import LinearAnswer, solve_linear
from reviews.matching.program import Question
from reviews.matching.shortages import shortages

_SECONDS = 30.0
_ROUNDING = 1e-6


def solve(instance: Instance, *, is_fair: bool = False, seconds: float = _SECONDS) -> Matching:
    """The assignment with the highest sum of scores that breaks no rule.

    As few places as can be stay empty; those that do are reported with the reason. `is_fair`
    first raises the score of the worst paper as high as it can go (max-min), then the sum under
    that floor; papers that cannot get all their reviewers do not hold the floor down. `seconds`
    limit the integer programs; where one is cut short, `bound` and `floor_bound` say what is left
    to win.
    """
    free = instance.without_locked()
    if is_fair:
        fair = _fairest(instance, free, seconds)
        if fair is not None:
            return fair
    if instance.has_limits:
        return _of_linear(instance, _asked(free, instance, Question(), seconds))
    return _of_flow(instance, solve_flow(free))


def repair(
    instance: Instance,
    before: Iterable[Pair],
    declined: Iterable[Pair],
    *,
    seconds: float = _SECONDS,
) -> Matching:
    """The assignment nearest to `before` without the pairs of `declined`, which are forbidden.

    Everybody else stays; only where that would leave a place empty that moving somebody can fill
    do the fewest move. Among equally near ones the sum of scores decides.
    """
    gone = set(declined)
    scores = instance.scores.copy()
    for pair in gone:
        scores[pair] = FORBIDDEN
    after = replace(instance, scores=scores, locked=tuple(set(instance.locked) - gone))
    kept = [pair for pair in before if pair not in gone]
    held = replace(after, locked=tuple(dict.fromkeys([*after.locked, *kept])))
    near = _of_linear(held, _asked(held.without_locked(), held, Question(), seconds))
    if not near.shortages:
        return near
    movable = np.array(sorted(set(kept) - set(after.locked)), np.int64).reshape(-1, 2)
    free = after.without_locked()
    counting = Question(kept_pairs=movable, counts_kept=True)
    staying = _asked(free, after, counting, seconds)
    width = scores.shape[1]
    count = int(
        np.isin(
            staying.chosen[:, 0] * width + staying.chosen[:, 1],
            movable[:, 0] * width + movable[:, 1],
        ).sum()
    )
    moved = _of_linear(
        after,
        _asked(free, after, Question(kept_pairs=movable, kept_least=count), seconds),
    )
    missing = sum(lack.missing for lack in moved.shortages)
    return moved if missing < sum(lack.missing for lack in near.shortages) else near


def _asked(free: Instance, whole: Instance, asked: Question, seconds: float) -> LinearAnswer:
    answer = solve_linear(free, whole, asked, seconds=seconds)
    if answer is None:  # cannot be: every place may stay empty, every kept pair stood before
        raise RuntimeError("the program has no answer")
    return answer


def _fairest(instance: Instance, free: Instance, seconds: float) -> Matching | None:
    """Max-min first, then the sum; None where no paper can have all its reviewers.

    The linear program says how high the floor can be, the integer program fills in above it
    (`matching.md` 4.7: asking the integer program for both at once does not end).
    """
    ends_at = monotonic() + seconds
    base = _base(instance, free, seconds)
    counted = (free.demand > 0) & (base.shortest == 0)
    if not counted.any():
        return base.found
    locked = _locked_scores(instance)
    low, best = -1, base.found
    if best is not None:
        low = int(paper_scores(instance.scores, best.pairs)[counted].min())
    high = int((_best_sums(free) + locked)[counted].min())
    known = base.pairs
    if low < high:
        raising = Question(
            floor=-locked,
            floored=np.flatnonzero(counted)[:1],
            shortest=base.shortest,
            raises_floor=True,
        )
        relaxed = solve_linear(free, instance, raising, known=known, whole_numbers=False)
        if relaxed is not None:
            high = min(high, int(relaxed.floor + _ROUNDING))
            known = relaxed.pairs
    bound = high
    best = replace(best, floor=low, floor_bound=bound) if best is not None else None
    # The floor of the linear program holds nearly always; else halve down to what can be had.
    floor = high
    while low < floor and monotonic() < ends_at:
        wanted = np.where(counted, np.maximum(floor - locked, 0), 0)
        asked = Question(floor=wanted, shortest=base.shortest)
        left = ends_at - monotonic()
        answer = solve_linear(free, instance, asked, known=known, seconds=left)
        if answer is None:
            high = floor - 1
        else:
            matching = _of_linear(instance, answer)
            low = int(paper_scores(instance.scores, matching.pairs)[counted].min())
            best = replace(matching, floor=low, floor_bound=bound)
        floor = (low + high + 1) // 2
    return best


@dataclass(frozen=True)
class _Base:
    """Where fairness begins: which places stay empty, and pairs that fill all the others."""

    shortest: Ints
    pairs: Pairs
    found: Matching | None


def _base(instance: Instance, free: Instance, seconds: float) -> _Base:
    """The plain optimum; where that is fractional and nothing is short, its pairs are enough."""
    if not instance.has_limits:
        flow = solve_flow(free)
        return _Base(_empty(free, flow.chosen), flow.chosen, _of_flow(instance, flow))
    answer = solve_linear(free, instance, whole_numbers=False)
    if answer is not None and not answer.prices.is_integral:
        if answer.prices.empty_places.max(initial=0) < _ROUNDING:
            return _Base(np.zeros(len(free.demand), np.int64), answer.pairs, None)
        answer = None
    if answer is None:
        answer = _asked(free, instance, Question(), seconds)
    return _Base(_empty(free, answer.chosen), answer.pairs, _of_linear(instance, answer))


def _empty(free: Instance, chosen: Pairs) -> Ints:
    """How many places of each paper stay empty."""
    empty: Ints = free.demand - np.bincount(chosen[:, 0], minlength=len(free.demand))
    return empty


def _locked_scores(instance: Instance) -> Ints:
    locked = np.array(instance.locked, np.int64).reshape(-1, 2)
    return paper_scores(instance.scores, locked)


def _best_sums(free: Instance) -> Ints:
    """The most that each paper could get if it chose alone."""
    most = int(free.demand.max(initial=0))
    width = free.scores.shape[1]
    top = free.scores
    if most < width:
        top = np.partition(top, width - most, axis=1)[:, width - most :]
    ranked = -np.sort(-np.maximum(top.astype(np.int64), 0), axis=1)
    sums = np.concatenate([np.zeros((len(ranked), 1), np.int64), ranked.cumsum(axis=1)], axis=1)
    own: Ints = sums[np.arange(len(ranked)), np.minimum(free.demand, sums.shape[1] - 1)]
    return own


def _with_locked(instance: Instance, chosen: Pairs) -> Pairs:
    locked = np.array(instance.locked, np.int64).reshape(-1, 2)
    pairs = np.concatenate([chosen, locked])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _of_flow(instance: Instance, answer: FlowAnswer) -> Matching:
    pairs = _with_locked(instance, answer.chosen)
    return Matching(
        pairs=pairs,
        objective=answer.objective,
        bound=answer.objective,  # no pair anywhere is worth more than its prices
        paper_prices=answer.paper_prices.astype(np.float64),
        reviewer_prices=answer.reviewer_prices.astype(np.float64),
        rounds=answer.rounds,
        pair_count=answer.pair_count,
        shortages=tuple(shortages(instance, pairs)),
    )


def _of_linear(instance: Instance, answer: LinearAnswer) -> Matching:
    pairs = _with_locked(instance, answer.chosen)
    chosen = answer.chosen
    objective = int(instance.scores[chosen[:, 0], chosen[:, 1]].astype(np.int64).sum())
    return Matching(
        pairs=pairs,
        objective=objective,
        bound=objective + answer.bound - answer.value,
        paper_prices=answer.prices.paper_prices,
        reviewer_prices=answer.prices.reviewer_prices,
        rounds=answer.rounds,
        pair_count=len(answer.pairs),
        shortages=tuple(shortages(instance, pairs)),
    )
