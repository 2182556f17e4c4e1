"""Why a paper has fewer reviewers than it wants, or none of a wished-for group, in a sentence."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from reviews.matching.instance import GroupLimit, Instance, Pairs, Shortage


def shortages(instance: Instance, pairs: Pairs) -> Iterator[Shortage]:
    """What is missing on each paper, with its reason."""
    papers, reviewers = instance.scores.shape
    filled = np.bincount(pairs[:, 0], minlength=papers)
    load = np.bincount(pairs[:, 1], minlength=reviewers)
    for paper in np.flatnonzero(filled < instance.demand):
        missing = int(instance.demand[paper] - filled[paper])
        yield Shortage(int(paper), missing, _why_short(instance, pairs, load, int(paper)))
    for limit in instance.groups:
        if limit.least:
            yield from _without_group(instance, pairs, limit)


def _why_short(instance: Instance, pairs: Pairs, load: np.ndarray, paper: int) -> str:
    here = set(pairs[pairs[:, 0] == paper, 1].tolist())
    permitted = np.flatnonzero(instance.scores[paper] >= 0)
    others = [int(r) for r in permitted if int(r) not in here]
    if not others:
        return f"Only {len(here)} people may review this manuscript; everybody else has a conflict."
    busy = [r for r in others if load[r] >= instance.most[r]]
    if len(busy) == len(others):
        return (
            f"Of {len(permitted)} people without a conflict, {len(busy)} are at their limit of "
            "reviews."
        )
    free = len(others) - len(busy)
    names = [limit.name for limit in instance.groups if limit.most is not None]
    names += [limit.name for limit in instance.pair_limits]
    return (
        f"{len(busy)} people are at their limit of reviews, and the {free} others would break a "
        f"rule: {', '.join(names)}."
    )


def _without_group(instance: Instance, pairs: Pairs, limit: GroupLimit) -> Iterator[Shortage]:
    for group in range(int(limit.group.max(initial=-1)) + 1):
        members = limit.group == group
        count = Counter(pairs[members[pairs[:, 1]], 0].tolist())
        filled = np.bincount(pairs[:, 0], minlength=len(instance.demand))
        taken = Counter(paper for paper, _ in instance.locked)
        for paper in np.flatnonzero(instance.demand):
            if taken[int(paper)] >= instance.demand[paper]:
                continue  # all its places were taken before anybody was matched
            wanted = min(limit.least, int(max(instance.demand[paper], filled[paper])))
            missing = wanted - count[int(paper)]
            if missing > 0 and filled[paper] >= instance.demand[paper]:
                free = int((members & (instance.scores[paper] >= 0)).sum())
                yield Shortage(
                    int(paper),
                    0,
                    f"{limit.name}: none could be placed; {free} would be free of conflict.",
                )
