"""The points as a Word file, out and in: a table for each reviewer, a row for each point.

What comes in was written by a stranger. It is a ZIP archive: its entries and their true sizes are
counted before anything is parsed, programs in it are refused, and no entity of its XML is resolved.
Nothing of the file is kept but the words in the tables. Numbers are how a row is told from another,
so a changed, doubled or missing one is refused with the row that has it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tmi_special_issue.refusal import Refusal

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BYTES_MOST = 5 * 1024 * 1024
INFLATED_MOST = 40 * 1024 * 1024
XML_MOST = 8 * 1024 * 1024
ENTRIES_MOST = 500
NAMED_MOST = 6
HEADS = ("Point", "What the reviewer says", "Your answer", "Place in the new file")
WIDTHS = (Cm(1.8), Cm(8.2), Cm(11), Cm(4))
_PROGRAMS = re.compile(r"(?i)vbaproject|vbadata|activex|\.exe$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A point with its answer, as a row of a table. `label` is its number: R2.3."""

    label: str
    text: str
    must_answer: bool = True
    answer: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: the answers by number, and the rows with pictures, which cannot be read.

    `made_at` is when the file was downloaded; None when the word processor has dropped it.
    """

    answers: dict[str, tuple[str, str]]
    with_pictures: tuple[str, ...]
    made_at: datetime | None


def written(
    title: str, label: str, groups: Sequence[tuple[str, Sequence[Row]]], at: datetime
) -> bytes:
    """The Word file of a revision: `groups` are the reviewers' labels with their rows."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.3)
    document.styles["Normal"].font.size = Pt(10)
    properties = document.core_properties
    properties.title = f"Response to the reviewers of {label}"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = at.astimezone(UTC).replace(
        tzinfo=None, microsecond=0
    )
    document.add_heading(f"Response to the reviewers of {label}", level=1)
    document.add_paragraph(_plain(title))
    document.add_paragraph(
        "Write in the last two columns, then upload this file on the page of the revision. Leave "
        "the numbers as they are. Pictures and equations of the equation editor cannot be read "
        "in; put them into the paper and name the place."
    )
    for name, rows in groups:
        document.add_heading(name, level=2)
        _add_table(document, rows)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def read(upload: IO[bytes], expected: Sequence[Row]) -> Read:
    """The answers in a Word file. Raises Refusal, naming what is wrong and the row that has it."""
    content = upload.read(BYTES_MOST + 1)
    _refuse_archive(content)
    try:
        document = Document(BytesIO(content))
    except Exception as broken:  # python-docx raises whatever the archive makes it stumble over
        raise _refused(
            "word_broken", "The Word file cannot be opened. Save it again as .docx."
        ) from broken
    found: dict[str, tuple[str, str]] = {}
    pictures = []
    at: dict[str, str] = {}
    for where, cells in _rows(document, expected):
        number = " ".join(_words(cells[0]).split())
        _refuse_number(number, where, at, cells, expected)
        at[number] = where
        found[number] = (_words(cells[2]).strip(), " ".join(_words(cells[3]).split()))
        if any(_has_picture(cell) for cell in cells[2:4]):
            pictures.append(number)
    _refuse_missing(found, expected)
    created = document.core_properties.created
    return Read(found, tuple(pictures), created.replace(tzinfo=UTC) if created else None)


def _add_table(document: WordDocument, rows: Sequence[Row]) -> None:
    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    repeated = table.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in rows:
        words = (row.label, _with_mark(row), row.answer, row.place)
        for cell, word in zip(table.add_row().cells, words, strict=True):
            cell.text = _plain(word)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        for cell in column.cells:
            cell.width = width


def _with_mark(row: Row) -> str:
    return row.text if row.must_answer else f"[answer optional]\n{row.text}"


def _plain(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _CONTROL.sub("", text)


# --- Reading ---------------------------------------------------------------------------------


def _refuse_archive(content: bytes) -> None:
    """Count before parsing: an archive may promise little and unfold to gigabytes."""
    if len(content) > BYTES_MOST:
        raise _refused(
            "too_large",
            f"The Word file has more than {BYTES_MOST // 1024 // 1024} MB, which is the limit. "
            "Take pictures out of it; only the words in its tables are read.",
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names:
                raise _refused("not_word", _NOT_WORD)
            if len(entries) > ENTRIES_MOST:
                raise _refused(
                    "word_too_big",
                    f"The Word file has {len(entries)} parts; at most {ENTRIES_MOST} are read. "
                    "Take pictures and comments out of it.",
                )
            total = 0
            for entry in entries:
                total += _inflate(archive, entry, total)
    except _BROKEN as broken:
        raise _refused("not_word", _NOT_WORD) from broken


# Whatever a damaged, encrypted or exotic archive makes its reader raise.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError)
_NOT_WORD = (
    "This is not a Word file (.docx). Download the file of this page, write your answers into it "
    "and upload it again; an old .doc must be saved as .docx first."
)


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, before: int) -> int:
    """The true size of one part, counted while it unfolds; its dangers are refused."""
    if _PROGRAMS.search(entry.filename):
        raise _refused(
            "word_program",
            f"The Word file has a program in it (“{entry.filename[-60:]}”). Save it as a plain "
            ".docx without macros and upload it again.",
        )
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    size, parts = 0, []
    with archive.open(entry) as opened:
        while chunk := opened.read(64 * 1024):
            size += len(chunk)
            if before + size > INFLATED_MOST or (is_xml and size > XML_MOST):
                raise _refused(
                    "word_too_big",
                    "The Word file unfolds to more than can be read. Copy your answers into a "
                    "freshly downloaded one, without pictures.",
                )
            if is_xml:
                parts.append(chunk)
    content = b"".join(parts)
    # Word writes no document types; whoever does wants entities resolved.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<\x00!\x00D" in content:
        raise _refused(
            "word_entities",
            f"The Word file declares a document type in “{entry.filename[-60:]}”, which Word never "
            "does. Save it again with Word or LibreOffice.",
        )
    if entry.filename == "[Content_Types].xml" and b"macroEnabled" in content:
        raise _refused(
            "word_program", "The Word file may hold macros (.docm). Save it as a plain .docx."
        )
    return size


def _rows(document: WordDocument, expected: Sequence[Row]) -> Iterator[tuple[str, list[Any]]]:
    """The rows of the tables of points, with words that tell a person where each is."""
    labels = {row.label for row in expected}
    for count, table in enumerate(document.element.body.iter(qn("w:tbl")), start=1):
        rows = [_cells(row) for row in table.iter(qn("w:tr")) if _table_of(row) is table]
        ours = any(cells and _head(cells) in {HEADS[0], *labels} for cells in rows)
        if not ours:
            continue
        for position, cells in enumerate(rows, start=1):
            where = f"table {count}, row {position}"
            if not any(_words(cell).strip() for cell in cells) or _head(cells) == HEADS[0]:
                continue
            if len(cells) < len(HEADS):
                raise _refused(
                    "word_columns",
                    f"Word file, {where}: it has {len(cells)} columns; {len(HEADS)} are expected "
                    f"({', '.join(HEADS)}). Undo joined cells there.",
                )
            yield where, cells


def _table_of(row: Any) -> Any:
    """The table that a row belongs to, also when it stands inside a control."""
    found = row.getparent()
    while found is not None and found.tag != qn("w:tbl"):
        found = found.getparent()
    return found


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iter(qn("w:tc")) if _row_of(cell) is row]


def _row_of(cell: Any) -> Any:
    found = cell.getparent()
    while found is not None and found.tag != qn("w:tr"):
        found = found.getparent()
    return found


def _head(cells: list[Any]) -> str:
    return " ".join(_words(cells[0]).split()) if cells else ""


_TEXT, _BREAKS = {qn("w:t"), qn("m:t")}, {qn("w:br"), qn("w:cr")}
_GONE = {qn("w:del"), qn("w:moveFrom")}
_PICTURES = (qn("w:drawing"), qn("w:pict"), qn("w:object"))


def _words(cell: Any) -> str:
    """The text of a cell as it reads with all tracked changes accepted."""
    return "\n".join("".join(_runs(p)) for p in cell.iter(qn("w:p"))).strip("\n")


def _runs(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag in _GONE or child.tag == qn("w:p"):
            continue
        if child.tag in _TEXT:
            yield child.text or ""
        elif child.tag == qn("w:tab"):
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        else:
            yield from _runs(child)


def _has_picture(cell: Any) -> bool:
    return any(True for _ in cell.iter(*_PICTURES))


def _refuse_number(
    number: str, where: str, at: dict[str, str], cells: list[Any], expected: Sequence[Row]
) -> None:
    by_label = {row.label: row for row in expected}
    words = _words(cells[1]).split()
    meant = [row.label for row in expected if _with_mark(row).split() == words]
    ought = f" By its words it is {meant[0]}." if len(meant) == 1 and meant[0] != number else ""
    if number in at:
        raise _refused(
            "number_twice",
            f"Word file, {where}: the number {number} stands in {at[number]} already.{ought} "
            "Nothing was read in; correct the number and upload the file again.",
        )
    if number not in by_label:
        found = f"“{number[:40]}”" if number else "no number"
        raise _refused(
            "number_changed",
            f"Word file, {where}: {found} is not the number of a point.{ought} Nothing was read "
            "in; correct the number and upload the file again.",
        )
    if ought:
        raise _refused(
            "number_changed",
            f"Word file, {where}: the number reads {number}.{ought} Nothing was read in; correct "
            "the number and upload the file again.",
        )


def _refuse_missing(found: dict[str, Any], expected: Sequence[Row]) -> None:
    lacking = [row.label for row in expected if row.label not in found]
    if lacking:
        named = ", ".join(lacking[:NAMED_MOST])
        more = f" and {len(lacking) - NAMED_MOST} more" if len(lacking) > NAMED_MOST else ""
        row, rows = ("row", "it is") if len(lacking) == 1 else ("rows", "they are")
        raise _refused(
            "number_missing",
            f"Word file: the {row} of {named}{more} cannot be found. Nothing was read in; put the "
            f"{row} back, empty if {rows} not answered yet, and upload the file again.",
        )


def _refused(code: str, sentence: str) -> Refusal:
    return Refusal(code, sentence, field="word", status=422)
