"""The few pairs worth a look out of many: the best of each paper and of each reviewer.

Everything works block by block over the score matrix, so that a matrix of 30,000 x 15,000 in 16
bits is never copied.
"""

from collections.abc import Iterator

import numpy as np

from reviews.matching.instance import Ints, Pairs, Scores

PER_PAPER = 24
PER_REVIEWER = 12
ADDED_PER_PAPER = 12  # adding all violated pairs at once lets prices run away (matching.md 2.5)
_BLOCK_CELLS = 8_000_000


def blocks(scores: Scores) -> Iterator[tuple[int, Scores]]:
    """The matrix in bands of rows, each with the number of its first row."""
    height = max(1, _BLOCK_CELLS // max(1, scores.shape[1]))
    for first in range(0, scores.shape[0], height):
        yield first, scores[first : first + height]


def best_pairs(
    scores: Scores, *, per_paper: int = PER_PAPER, per_reviewer: int = PER_REVIEWER
) -> Pairs:
    """The permitted pairs among the best of a row or of a column, ordered, each once."""
    papers, reviewers = scores.shape
    if papers == 0 or reviewers == 0:
        return np.empty((0, 2), np.int64)
    found: list[Ints] = []
    columns = _ColumnBest(reviewers, per_reviewer)
    for first, block in blocks(scores):
        if reviewers > per_paper:
            own = np.argpartition(block, reviewers - per_paper, axis=1)[:, -per_paper:]
        else:
            own = np.broadcast_to(np.arange(reviewers), block.shape)
        rows = np.repeat(np.arange(len(block)), own.shape[1])
        cells = own.ravel()
        kept = block[rows, cells] >= 0
        found.append((rows[kept] + first) * reviewers + cells[kept])
        columns.take(first, block)
    found.append(columns.rows * reviewers + columns.columns)
    keys = np.unique(np.concatenate(found))
    return np.stack([keys // reviewers, keys % reviewers], axis=1)


class _ColumnBest:
    """The best rows of each column, kept while bands of rows go by."""

    def __init__(self, columns: int, size: int) -> None:
        self.size = size
        self.least = np.full(columns, -1, np.int64)  # what a newcomer must exceed
        self.rows = np.empty(0, np.int64)
        self.columns = np.empty(0, np.int64)
        self._scores = np.empty(0, np.int64)

    def take(self, first: int, block: Scores) -> None:
        """Look at one more band of rows."""
        enough = self.least
        if len(block) > self.size and (enough < 0).any():  # nothing known yet: its own best
            turned = np.partition(np.ascontiguousarray(block.T), len(block) - self.size, axis=1)
            enough = np.maximum(turned[:, -self.size].astype(np.int64) - 1, enough)
        rows, columns = np.nonzero(block > enough.astype(block.dtype))
        rows_all = np.concatenate([self.rows, rows + first])
        columns_all = np.concatenate([self.columns, columns])
        scores_all = np.concatenate([self._scores, block[rows, columns]])
        order = np.lexsort((rows_all, -scores_all, columns_all))
        ordered = columns_all[order]
        rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
        kept = order[rank < self.size]
        self.rows, self.columns, self._scores = (
            rows_all[kept],
            columns_all[kept],
            scores_all[kept],
        )
        last = order[rank == self.size - 1]
        self.least[columns_all[last]] = scores_all[last]


def most_violated(
    surplus_rows: Ints, surplus_columns: Ints, surplus: np.ndarray, *, most: int = ADDED_PER_PAPER
) -> Pairs:
    """Of pairs with their surplus, the `most` largest of each row."""
    order = np.lexsort((surplus_columns, -surplus, surplus_rows))
    rows = surplus_rows[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = order[rank < most]
    return np.stack([surplus_rows[kept], surplus_columns[kept]], axis=1)


def merged(pairs: Pairs, more: Pairs, reviewers: int) -> Pairs:
    """Both sets of pairs, ordered, each once."""
    keys = np.unique(
        np.concatenate([pairs[:, 0] * reviewers + pairs[:, 1], more[:, 0] * reviewers + more[:, 1]])
    )
    return np.stack([keys // reviewers, keys % reviewers], axis=1)
