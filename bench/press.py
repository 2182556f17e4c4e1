"""The rows of one fill, with what every part of it adds: record, mails, stored files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from random import Random
from typing import Any

from accounts.models import User
from bench import words
from bench.people import People
from bench.rows import Rows
from reviews.models import Assignment
from submissions.models import Manuscript
from submissions.states import Stage
from tmi_special_issue import audit
from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.models import (
    AuditEntry,
    MailState,
    MilestoneKind,
    OutboxMessage,
    SpecialIssue,
    StoredFile,
    Topic,
)

BUSY_EVERY, BUSY_MOST = 10, 60  # manuscripts of the measured author, and of the reviewer


class Press:
    """Who takes part in `count` manuscripts, and the rows made so far."""

    def __init__(self, issue: SpecialIssue, people: People, random: Random, count: int) -> None:
        self.count = count
        self.every = max(BUSY_EVERY, count // BUSY_MOST)
        self.issue = issue
        self.people = people
        self.random = random
        self.rows = Rows()
        self.topics = list(Topic.objects.filter(issue=issue).order_by("position"))
        self.closing = issue.milestones.get(kind=MilestoneKind.SUBMISSION).due_at
        self.last_hash = AuditEntry.objects.order_by("-sequence").values_list("hash")[0][0]

    def move(
        self, manuscript: Manuscript, actor: User | str, origin: Stage, to: Stage, at: datetime
    ) -> None:
        facts = {"origin": origin.value, "target": to.value}
        self.record(actor, "manuscript.moved", manuscript.audit_key, at, **facts)

    def record(
        self, actor: User | str, verb: str, subject: str, at: datetime, **facts: Any
    ) -> None:
        entry = AuditEntry(
            at=at,
            actor=actor if isinstance(actor, str) else actor.audit_key,
            verb=verb,
            subject=subject,
            facts=facts,
            request_id=new_public_id(),
            previous_hash=self.last_hash,
        )
        entry.hash = self.last_hash = audit.digest(entry)
        self.rows.add(entry)

    def mail(
        self, about: Manuscript | Assignment, kind: str, to: User, at: datetime
    ) -> OutboxMessage:
        text = f"Dear {to.full_name},\n\n" + words.comment(self.random, 0)
        return self.rows.add(
            OutboxMessage(
                key=f"{kind}:{about.public_id}:{to.public_id}:{at.isoformat()}",
                kind=kind,
                about=about.audit_key,
                to=to.email,
                subject=f"{kind.replace('_', ' ').capitalize()}: {self.issue.short_title}",
                text=text,
                html=f"<!doctype html><html><body><p>{text}</p></body></html>",
                state=MailState.SENT,
                attempts=1,
                not_before=at,
                queued_at=at,
                sent_at=at,
            )
        )

    def stored(self, name: str, at: datetime) -> StoredFile:
        key = new_public_id()
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.rows.add(
            StoredFile(
                sha256=digest,
                byte_count=1_400_000,
                media_type="application/pdf" if name.endswith("pdf") else "application/zip",
                original_name=name,
                storage_key=f"{digest[:2]}/{key}",
                created_at=at,
            )
        )
