"""The health page: what works, and whether the site can serve."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory

from tmi_special_issue import clock, views
from tmi_special_issue.models import Heartbeat, OutboxMessage


def told(rf: RequestFactory) -> tuple[int, dict[str, Any]]:
    response = views.health(rf.get("/health/"))
    return response.status_code, json.loads(response.content)


def beat(ago: timedelta) -> None:
    Heartbeat.objects.create(name="tick", beat_at=clock.real_now() - ago)


@pytest.mark.django_db
def test_all_is_well(rf: RequestFactory) -> None:
    beat(timedelta(minutes=1))
    assert told(rf) == (
        200,
        {
            "state": "ok",
            "checks": {"database": True, "files": True, "schedule": True, "mail": True},
        },
    )


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [6, 600])
def test_a_late_schedule_is_told_and_not_fatal(rf: RequestFactory, minutes: int) -> None:
    beat(timedelta(minutes=minutes))
    status, answer = told(rf)
    assert (status, answer["state"], answer["checks"]["schedule"]) == (200, "degraded", False)


@pytest.mark.django_db
def test_mail_that_waits_for_a_person_is_told_and_not_fatal(rf: RequestFactory, noon: Any) -> None:
    beat(timedelta(minutes=1))
    OutboxMessage.objects.create(
        key="lost", to="ada@northgate.example", state="uncertain", not_before=noon, queued_at=noon
    )
    status, answer = told(rf)
    assert (status, answer["state"], answer["checks"]["mail"]) == (200, "degraded", False)


@pytest.mark.django_db
@pytest.mark.parametrize(("rehearsal", "state"), [(False, "degraded"), (True, "ok")])
def test_no_tick_yet(rf: RequestFactory, settings: Any, rehearsal: bool, state: str) -> None:
    settings.REHEARSAL = rehearsal
    assert told(rf)[1]["state"] == state


@pytest.mark.django_db
def test_a_moved_clock_does_not_make_the_schedule_late(rf: RequestFactory, noon: Any) -> None:
    beat(timedelta(minutes=1))
    with clock.frozen_at(noon + timedelta(days=900)):
        assert told(rf)[1]["state"] == "ok"


@pytest.mark.django_db
def test_without_files_the_site_is_down(rf: RequestFactory, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "tests.tmi_special_issue.test_files.DeadToQuestions"},
    }
    storages._storages = {}  # type: ignore[attr-defined]
    status, answer = told(rf)
    storages._storages = {}  # type: ignore[attr-defined]
    assert (status, answer["state"], answer["checks"]["files"]) == (503, "down", False)


@pytest.mark.django_db
def test_without_a_database_the_site_is_down(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)
    status, answer = told(rf)
    assert (status, answer["state"], answer["checks"]) == (
        503,
        "down",
        {"database": False, "files": True, "schedule": False, "mail": False},
    )


def test_health_is_only_read(rf: RequestFactory) -> None:
    assert views.health(rf.post("/health/")).status_code == 405
