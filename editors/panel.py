"""Which candidates are ticked beforehand. Pure."""

from collections.abc import Collection, Sequence
from typing import Protocol


class Ranked(Protocol):
    """What the choice looks at; the candidates come best first."""

    @property
    def user(self) -> "Keyed": ...
    @property
    def affiliation(self) -> str: ...
    @property
    def is_suggested(self) -> bool: ...
    @property
    def needs_reason(self) -> bool: ...


class Keyed(Protocol):
    """Something with a key."""

    @property
    def pk(self) -> int: ...


def preselect(
    candidates: Sequence[Ranked],
    *,
    places: int,
    first: Collection[int] = (),
    taken: Sequence[Ranked] = (),
) -> set[int]:
    """The keys of the best people for the free places.

    Nobody whose invitation needs a reason, at most one an institution, at most one whom the
    authors suggested (F10), those already on the panel counted. `first` are the reviewers of the
    former round who should see the answer to their review; they come before the others and may
    share an institution.
    """
    chosen: set[int] = set()
    houses = {c.affiliation.casefold() for c in taken if c.affiliation}
    suggested = any(c.is_suggested for c in taken)
    for candidate in candidates:
        if len(chosen) < places and candidate.user.pk in first:
            chosen.add(candidate.user.pk)
            houses.add(candidate.affiliation.casefold())
            suggested = suggested or candidate.is_suggested
    for candidate in candidates:
        if len(chosen) >= places:
            break
        house = candidate.affiliation.casefold()
        clashes = (house and house in houses) or (candidate.is_suggested and suggested)
        if candidate.user.pk in chosen or candidate.needs_reason or clashes:
            continue
        chosen.add(candidate.user.pk)
        houses.add(house)
        suggested = suggested or candidate.is_suggested
    return chosen
