"""A file that comes in parts, so that a broken connection loses nothing but the last part.

The browser announces the file, sends parts from the offset that the server names, and asks to
have it taken in; `attach_file` then judges the whole as it does for a plain form. Nothing of an
unfinished upload is seen by anybody but its owner.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import User
from submissions import supporting
from submissions.actions.files import attach_file, byte_limit, refuse_unwanted
from submissions.models import Upload, Version, VersionFile
from submissions.permissions import may_work_on
from submissions.states import FILE_KIND_LABELS, FileKind
from tmi_special_issue import clock, files, parts
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

PART_BYTES_MOST = 1024 * 1024
# Smaller parts, unless it is the last, would make more rows of names than bytes of file.
PART_BYTES_LEAST = 64 * 1024
UPLOADS_MOST = 20
LIFETIME = timedelta(hours=24)


@transaction.atomic
def begin_upload(
    *,
    actor: User,
    version: Version,
    kind: FileKind,
    name: str,
    byte_count: int,
    fingerprint: str,
) -> Upload:
    """Announce a file. The same file announced again goes on where it stopped.

    Everything that can be refused before the first byte is refused here: person, kind, deadline,
    an empty file, one above the limit, too many at once. `fingerprint` is what the browser makes
    of name, size and some bytes; it is compared and never believed.
    """
    # The owner's row keeps two tabs from passing the limit together.
    User.objects.select_for_update().get(pk=actor.pk)
    now = clock.decisive_now()
    refuse_unwanted(actor, version, kind, now)
    plain = files.plain_name(name)
    label = FILE_KIND_LABELS[kind].removesuffix(" (PDF)")
    if byte_count < 1:
        raise Refusal(
            "empty",
            f"{label}: “{plain}” is empty (0 bytes). Check it on your disk.",
            field=kind.value,
            status=422,
        )
    limit = byte_limit(version, kind)
    if byte_count > limit:
        sentence = supporting.too_large(label, byte_count, limit)
        raise Refusal("too_large", sentence, field=kind.value, status=413)
    mine = Upload.objects.filter(owner=actor)
    former = mine.filter(version=version, fingerprint=fingerprint).first()
    if former is not None and former.byte_count == byte_count and former.expires_at > now:
        former.kind = kind
        former.save(update_fields=["kind"])
        return former
    if former is not None:
        _discard(former)
    if mine.count() >= UPLOADS_MOST:
        raise Refusal(
            "too_many_uploads",
            f"{UPLOADS_MOST} of your uploads are unfinished, which is the most. Finish one of them "
            "or give it up first.",
        )
    return Upload.objects.create(
        version=version,
        owner=actor,
        kind=kind,
        name=plain,
        fingerprint=fingerprint,
        byte_count=byte_count,
        began_at=now,
        expires_at=now + LIFETIME,
    )


def receive_part(*, actor: User, upload: Upload, offset: int, content: bytes) -> Upload:
    """Keep the bytes from `offset` on. Raises Refusal "wrong_offset" when others came first.

    The bytes are kept before the row is locked, so that a slow storage holds up nobody.
    """
    _refuse_size(content)
    name = parts.keep(upload.public_id, content)
    try:
        with transaction.atomic():
            locked = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
            if locked is None or not may_work_on(actor, upload.version):
                raise Refusal("not_found", "There is no such upload.", status=404)
            if locked.received != offset or offset + len(content) > locked.byte_count:
                raise Refusal(
                    "wrong_offset",
                    f"{locked.received} bytes of “{locked.name}” are here; this part begins at "
                    f"{offset}. Go on from byte {locked.received}.",
                )
            if len(content) < PART_BYTES_LEAST and offset + len(content) < locked.byte_count:
                raise Refusal(
                    "part_small",
                    f"The part has {len(content)} bytes; all but the last need at least "
                    f"{PART_BYTES_LEAST}.",
                    status=422,
                )
            locked.received = offset + len(content)
            locked.parts = [*locked.parts, name]
            locked.expires_at = clock.decisive_now() + LIFETIME
            locked.save(update_fields=["received", "parts", "expires_at"])
    except BaseException:
        parts.drop_one(upload.public_id, name)
        raise
    return locked


def finish_upload(
    *, actor: User, upload: Upload, kind: FileKind, description: str = ""
) -> VersionFile:
    """Take the whole file in, as `kind`. A refused file is given up with all its parts.

    While only the storage is at fault the parts stay, and finishing may be tried again.
    """
    if upload.received != upload.byte_count:
        raise Refusal(
            "upload_incomplete",
            f"{upload.received} of {upload.byte_count} bytes of “{upload.name}” are here. Send the "
            "rest first.",
        )
    with parts.joined(upload.public_id, upload.parts) as whole:
        try:
            row = attach_file(
                actor=actor,
                version=upload.version,
                kind=kind,
                upload=whole,
                name=upload.name,
                description=description,
                began_at=upload.began_at,
                ends=upload,
            )
        except Refusal as refusal:
            if refusal.status < 500 and refusal.code != "kind_not_wanted":
                with transaction.atomic():
                    _discard(upload)
            raise
    parts.drop(upload.public_id)
    return row


@transaction.atomic
def cancel_upload(*, actor: User, upload: Upload) -> None:
    """Give an upload up. Once more changes nothing."""
    if upload.owner_id != actor.pk:
        raise Refusal("not_found", "There is no such upload.", status=404)
    _discard(upload)


def sweep_uploads(*, actor: str, now: datetime) -> int:
    """Give up what nobody went on with for a day, and bytes that no row knows; how many."""
    there = parts.folders()  # asked first: an upload that begins meanwhile has its row already
    with transaction.atomic():
        Upload.objects.filter(expires_at__lte=now).delete()
        known = set(Upload.objects.values_list("public_id", flat=True))
    orphans = [folder for folder in there if folder not in known]
    for folder in orphans:
        parts.drop(folder)
    if orphans:
        log.info("uploads_swept", actor=actor, count=len(orphans))
    return len(orphans)


def _refuse_size(content: bytes) -> None:
    if not 0 < len(content) <= PART_BYTES_MOST:
        raise Refusal(
            "part_size",
            f"The part has {len(content)} bytes; between 1 and {PART_BYTES_MOST} can be taken.",
            status=413 if content else 422,
        )


def _discard(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(lambda: parts.drop(upload.public_id))
