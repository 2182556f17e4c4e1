"""Opens what an answer may hide: archives, PDF streams and properties, mails."""

import email
import gzip
import html
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from email.policy import default
from io import BytesIO
from pathlib import Path

import pikepdf


def pieces(body: bytes) -> Iterator[bytes]:
    """The body and everything that can be unpacked from it, one level of nesting deep."""
    yield body
    if body.startswith(b"\x1f\x8b"):
        yield from pieces(gzip.decompress(body))
    elif body.startswith(b"PK"):
        yield from _archive(body)
    elif b"%PDF-" in body[:1024]:
        yield from _pdf(body)
    elif b"<" in body and b"&" in body:
        yield html.unescape(body.decode("utf-8", "replace")).encode()


def mail_pieces(raw: bytes) -> Iterator[bytes]:
    """All headers and all decoded parts of a mail."""
    yield raw
    message = email.message_from_bytes(raw, policy=default)
    for name, value in message.items():
        yield f"{name}: {value}".encode()
    for part in message.walk():
        yield f"{part.get_filename() or ''}".encode()
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield from pieces(content)


def _archive(body: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        yield archive.comment
        for member in archive.infolist():
            yield member.filename.encode()
            yield member.comment
            content = archive.read(member)
            yield content
            if content.startswith(b"PK"):
                with zipfile.ZipFile(BytesIO(content)) as inner:
                    for nested in inner.infolist():
                        yield nested.filename.encode()
                        yield inner.read(nested)


def _pdf(body: bytes) -> Iterator[bytes]:
    with pikepdf.open(BytesIO(body)) as document:
        for value in document.docinfo.values():
            yield str(value).encode()
        if "/Metadata" in document.Root:
            yield bytes(document.Root.Metadata.read_bytes())
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    yield bytes(thing.read_bytes())
                except pikepdf.PdfError:
                    yield bytes(thing.read_raw_bytes())
            else:
                yield repr(thing).encode()
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        Path(kept.name).write_bytes(body)
        text = subprocess.run(
            ["pdftotext", "-q", kept.name, "-"], capture_output=True, check=False, timeout=30
        )
        yield text.stdout
