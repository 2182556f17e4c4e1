"""What a file that is not a document for readers may be, by its first bytes (`domain.md` G.1).

Six supporting kinds are allowed and no others; a PDF with text and figures under another name is
an extension of the paper and is refused. Pure: bytes and names in, a sentence out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from submissions.checks.findings import Finding, Level, Screen
from submissions.preflight.facts import Fault, Supplement
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
# What may lie beside them; reviewers get neither the letter nor the sources.
BESIDE_KINDS = (FileKind.CONFERENCE_PAPER, FileKind.COVER_LETTER, FileKind.SOURCES)
# PDFs that are no papers.
LETTER_KINDS = frozenset({FileKind.COVER_LETTER, FileKind.COPYRIGHT_FORM})
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
        frozenset({"archive", "text", "data", "office"}),
        "a ZIP or gzip archive, a table (CSV or Excel), HDF5, NumPy, NIfTI or DICOM",
    ),
    FileKind.CODE: (frozenset({"archive", "text"}), "a ZIP or gzip archive, or plain text"),
    FileKind.SOURCES: (
        frozenset({"archive", "word"}),
        "the LaTeX sources as a ZIP archive, or a Word document",
    ),
}


# Families whose files are opened and looked at before they are kept.
OPENED_FAMILIES = frozenset({"archive", "word", "office", "image"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
# What an opened file turned out to be, when it is no plain archive or picture.
DOCUMENT_TYPES = {"word": WORD, "office": EXCEL, "open_document": OPEN_DOCUMENT}
# How the copy for others is named, by its media type.
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    WORD: "docx",
    EXCEL: "xlsx",
    OPEN_DOCUMENT: "odt",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the file is. `refusal` is empty when it may be kept."""

    media_type: str
    refusal: str = ""
    family: str = ""


def judge(kind: FileKind, label: str, name: str, start: bytes) -> Judged:
    """May this file be kept as this kind, by its first `START_BYTES`?

    The sentence names rule, found value and the fix.
    """
    if not start:
        return Judged("", f"{label}: “{name}” is empty (0 bytes). Check it on your disk.")
    found, media_type = _family(start)
    allowed, words = _ALLOWED[kind]
    if found in allowed:
        return Judged(media_type, family=found)
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


def remarks(kind: FileKind, found: Supplement) -> Iterator[Finding]:
    """What the author is told of a file beside the manuscript that was opened and kept."""

    def warning(code: str, sentence: str) -> Finding:
        return Finding(Level.WARNING, code, sentence, Screen.FILES, kind.value)

    if found.traces:
        named = ", ".join(dict.fromkeys(f"“{trace.value}”" for trace in found.traces[:3]))
        yield warning(
            "metadata", f"The file's properties name {named}. The copy for others has none."
        )
    if found.writers:
        named = ", ".join(f"“{writer}”" for writer in found.writers[:3])
        yield warning(
            "annotation_author",
            f"Notes or marked changes carry the name {named}. The copy for others has no names; "
            "is this the clean version?",
        )
    yield Finding(
        Level.OK,
        "plain",
        "Opened and looked through; nothing in it runs by itself.",
        Screen.FILES,
        kind.value,
    )


_FAULTS: dict[str, str] = {
    "bomb": "unpacks to far more than it weighs ({found}). Leave out what is empty or repeated.",
    "path_traversal": "has a member that points outside of the archive (“{found}”). Pack the "
    "folder itself, without links and without “..”.",
    "too_many_members": "has {found}. Pack small files together first, as one table or one "
    "volume each.",
    "encrypted": "is locked with a password (“{found}”), so nobody could open or check it. Pack "
    "it without one.",
    "program": "has a program in it (“{found}”), which is never taken. Leave it out and say in "
    "the text how it is built.",
    "packing": "is packed in a way that few programs can open (“{found}”). Pack it as a plain ZIP.",
    "active_content": "can run or fetch something when it is opened: {found}. Save it as a plain "
    "document without it.",
    "damaged": "is damaged ({found}). Make it again and check that it opens on your side.",
    "picture_too_large": "has {found}; the limit is 50 million pixels. Make the picture smaller.",
    "picture_broken": "cannot be opened as a picture. Export it again and upload the new file.",
    "too_slow": "could not be checked within ten seconds. Make it smaller or split it.",
    "too_heavy": "is too complicated to be checked safely. Make it smaller or split it.",
}


def fault_sentence(label: str, name: str, fault: Fault) -> str:
    """What is wrong with an opened file and how to mend it."""
    return f"{label}: “{name}” {_FAULTS[fault.code].format(found=fault.found)}"


def _family(content: bytes) -> tuple[str, str]:
    kind = kind_of(content)
    if kind in {"pdf", "program", "html", "svg"}:
        return kind, ""
    if kind == "word":
        return "word", WORD
    if kind == "office":
        return "office", EXCEL
    for offset, mark, family, media_type in _MARKS:
        if content[offset : offset + len(mark)] == mark:
            return family, media_type
    return ("text", "text/plain") if kind in {"text", "latex", "xml"} else ("unknown", "")
