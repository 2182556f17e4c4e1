"""One linear or integer program of a matching, as HiGHS takes it.

Columns are candidate pairs, then unfilled places, then unmet wishes; rows are the papers' demand,
the reviewers' loads and, where they are asked for, groups, floors and kept pairs. The program
minimises, so a pair costs the negative of its score.
"""

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from reviews.matching.instance import Instance, Ints, Pairs

# An empty place costs as much as this many of the best pairs, an unmet wish a tenth of it: either
# is accepted only where mending it would cost the other papers more than that.
PLACE_COST = 30
WISH_COST = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is asked of the program beyond the instance.

    `floor`: no paper's score (free part) may be below it, on the papers of `floored`; papers may
    be short by `shortest` places only. `kept_pairs`, `kept_least`: so many of these pairs stay.
    `raises_floor`: the floor itself is made as high as can be, and scores do not count.
    `counts_kept`: as many of the kept pairs as can be stay, and scores do not count.
    """

    floor: Ints | None = None
    floored: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    shortest: Ints | None = None
    kept_pairs: Pairs = field(default_factory=lambda: np.empty((0, 2), np.int64))
    kept_least: int = 0
    raises_floor: bool = False
    counts_kept: bool = False

    @property
    def counts_scores(self) -> bool:
        return not (self.raises_floor or self.counts_kept)


@dataclass(frozen=True)
class Outcome:
    """What the solver found: values and objective, or nothing where `is_feasible` is false."""

    is_feasible: bool
    values: Floats  # of the pairs
    objective: float
    bound: float
    floor: float
    empty_places: Floats  # by paper
    paper_prices: Floats
    reviewer_prices: Floats
    group_prices: tuple[tuple[int, int, int, float], ...]  # limit, paper, group, price
    floor_prices: Floats  # by paper

    @property
    def is_integral(self) -> bool:
        """Is every pair either in or out?"""
        return bool((np.abs(self.values - np.rint(self.values)) < 1e-6).all())


class Program:
    """The program of one instance over some pairs under one question."""

    def __init__(self, instance: Instance, locked: Instance, pairs: Pairs, asked: Question) -> None:
        """`instance` is the free part, `locked` the whole one with its locked pairs."""
        self.instance, self.asked, self.pairs = instance, asked, pairs
        self.scores = instance.scores[pairs[:, 0], pairs[:, 1]].astype(np.float64)
        self._rows: list[tuple[Ints, Ints, Floats]] = []  # row, column, value
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._row_count = 0
        self._costs: list[Floats] = [self._pair_costs()]
        self._column_high: list[Floats] = [np.ones(len(pairs))]
        self._column_count = len(pairs)
        self._groups: list[tuple[int, int, int, int]] = []  # limit, paper, group, row
        self._add_demand()
        self._add_loads()
        self._add_groups(locked)
        self._add_pair_limits(locked)
        self._add_floor()
        self._add_kept()

    # --- Parts ------------------------------------------------------------------------------

    def _pair_costs(self) -> Floats:
        if self.asked.counts_scores:
            return -self.scores
        if self.asked.counts_kept:
            return -self._is_kept().astype(np.float64)
        return np.zeros(len(self.pairs))

    def _unit(self) -> float:
        return float(self.instance.top_score + 1) if not self.asked.counts_kept else 1.0

    def _is_kept(self) -> NDArray[np.bool_]:
        width = self.instance.scores.shape[1]
        kept = self.asked.kept_pairs
        found: NDArray[np.bool_] = np.isin(
            self.pairs[:, 0] * width + self.pairs[:, 1], kept[:, 0] * width + kept[:, 1]
        )
        return found

    def _columns(self, count: int, cost: float, high: Floats | float) -> Ints:
        """New slack columns; their numbers."""
        self._costs.append(np.full(count, cost))
        self._column_high.append(np.broadcast_to(np.asarray(high, np.float64), count))
        first, self._column_count = self._column_count, self._column_count + count
        return np.arange(first, first + count)

    def _lines(self, low: Floats, high: Floats, *parts: tuple[Ints, Ints, Floats | float]) -> Ints:
        """New rows from parts of (row within these, column, value); their numbers."""
        first = self._row_count
        for row, column, value in parts:
            self._rows.append(
                (row + first, column, np.broadcast_to(np.asarray(value, np.float64), row.shape))
            )
        self._low.append(low)
        self._high.append(high)
        self._row_count += len(low)
        return np.arange(first, first + len(low))

    def _add_demand(self) -> None:
        demand = self.instance.demand.astype(np.float64)
        shortest = self.asked.shortest
        high = demand if shortest is None else shortest.astype(np.float64)
        self._short = self._columns(len(demand), PLACE_COST * self._unit(), high)
        papers = np.arange(len(demand))
        self._demand_rows = self._lines(
            demand,
            demand,
            (self.pairs[:, 0], np.arange(len(self.pairs)), 1.0),
            (papers, self._short, 1.0),
        )

    def _add_loads(self) -> None:
        least = self.instance.least.astype(np.float64)
        wanting = np.flatnonzero(least)
        lacking = self._columns(len(wanting), PLACE_COST * self._unit(), least[wanting])
        self._load_rows = self._lines(
            least,
            self.instance.most.astype(np.float64),
            (self.pairs[:, 1], np.arange(len(self.pairs)), 1.0),
            (wanting, lacking, 1.0),
        )

    def _add_groups(self, whole: Instance) -> None:
        papers, reviewers = self.pairs.T
        for number, limit in enumerate(whole.groups):
            group = limit.group[reviewers]
            member = np.flatnonzero(group >= 0)
            width = int(limit.group.max(initial=0)) + 1
            places = papers[member] * width + group[member]
            there = np.zeros(len(whole.demand) * width, np.int64)
            for paper, reviewer in whole.locked:
                if limit.group[reviewer] >= 0:
                    there[paper * width + limit.group[reviewer]] += 1
            if limit.most is not None:
                found, row, count = np.unique(places, return_inverse=True, return_counts=True)
                room = np.maximum(limit.most - there[found], 0)
                self._limit_rows(number, width, found, row, member, count, room)
            if limit.least:
                self._wish_rows(number, width, limit.least, places, member, there)

    def _limit_rows(
        self, number: int, width: int, found: Ints, row: Ints, member: Ints, count: Ints, room: Ints
    ) -> None:
        """At most `room`, on those places only where more could come together."""
        binding = np.flatnonzero(count > room)
        new = np.full(len(found), -1)
        new[binding] = np.arange(len(binding))
        inside = new[row] >= 0
        rows = self._lines(
            np.full(len(binding), -np.inf),
            room[binding].astype(np.float64),
            (new[row[inside]], member[inside], 1.0),
        )
        for place, at in zip(found[binding], rows, strict=True):
            self._groups.append((number, int(place // width), int(place % width), int(at)))

    def _wish_rows(
        self, number: int, width: int, least: int, places: Ints, member: Ints, there: Ints
    ) -> None:
        """At least `least` of each group, as far as the places of the paper go."""
        for group in range(width):
            own = places % width == group
            wanted = np.minimum(
                np.maximum(least - there[group::width], 0), self.instance.demand
            ).astype(np.float64)
            papers = np.flatnonzero(wanted)
            new = np.full(len(wanted), -1)
            new[papers] = np.arange(len(papers))
            inside = own & (new[places // width] >= 0)
            unmet = self._columns(len(papers), WISH_COST * self._unit(), wanted[papers])
            rows = self._lines(
                wanted[papers],
                np.full(len(papers), np.inf),
                (new[(places // width)[inside]], member[inside], 1.0),
                (np.arange(len(papers)), unmet, 1.0),
            )
            for paper, at in zip(papers, rows, strict=True):
                self._groups.append((number, int(paper), group, int(at)))

    def _add_pair_limits(self, whole: Instance) -> None:
        width = self.instance.scores.shape[1]
        keys = self.pairs[:, 0] * width + self.pairs[:, 1]
        for limit in whole.pair_limits:
            named = np.array(limit.pairs, np.int64).reshape(-1, 2)
            member = np.flatnonzero(np.isin(keys, named[:, 0] * width + named[:, 1]))
            there = np.zeros(len(whole.demand), np.int64)
            for paper, _ in set(whole.locked) & set(limit.pairs):
                there[paper] += 1
            found, row = np.unique(self.pairs[member, 0], return_inverse=True)
            room = np.maximum(limit.most - there[found], 0).astype(np.float64)
            self._lines(np.full(len(found), -np.inf), room, (row, member, 1.0))

    def _add_floor(self) -> None:
        self._floor_rows = np.empty(0, np.int64)
        self._floor_column = -1
        asked = self.asked
        if not len(asked.floored):
            return
        place = np.full(len(self.instance.demand), -1)
        place[asked.floored] = np.arange(len(asked.floored))
        inside = np.flatnonzero(place[self.pairs[:, 0]] >= 0)
        parts: list[tuple[Ints, Ints, Floats | float]] = [
            (place[self.pairs[inside, 0]], inside, self.scores[inside])
        ]
        least = np.zeros(len(asked.floored))
        if asked.floor is not None:
            least = asked.floor[asked.floored].astype(np.float64)
        if asked.raises_floor:
            self._floor_column = int(self._columns(1, -1.0, np.inf)[0])
            parts.append(
                (
                    np.arange(len(asked.floored)),
                    np.full(len(asked.floored), self._floor_column),
                    -1.0,
                )
            )
        self._floor_rows = self._lines(least, np.full(len(least), np.inf), *parts)

    def _add_kept(self) -> None:
        if not self.asked.kept_least:
            return
        kept = np.flatnonzero(self._is_kept())
        self._lines(
            np.array([float(self.asked.kept_least)]),
            np.array([np.inf]),
            (np.zeros(len(kept), np.int64), kept, 1.0),
        )

    # --- Solving ----------------------------------------------------------------------------

    def solve(self, *, whole_numbers: bool = False, seconds: float = 60.0) -> Outcome:
        """Ask HiGHS, on one thread so that the same question has the same answer."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        solver.setOptionValue("time_limit", float(max(seconds, 0.1)))
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 0.9)  # scores are whole numbers
        solver.passModel(self._as_lp(whole_numbers))
        solver.run()
        return self._outcome(solver, whole_numbers)

    def _as_lp(self, whole_numbers: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self._column_count, self._row_count
        lp.col_cost_ = np.concatenate(self._costs)
        lp.col_lower_ = np.zeros(self._column_count)
        lp.col_upper_ = np.concatenate(self._column_high)
        lp.row_lower_ = np.concatenate(self._low)
        lp.row_upper_ = np.concatenate(self._high)
        rows, columns, values = (
            np.concatenate([part[place] for part in self._rows]) for place in range(3)
        )
        order = np.argsort(rows, kind="stable")
        ends = np.cumsum(np.bincount(rows, minlength=self._row_count))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], ends]).astype(np.int32)
        lp.a_matrix_.index_ = columns[order].astype(np.int32)
        lp.a_matrix_.value_ = values[order]
        if whole_numbers:
            kinds = [highspy.HighsVarType.kContinuous] * self._column_count
            kinds[: len(self.pairs)] = [highspy.HighsVarType.kInteger] * len(self.pairs)
            lp.integrality_ = kinds
        return lp

    def _outcome(self, solver: highspy.Highs, whole_numbers: bool) -> Outcome:
        papers, reviewers = self.instance.scores.shape
        found = solver.getInfo()
        is_feasible = found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        answer = solver.getSolution()
        floor_prices = np.zeros(papers)
        if not is_feasible:
            return Outcome(
                False, np.zeros(len(self.pairs)), np.inf, -np.inf, 0.0,
                np.zeros(papers), np.zeros(papers), np.zeros(reviewers), (), floor_prices,
            )  # fmt: skip
        values = np.asarray(answer.col_value)
        objective = float(found.objective_function_value)
        # An integer program has no prices of its own.
        duals = np.zeros(self._row_count) if whole_numbers else np.asarray(answer.row_dual)
        floor_prices[self.asked.floored] = -duals[self._floor_rows]
        return Outcome(
            is_feasible=True,
            values=values[: len(self.pairs)],
            objective=objective,
            bound=float(found.mip_dual_bound) if whole_numbers else objective,
            floor=float(values[self._floor_column]) if self._floor_column >= 0 else 0.0,
            empty_places=values[self._short],
            paper_prices=-duals[self._demand_rows],
            reviewer_prices=-duals[self._load_rows],
            group_prices=tuple(
                (limit, paper, group, -float(duals[row]))
                for limit, paper, group, row in self._groups
                if duals[row]
            ),
            floor_prices=floor_prices,
        )
