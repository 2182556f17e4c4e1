"""Text that a machine reads and a person cannot see: draws each page and compares.

Run by the inspector as a process of its own. A run of text counts as hidden when it is
invisible by its drawing mode with no picture under it, too small to read, outside the page, or
when the drawn page shows nothing at its place (same colour as the background, covered, clear).
"""

import ctypes
import json
import sys
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from submissions.preflight.sandbox import confine

TINY_POINTS = 1.6
HIDDEN_WORDS_WORTH_TELLING = 4
UNIFORM_CONTRAST = 8
RUN_CAP = 60_000
PIXELS_LONG_SIDE = 1400
PAGES_LOOKED_AT = 200

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of text as placed on the page: box in page points, size as printed."""

    text: str
    box: Box
    size: float
    mode: int


@dataclass(slots=True)
class PageContent:
    """The runs of text and the boxes of pictures of one page."""

    runs: list[Run]
    pictures: list[Box]


def page_content(page: Any, text_page: Any) -> PageContent:
    """All text and pictures of a page, forms within forms included."""
    content = PageContent([], [])
    waiting: list[tuple[Any, Matrix, int]] = [
        (raw.FPDFPage_GetObject(page, n), IDENTITY, 0)
        for n in range(raw.FPDFPage_CountObjects(page))
    ]
    waiting.reverse()
    while waiting and len(content.runs) < RUN_CAP:
        thing, outer, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            _add_run(content, thing, outer, text_page)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            if box := _box_of(thing, outer):
                content.pictures.append(box)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 12:
            inner = _product(_matrix_of(thing), outer)
            count = raw.FPDFFormObj_CountObjects(thing)
            waiting.extend(
                (raw.FPDFFormObj_GetObject(thing, n), inner, depth + 1)
                for n in reversed(range(max(count, 0)))
            )
    return content


def _add_run(content: PageContent, thing: Any, outer: Matrix, text_page: Any) -> None:
    text = _text_of(thing, text_page)
    box = _box_of(thing, outer)
    if box is None or not any(c.isalnum() for c in text):
        return
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(thing, size)
    a, b, c, d, _, _ = _product(_matrix_of(thing), outer)
    scale = abs(a * d - b * c) ** 0.5
    content.runs.append(
        Run(text, box, abs(size.value) * scale, raw.FPDFTextObj_GetTextRenderMode(thing))
    )


def _text_of(thing: Any, text_page: Any) -> str:
    length = raw.FPDFTextObj_GetText(thing, text_page, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    raw.FPDFTextObj_GetText(thing, text_page, pointer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").replace("\0", "")


def _box_of(thing: Any, outer: Matrix) -> Box | None:
    values = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *values):
        return None
    left, bottom, right, top = (v.value for v in values)
    corners = [_moved(outer, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix_of(thing: Any) -> Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, m):
        return IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _product(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


class Picture:
    """The drawn page with the way from page points to pixels."""

    def __init__(self, page: Any) -> None:
        width, height = page.get_size()
        self.scale = min(1.5, PIXELS_LONG_SIDE / max(width, height, 1.0))
        self.image: Image.Image = page.render(scale=self.scale, rev_byteorder=True).to_pil()
        self.image = self.image.convert("RGB")
        self._page = page

    def shows_something(self, box: Box) -> bool:
        """Is there any contrast within the box?"""
        corners = [self._pixel(box[0], box[1]), self._pixel(box[2], box[3])]
        xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        left, top = max(xs[0] - 1, 0), max(ys[0] - 1, 0)
        right = min(xs[1] + 2, self.image.width)
        bottom = min(ys[1] + 2, self.image.height)
        if right <= left or bottom <= top:
            return False
        extrema = self.image.crop((left, top, right, bottom)).getextrema()
        return any(high - low > UNIFORM_CONTRAST for low, high in extrema)  # type: ignore[misc]

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        px, py = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            self._page.raw, 0, 0, self.image.width, self.image.height, 0, x, y, px, py
        )
        return px.value, py.value


def why_hidden(run: Run, page_box: Box, pictures: list[Box], picture: Picture) -> str:
    """The reason why a person cannot see this run; empty when one can."""
    left, bottom, right, top = run.box
    if right < page_box[0] or left > page_box[2] or top < page_box[1] or bottom > page_box[3]:
        return "outside the page"
    if run.mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP):
        x, y = (left + right) / 2, (bottom + top) / 2
        over_picture = any(p[0] <= x <= p[2] and p[1] <= y <= p[3] for p in pictures)
        return "" if over_picture else "drawn invisibly"
    if run.size < TINY_POINTS:
        return "too small to read"
    if not picture.shows_something(run.box):
        return "same colour as its background, or covered"
    return ""


def look(path: str) -> dict[str, Any]:
    """Hidden text per page and reason, and guesses at the title and the number of columns."""
    hidden: list[dict[str, Any]] = []
    hidden_words: list[tuple[int, str]] = []
    title, votes = "", [0, 0]
    document = pdfium.PdfDocument(path)
    for number in range(min(len(document), PAGES_LOOKED_AT)):
        page = document[number]
        text_page = page.get_textpage()
        content = page_content(page.raw, text_page.raw)
        picture = Picture(page)
        page_box = page.get_bbox()
        if number == 0:
            title = title_of(content.runs, page_box)
        _vote_columns(content.runs, page_box, votes)
        found: dict[str, list[str]] = {}
        for run in content.runs:
            if reason := why_hidden(run, page_box, content.pictures, picture):
                found.setdefault(reason, []).append(run.text.strip())
        for reason, texts in sorted(found.items()):
            joined = " ".join(" ".join(texts).split())
            hidden_words.append((number + 1, joined[:5000]))
            words = len(joined.split())
            if words >= HIDDEN_WORDS_WORTH_TELLING:
                hidden.append(
                    {
                        "page": number + 1,
                        "reason": reason,
                        "words": words,
                        "excerpt": joined[:160],
                    }
                )
        text_page.close()
        page.close()
    one, two = votes
    columns = None if one + two < 20 else 2 if two > 2 * one else 1 if one > 2 * two else None
    return {"hidden": hidden[:50], "hidden_words": hidden_words, "title": title, "columns": columns}


def title_of(runs: list[Run], page_box: Box) -> str:
    """The largest print in the upper half of page 1, read from top to bottom."""
    middle = (page_box[1] + page_box[3]) / 2
    upper = [
        run for run in runs if middle < run.box[1] < page_box[3] and run.mode == 0 and run.size < 60
    ]
    if not upper:
        return ""
    largest = max(run.size for run in upper)
    chosen = [run for run in upper if run.size > largest - 0.6]
    title = " ".join(" ".join(run.text for run in chosen).split())
    return title if 10 <= len(title) <= 300 else ""


def _vote_columns(runs: list[Run], page_box: Box, votes: list[int]) -> None:
    """Per line: does print cross the middle of the page (one column), or leave a gutter?"""
    centre = (page_box[0] + page_box[2]) / 2
    lines: dict[int, list[Run]] = {}
    for run in runs:
        if 6 <= run.size <= 13:
            lines.setdefault(round(run.box[1] / 3), []).append(run)
    for line in lines.values():
        if any(r.box[0] < centre - 40 for r in line) and any(r.box[2] > centre + 40 for r in line):
            crossing = any(r.box[0] < centre + 2 and r.box[2] > centre - 2 for r in line)
            votes[0 if crossing else 1] += 1


def main(arguments: list[str]) -> int:
    """Print the answer as JSON; any failure is the exit status."""
    confine()
    sys.stdout.write(json.dumps(look(arguments[0])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
