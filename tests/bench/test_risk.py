"""The replayed issues: red on day -14 are those that miss the date."""

from __future__ import annotations

from random import Random

from bench.risk import DECISION, LOOK_BEFORE, learn, measured, play, seen

# The players have habits of their own. Taken at random, two manuscripts of five miss the date.
PRECISION_FLOOR = 0.55
RECALL_FLOOR = 0.6


def test_red_manuscripts_miss_and_missed_manuscripts_were_red() -> None:
    found = measured(issues=5, count=120, seed=7)
    print(found)
    assert found["manuscripts"] > 400
    assert found["precision"] >= PRECISION_FLOOR
    assert found["recall"] >= RECALL_FLOOR
    assert found["missed_of_red"] > 1.6 * found["missed_of_amber"]
    assert found["missed_of_green"] < 0.1  # what "not even with bad luck" means


def test_the_same_seed_plays_the_same_issue() -> None:
    assert measured(issues=1, count=40, seed=3) == measured(issues=1, count=40, seed=3)


def test_the_board_knows_nothing_that_comes_later() -> None:
    """Everything after day -14 is forgotten; what is told stays the same."""
    at = DECISION - LOOK_BEFORE
    papers, pool = play(Random(5), 40)
    before = [seen(paper, at) for paper in papers]
    model = learn(papers, pool, at)
    for paper in papers:
        paper.seats = [seat for seat in paper.seats if seat.invited_at <= at]
        for seat in paper.seats:
            if seat.answers_at and seat.answers_at > at:
                seat.answers_at, seat.due_at, seat.returns_at = None, None, None
            if seat.returns_at and seat.returns_at > at:
                seat.returns_at = None
            if seat.dropped_at and seat.dropped_at > at:
                seat.dropped_at = None
        if paper.complete_at and paper.complete_at > at:
            paper.complete_at = paper.decided_at = None
    assert [seen(paper, at) for paper in papers] == before
    again = learn(papers, pool, at)
    assert again.agree_share == model.agree_share
    assert (again.review == model.review).all()
