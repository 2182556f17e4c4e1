"""A version for its author's own files: one archive with every word and every upload.

Nobody loses work at a deadline (`domain.md` B.2): what can no longer be submitted can still be
carried away.
"""

import json
import tempfile
import zipfile
from datetime import UTC
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from submissions.actions.drafts import TEXT_FIELDS
from submissions.models import Author, NamedReviewer, Version, VersionFile
from submissions.queries import confided, metadata
from tmi_special_issue import files

SPOOL_BYTES = 8 * 1024 * 1024


def version_archive(version: Version) -> IO[bytes]:
    """A ZIP with `manuscript.txt` to read, `manuscript.json` for programs, and all files.

    The files are the author's own, byte for byte. What the author told the editors alone is in
    it too, so it is for the people who work on the version and nobody else. Every entry carries
    the time of the last save, so that the same version always gives the same bytes.
    """

    def entry(name: str) -> zipfile.ZipInfo:
        made = zipfile.ZipInfo(name, version.saved_at.astimezone(UTC).timetuple()[:6])
        made.compress_type = zipfile.ZIP_DEFLATED
        return made

    out = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - given away
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry("manuscript.txt"), _as_text(version))
        archive.writestr(
            entry("manuscript.json"),
            json.dumps(_as_values(version), indent=2, ensure_ascii=False, cls=DjangoJSONEncoder),
        )
        rows = VersionFile.objects.filter(version=version).select_related("file")
        for number, row in enumerate(rows, start=1):
            name = f"files/{number:02d}-{files.plain_name(row.file.original_name)}"
            with files.opened(row.file) as content, archive.open(entry(name), "w") as kept:
                while chunk := content.read(files.CHUNK):
                    kept.write(chunk)
    out.seek(0)
    return out


def _as_text(version: Version) -> str:
    told = [*metadata(version), ("Cover letter", version.cover_letter), *confided(version)]
    parts = [f"{label}\n{'-' * len(label)}\n{text}\n" for label, text in told if text]
    return "\n".join([f"{version.label}\n", *parts])


def _as_values(version: Version) -> dict[str, Any]:
    return {
        "label": version.label,
        "revision_number": version.revision_number,
        "saved_at": version.saved_at,
        "submitted_at": version.submitted_at,
        **{name: getattr(version, name) for name in sorted(TEXT_FIELDS)},
        "preferred_editor": version.preferred_editor and version.preferred_editor.full_name,
        "topics": [topic.name for topic in version.topics.all()],
        "authors": list(Author.objects.filter(version=version).values(*_AUTHOR)),
        "named_reviewers": list(NamedReviewer.objects.filter(version=version).values(*_NAMED)),
        "declared_conflicts": [
            {
                "person": str(row),
                "is_editor": row.editor_id is not None,
                "email": row.email,
                "kind": row.kind,
                "evidence": row.evidence,
            }
            for row in version.declared_conflicts.all()
        ],
        "files": [
            {
                "kind": row.kind,
                "name": row.file.original_name,
                "sha256": row.file.sha256,
                "bytes": row.file.byte_count,
                "description": row.description,
            }
            for row in VersionFile.objects.filter(version=version).select_related("file")
        ],
    }


_AUTHOR = (
    "position",
    "given_name",
    "family_name",
    "email",
    "orcid",
    "institution",
    "department",
    "city",
    "country",
    "ror",
    "credit_roles",
    "is_corresponding",
)
_NAMED = ("name", "email", "institution", "reason", "is_opposed")
