"""What a file is by its first bytes, whatever its name and its sender say."""

import re
import zipfile
from io import BytesIO

PDF_MARK = b"%PDF-"
HEADER_WINDOW_BYTES = 1024

_PDF_PARTS = re.compile(rb"\d\s+\d+\s+obj\b|\btrailer\b|\bstartxref\b")

_STARTS: tuple[tuple[bytes, str], ...] = (
    (PDF_MARK, "pdf"),
    (b"%!", "postscript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
)


def kind_of(content: bytes) -> str:
    """One of empty, pdf, word, zip, archive, html, svg, latex, image, program, text, unknown..."""
    if not content:
        return "empty"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    return _kind_of_text(content[:4096])


def header_offset(content: bytes) -> int | None:
    """Where `%PDF-` stands within the first 1024 bytes; None when it does not."""
    offset = content[:HEADER_WINDOW_BYTES].find(PDF_MARK)
    return None if offset < 0 else offset


def has_pdf_parts(content: bytes) -> bool:
    """Are there objects or a trailer of a PDF in it, whatever has become of its beginning?"""
    return _PDF_PARTS.search(content) is not None


def has_archive_appended(content: bytes) -> bool:
    """Is the PDF also a ZIP archive? Two programs would then show two different files."""
    end = content.rfind(b"%%EOF")
    tail = content[end:] if end >= 0 else content[-65_557:]
    return b"PK\x05\x06" in tail and zipfile.is_zipfile(BytesIO(content))


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    if "word/document.xml" in names:
        return "word"
    if "[Content_Types].xml" in names:
        return "office"
    if "mimetype" in names and "content.xml" in names:
        return "word"
    return "zip"


def _kind_of_text(start: bytes) -> str:
    lowered = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "html"
    if lowered.startswith((b"<svg", b"<?xml")):
        return "svg" if b"<svg" in lowered else "xml"
    if b"\\documentclass" in lowered or b"\\begin{document}" in lowered:
        return "latex"
    if b"\x00" not in start:
        try:
            start.decode("utf-8")
        except UnicodeDecodeError:
            return "unknown"
        return "text" if start.strip() and all(b >= 9 for b in start) else "unknown"
    return "unknown"
