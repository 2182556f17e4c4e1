"""The next version of a manuscript, begun as a copy of the one handed in."""

from django.db.models import Model

from submissions.models import (
    Author,
    DeclaredConflict,
    Manuscript,
    NamedReviewer,
    Version,
    VersionFile,
)
from submissions.states import FileKind, RevisionKind
from tmi_special_issue import clock

# Statements of the first hand-in that the author must make anew for a revision.
_ANEW = frozenset(
    {"id", "public_id", "edit_count", "saved_at", "submitted_at", "first_submitted_at"}
    | {"revision_number", "revision_kind", "due_at"}
    | {"response_summary", "metadata_reason", "response_attempts"}
)


def begin_next_version(manuscript: Manuscript) -> Version:
    """Make the draft of the next revision: metadata, authors, whom the authors name, and the
    conference paper, which does not change. All other files are brought anew.

    To be called inside the transaction of an action that holds the manuscript's row.
    """
    former = Version.objects.filter(manuscript=manuscript).latest("revision_number")
    copied = {
        field.attname: getattr(former, field.attname)
        for field in Version._meta.concrete_fields
        if field.name not in _ANEW
    }
    version = Version.objects.create(
        **copied,
        revision_number=former.revision_number + 1,
        revision_kind=manuscript.revision_kind or RevisionKind.MAJOR,
        due_at=manuscript.revision_due_at,
        saved_at=clock.now(),
    )
    version.topics.set(former.topics.all())
    for author in Author.objects.filter(version=former):
        Author.objects.create(**_values(author, version))
    for person in NamedReviewer.objects.filter(version=former):
        NamedReviewer.objects.create(**_values(person, version))
    for conflict in DeclaredConflict.objects.filter(version=former):
        DeclaredConflict.objects.create(**_values(conflict, version))
    for file in VersionFile.objects.filter(version=former, kind=FileKind.CONFERENCE_PAPER):
        VersionFile.objects.create(**_values(file, version))
    return version


def _values(row: Model, version: Version) -> dict[str, object]:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "public_id", "version"}
    }
    return {**values, "version": version}
