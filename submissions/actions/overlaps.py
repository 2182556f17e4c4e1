"""Measure how much of a manuscript stood in its conference paper, after the author's answer."""

from django.db import transaction

from submissions import preflight
from submissions.locks import lock_version
from submissions.models import Overlap, Version, VersionFile
from submissions.queries.overlaps import COMPARED_KINDS
from submissions.states import FileKind
from tmi_special_issue import audit, clock, doorbell, files


def forget_overlap(version: Version) -> None:
    """One of the two files is another or gone. To be called in the transaction of that act."""
    Overlap.objects.filter(version=version).delete()
    doorbell.ring("submissions.tasks.measure_overlap", version.public_id)


def measure_overlap(*, actor: str, version: Version) -> Overlap | None:
    """Compare the two papers in a confined process and keep what was found.

    Done once for two files; a version without both is left alone. Reading takes seconds, so no
    row is locked meanwhile: when a file was replaced in the meantime, nothing is kept and the
    next ring or tick measures the new one. Files that cannot be read are kept as no sections.
    """
    read = _compared(version)
    if len(read) < len(COMPARED_KINDS) or Overlap.objects.filter(version=version).exists():
        return None
    papers = (read[FileKind.MAIN], read[FileKind.CONFERENCE_PAPER])
    sections = preflight.compare(*(files.read(row.file.for_others) for row in papers))
    with transaction.atomic():
        locked = lock_version(version)
        if {row.pk for row in _compared(locked).values()} != {row.pk for row in papers}:
            return None
        row, is_new = Overlap.objects.get_or_create(
            version=locked, defaults={"sections": sections, "measured_at": clock.now()}
        )
        if is_new:
            audit.record(
                actor,
                "overlap.measured",
                locked.manuscript,
                version=locked.revision_number,
                files=[paper.file.sha256 for paper in papers],
            )
    return row


def _compared(version: Version) -> dict[str, VersionFile]:
    rows = VersionFile.objects.filter(version=version, kind__in=COMPARED_KINDS)
    return {row.kind: row for row in rows.select_related("file__served").order_by("-pk")}
