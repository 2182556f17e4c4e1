"""Who is ticked beforehand, and what another choice costs."""

from dataclasses import dataclass

import pytest

from editors.panel import Slate, propose_slate


@dataclass(frozen=True)
class Person:
    pk: int
    country: str = ""


@dataclass(frozen=True)
class Row:
    user: Person
    score: float
    affiliation: str = ""
    is_senior: bool = True
    is_suggested: bool = False
    needs_reason: bool = False


def row(key: int, score: float, **more: object) -> Row:
    country = str(more.pop("country", ""))
    return Row(Person(key, country), score, **more)  # type: ignore[arg-type]


def test_the_best_take_the_places() -> None:
    people = [row(1, 0.9), row(2, 0.4), row(3, 0.8), row(4, 0.7)]
    assert propose_slate(people, places=2) == Slate(frozenset({1, 3}), {})


def test_nobody_is_proposed_where_nothing_is_free() -> None:
    assert propose_slate([row(1, 0.9)], places=0) == Slate(frozenset(), {})
    assert propose_slate([], places=4) == Slate(frozenset(), {})


def test_an_institution_counts_once_and_a_country_twice() -> None:
    people = [
        row(1, 0.9, affiliation="Northgate University", country="DE"),
        row(2, 0.8, affiliation="northgate university ", country="DE"),
        row(3, 0.7, affiliation="Halvard", country="DE"),
        row(4, 0.6, affiliation="Orrin", country="DE"),
        row(5, 0.5, affiliation="Tarnby", country="DK"),
    ]
    assert propose_slate(people, places=3).chosen == {1, 3, 5}


def test_who_is_on_the_panel_already_counts() -> None:
    taken = [row(9, 0.1, affiliation="Halvard", is_suggested=True)]
    people = [
        row(1, 0.9, affiliation="Halvard"),
        row(2, 0.8, is_suggested=True),
        row(3, 0.2),
        row(4, 0.1),
    ]
    assert propose_slate(people, places=2, taken=taken).chosen == {3, 4}


def test_at_most_one_suggested_and_nobody_who_needs_a_reason() -> None:
    people = [
        row(1, 0.9, is_suggested=True),
        row(2, 0.8, is_suggested=True),
        row(3, 0.7, needs_reason=True),
        row(4, 0.1),
    ]
    assert propose_slate(people, places=3).chosen == {1, 4}


def test_one_of_them_is_senior_where_there_is_one() -> None:
    juniors = [row(n, 0.9 - n / 100, is_senior=False) for n in range(5)]
    senior = row(7, 0.2)
    assert propose_slate([*juniors, senior], places=4).chosen == {0, 1, 2, 7}
    assert propose_slate(juniors, places=4).chosen == {0, 1, 2, 3}


def test_former_reviewers_come_first_whatever_the_limits_say() -> None:
    people = [
        row(1, 0.9),
        row(2, 0.1, affiliation="Halvard", needs_reason=True),
        row(3, 0.1, affiliation="Halvard"),
        row(4, 0.8),
    ]
    assert propose_slate(people, places=3, first={2, 3}).chosen == {1, 2, 3}


def test_the_bench_says_what_another_choice_costs() -> None:
    people = [
        row(1, 0.9, affiliation="Halvard"),
        row(2, 0.8),
        row(3, 0.7, affiliation="Halvard"),
        row(4, 0.8),
        row(5, 0.5),
        row(6, 0.4, needs_reason=True),
    ]
    slate = propose_slate(people, places=2, priced=10)
    assert slate.chosen in ({1, 2}, {1, 4})
    same = 4 if 2 in slate.chosen else 2
    # Number 3 would take the place of number 1, who is of the same institution.
    assert slate.costs == {same: 0.0, 3: pytest.approx(0.2), 5: pytest.approx(0.3)}
