"""What a revision owes beside its files: answers to the points, and reasons for what has changed.

Pure, on plain values like the rest of `submissions.checks` (`domain.md` B.2, J17).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from submissions.checks.findings import Finding, Level, Screen

NAMED_MOST = 8


@dataclass(frozen=True, slots=True)
class PointValues:
    """A reviewer's point as far as the rules look at it. `key` names its fields on the page."""

    label: str
    key: str
    must_answer: bool = True
    is_answered: bool = False
    has_place: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """What indexes know of a paper, in words."""

    title: str = ""
    abstract: str = ""
    index_terms: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the metadata that differs from the version before."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a change. `kind` is kept, gone or new."""

    kind: str
    words: str


def changes_between(former: Metadata, present: Metadata) -> list[Change]:
    """What a revision has changed. Spaces count for nothing, the order of authors does."""
    pairs = (
        ("title", "Title", former.title, present.title),
        ("abstract", "Abstract", former.abstract, present.abstract),
        (
            "index_terms",
            "Index terms",
            ", ".join(former.index_terms),
            ", ".join(present.index_terms),
        ),
        ("authors", "Authors", ", ".join(former.authors), ", ".join(present.authors)),
    )
    return [
        Change(field, label, before, after)
        for field, label, before, after in pairs
        if before.split() != after.split()
    ]


def word_changes(before: str, after: str) -> list[Piece]:
    """The words of both texts in one: what stayed, what went, what came."""
    old, new = before.split(), after.split()
    pieces = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("kept", " ".join(old[i:j])))
            continue
        if old[i:j]:
            pieces.append(Piece("gone", " ".join(old[i:j])))
        if new[k:m]:
            pieces.append(Piece("new", " ".join(new[k:m])))
    return pieces


def unanswered(points: Sequence[PointValues]) -> Iterator[Finding]:
    """Every point that must be answered and is not blocks the submission."""
    for point in points:
        if point.must_answer and not point.is_answered:
            yield Finding(
                Level.ERROR,
                "point_unanswered",
                f"{point.label}: no answer yet. Write what you have changed, or why you have not.",
                Screen.RESPONSE,
                f"answer_{point.key}",
            )


def placeless(points: Sequence[PointValues]) -> Iterator[Finding]:
    """Answers that name no place in the new file: worth a look, since reviewers go there first."""
    lacking = [point for point in points if point.is_answered and not point.has_place]
    if lacking:
        named = ", ".join(point.label for point in lacking[:NAMED_MOST])
        more = f" and {len(lacking) - NAMED_MOST} more" if len(lacking) > NAMED_MOST else ""
        yield Finding(
            Level.WARNING,
            "place_missing",
            f"Places: {named}{more} name no place in the new file. Page and section help the "
            "reviewers to find each change.",
            Screen.RESPONSE,
            f"place_{lacking[0].key}",
        )


def unexplained(changed: Sequence[str], reason: str) -> Iterator[Finding]:
    """Changed metadata needs a reason, which the editors read beside the change."""
    if changed and not reason.strip():
        yield Finding(
            Level.ERROR,
            "metadata_reason_missing",
            f"Reason for changes: {_and(changed)} {'differ' if len(changed) > 1 else 'differs'} "
            "from the version before, and no reason is given. Write one sentence, or change it "
            "back.",
            Screen.MANUSCRIPT,
            "metadata_reason",
        )


def _and(words: Sequence[str]) -> str:
    lowered = [word.lower() for word in words]
    return " and ".join([", ".join(lowered[:-1]), lowered[-1]]) if len(lowered) > 1 else lowered[0]
