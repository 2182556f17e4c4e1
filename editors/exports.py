"""The acceptance list as files, all from the same stored rows, byte for byte the same each time."""

import csv
from dataclasses import astuple
from datetime import UTC, datetime
from io import BytesIO, StringIO

import xlsxwriter

from editors.acceptance import COLUMNS, AcceptanceRow, canonical_json
from editors.models import AcceptanceSnapshot
from editors.queries import acceptance_rows
from editors.queries.acceptance import snapshot_rows
from editors.statistics import Cell, Table

__all__ = [
    "FORMATS",
    "acceptance_rows",
    "as_csv",
    "as_json",
    "as_xlsx",
    "snapshot_file",
    "table_csv",
    "table_xlsx",
]

FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

# A spreadsheet takes a cell that begins so for a formula; an apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WIDTHS = {"title": 60, "abstract": 60, "authors": 40, "affiliations": 40, "manuscript_id": 20}


def as_csv(rows: list[AcceptanceRow]) -> bytes:
    """UTF-8 with BOM, RFC 4180. A cell that a spreadsheet would compute is made inert."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in astuple(row)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_json(rows: list[AcceptanceRow]) -> bytes:
    """A list of objects with the columns in order, values untouched."""
    return (canonical_json(rows) + "\n").encode()


def as_xlsx(rows: list[AcceptanceRow], snapshot: AcceptanceSnapshot) -> bytes:
    """One sheet, every cell a string; the creation time is that of the snapshot."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # The format keeps no zone; UTC, whole seconds, so that the bytes repeat.
    taken_at = snapshot.taken_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": f"Acceptance list {snapshot.number}", "created": taken_at})
    head = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("Accepted")
    sheet.freeze_panes(1, 2)
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 16))
        sheet.write_string(0, column, name, head)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(astuple(row)):
            sheet.write_string(line, column, inert(cell))
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    book.close()
    return out.getvalue()


def table_csv(table: Table) -> bytes:
    """One statistic with its heads, cells made inert as in every other file."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.heads)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def table_xlsx(table: Table, made_at: datetime) -> bytes:
    """The same as one sheet; numbers stay numbers."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": table.title, "created": created})
    head = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("Statistics")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.heads):
        sheet.set_column(column, column, 34 if column == 0 else 16)
        sheet.write_string(0, column, name, head)
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(line, column, cell)
            else:
                sheet.write_string(line, column, _cell(cell))
    book.close()
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return inert(cell)
    return "" if cell is None else str(cell)


def snapshot_file(snapshot: AcceptanceSnapshot, form: str) -> bytes:
    """A stored list in one of the formats."""
    rows = snapshot_rows(snapshot)
    if form == "csv":
        return as_csv(rows)
    if form == "xlsx":
        return as_xlsx(rows, snapshot)
    return as_json(rows)


def inert(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula (`security.md` 5)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
