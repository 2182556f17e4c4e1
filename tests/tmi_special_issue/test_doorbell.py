"""The doorbell: rings after commit only, and a dead broker never breaks what it follows."""

import threading
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from tmi_special_issue import doorbell
from tmi_special_issue.models import Effect

UNREACHABLE = "redis://127.0.0.1:1/0"


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """What reaches the broker's door."""
    heard: list[tuple[str, tuple[str, ...]]] = []

    def send_task(name: str, *, args: tuple[str, ...] = (), **_: Any) -> None:
        heard.append((name, args))

    monkeypatch.setattr(doorbell.app, "send_task", send_task)
    return heard


@pytest.mark.django_db(transaction=True)
def test_it_rings_after_the_commit(rings: list[Any]) -> None:
    with transaction.atomic():
        doorbell.ring("editors.tasks.render_letter", "abc")
        assert rings == []
    assert rings == [("editors.tasks.render_letter", ("abc",))]


@pytest.mark.django_db(transaction=True)
def test_it_stays_silent_when_the_act_is_undone(rings: list[Any]) -> None:
    with transaction.atomic():
        doorbell.ring("editors.tasks.render_letter", "abc")
        transaction.set_rollback(True)
    assert rings == []


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_undo_the_act(monkeypatch: pytest.MonkeyPatch, noon: Any) -> None:
    dead = Celery("dead", broker=UNREACHABLE, set_as_current=False)
    dead.conf.task_publish_retry = False
    dead.conf.broker_transport_options = {"socket_connect_timeout": 0.2, "max_retries": 0}
    monkeypatch.setattr(doorbell, "app", dead)
    with transaction.atomic():
        Effect.objects.create(key="kept", at=noon)
        doorbell.ring("tmi_special_issue.tasks.tick")
    assert Effect.objects.filter(key="kept").exists()


def test_the_web_servers_threads_ring_at_our_broker() -> None:
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.append(doorbell.app.conf.broker_url))
    thread.start()
    thread.join(10)
    assert heard == [settings.CELERY_BROKER_URL]


@pytest.mark.django_db(transaction=True)
def test_many_mails_of_one_act_ring_once(rings: list[Any]) -> None:
    with transaction.atomic():
        for _ in range(12):
            doorbell.ring("tmi_special_issue.tasks.deliver_mail")
        doorbell.ring("editors.tasks.render_letter", "abc")
    assert rings == [
        ("tmi_special_issue.tasks.deliver_mail", ()),
        ("editors.tasks.render_letter", ("abc",)),
    ]
