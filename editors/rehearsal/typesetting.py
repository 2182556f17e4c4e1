"""Two-column pages written straight into PDF: text with embedded fonts, plots, tables.

A page of a paper is simple, so a general renderer would spend a second where this spends a few
hundredths. Units are points; the origin is the lower left corner of a US Letter page.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from pikepdf import Array, Dictionary, Name

PAGE_WIDTH, PAGE_HEIGHT = 612.0, 792.0
MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 48.0, 54.0, 58.0
GUTTER = 16.0
COLUMN_WIDTH = (PAGE_WIDTH - 2 * MARGIN_X - GUTTER) / 2
LEADING = 11.8
BODY_SIZE = 9.6

_FONT_FILES = (
    "static/vendor/fonts/source-serif-4-latin.woff2",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
)


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of the font: its file and how wide its glyphs are (thousandths of the size)."""

    name: str
    file: bytes
    glyphs: dict[str, int]
    widths: dict[int, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """How wide the text is at this size."""
        return sum(self.widths[self.glyph(c)] for c in text) * size / 1000

    def glyph(self, character: str) -> int:
        """The glyph of a character; the question mark's for one that the font has not."""
        return self.glyphs.get(character) or self.glyphs["?"]

    def hex(self, text: str) -> str:
        """The text as a string of glyph numbers for a drawing command."""
        return "<" + "".join(f"{self.glyph(c):04x}" for c in text) + ">"


@lru_cache(maxsize=2)
def face(weight: int) -> Face:
    """The font at weight 400 or 700, made once per process (about half a second)."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    path = next(p for f in _FONT_FILES if (p := Path(settings.BASE_DIR) / f).exists())
    font: Any = TTFont(path, recalcTimestamp=False)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    for table in ("GPOS", "GSUB", "GDEF", "DSIG", "STAT", "kern", "meta"):
        if table in font:
            del font[table]
    font.flavor = None
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    scale = 1000 / font["head"].unitsPerEm
    order = {name: number for number, name in enumerate(font.getGlyphOrder())}
    head = font["head"]
    return Face(
        name=f"INVENT+Paper-{'Bold' if weight > 500 else 'Regular'}",
        file=out.getvalue(),
        glyphs={chr(code): order[name] for code, name in font.getBestCmap().items()},
        widths={order[n]: round(w * scale) for n, (w, _) in font["hmtx"].metrics.items()},
        ascent=round(font["hhea"].ascent * scale),
        descent=round(font["hhea"].descent * scale),
        box=(
            round(head.xMin * scale),
            round(head.yMin * scale),
            round(head.xMax * scale),
            round(head.yMax * scale),
        ),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: its words with the horizontal place of each."""

    words: tuple[tuple[float, str], ...]
    size: float = BODY_SIZE
    is_bold: bool = False
    bold_words: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that takes `rows` lines of a column; commands are relative to its lower left.

    The caption's lines follow it and stay in the same column.
    """

    rows: int
    commands: str
    caption_rows: int = 2


@dataclass(slots=True)
class Sheet:
    """The growing commands of one page."""

    commands: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float, *, is_bold: bool = False) -> None:
        """Print text with its base line starting at (x, y)."""
        weight, tag = (700, "F2") if is_bold else (400, "F1")
        self.commands.append(
            f"BT /{tag} {size:g} Tf {x:.2f} {y:.2f} Td {face(weight).hex(text)} Tj ET"
        )

    def line(self, x: float, y: float, line: Line) -> None:
        """Print a line of a column."""
        bold = len(line.words) if line.is_bold else line.bold_words
        for words, is_bold in ((line.words[:bold], True), (line.words[bold:], False)):
            if words:
                self.commands.append(_run(x, y, words, line.size, is_bold=is_bold))


def _run(
    x: float, y: float, words: tuple[tuple[float, str], ...], size: float, *, is_bold: bool
) -> str:
    """Words of one weight as one run of text, each moved to its place."""
    weight, tag = (700, "F2") if is_bold else (400, "F1")
    font = face(weight)
    parts: list[str] = []
    for n, (offset, word) in enumerate(words):
        if n + 1 == len(words):
            parts.append(font.hex(word))
            break
        spaced = f"{word} "
        move = (words[n + 1][0] - offset - font.width(spaced, size)) * 1000 / size
        parts.append(f"{font.hex(spaced)} {-move:.0f}")
    start = x + words[0][0]
    return f"BT /{tag} {size:g} Tf {start:.2f} {y:.2f} Td [{' '.join(parts)}] TJ ET"


def set_paragraph(
    text: str,
    *,
    width: float = COLUMN_WIDTH,
    size: float = BODY_SIZE,
    indent: float = 9.0,
    hanging: float = 0.0,
    is_bold: bool = False,
    bold_words: int = 0,
    is_centred: bool = False,
) -> list[Line]:
    """Break a paragraph into justified lines; the last one keeps its natural spacing."""
    font = face(700 if is_bold else 400)
    space = font.width(" ", size)
    lines: list[Line] = []
    row: list[tuple[str, float]] = []
    used, start = 0.0, indent
    for number, word in enumerate(text.split()):
        word_width = (face(700) if number < bold_words else font).width(word, size)
        if row and start + used + space * len(row) + word_width > width:
            lines.append(_placed(row, start, width, size, space, is_bold, 0, is_centred, False))
            row, used, start = [], 0.0, hanging
        row.append((word, word_width))
        used += word_width
    if row:
        lines.append(_placed(row, start, width, size, space, is_bold, 0, is_centred, True))
    if lines and bold_words:
        first = lines[0]
        lines[0] = Line(first.words, first.size, first.is_bold, bold_words)
    return lines


def _placed(
    row: list[tuple[str, float]],
    start: float,
    width: float,
    size: float,
    space: float,
    is_bold: bool,
    bold_words: int,
    is_centred: bool,
    is_last: bool,
) -> Line:
    used = sum(w for _, w in row)
    gap = space
    if is_centred:
        start = (width - used - space * (len(row) - 1)) / 2
    elif not is_last and len(row) > 1:
        gap = (width - start - used) / (len(row) - 1)
    x, words = start, []
    for word, word_width in row:
        words.append((x, word))
        x += word_width + gap
    return Line(tuple(words), size, is_bold, bold_words)


def plot(curves: list[list[float]], labels: tuple[str, str]) -> Drawing:
    """A line plot with axes, ticks and a word on each axis."""
    width, height, left, low = COLUMN_WIDTH - 44, 108.0, 34.0, 26.0
    out = [f"q 0.6 w 0.25 G {left} {low + height} m {left} {low} l {left + width} {low} l S"]
    sheet = Sheet()
    for n in range(6):
        y = low + height * n / 5
        out.append(f"0.3 w 0.85 G {left} {y:.1f} m {left + width} {y:.1f} l S")
        sheet.text(left - 20, y - 2.5, f"0.{n * 2}" if n < 5 else "1.0", 7)
    tones = ("0.10 0.29 0.52 RG", "0.72 0.33 0.09 RG", "0.25 0.45 0.25 RG")
    for tone, values in zip(tones, curves, strict=False):
        step = width / max(len(values) - 1, 1)
        points = [
            f"{left + n * step:.1f} {low + height * v:.1f} {'l' if n else 'm'}"
            for n, v in enumerate(values)
        ]
        out.append(f"1.1 w {tone} {' '.join(points)} S")
    sheet.text(left + width / 2 - 40, low - 18, labels[0], 7.5)
    sheet.text(left, low + height + 5, labels[1], 7.5)
    return Drawing(13, " ".join([*out, "Q", *sheet.commands]))


def bars(values: list[float], names: list[str]) -> Drawing:
    """A bar chart with a name under each bar."""
    width, height, left, low = COLUMN_WIDTH - 30, 92.0, 20.0, 24.0
    out = [f"q 0.6 w 0.25 G {left} {low} m {left + width} {low} l S 0.20 0.36 0.55 rg"]
    sheet = Sheet()
    step = width / len(values)
    for n, (value, name) in enumerate(zip(values, names, strict=True)):
        x = left + n * step + step * 0.2
        out.append(f"{x:.1f} {low} {step * 0.6:.1f} {height * value:.1f} re f")
        sheet.text(x, low - 10, name, 7)
        sheet.text(x, low + height * value + 3, f"{value:.2f}", 7)
    return Drawing(11, " ".join([*out, "Q", *sheet.commands]))


def write(title: str, sheets: list[Sheet], *, author: str = "") -> bytes:
    """The PDF of these pages. Equal pages give equal bytes."""
    with pikepdf.new() as pdf:
        fonts = Dictionary(F1=_font(pdf, face(400)), F2=_font(pdf, face(700)))
        resources = pdf.make_indirect(Dictionary(Font=fonts))
        for sheet in sheets:
            page = pdf.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, 612, 792]),
                    Resources=resources,
                    Contents=pdf.make_stream("\n".join(sheet.commands).encode("ascii")),
                )
            )
            pdf.pages.append(pikepdf.Page(page))
        pdf.Root.Lang = pikepdf.String("en")
        pdf.docinfo["/Title"] = title
        if author:
            pdf.docinfo["/Author"] = author
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
        return out.getvalue()


def _font(pdf: pikepdf.Pdf, font: Face) -> pikepdf.Object:
    file = pdf.make_stream(font.file)
    file["/Length1"] = len(font.file)
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + font.name),
            Flags=4,
            FontBBox=Array(list(font.box)),
            ItalicAngle=0,
            Ascent=font.ascent,
            Descent=font.descent,
            CapHeight=670,
            StemV=80,
            FontFile2=file,
        )
    )
    last = max(font.widths)
    widths = Array([0, Array([font.widths.get(n, 0) for n in range(last + 1)])])
    descendant = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + font.name),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=descriptor,
            W=widths,
            CIDToGIDMap=Name.Identity,
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + font.name),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=pdf.make_stream("\n".join(_to_unicode(font)).encode("ascii")),
        )
    )


def _to_unicode(font: Face) -> Iterator[str]:
    yield (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Paper def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange"
    )
    # Space and hyphen share their glyphs with signs that a reader must not be given instead.
    wanted = {
        glyph: ord(character)
        for character, glyph in font.glyphs.items()
        if ord(character) < 0x10000 and character not in "\u00a0\u00ad\u2010\u2011"
    }
    ordered = sorted(wanted.items())
    for start in range(0, len(ordered), 100):
        part = ordered[start : start + 100]
        yield f"{len(part)} beginbfchar"
        yield from (f"<{glyph:04x}> <{code:04x}>" for glyph, code in part)
        yield "endbfchar"
    yield "endcmap CMapName currentdict /CMap defineresource pop end end"
