"""The minute's tick: each thing once, whatever fails beside it, however often it runs."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tmi_special_issue import tick
from tmi_special_issue.models import Effect, Heartbeat, Topic

ran: list[tuple[str, datetime]] = []


def first_step(now: datetime) -> None:
    ran.append(("first", now))


def broken_step(now: datetime) -> None:
    ran.append(("broken", now))
    raise RuntimeError("this step is broken")


def last_step(now: datetime) -> None:
    ran.append(("last", now))


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


@pytest.mark.django_db
def test_an_effect_happens_once() -> None:
    done: list[str] = []
    answers = [tick.once("close:issue", lambda: done.append("closed")) for _ in range(3)]
    assert (answers, done) == ([True, False, False], ["closed"])
    assert list(Effect.objects.values_list("key", flat=True)) == ["close:issue"]


@pytest.mark.django_db
def test_another_key_is_another_effect() -> None:
    done: list[int] = []
    assert tick.once("remind:a", lambda: done.append(1))
    assert tick.once("remind:b", lambda: done.append(2))
    assert done == [1, 2]


@pytest.mark.django_db
def test_an_effect_that_fails_leaves_no_row_and_is_tried_again() -> None:
    def fails() -> None:
        Heartbeat.objects.create(name="half", beat_at=datetime(2024, 7, 1, tzinfo=UTC))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tick.once("close:issue", fails)
    assert (Effect.objects.exists(), Heartbeat.objects.exists()) == (False, False)
    assert tick.once("close:issue", lambda: None)


@pytest.mark.django_db
def test_a_broken_constraint_inside_an_effect_is_not_taken_for_done() -> None:
    def breaks() -> None:
        Topic.objects.create(issue_id=999_999, position=1, code="a", name="a", short_name="a")
        connection.check_constraints()

    with pytest.raises(IntegrityError):
        tick.once("close:issue", breaks)
    assert not Effect.objects.exists()


@pytest.mark.django_db
def test_a_failing_step_does_not_stop_the_others(settings: Any, noon: datetime) -> None:
    settings.TICK_STEPS = [
        f"{__name__}.{name}" for name in ("first_step", "broken_step", "last_step")
    ]
    tick.run()
    assert ran == [("first", noon), ("broken", noon), ("last", noon)]


@pytest.mark.django_db
def test_a_step_that_does_not_exist_does_not_stop_the_others(settings: Any) -> None:
    settings.TICK_STEPS = ["tmi_special_issue.no_such.step", f"{__name__}.last_step"]
    tick.run()
    assert [name for name, _ in ran] == ["last"]


@pytest.mark.django_db
def test_a_tick_leaves_its_heartbeat_in_real_time(settings: Any, noon: datetime) -> None:
    settings.TICK_STEPS = []
    tick.run()
    tick.run()
    beat = Heartbeat.objects.get(name="tick")
    assert abs(beat.beat_at - datetime.now(UTC)) < timedelta(seconds=5)
    assert beat.beat_at > noon


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once() -> None:
    start = threading.Barrier(4)
    done: list[int] = []
    answers: list[bool] = []

    def effect() -> None:
        time.sleep(0.2)
        done.append(1)

    def worker() -> None:
        try:
            start.wait(10)
            answers.append(tick.once("release:letters", effect))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (sorted(answers), done) == ([False, False, False, True], [1])
    assert Effect.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_second_worker_does_it_when_the_first_fails_in_the_middle() -> None:
    inside = threading.Event()
    done: list[str] = []

    def fails() -> None:
        inside.set()
        time.sleep(0.3)
        raise RuntimeError

    def first() -> None:
        try:
            with pytest.raises(RuntimeError):
                tick.once("release:letters", fails)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with transaction.atomic():
        assert tick.once("release:letters", lambda: done.append("second"))
    thread.join(30)
    assert done == ["second"]
