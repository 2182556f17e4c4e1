"""The record: append-only, one entry per change of state, chained by hashes.

Each entry carries the hash of the former, so that nobody can change or remove a line without
breaking every later one (`peers.md` G 11). `verify` walks the chain.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry

GENESIS = "0" * 64
_LOCK_NUMBER = 7_301_114  # any fixed number: the advisory lock that keeps the chain in one line


class Audited(Protocol):
    """Whatever can be named in the record."""

    @property
    def audit_key(self) -> str: ...


def record(actor: Audited | str, verb: str, subject: Audited, **facts: Any) -> AuditEntry:
    """Append one entry inside the caller's transaction.

    `actor` is a person or "system:<name>"; `verb` is past tense with its noun
    ("review.delivered"); `facts` must be plain JSON values.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "The record is written in the transaction of the change it tells of."
        )
    _take_chain_lock()
    last = AuditEntry.objects.order_by("-sequence").values_list("hash", flat=True).first()
    entry = AuditEntry(
        at=clock.now(),
        actor=actor if isinstance(actor, str) else actor.audit_key,
        verb=verb,
        subject=subject.audit_key,
        facts=json.loads(json.dumps(facts, default=str)),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id") or "")[:64],
        previous_hash=last or GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: AuditEntry) -> str:
    """The hash of an entry's content and of its predecessor, hexadecimal SHA-256."""
    content = [
        entry.at.astimezone(UTC).isoformat(),
        entry.actor,
        entry.verb,
        entry.subject,
        entry.facts,
        entry.request_id,
        entry.previous_hash,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def entries_about(*keys: str) -> QuerySet[AuditEntry]:
    """The entries of these subjects, oldest first."""
    return AuditEntry.objects.filter(subject__in=keys).order_by("sequence")


def verify() -> Iterator[str]:
    """Walk the whole chain; yield a sentence for each entry that does not fit."""
    previous = GENESIS
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=1000):
        if entry.previous_hash != previous:
            yield f"Entry {entry.sequence}: the entry before it was changed or removed."
        if entry.hash != digest(entry):
            yield f"Entry {entry.sequence} ({entry.verb}): its content was changed."
        previous = entry.hash


def _take_chain_lock() -> None:
    # SQLite transactions are IMMEDIATE here, so they are in one line already.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
