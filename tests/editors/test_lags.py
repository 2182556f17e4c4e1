"""How long people take: learnt from what ended and from what is still watched."""

from __future__ import annotations

import pytest

from editors import lags
from editors.lags import HORIZON, Lag


@pytest.mark.parametrize(("median", "ninetieth"), [(2, 5), (18, 27)])
def test_what_is_expected_has_the_quantiles_it_was_given(median: float, ninetieth: float) -> None:
    shape = lags.expected(median, ninetieth)
    assert shape.sum() == pytest.approx(1)
    assert abs(lags.quantile(shape, 0.5) - median) <= 1
    assert abs(lags.quantile(shape, 0.9) - ninetieth) <= 1


def test_nothing_seen_leaves_the_prior_and_much_seen_overrules_it() -> None:
    prior = lags.expected(18, 27)
    assert lags.learnt(prior, 12, []) == pytest.approx(prior)
    quick = lags.learnt(prior, 12, [Lag(3)] * 500)
    assert lags.quantile(quick, 0.5) == 3
    two = lags.learnt(prior, 12, [Lag(3)] * 2)
    assert lags.quantile(two, 0.5) > 14


def test_who_has_not_ended_makes_it_longer_and_not_shorter() -> None:
    prior = lags.expected(5, 10)
    ended = lags.learnt(prior, 4, [Lag(4)] * 10)
    watched = lags.learnt(prior, 4, [Lag(4)] * 10 + [Lag(20, has_ended=False)] * 10)
    assert lags.quantile(watched, 0.9) > lags.quantile(ended, 0.9)


def test_the_curve_counts_the_censored_until_they_were_last_seen() -> None:
    steps = lags.curve([Lag(1), Lag(2, has_ended=False), Lag(3)], until=5)
    assert [(step.day, step.watched, step.ended) for step in steps] == [
        (0, 3, 0),
        (1, 3, 1),
        (2, 2, 0),
        (3, 1, 1),
    ]
    assert [round(step.share, 4) for step in steps] == [0.0, 0.3333, 0.3333, 1.0]


def test_what_remains_after_some_days_sums_to_one_and_shifts() -> None:
    left = lags.remaining(lags.at_once(10), 4)
    assert (left.sum(), lags.quantile(left, 0.5)) == (1, 6)
    beyond = lags.remaining(lags.at_once(10), 30)
    assert beyond.sum() == pytest.approx(1)
    assert lags.quantile(beyond, 0.5) > 5


def test_one_after_the_other_loses_nothing_at_the_edge() -> None:
    late = lags.then(lags.at_once(200), lags.at_once(100))
    assert (late.sum(), late[-1]) == (1, 1)
    assert len(late) == HORIZON


def test_side_by_side_the_wanted_number_counts() -> None:
    shapes = [lags.at_once(day) for day in (2, 5, 9)]
    ends = [lags.quantile(lags.at_least(count, shapes), 0.5) for count in (1, 2, 3)]
    assert ends == [2, 5, 9]
    assert lags.quantile(lags.at_least(4, shapes), 0.5) == HORIZON - 1
