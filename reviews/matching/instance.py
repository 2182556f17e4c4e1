"""What is to be matched and what came out: plain arrays, checked once.

Scores are integers ("units"), so that an optimum is proved without any tolerance. A score below
zero forbids its pair. Papers are rows, reviewers are columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = -1

Ints = NDArray[np.int64]
Pairs = NDArray[np.int64]  # (k, 2): paper, reviewer
Scores = NDArray[np.signedinteger]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GroupLimit:
    """At most `most` and at least `least` reviewers of one group on a paper.

    `group` holds the group of each reviewer, -1 for none: the institution (most 1), the country
    (most 2), or 0 for the seniors and -1 for the others (least 1). `least` is a strong wish: where
    nobody can fill it, the paper is matched all the same and the lack is reported.
    """

    name: str
    group: Ints
    most: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class PairLimit:
    """At most `most` of these pairs on each paper, such as those whom its authors suggested."""

    name: str
    pairs: tuple[Pair, ...]
    most: int


@dataclass(frozen=True)
class Instance:
    """One matching problem.

    `scores` (papers x reviewers) in units, below zero = forbidden; `demand` reviewers wanted per
    paper; `most` and `least` papers per reviewer; `locked` pairs that stand already: they count
    into demand, load and limits, and their score may be anything. Raises ValueError where shapes
    do not fit.
    """

    scores: Scores
    demand: Ints
    most: Ints
    least: Ints
    locked: tuple[Pair, ...] = ()
    groups: tuple[GroupLimit, ...] = ()
    pair_limits: tuple[PairLimit, ...] = ()

    def __post_init__(self) -> None:
        papers, reviewers = self.scores.shape
        if not np.issubdtype(self.scores.dtype, np.signedinteger):
            raise ValueError("scores must be signed integers: units, below zero = forbidden")
        if self.demand.shape != (papers,):
            raise ValueError("demand must hold one number per paper")
        if self.most.shape != (reviewers,) or self.least.shape != (reviewers,):
            raise ValueError("most and least must hold one number per reviewer")
        if (self.demand < 0).any() or (self.least < 0).any() or (self.most < self.least).any():
            raise ValueError("demand and loads must not be below zero, nor least above most")
        if len(set(self.locked)) != len(self.locked):
            raise ValueError("a pair is locked twice")
        for paper, reviewer in [*self.locked, *(p for lim in self.pair_limits for p in lim.pairs)]:
            if not (0 <= paper < papers and 0 <= reviewer < reviewers):
                raise ValueError(f"there is no pair {paper}, {reviewer}")
        for limit in self.groups:
            if limit.group.shape != (reviewers,):
                raise ValueError(f"{limit.name}: one group per reviewer is needed")

    @classmethod
    def of(
        cls,
        scores: Scores,
        *,
        demand: int | Ints,
        most: int | Ints,
        least: int | Ints = 0,
        locked: Iterable[Pair] = (),
        groups: Iterable[GroupLimit] = (),
        pair_limits: Iterable[PairLimit] = (),
    ) -> "Instance":
        """The same with a plain number where all papers or all reviewers are alike."""
        papers, reviewers = scores.shape
        return cls(
            scores=scores,
            demand=np.broadcast_to(np.asarray(demand, np.int64), papers),
            most=np.broadcast_to(np.asarray(most, np.int64), reviewers),
            least=np.broadcast_to(np.asarray(least, np.int64), reviewers),
            locked=tuple(locked),
            groups=tuple(groups),
            pair_limits=tuple(pair_limits),
        )

    @property
    def has_limits(self) -> bool:
        """Are there limits that cross, so that the problem is no plain flow?"""
        return bool(self.groups or self.pair_limits)

    @property
    def top_score(self) -> int:
        """The highest score of any pair, at least 1."""
        return max(1, int(self.scores.max(initial=0)))

    def without_locked(self) -> "Instance":
        """What is left to match: locked pairs taken off demand and load, and forbidden.

        The limits keep the locked pairs in mind through `locked`.
        """
        if not self.locked:
            return self
        papers, reviewers = np.array(self.locked, np.int64).T
        scores = self.scores.copy()
        scores[papers, reviewers] = FORBIDDEN
        taken = np.bincount(papers, minlength=len(self.demand))
        load = np.bincount(reviewers, minlength=len(self.most))
        most = np.maximum(self.most - load, 0)
        return replace(
            self,
            scores=scores,
            demand=np.maximum(self.demand - taken, 0),
            most=most,
            least=np.minimum(np.maximum(self.least - load, 0), most),
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A paper that got fewer reviewers than wanted, or that lacks a group, and why."""

    paper: int
    missing: int
    reason: str


@dataclass(frozen=True)
class Matching:
    """The answer to an instance.

    `pairs` hold the locked ones too, ordered by paper and reviewer. `objective` is the sum of the
    scores of the pairs that were free, `bound` what no other assignment can exceed; where both
    are equal the answer is proved optimal. `paper_prices` and `reviewer_prices` are the dual
    prices: what one more place on a paper would bring, what one more review by a reviewer would.
    `rounds` and `pair_count` say how many rounds of pricing over how many candidate pairs it took.
    """

    pairs: Pairs
    objective: int
    bound: int
    paper_prices: NDArray[np.float64]
    reviewer_prices: NDArray[np.float64]
    rounds: int
    pair_count: int
    shortages: tuple[Shortage, ...] = ()
    floor: int | None = None  # the score that no paper with all its reviewers falls below
    floor_bound: int | None = None  # what no assignment's worst paper can exceed

    @property
    def is_optimal(self) -> bool:
        """Is it proved that no assignment is better (under the same floor)?"""
        return self.objective >= self.bound

    def reviewers_of(self, paper: int) -> list[int]:
        """The reviewers of one paper."""
        return [int(r) for r in self.pairs[self.pairs[:, 0] == paper, 1]]


def in_units(affinity: NDArray[np.float64], *, scale: int, forbidden: NDArray[np.bool_]) -> Scores:
    """Affinities as integer units, rounded to 1 / `scale`; `forbidden` pairs below zero."""
    units = np.rint(np.asarray(affinity) * scale).astype(np.int64)
    units[forbidden] = FORBIDDEN
    return units


def paper_scores(scores: Scores, pairs: Pairs) -> Ints:
    """The sum of the scores of each paper's reviewers, forbidden ones as nothing."""
    own = np.maximum(scores[pairs[:, 0], pairs[:, 1]].astype(np.int64), 0)
    return np.bincount(pairs[:, 0], weights=own, minlength=scores.shape[0]).astype(np.int64)
