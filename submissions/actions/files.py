"""Files of a version: check, clean and keep, or refuse and keep nothing."""

from datetime import datetime
from io import BytesIO
from typing import IO

from django.db import transaction

from accounts.models import User
from submissions import supporting
from submissions.actions.overlaps import forget_overlap
from submissions.examination import Examined, examine
from submissions.locks import lock_version
from submissions.models import Upload, Version, VersionFile
from submissions.permissions import may_work_on
from submissions.queries import deadline_window
from submissions.queries.overlaps import COMPARED_KINDS
from submissions.states import FILE_KIND_LABELS, PDF_KINDS, FileKind, Stage
from tmi_special_issue import audit, clock, files
from tmi_special_issue.deadlines import has_ended, is_open
from tmi_special_issue.models import StoredFile
from tmi_special_issue.refusal import Refusal
from tmi_special_issue.templatetags.moments import OfficialZone, written


def attach_file(
    *,
    actor: User,
    version: Version,
    kind: FileKind,
    upload: IO[bytes],
    name: str,
    description: str = "",
    began_at: datetime,
    ends: Upload | None = None,
) -> VersionFile:
    """Check an upload and keep it with its cleaned copy. A single kind replaces the former file.

    `began_at` is when the upload began: begun before the deadline, it may end within the grace.
    `ends` is the upload in parts that this completes; of two clicks at once one completes it.
    A refused file leaves no row and no bytes. The examination, which may take seconds, runs
    before the transaction, so that no row stays locked meanwhile.
    """
    refuse_unwanted(actor, version, kind, began_at)
    examined = examine(version, kind, files.plain_name(name), upload, byte_limit(version, kind))
    with transaction.atomic():
        locked = lock_version(version)
        refuse_unwanted(actor, locked, kind, began_at)
        if ends is not None and not Upload.objects.filter(pk=ends.pk).delete()[0]:
            raise Refusal("upload_ended", f"“{ends.name}” has been taken in already.")
        row = _keep(locked, kind, files.plain_name(name), examined, description, began_at)
        if kind in COMPARED_KINDS:
            forget_overlap(locked)
        locked.saved_at = clock.now()
        locked.save(update_fields=["saved_at"])
        audit.record(
            actor,
            "file.attached",
            locked.manuscript,
            kind=kind.value,
            version=locked.revision_number,
            sha256=row.file.sha256,
            bytes=row.file.byte_count,
        )
    return row


@transaction.atomic
def remove_file(*, actor: User, file: VersionFile) -> None:
    """Take a file off a draft. Somebody who removes it twice is not told off."""
    locked = lock_version(file.version)
    row = VersionFile.objects.filter(pk=file.pk).select_related("file").first()
    if row is None:
        return
    refuse_unwanted(actor, locked, FileKind(row.kind), clock.decisive_now())
    row.delete()
    if row.kind in COMPARED_KINDS:
        forget_overlap(locked)
    audit.record(
        actor,
        "file.removed",
        locked.manuscript,
        kind=row.kind,
        version=locked.revision_number,
        sha256=row.file.sha256,
    )


def describe_file(
    *, actor: User, file: VersionFile, kind: FileKind, description: str
) -> VersionFile:
    """Say what a file shows, and as what it counts. Another kind is checked as if uploaded anew."""
    text = " ".join(description.split())[:300]
    if kind != file.kind:
        row = attach_file(
            actor=actor,
            version=file.version,
            kind=kind,
            upload=BytesIO(files.read(file.file)),
            name=file.file.original_name,
            description=text,
            began_at=clock.decisive_now(),
        )
        remove_file(actor=actor, file=file)
        return row
    with transaction.atomic():
        locked = lock_version(file.version)
        refuse_unwanted(actor, locked, kind, clock.decisive_now())
        file.description = text
        file.save(update_fields=["description"])
        audit.record(
            actor,
            "file.described",
            locked.manuscript,
            kind=file.kind,
            version=locked.revision_number,
            sha256=file.file.sha256,
        )
    return file


def byte_limit(version: Version, kind: FileKind) -> int:
    """How many bytes a file of this kind may have."""
    issue = version.manuscript.issue
    return issue.main_file_bytes_max if kind in PDF_KINDS else issue.supporting_file_bytes_max


def kinds_for(version: Version) -> frozenset[FileKind]:
    """Which kinds can be attached to this version now; none when it is frozen."""
    if not version.is_draft:
        waits = version.manuscript.stage == Stage.AWAITING_FINAL_FILES
        return frozenset(supporting.FINAL_KINDS) if waits else frozenset()
    kinds = {FileKind.MAIN, *supporting.SUPPORTING_KINDS, *supporting.BESIDE_KINDS}
    if version.revision_number:
        kinds |= {FileKind.RESPONSE, FileKind.MARKED_COPY}
    return frozenset(kinds)


def refuse_unwanted(actor: User, version: Version, kind: FileKind, began_at: datetime) -> None:
    """Raises Refusal when this person may not put such a file into this version now."""
    if not may_work_on(actor, version):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    if kind not in kinds_for(version):
        if not version.is_draft:
            raise Refusal(
                "submitted_already",
                f"{version.label} is submitted; its files cannot be changed any more.",
            )
        raise Refusal(
            "kind_not_wanted",
            f"“{FILE_KIND_LABELS[kind]}” is not a kind of file for this version.",
            field=kind.value,
            status=422,
        )
    if not version.is_draft:
        return  # final files: late ones are welcome, the office asks for them
    window = deadline_window(version)
    now = clock.decisive_now()
    if has_ended(window, now) or not is_open(window, now, began_at=began_at):
        issue = version.manuscript.issue
        zone = OfficialZone(issue.zone, issue.zone_label)
        raise Refusal(
            "deadline_passed",
            f"The time for files ended on {written(window.effective_at, zone)}; by the server's "
            f"clock it is {now:%-d %b %Y, %H:%M:%S} UTC. The draft stays readable.",
        )


def _keep(
    version: Version,
    kind: FileKind,
    name: str,
    examined: Examined,
    description: str,
    began_at: datetime,
) -> VersionFile:
    rows = VersionFile.objects.filter(version=version)
    if kind in supporting.SINGLE_KINDS:
        rows.filter(kind=kind).delete()
    elif rows.count() >= supporting.FILES_MOST:
        raise Refusal(
            "too_many_files",
            f"There are {supporting.FILES_MOST} files already, which is the most. Remove one "
            "first, or put several into one archive.",
            field=kind.value,
        )
    stored = files.store(examined.content, name=name, media_type=examined.media_type)
    if examined.served is not None:
        stored.served = _store_copy(examined.served, kind, examined.served_type)
        stored.save(update_fields=["served"])
    thumbnail = None
    if examined.thumbnail is not None:
        thumbnail = files.store(examined.thumbnail, name="page-1.png", media_type="image/png")
    return VersionFile.objects.create(
        version=version,
        kind=kind,
        file=stored,
        thumbnail=thumbnail,
        description=" ".join(description.split())[:300],
        page_count=examined.page_count,
        findings=examined.findings,
        flags=examined.flags,
        front_page=examined.front_page,
        hidden_text=examined.hidden_text,
        upload_began_at=began_at,
        uploaded_at=clock.decisive_now(),
    )


def _store_copy(content: bytes, kind: FileKind, media_type: str) -> StoredFile:
    """The copy for others, under a name that tells nothing of its maker."""
    ending = supporting.ENDINGS[media_type]
    return files.store(
        content, name=f"{kind.value.replace('_', '-')}.{ending}", media_type=media_type
    )
