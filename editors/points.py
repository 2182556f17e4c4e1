"""The points of a decision: planned from the reviews, then arranged by the editor.

An editor joins and cuts points and says which must be answered; the words stay the reviewers'.
So two arrangements of one review have the same words in the same order, which is how a review
that has changed since is told apart. Pure, on lists as `Decision.points` keeps them.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Self

from tmi_special_issue.refusal import Refusal

_END = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+(?=\S)")


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """A point as it will be delivered. `reviewer` is the number of the label."""

    reviewer: int
    text: str
    must_answer: bool = True

    def as_json(self) -> dict[str, Any]:
        """The point as values that a JSON column keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The point that `as_json` gave."""
        return cls(int(kept["reviewer"]), str(kept["text"]), bool(kept["must_answer"]))

    @property
    def pieces(self) -> list[str]:
        """The sentences and lines of the text: it can be cut before each but the first."""
        return [piece for piece in _END.split(self.text) if piece.strip()]


@dataclass(frozen=True, slots=True)
class NumberedPoint:
    """A point with its label and its place in the whole list, from 0."""

    index: int
    label: str
    point: PlannedPoint
    is_first: bool


def numbered(points: Sequence[PlannedPoint]) -> list[NumberedPoint]:
    """The points under the labels that they will have."""
    counts: dict[int, int] = {}
    found = []
    for index, point in enumerate(points):
        counts[point.reviewer] = counts.get(point.reviewer, 0) + 1
        position = counts[point.reviewer]
        found.append(NumberedPoint(index, f"R{point.reviewer}.{position}", point, position == 1))
    return found


def renewed(planned: Sequence[PlannedPoint], kept: Sequence[PlannedPoint]) -> list[PlannedPoint]:
    """The arrangement that fits the present reviews: `kept` wherever a review is the same."""
    before = dict(_by_reviewer(kept))
    return [
        point
        for reviewer, points in _by_reviewer(planned)
        for point in (
            before[reviewer] if _words(before.get(reviewer, [])) == _words(points) else points
        )
    ]


def marked(points: Sequence[PlannedPoint], must_answer: Collection[int]) -> list[PlannedPoint]:
    """The points with exactly these to be answered, by their place in the list."""
    return [
        PlannedPoint(point.reviewer, point.text, index in must_answer)
        for index, point in enumerate(points)
    ]


def changed(points: Sequence[PlannedPoint], act: str) -> list[PlannedPoint]:
    """The points after a pressed button: `merge-3` joins 3 to the one before it, `split-3-1` cuts
    3 before its second piece, nothing changes nothing. Raises Refusal "no_such_point"."""
    listed = list(points)
    if not act:
        return listed
    found = re.fullmatch(r"merge-(\d{1,4})|split-(\d{1,4})-(\d{1,4})", act)
    if found is None:
        raise _unknown(act)
    if found[1]:
        return _merged(listed, int(found[1]), act)
    return _split(listed, int(found[2]), int(found[3]), act)


def fingerprint(points: Sequence[PlannedPoint]) -> str:
    """Tells two arrangements apart, so that a stale page is noticed."""
    content = json.dumps([point.as_json() for point in points], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _merged(points: list[PlannedPoint], index: int, act: str) -> list[PlannedPoint]:
    if not 0 < index < len(points) or points[index].reviewer != points[index - 1].reviewer:
        raise _unknown(act)
    first, second = points[index - 1 : index + 1]
    joined = PlannedPoint(
        first.reviewer, f"{first.text}\n\n{second.text}", first.must_answer or second.must_answer
    )
    return [*points[: index - 1], joined, *points[index + 1 :]]


def _split(points: list[PlannedPoint], index: int, piece: int, act: str) -> list[PlannedPoint]:
    if index >= len(points):
        raise _unknown(act)
    point = points[index]
    ends = [match.end() for match in _END.finditer(point.text)]
    if not 1 <= piece <= len(ends):
        raise _unknown(act)
    cut = ends[piece - 1]
    halves = [
        PlannedPoint(point.reviewer, text.strip(), point.must_answer)
        for text in (point.text[:cut], point.text[cut:])
    ]
    return [*points[:index], *halves, *points[index + 1 :]]


def _unknown(act: str) -> Refusal:
    return Refusal(
        "no_such_point",
        f"There is nothing to do for “{act[:40]}”: the points have changed since, or it is no "
        "place to join or cut. Load the page again.",
        status=400,
    )


def _by_reviewer(points: Sequence[PlannedPoint]) -> Iterator[tuple[int, list[PlannedPoint]]]:
    for reviewer, group in groupby(points, key=lambda point: point.reviewer):
        yield reviewer, list(group)


def _words(points: Sequence[PlannedPoint]) -> list[str]:
    return " ".join(point.text for point in points).split()
