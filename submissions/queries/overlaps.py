"""How much of a version stood in its conference paper: what is measured, and what is due."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from submissions.models import Overlap, Version, VersionFile
from submissions.overlap import SectionOverlap
from submissions.states import FileKind

# The two files that are compared: another one makes the measure void.
COMPARED_KINDS = frozenset({FileKind.MAIN, FileKind.CONFERENCE_PAPER})


@dataclass(frozen=True, slots=True)
class Measured:
    """The sections of a version with their shares. No sections: a file's words were not read."""

    sections: tuple[SectionOverlap, ...]
    measured_at: datetime

    @property
    def with_passages(self) -> list[SectionOverlap]:
        """The sections that have words in common with the conference paper."""
        return [section for section in self.sections if section.passages]


def overlap_of(version: Version) -> Measured | None:
    """What was measured of a version; None as long as nothing was. One query."""
    row = Overlap.objects.filter(version=version).first()
    if row is None:
        return None
    return Measured(tuple(SectionOverlap.from_json(s) for s in row.sections), row.measured_at)


def unmeasured() -> QuerySet[Version]:
    """Versions with both papers and no measure, the oldest first."""
    files = VersionFile.objects.filter(version=OuterRef("pk"))
    return (
        Version.objects.filter(
            Exists(files.filter(kind=FileKind.MAIN)),
            Exists(files.filter(kind=FileKind.CONFERENCE_PAPER)),
        )
        .exclude(pk__in=Overlap.objects.values("version"))
        .select_related("manuscript__issue")
        .order_by("pk")
    )
