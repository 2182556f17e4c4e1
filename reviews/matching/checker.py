"""Every rule that an assignment breaks, in words.

Written against the rules alone, slowly and apart from the optimiser on purpose: the optimiser is
checked by it, and so is what an editor changes by hand.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from reviews.matching.instance import Instance, Pair, Pairs


def broken_rules(instance: Instance, pairs: Sequence[Pair] | Pairs) -> list[str]:
    """The broken rules of an assignment, locked pairs included; an empty list for none.

    A paper with too few reviewers breaks no rule. Locked pairs may exceed a limit among themselves,
    since they stood before.
    """
    rows = [(int(paper), int(reviewer)) for paper, reviewer in pairs]
    return [
        *_pairs(instance, rows),
        *_counts(instance, rows),
        *_groups(instance, rows),
    ]


def _pairs(instance: Instance, rows: list[Pair]) -> Iterator[str]:
    locked = set(instance.locked)
    for pair, number in Counter(rows).items():
        if number > 1:
            yield f"pair {pair} stands twice"
    for pair in sorted(locked - set(rows)):
        yield f"locked pair {pair} is missing"
    for pair in rows:
        if pair not in locked and instance.scores[pair] < 0:
            yield f"pair {pair} is forbidden"


def _counts(instance: Instance, rows: list[Pair]) -> Iterator[str]:
    before = Counter(paper for paper, _ in instance.locked)
    for paper, number in sorted(Counter(paper for paper, _ in rows).items()):
        if number > max(int(instance.demand[paper]), before[paper]):
            yield f"paper {paper} has {number} reviewers"
    before = Counter(reviewer for _, reviewer in instance.locked)
    for reviewer, number in sorted(Counter(reviewer for _, reviewer in rows).items()):
        if number > max(int(instance.most[reviewer]), before[reviewer]):
            yield f"reviewer {reviewer} has {number} papers"


def _groups(instance: Instance, rows: list[Pair]) -> Iterator[str]:
    for limit in instance.groups:
        if limit.most is None:
            continue
        group = limit.group
        now = Counter((p, int(group[r])) for p, r in rows if group[r] >= 0)
        before = Counter((p, int(group[r])) for p, r in instance.locked if group[r] >= 0)
        for place, number in sorted(now.items()):
            if number > max(limit.most, before[place]):
                yield f"paper {place[0]}: {number} of one group by {limit.name}"
    for named in instance.pair_limits:
        members = set(named.pairs)
        on_paper = Counter(p for p, r in rows if (p, r) in members)
        already = Counter(p for p, r in instance.locked if (p, r) in members)
        for paper, number in sorted(on_paper.items()):
            if number > max(named.most, already[paper]):
                yield f"paper {paper}: {number} by {named.name}"
