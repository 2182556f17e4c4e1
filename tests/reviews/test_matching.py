"""The optimiser against plain enumeration, and its rules one by one."""

from collections import Counter
from collections.abc import Iterator
from importlib import util
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reviews.matching import (
    FORBIDDEN,
    GroupLimit,
    Instance,
    Matching,
    PairLimit,
    broken_rules,
    cost_of_change,
    explain,
    in_units,
    randomise,
    repair,
    solve,
)

Pairs = tuple[tuple[int, int], ...]
SHARED = Path(__file__).resolve().parents[3] / "shared"


def assignments(instance: Instance) -> Iterator[Pairs]:
    """Every assignment that breaks no rule, fewer reviewers than wanted included."""
    papers, reviewers = instance.scores.shape
    sets = [
        [c for n in range(int(instance.demand[p]) + 1) for c in combinations(range(reviewers), n)]
        for p in range(papers)
    ]
    for choice in product(*sets):
        pairs = tuple((p, r) for p, chosen in enumerate(choice) for r in chosen)
        if not broken_rules(instance, pairs):
            yield pairs


def value(instance: Instance, pairs: Pairs) -> tuple[int, int, int]:
    """What counts, the first first: empty places, unmet wishes, the sum of scores."""
    load = Counter(r for _, r in pairs)
    lacking = sum(max(0, int(n) - load[r]) for r, n in enumerate(instance.least))
    unmet = 0
    for limit in instance.groups:
        for p in range(len(instance.demand)):
            own = sum(limit.group[r] == 0 for q, r in pairs if q == p)
            unmet += max(0, min(limit.least, int(instance.demand[p])) - own)
    locked = set(instance.locked)
    total = sum(int(instance.scores[pair]) for pair in pairs if pair not in locked)
    return len(pairs) - lacking, -unmet, total


def as_tuple(matching: Matching) -> Pairs:
    return tuple((int(p), int(r)) for p, r in matching.pairs)


def lowest(instance: Instance, pairs: Pairs) -> int:
    """The score of the worst paper among those that have all their reviewers."""
    sums, counts = Counter[int](), Counter[int]()
    for pair in pairs:
        sums[pair[0]] += int(instance.scores[pair])
        counts[pair[0]] += 1
    return min((sums[p] for p, n in enumerate(instance.demand) if n and counts[p] == n), default=0)


@st.composite
def instances(draw: st.DrawFn, *, limited: bool = False, least: bool = True) -> Instance:
    papers = draw(st.integers(1, 3))
    reviewers = draw(st.integers(1, 4))
    scores = np.array(
        draw(
            st.lists(
                st.lists(st.integers(-1, 9), min_size=reviewers, max_size=reviewers),
                min_size=papers,
                max_size=papers,
            )
        ),
        np.int16,
    )
    most = np.array(draw(st.lists(st.integers(0, 3), min_size=reviewers, max_size=reviewers)))
    groups: list[GroupLimit] = []
    named: list[PairLimit] = []
    if limited:
        group = st.lists(st.integers(-1, 1), min_size=reviewers, max_size=reviewers)
        groups.append(GroupLimit("institution", np.array(draw(group), np.int64), most=1))
        seniors = st.lists(st.sampled_from([-1, 0]), min_size=reviewers, max_size=reviewers)
        groups.append(GroupLimit("senior", np.array(draw(seniors), np.int64), least=1))
        suggested = [(p, r) for p in range(papers) for r in range(reviewers) if draw(st.booleans())]
        named.append(PairLimit("suggested", tuple(suggested), 1))
    return Instance.of(
        scores,
        demand=draw(st.integers(1, 2)),
        most=most.astype(np.int64),
        least=np.minimum(most, draw(st.integers(0, 1)) if least and not limited else 0),
        groups=groups,
        pair_limits=named,
    )


@settings(deadline=None, max_examples=60)
@given(instances())
def test_the_flow_is_the_best_of_all_assignments(instance: Instance) -> None:
    found = solve(instance)
    assert broken_rules(instance, as_tuple(found)) == []
    best = max(value(instance, pairs) for pairs in assignments(instance))
    assert value(instance, as_tuple(found)) == best
    assert found.objective == found.bound == best[2]


@settings(deadline=None, max_examples=40)
@given(instances(limited=True))
def test_crossing_limits_are_kept_at_the_optimum(instance: Instance) -> None:
    found = solve(instance)
    assert broken_rules(instance, as_tuple(found)) == []
    best = max(value(instance, pairs) for pairs in assignments(instance))
    assert value(instance, as_tuple(found)) == best
    assert found.is_optimal


@settings(deadline=None, max_examples=40)
@given(instances(least=False))
def test_the_worst_paper_is_as_well_off_as_can_be(instance: Instance) -> None:
    found = solve(instance, is_fair=True)
    assert broken_rules(instance, as_tuple(found)) == []
    plain = solve(instance)
    assert len(found.pairs) == len(plain.pairs)
    whole = [
        pairs
        for pairs in assignments(instance)
        if Counter(p for p, _ in pairs) == Counter(p for p, _ in as_tuple(found))
    ]
    assert lowest(instance, as_tuple(found)) == max(lowest(instance, pairs) for pairs in whole)
    floor = lowest(instance, as_tuple(found))
    assert found.objective == max(
        value(instance, pairs)[2] for pairs in whole if lowest(instance, pairs) >= floor
    )


@settings(deadline=None, max_examples=30)
@given(instances(), st.data())
def test_locked_pairs_stay_and_count(instance: Instance, data: st.DataObject) -> None:
    plain = as_tuple(solve(instance))
    locked = tuple(pair for pair in plain if data.draw(st.booleans()))
    held = Instance.of(
        instance.scores, demand=instance.demand, most=instance.most,
        least=instance.least, locked=locked,
    )  # fmt: skip
    found = solve(held)
    assert set(locked) <= set(as_tuple(found))
    assert value(instance, as_tuple(found)) == value(instance, plain)


@settings(deadline=None, max_examples=30)
@given(instances(limited=True), st.data())
def test_a_repair_moves_as_few_as_can_be(instance: Instance, data: st.DataObject) -> None:
    before = as_tuple(solve(instance))
    if not before:
        return
    declined = [pair for pair in before if data.draw(st.booleans())]
    found = as_tuple(repair(instance, before, declined))
    scores = instance.scores.copy()
    for pair in declined:
        scores[pair] = FORBIDDEN
    after = Instance.of(
        scores, demand=instance.demand, most=instance.most,
        groups=instance.groups, pair_limits=instance.pair_limits,
    )  # fmt: skip
    kept = set(before) - set(declined)
    assert broken_rules(after, found) == []
    fullest = max(len(pairs) for pairs in assignments(after))
    assert len(found) == fullest
    stay = max(len(kept & set(pairs)) for pairs in assignments(after) if len(pairs) == fullest)
    assert len(kept & set(found)) == stay


def test_pairs_left_out_at_first_are_priced_in() -> None:
    # All papers want the same few, so the best few of each paper are not enough.
    papers, reviewers = 150, 120
    rng = np.random.default_rng(7)
    popular = rng.integers(500, 1000, reviewers)
    noise = rng.integers(-20, 21, (papers, reviewers))
    scores = np.clip(popular[None, :] + noise, 0, None).astype(np.int64)
    scores[rng.random((papers, reviewers)) < 0.1] = FORBIDDEN
    instance = Instance.of(scores, demand=3, most=4)
    found = solve(instance)
    allowed = np.argwhere(scores >= 0)
    rows = np.zeros((papers + reviewers, len(allowed)))
    rows[allowed[:, 0], np.arange(len(allowed))] = 1
    rows[papers + allowed[:, 1], np.arange(len(allowed))] = 1
    dense = linprog(
        -scores[allowed[:, 0], allowed[:, 1]],
        A_eq=rows[:papers], b_eq=np.full(papers, 3),
        A_ub=rows[papers:], b_ub=np.full(reviewers, 4), bounds=(0, 1),
    )  # fmt: skip
    assert found.objective == round(-dense.fun)
    assert found.rounds > 1


def test_shortages_say_why() -> None:
    scores = np.array([[6, -1, -1], [5, 4, -1]], np.int16)
    found = solve(Instance.of(scores, demand=2, most=1))
    assert as_tuple(found) == ((0, 0), (1, 1))
    assert {s.paper: (s.missing, s.reason) for s in found.shortages} == {
        0: (1, "Only 1 people may review this manuscript; everybody else has a conflict."),
        1: (1, "Of 2 people without a conflict, 1 are at their limit of reviews."),
    }


def test_a_wish_that_nobody_can_meet_is_reported() -> None:
    senior = GroupLimit("at least one senior", np.array([0, -1, -1], np.int64), least=1)
    scores = np.array([[-1, 5, 4]], np.int16)
    found = solve(Instance.of(scores, demand=2, most=1, groups=[senior]))
    assert len(found.pairs) == 2
    assert [s.reason for s in found.shortages] == [
        "at least one senior: none could be placed; 0 would be free of conflict."
    ]


def test_an_explanation_names_prices_and_runners_up() -> None:
    scores = np.array([[9, 7, 3], [8, 2, 1]], np.int16)
    instance = Instance.of(scores, demand=1, most=1)
    found = solve(instance)
    assert as_tuple(found) == ((0, 1), (1, 0))
    why = explain(instance, found, (1, 0))
    assert why.score == 8
    assert why.is_in_demand
    # 1 reviews the other paper and has no time for this one.
    assert why.runners_up == ((2, 7),)
    forced = cost_of_change(instance, found, forced=[(0, 0)])
    assert forced is not None
    assert found.objective - (forced.objective + 9) == 15 - 11
    assert cost_of_change(instance, found, forced=[(0, 0), (1, 0)]) is None


def test_a_runner_up_keeps_every_limit() -> None:
    scores = np.array([[9, 8, 7, 6, 5, 4]], np.int16)
    house = np.array([0, 1, 1, 2, 3, 4], np.int64)
    senior = np.array([0, -1, -1, -1, 0, 0], np.int64)
    instance = Instance.of(
        scores,
        demand=2,
        most=1,
        groups=[
            GroupLimit("one of a house", house, most=1),
            GroupLimit("a senior", senior, least=1),
        ],
        pair_limits=[PairLimit("one suggested", ((0, 1), (0, 4)), 1)],
    )
    found = solve(instance)
    assert as_tuple(found) == ((0, 0), (0, 1))
    # For the only senior another senior, whom the authors did not suggest too.
    assert explain(instance, found, (0, 0)).runners_up == ((5, 5),)
    assert [r for r, _ in explain(instance, found, (0, 1)).runners_up] == [2, 3, 4, 5]


def test_a_draw_keeps_all_rules_and_all_chances() -> None:
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 100, (6, 8)).astype(np.int16)
    scores[rng.random((6, 8)) < 0.1] = FORBIDDEN
    instance = Instance.of(scores, demand=2, most=2)
    draws = [randomise(instance, cap=3, parts=5, seed=seed) for seed in range(600)]
    for lottery in draws:
        assert broken_rules(instance, lottery.pairs) == []
        assert len(lottery.pairs) == 12
        assert lottery.chances.max() <= 3
    seen = Counter(pair for lottery in draws for pair in map(tuple, lottery.pairs.tolist()))
    first = draws[0]
    for pair, chance in zip(map(tuple, first.possible.tolist()), first.chances, strict=True):
        assert abs(seen[pair] / 600 - chance / 5) < 0.09
    again = randomise(instance, cap=3, parts=5, seed=0)
    assert (again.pairs == first.pairs).all()


@pytest.mark.parametrize(("cap", "parts"), [(0, 5), (6, 5)])
def test_a_draw_refuses_a_senseless_cap(cap: int, parts: int) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        randomise(
            Instance.of(np.ones((1, 2), np.int16), demand=1, most=1), cap=cap, parts=parts, seed=1
        )


def test_the_checker_sees_every_broken_rule() -> None:
    instance = Instance.of(
        np.array([[5, 5, -1, 5]], np.int16),
        demand=2,
        most=1,
        groups=[GroupLimit("one per institution", np.array([3, 3, -1, -1], np.int64), most=1)],
        pair_limits=[PairLimit("one suggested", ((0, 1), (0, 3)), 1)],
        locked=[(0, 0)],
    )
    assert broken_rules(instance, [(0, 0), (0, 3)]) == []
    assert broken_rules(instance, [(0, 0), (0, 1), (0, 1), (0, 2), (0, 3)]) == [
        "pair (0, 1) stands twice",
        "pair (0, 2) is forbidden",
        "paper 0 has 5 reviewers",
        "reviewer 1 has 2 papers",
        "paper 0: 3 of one group by one per institution",
        "paper 0: 3 by one suggested",
    ]
    assert broken_rules(instance, [(0, 3)]) == ["locked pair (0, 0) is missing"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"demand": np.zeros(3, np.int64)}, "demand must hold"),
        ({"most": np.zeros(3, np.int64)}, "most and least"),
        ({"least": np.array([2, 0])}, "nor least above most"),
        ({"locked": ((0, 9),)}, "there is no pair 0, 9"),
        ({"locked": ((0, 1), (0, 1))}, "locked twice"),
        ({"scores": np.ones((2, 2))}, "signed integers"),
        ({"groups": (GroupLimit("g", np.zeros(5, np.int64)),)}, "one group per reviewer"),
    ],
)
def test_an_instance_that_does_not_fit_is_refused(change: dict[str, Any], words: str) -> None:
    whole: dict[str, Any] = {
        "scores": np.ones((2, 2), np.int16),
        "demand": np.ones(2, np.int64),
        "most": np.ones(2, np.int64),
        "least": np.zeros(2, np.int64),
    }
    with pytest.raises(ValueError, match=words):
        Instance(**{**whole, **change})


def test_nothing_to_match_is_no_error() -> None:
    assert as_tuple(solve(Instance.of(np.empty((0, 3), np.int16), demand=1, most=1))) == ()
    assert as_tuple(solve(Instance.of(np.full((2, 2), -1, np.int16), demand=1, most=1))) == ()
    empty = solve(Instance.of(np.empty((2, 0), np.int16), demand=1, most=1), is_fair=True)
    assert [s.missing for s in empty.shortages] == [1, 1]


def test_units_round_and_forbid() -> None:
    units = in_units(np.array([[0.12345, 0.5]]), scale=10_000, forbidden=np.array([[False, True]]))
    assert units.tolist() == [[1234, FORBIDDEN]]


@pytest.mark.parametrize(("papers", "reviewers", "optimum"), [(300, 150, 8_598_887)])
def test_the_known_optimum_of_a_special_issue(papers: int, reviewers: int, optimum: int) -> None:
    file = SHARED / "make_instances.py"
    if not file.exists():
        pytest.skip(f"NOT TESTED: there is no {file.name} beside this checkout")
    spec = util.spec_from_file_location("make_instances", file)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.make(papers, reviewers)
    scores = made["aff"].astype(np.int16)
    scores[made["coi"]] = FORBIDDEN
    instance = Instance.of(scores, demand=4, most=made["cap"].astype(np.int64))
    plain, fair = solve(instance), solve(instance, is_fair=True)
    assert plain.objective == optimum
    assert broken_rules(instance, plain.pairs) == []
    assert (fair.floor, fair.floor_bound, fair.objective) == (18_860, 18_860, 8_598_209)
    assert fair.is_optimal
