"""The record: append-only, in the transaction of the change, one chain whoever writes."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from django.db import connection, transaction

from tmi_special_issue import audit
from tmi_special_issue.models import AuditEntry


@dataclass(frozen=True)
class Thing:
    """Something that can be named in the record."""

    audit_key: str


EVA = Thing("user:eva")
PAPER = Thing("manuscript:one")
OTHER = Thing("manuscript:two")


def write(count: int) -> list[AuditEntry]:
    with transaction.atomic():
        return [audit.record(EVA, "manuscript.moved", PAPER, step=n) for n in range(count)]


@pytest.mark.django_db
def test_an_entry_tells_who_what_when(noon: datetime) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-7"):
        entry = audit.record("system:tick", "review.delivered", PAPER, score=3, note="é")
    entry.refresh_from_db()
    assert (entry.at, entry.actor, entry.verb, entry.subject, entry.facts, entry.request_id) == (
        noon,
        "system:tick",
        "review.delivered",
        "manuscript:one",
        {"score": 3, "note": "é"},
        "request-7",
    )


@pytest.mark.django_db
def test_the_first_entry_follows_the_beginning_and_each_next_its_former() -> None:
    entries = write(3)
    assert [e.previous_hash for e in entries] == [audit.GENESIS, entries[0].hash, entries[1].hash]
    assert list(audit.verify()) == []


@pytest.mark.django_db
def test_facts_that_json_does_not_know_become_text() -> None:
    instant = datetime(2024, 7, 1, tzinfo=UTC)
    entry = audit.record(EVA, "manuscript.moved", PAPER, at=instant)
    assert entry.facts == {"at": "2024-07-01 00:00:00+00:00"}
    assert list(audit.verify()) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(EVA, "manuscript.moved", PAPER)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_no_entry() -> None:
    with transaction.atomic():
        audit.record(EVA, "manuscript.moved", PAPER)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_entries_about_some_subjects_oldest_first() -> None:
    first = audit.record(EVA, "manuscript.started", PAPER)
    audit.record(EVA, "manuscript.started", OTHER)
    last = audit.record(EVA, "manuscript.moved", PAPER)
    assert list(audit.entries_about("manuscript:one")) == [first, last]
    assert audit.entries_about("manuscript:one", "manuscript:two").count() == 3
    assert not audit.entries_about().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", datetime(2024, 1, 1, tzinfo=UTC)),
        ("actor", "user:gus"),
        ("verb", "manuscript.kept"),
        ("subject", "manuscript:two"),
        ("facts", {"step": 99}),
        ("request_id", "forged"),
    ],
)
def test_a_changed_field_names_its_entry(field: str, value: object) -> None:
    entries = write(4)
    changed = entries[1]
    AuditEntry.objects.filter(pk=changed.pk).update(**{field: value})
    verb = value if field == "verb" else "manuscript.moved"
    assert list(audit.verify()) == [f"Entry {changed.pk} ({verb}): its content was changed."]


@pytest.mark.django_db
def test_a_removed_entry_is_noticed_at_the_next() -> None:
    entries = write(4)
    entries[1].delete()
    assert list(audit.verify()) == [
        f"Entry {entries[2].pk}: the entry before it was changed or removed."
    ]


@pytest.mark.django_db
def test_a_change_with_a_new_hash_breaks_the_entry_after_it() -> None:
    entries = write(3)
    forged = entries[0]
    forged.facts = {"step": 7}
    forged.hash = audit.digest(forged)
    forged.save()
    assert list(audit.verify()) == [
        f"Entry {entries[1].pk}: the entry before it was changed or removed."
    ]


@pytest.mark.django_db
def test_the_hash_does_not_depend_on_the_zone_in_which_an_instant_is_held() -> None:
    entry = write(1)[0]
    before = audit.digest(entry)
    entry.at = entry.at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert audit.digest(entry) == before
    entry.at += timedelta(seconds=1)
    assert audit.digest(entry) != before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_keep_one_chain() -> None:
    start = threading.Barrier(6)
    failures: list[Exception] = []

    def writer(name: int) -> None:
        try:
            start.wait(10)
            for number in range(5):
                with transaction.atomic():
                    audit.record(f"user:{name}", "manuscript.moved", PAPER, number=number)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert AuditEntry.objects.count() == 30
    assert list(audit.verify()) == []
    assert AuditEntry.objects.values("previous_hash").distinct().count() == 30
