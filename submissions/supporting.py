"""What a file that is not a document for readers may be, by its first bytes (`domain.md` G.1).

Six supporting kinds are allowed and no others; a PDF with text and figures under another name is
an extension of the paper and is refused. Pure: bytes and names in, a sentence out.
"""

from dataclasses import dataclass

from submissions.preflight.kinds import kind_of
from submissions.states import FileKind

MEGABYTE = 1024 * 1024
START_BYTES = 4 * MEGABYTE
FILES_MOST = 20

# What the author may choose beside the main manuscript.
SUPPORTING_KINDS = (
    FileKind.GRAPHICAL_ABSTRACT,
    FileKind.VIDEO,
    FileKind.MEDIA,
    FileKind.DATASET,
    FileKind.CODE,
)
# Kinds of which a version has one: a new file takes the place of the old one.
SINGLE_KINDS = frozenset(FileKind) - {
    FileKind.VIDEO,
    FileKind.MEDIA,
    FileKind.DATASET,
    FileKind.CODE,
}
FINAL_KINDS = (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM)
# Read as PDF and checked, but not a paper: neither template nor pages are looked at.
PAPER_KINDS = frozenset({FileKind.MAIN, FileKind.FINAL_PDF, FileKind.CONFERENCE_PAPER})

_MARKS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image", "image/png"),
    (0, b"\xff\xd8\xff", "image", "image/jpeg"),
    (0, b"II*\x00", "image", "image/tiff"),
    (0, b"MM\x00*", "image", "image/tiff"),
    (4, b"ftyp", "film", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "film", "video/webm"),
    (8, b"AVI ", "film", "video/x-msvideo"),
    (0, b"ID3", "sound", "audio/mpeg"),
    (8, b"WAVE", "sound", "audio/wav"),
    (0, b"PK\x03\x04", "archive", "application/zip"),
    (0, b"\x1f\x8b", "archive", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive", "application/x-7z-compressed"),
    (0, b"\x93NUMPY", "data", "application/octet-stream"),
    (0, b"\x89HDF", "data", "application/x-hdf5"),
    (344, b"n+1\x00", "data", "application/octet-stream"),
    (128, b"DICM", "data", "application/dicom"),
)
_ALLOWED: dict[FileKind, tuple[frozenset[str], str]] = {
    FileKind.GRAPHICAL_ABSTRACT: (frozenset({"image"}), "a picture as PNG, JPEG or TIFF"),
    FileKind.VIDEO: (frozenset({"film"}), "a film as MP4, WebM or AVI"),
    FileKind.MEDIA: (frozenset({"film", "sound", "image"}), "a film, a sound or a picture"),
    FileKind.DATASET: (
        frozenset({"archive", "text", "data"}),
        "a ZIP or gzip archive, a text table (CSV), HDF5, NumPy, NIfTI or DICOM",
    ),
    FileKind.CODE: (frozenset({"archive", "text"}), "a ZIP or gzip archive, or plain text"),
    FileKind.SOURCES: (
        frozenset({"archive", "word"}),
        "the LaTeX sources as a ZIP archive, or a Word document",
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the file is. `refusal` is empty when it may be kept."""

    media_type: str
    refusal: str = ""


def judge(kind: FileKind, label: str, name: str, start: bytes) -> Judged:
    """May this file be kept as this kind, by its first `START_BYTES`?

    The sentence names rule, found value and the fix.
    """
    if not start:
        return Judged("", f"{label}: “{name}” is empty (0 bytes). Check it on your disk.")
    found, media_type = _family(start)
    allowed, words = _ALLOWED[kind]
    if found in allowed:
        return Judged(media_type)
    if found == "pdf":
        return Judged(
            "",
            f"{label}: “{name}” is a PDF. Text and figures belong in the manuscript itself; here "
            f"only {words} can be taken.",
        )
    if found == "program":
        return Judged("", f"{label}: “{name}” is a program, which is never taken.")
    return Judged("", f"{label}: “{name}” cannot be taken as this kind. Upload {words}.")


def too_large(label: str, byte_count: int, byte_limit: int) -> str:
    """The sentence for a file above its limit."""
    return (
        f"{label}: the file has {byte_count / MEGABYTE:.1f} MB; the limit is "
        f"{byte_limit // MEGABYTE} MB. Make it smaller and upload it again."
    )


def _family(content: bytes) -> tuple[str, str]:
    kind = kind_of(content)
    if kind in {"pdf", "program", "html", "svg"}:
        return kind, ""
    if kind == "word":
        return "word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    for offset, mark, family, media_type in _MARKS:
        if content[offset : offset + len(mark)] == mark:
            return family, media_type
    return ("text", "text/plain") if kind in {"text", "latex", "xml"} else ("unknown", "")
