"""Rows collected in memory and written a table at a time."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model

from editors.models import (
    Decision,
    EditorConflict,
    Handling,
    Letter,
    OverdueFlag,
)
from reviews.models import Assignment, InvitationLink, Review, ReviewerLabel, ReviewSnapshot
from submissions.models import (
    Author,
    Correspondence,
    Enquiry,
    EnquiryMessage,
    Extension,
    Manuscript,
    NamedReviewer,
    Receipt,
    ResponsePoint,
    Version,
    VersionFile,
)
from tmi_special_issue.models import AuditEntry, OutboxAttachment, OutboxMessage, StoredFile

Row = TypeVar("Row", bound=Model)

VersionTopic: Any = Version.topics.through
# A table comes after those that it points to.
TABLES: tuple[Any, ...] = (
    *(StoredFile, Manuscript, Version, VersionTopic, Author, VersionFile, NamedReviewer),
    *(Receipt, ResponsePoint, Enquiry, EnquiryMessage),
    *(Extension, Handling, EditorConflict, OverdueFlag),
    *(ReviewerLabel, Assignment, InvitationLink, Review, ReviewSnapshot),
    *(Decision, Letter, Correspondence, OutboxMessage, OutboxAttachment, AuditEntry),
)
BATCH = 1000


class Rows:
    """Rows to be written; a row may point to another one that is not written yet."""

    def __init__(self) -> None:
        self._of: dict[Any, list[Model]] = {table: [] for table in TABLES}

    def add(self, row: Row) -> Row:
        """Keep a row for the next `write`."""
        self._of[type(row)].append(row)
        return row

    def write(self) -> None:
        """Insert everything collected so far."""
        for table, rows in self._of.items():
            table.objects.bulk_create(rows, batch_size=BATCH)
            rows.clear()
