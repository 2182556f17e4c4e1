"""Files: private, stored once, named by chance, read back before anybody is told "received"."""

import hashlib
import re
import unicodedata
from contextlib import suppress
from io import BytesIO
from typing import IO, Any, cast
from urllib.parse import quote

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.http import FileResponse, HttpRequest, HttpResponse

from tmi_special_issue import clock
from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.models import StoredFile
from tmi_special_issue.refusal import Refusal

CHUNK = 256 * 1024


def store(content: bytes | IO[bytes], *, name: str, media_type: str) -> StoredFile:
    """Keep these bytes and return their row.

    Two systems hold a file, storage and database. The bytes are read back and compared before
    the row is made, so no row is without bytes (I1, I2 in `security.md` 6.3). Raises Refusal
    "storage_unavailable" when the storage does not keep what it was given.
    """
    stream: IO[bytes] = BytesIO(content) if isinstance(content, bytes) else content
    stream.seek(0)
    sha256, byte_count = _digest(stream)
    stream.seek(0)
    key = f"{sha256[:2]}/{new_public_id()}"
    try:
        saved_as = _storage().save(key, File(stream))
        with _storage().open(saved_as) as kept:
            kept_as = _digest(kept)
    except Exception as error:  # every storage raises its own kind
        raise _unavailable() from error
    if kept_as != (sha256, byte_count):
        with suppress(Exception):
            _storage().delete(saved_as)
        raise _unavailable()
    return StoredFile.objects.create(
        sha256=sha256,
        byte_count=byte_count,
        media_type=media_type,
        original_name=plain_name(name),
        storage_key=saved_as,
        created_at=clock.now(),
    )


def read(stored: StoredFile) -> bytes:
    """All bytes of a file. Raises Refusal "file_unreadable" while the storage is away."""
    with _open(stored) as kept:
        return cast(bytes, kept.read())


def opened(stored: StoredFile) -> "File[bytes]":
    """The file open for reading, for contents too large to hold; the caller closes it."""
    return _open(stored)


def respond(
    stored: StoredFile,
    *,
    filename: str,
    inline: bool = False,
    request: HttpRequest | None = None,
) -> HttpResponse:
    """Send a file so that it can do nothing in the reader's session (`security.md` 3.2.1).

    With `request`, one byte range is honoured (RFC 9110 section 14), for readers that load a
    long PDF in parts. The caller has checked that this person may have it.
    """
    opened = _open(stored)
    span = _range(request, stored.byte_count)
    if span:
        first, last = span
        opened.seek(first)
        response: Any = HttpResponse(opened.read(last - first + 1), status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{stored.byte_count}"
        opened.close()
    else:
        response = FileResponse(opened)
        response["Content-Length"] = str(stored.byte_count)
    response["Content-Type"] = stored.media_type
    kind = "inline" if inline and stored.media_type in _SAFE_INLINE else "attachment"
    response["Content-Disposition"] = disposition(kind, filename)
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'self'"
    if kind == "inline":
        # The browser's own reader of PDFs does not start in a sandbox; nothing else is inline.
        response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'"
        # The only thing of ours that a page of ours may frame; everything else says DENY.
        response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = None
    response._csp_exempt = True
    return cast(HttpResponse, response)


_SAFE_INLINE = frozenset({"application/pdf", "image/png"})


def disposition(kind: str, filename: str) -> str:
    """A Content-Disposition header by RFC 6266, free of anything that could break out of it."""
    name = plain_name(filename)
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r'["\\;%]', "", ascii_name).strip()
    if not ascii_name or ascii_name.startswith("."):
        ascii_name = f"file{ascii_name}"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def plain_name(name: str) -> str:
    """A file name that every system can save: composed Unicode, no path, no control characters
    or direction marks, none of Windows' reserved names, at most 120 bytes in UTF-8."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not stem or len(ending) >= 10:
        stem, dot, ending = kept, "", ""
    if stem.split(".")[0].rstrip().upper() in _RESERVED:
        stem = f"_{stem}"
    stem = stem.encode()[: NAME_BYTES_MAX - len(f"{dot}{ending}".encode())].decode(errors="ignore")
    return f"{stem.rstrip()}{dot}{ending}" if stem.strip() else "file"


NAME_BYTES_MAX = 120
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
)


def _range(request: HttpRequest | None, size: int) -> tuple[int, int] | None:
    if request is None:
        return None
    found = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", request.headers.get("Range", ""))
    if not found:
        return None
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    return (first, last) if first <= last else None


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        count += len(chunk)
    return digest.hexdigest(), count


def _open(stored: StoredFile) -> "File[bytes]":
    try:
        return _storage().open(stored.storage_key)
    except Exception as error:  # every storage raises its own kind
        raise Refusal(
            "file_unreadable",
            "The file cannot be read just now. Please try again in a few minutes; if it still "
            "fails, write to the office and name the page where you asked for it.",
            status=503,
        ) from error


def _storage() -> Storage:
    return storages["private"]


def _unavailable() -> Refusal:
    return Refusal(
        "storage_unavailable",
        "The file could not be kept just now, so nothing was recorded. Please try again in a few "
        "minutes; what you typed is saved.",
        status=503,
    )
