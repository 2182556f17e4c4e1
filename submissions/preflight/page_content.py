"""What stands on a page of a PDF and where: runs of text, pictures, filled shapes.

Read with PDFium, in the order in which it is painted, forms within forms included.
"""

import ctypes
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

RUN_CAP = 60_000
DEPTH_CAP = 12
THINNEST_COVER = 2.5

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int, int]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Of a colour that is no plain one, such as a pattern.
UNKNOWN: Colour = (-1, -1, -1, -1)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of text as placed on the page: box in page points, size as printed.

    `order` counts what is painted; `depth` says within how many forms (figures) it stands;
    `handle` is PDFium's own object.
    """

    text: str
    box: Box
    size: float
    mode: int
    colour: Colour = (0, 0, 0, 255)
    order: int = 0
    depth: int = 0
    handle: Any = None


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture or a filled shape, which can hide text that was painted before it."""

    box: Box
    order: int
    is_picture: bool


@dataclass(slots=True)
class PageContent:
    """All that matters for the question what can be seen.

    `doubles` are the places of text that PDFium leaves out because the same letters are there.
    """

    runs: list[Run] = field(default_factory=list)
    doubles: list[Box] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)


def page_content(page: Any, text_page: Any) -> PageContent:
    """All text, pictures and filled shapes of a page."""
    content = PageContent()
    waiting: list[tuple[Any, Matrix, int]] = [
        (raw.FPDFPage_GetObject(page, n), IDENTITY, 0)
        for n in range(raw.FPDFPage_CountObjects(page))
    ]
    waiting.reverse()
    order = 0
    while waiting and order < RUN_CAP:
        thing, outer, depth = waiting.pop()
        order += 1
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            _add_run(content, thing, outer, text_page, order, depth)
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING) or (
            kind == raw.FPDF_PAGEOBJ_PATH and _is_filled(thing)
        ):
            box = _box_of(thing, outer)
            # Rules and ticks are too thin to hide a letter.
            if box and min(box[2] - box[0], box[3] - box[1]) >= THINNEST_COVER:
                is_picture = kind == raw.FPDF_PAGEOBJ_IMAGE
                content.covers.append(Cover(box, order, is_picture))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEPTH_CAP:
            inner = _product(_matrix_of(thing), outer)
            count = raw.FPDFFormObj_CountObjects(thing)
            waiting.extend(
                (raw.FPDFFormObj_GetObject(thing, n), inner, depth + 1)
                for n in reversed(range(max(count, 0)))
            )
    return content


def overlap(inner: Box, outer: Box) -> float:
    """Which share of `inner` lies within `outer`."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0


def _add_run(
    content: PageContent, thing: Any, outer: Matrix, text_page: Any, order: int, depth: int
) -> None:
    text = _text_of(thing, text_page)
    box = _box_of(thing, outer)
    if box is None or not any(c.isalnum() for c in text):
        if box is not None and not text:
            content.doubles.append(box)
        return
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(thing, size)
    a, b, c, d, _, _ = _product(_matrix_of(thing), outer)
    scale = abs(a * d - b * c) ** 0.5
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    content.runs.append(
        Run(text, box, abs(size.value) * scale, mode, _colour_of(thing), order, depth, thing)
    )


def _text_of(thing: Any, text_page: Any) -> str:
    length = raw.FPDFTextObj_GetText(thing, text_page, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    raw.FPDFTextObj_GetText(thing, text_page, pointer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").replace("\0", "")


def _colour_of(thing: Any) -> Colour:
    values = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(thing, *values):
        return UNKNOWN
    red, green, blue, alpha = (value.value for value in values)
    return red, green, blue, alpha


def _is_filled(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value)


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
