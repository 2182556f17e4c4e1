"""Text that a machine reads and a person cannot see: draws each page with and without its text.

Run by the inspector as a process of its own; what it has said of a page counts, even when it is
stopped on a later one. A run of text counts as hidden when it is drawn
invisibly with no scan under it, too small to read, outside the page, or when the drawn page
looks the same without it (same colour as its background, covered, clipped, clear).
"""

import ctypes
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops

from submissions.preflight import front_page
from submissions.preflight.page_content import (
    UNKNOWN,
    Box,
    Colour,
    Cover,
    PageContent,
    Run,
    overlap,
    page_content,
)
from submissions.preflight.sandbox import confine

TINY_POINTS = 1.6
# Labels of a figure shrink with it; they are small in good faith.
TINY_POINTS_IN_FIGURE = 0.8
# What differs less from its surroundings than this (of 255) is not seen on paper or screen.
FAINT_CONTRAST = 20
# Less of a run than this share of its width is seen: it counts as hidden.
SEEN_SHARE = 0.3
SCAN_SHARE = 0.6
COLOURS_LOOKED_AT = 4
COVERS_ASKED = 300
PIXELS_LONG_SIDE = 1400
PAGES_LOOKED_AT = 200
PLACES_KEPT = 40
TEXT_KEPT = 2000

OUTSIDE = "outside the page"
INVISIBLE = "drawn invisibly"
TINY = "too small to read"
COVERED = "covered by a picture or a shape"
UNSEEN = "same colour as its background"


class Picture:
    """The drawn page, with and without text, and the way from page points to pixels."""

    def __init__(self, page: Any) -> None:
        self._page = page
        width, height = page.get_size()
        self.scale = min(1.5, PIXELS_LONG_SIDE / max(width, height, 1.0))
        self.whole = self._drawn()

    def _drawn(self) -> Image.Image:
        picture: Image.Image = self._page.render(scale=self.scale, rev_byteorder=True).to_pil()
        return picture.convert("RGB")

    def is_blank(self, box: Box) -> bool:
        """Is the place of one colour?"""
        place = self._pixels(box)
        if place is None:
            return True
        extrema: Any = self.whole.crop(place).getextrema()
        return all(high - low <= FAINT_CONTRAST for low, high in extrema)

    def difference_without(self, runs: Iterable[Run]) -> Image.Image:
        """Where the page looks otherwise when these runs are left out."""
        handles = [run.handle for run in runs]
        for handle in handles:
            raw.FPDFPageObj_SetIsActive(handle, False)
        bare = self._drawn()
        for handle in handles:
            raw.FPDFPageObj_SetIsActive(handle, True)
        red, green, blue = ImageChops.difference(self.whole, bare).split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        return most.point([0] * (FAINT_CONTRAST + 1) + [255] * (255 - FAINT_CONTRAST))

    def seen_share(self, difference: Image.Image, box: Box) -> float:
        """Which share of the width of this place differs."""
        place = self._pixels(box)
        if place is None:
            return 0.0
        found = difference.crop(place).getbbox()
        if found is None:
            return 0.0
        # Text that is turned is longer than it is wide.
        across = (found[2] - found[0]) / max(place[2] - place[0], 1)
        along = (found[3] - found[1]) / max(place[3] - place[1], 1)
        return max(across, along) if place[3] - place[1] > place[2] - place[0] else across

    def _pixels(self, box: Box) -> tuple[int, int, int, int] | None:
        left, top, right, bottom = device_box(self._page.raw, self.whole.size, box)
        left, top = max(left - 1, 0), max(top - 1, 0)
        right = min(right + 2, self.whole.width)
        bottom = min(bottom + 2, self.whole.height)
        return (left, top, right, bottom) if right > left and bottom > top else None


def device_box(page: Any, size: tuple[int, int], box: Box) -> tuple[int, int, int, int]:
    """A box in page points as pixels (left, top, right, bottom) of a picture of the page."""
    corners = [_pixel(page, size, box[0], box[1]), _pixel(page, size, box[2], box[3])]
    (left, right), (top, bottom) = (sorted(values) for values in zip(*corners, strict=True))
    return left, top, right, bottom


def _pixel(page: Any, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    px, py = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, px, py)
    return px.value, py.value


def hidden_runs(content: PageContent, page_box: Box, picture: Picture) -> Iterator[tuple[Run, str]]:
    """The runs that a person cannot see, each with the reason."""
    scans = [
        cover
        for cover in content.covers
        if cover.is_picture and overlap(page_box, cover.box) >= SCAN_SHARE
    ]
    rest: list[Run] = []
    for run in content.runs:
        if _is_read_from(run, scans):
            continue
        if reason := _by_its_place(run, page_box):
            yield run, reason
        elif run.mode == raw.FPDF_TEXTRENDERMODE_CLIP:
            if picture.is_blank(run.box) or _is_idle_stencil(run, content):
                yield run, INVISIBLE
        elif picture.is_blank(run.box):
            yield run, _why_unseen(run, content)
        else:
            rest.append(run)
    doubtful = [run for run in rest if _may_be_hidden(run, content)]
    if not doubtful:
        return
    # The page without all text finds what is covered; the page without the text of one colour
    # finds what lies over or under other text.
    differences: list[tuple[set[Colour] | None, Image.Image]] = [
        (None, picture.difference_without(rest))
    ]
    by_colour = _by_colour(rest)
    if len(by_colour) > 1:
        for colours, runs in by_colour:
            differences.append((colours, picture.difference_without(runs)))
    for run in doubtful:
        shares = [
            picture.seen_share(difference, run.box)
            for colours, difference in differences
            if colours is None or run.colour in colours
        ]
        if min(shares) < SEEN_SHARE:
            yield run, _why_unseen(run, content)


def _is_read_from(run: Run, scans: list[Cover]) -> bool:
    """Is this the text that a reading program lays under or over the picture of a whole page?"""
    x, y = (run.box[0] + run.box[2]) / 2, (run.box[1] + run.box[3]) / 2
    return any(
        scan.box[0] <= x <= scan.box[2]
        and scan.box[1] <= y <= scan.box[3]
        and (run.mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE or scan.order > run.order)
        for scan in scans
    )


def _by_its_place(run: Run, page_box: Box) -> str:
    left, bottom, right, top = run.box
    if right < page_box[0] or left > page_box[2] or top < page_box[1] or bottom > page_box[3]:
        return OUTSIDE
    if run.mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return INVISIBLE
    if run.size < (TINY_POINTS_IN_FIGURE if run.depth else TINY_POINTS):
        return TINY
    return ""


def _may_be_hidden(run: Run, content: PageContent) -> bool:
    """Is it worth drawing the page again for this run?"""
    if run.colour == UNKNOWN or min(run.colour[:3]) > 180 or run.colour[3] < 100:
        return True
    if run.mode not in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_STROKE):
        return True
    # Among so many shapes the question costs more than the drawing.
    if len(content.covers) > COVERS_ASKED:
        return True
    return any(overlap(run.box, cover.box) > 0.2 for cover in content.covers)


def _why_unseen(run: Run, content: PageContent) -> str:
    return COVERED if _is_under(run, content, 0.5) else UNSEEN


def _is_idle_stencil(run: Run, content: PageContent) -> bool:
    """What is painted after a stencil of letters shows through it; is here only other text?"""
    return not _is_under(run, content, 0.2) and any(
        other.mode != run.mode and overlap(run.box, other.box) > 0.2 for other in content.runs
    )


def _is_under(run: Run, content: PageContent, share: float) -> bool:
    return any(
        cover.order > run.order and overlap(run.box, cover.box) > share for cover in content.covers
    )


def _by_colour(runs: list[Run]) -> list[tuple[set[Colour], list[Run]]]:
    """Runs of one colour together; the rarer colours share the last group."""
    groups: dict[Colour, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.colour, []).append(run)
    largest = sorted(groups.items(), key=lambda item: -len(item[1]))
    kept = [({colour}, members) for colour, members in largest[: COLOURS_LOOKED_AT - 1]]
    rest = largest[COLOURS_LOOKED_AT - 1 :]
    if rest:
        kept.append(
            (
                {colour for colour, _ in rest},
                list(itertools.chain.from_iterable(members for _, members in rest)),
            )
        )
    return kept


def look(path: str) -> Iterator[dict[str, Any]]:
    """What was seen of each page in turn; title and authors come with the first page."""
    document = pdfium.PdfDocument(path)
    for number in range(min(len(document), PAGES_LOOKED_AT)):
        page = _flattened(document, number)
        text_page = page.get_textpage()
        content = page_content(page.raw, text_page.raw)
        page_box = page.get_bbox()
        picture = Picture(page)
        hidden = list(hidden_runs(content, page_box, picture))
        found: dict[str, list[Run]] = {}
        for run, reason in _without_doubles(hidden, content, picture):
            found.setdefault(reason, []).append(run)
        answer: dict[str, Any] = {
            "hidden": [_told(number + 1, reason, runs) for reason, runs in sorted(found.items())],
            "columns": _column_votes(content.runs, page_box),
        }
        if number == 0:
            lines = front_page.lines_of(text_page.raw)
            height = page_box[3] - page_box[1]
            answer["title"] = front_page.title_of(lines, height)
            answer["authors"] = front_page.authors_of(lines, height)
        yield answer
        text_page.close()
        page.close()


def _without_doubles(
    hidden: list[tuple[Run, str]], content: PageContent, picture: Picture
) -> Iterator[tuple[Run, str]]:
    """Leaves out what can be read at the same place: shadows and stencils double their words."""
    orders = {run.order for run, _ in hidden}
    seen = [run for run in content.runs if run.order not in orders] if len(orders) < 500 else []
    for run, reason in hidden:
        words = _letters(run.text)
        is_double = any(
            overlap(run.box, other.box) > 0.3 and words in _letters(other.text) for other in seen
        ) or (
            any(overlap(run.box, box) > 0.7 for box in content.doubles)
            and not picture.is_blank(run.box)
        )
        if not is_double:
            yield run, reason


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _told(page: int, reason: str, runs: list[Run]) -> dict[str, Any]:
    joined = " ".join(" ".join(run.text.strip() for run in runs).split())
    return {
        "page": page,
        "reason": reason,
        "words": sum(1 for word in joined.split() if sum(c.isalpha() for c in word) > 1),
        "text": joined[:TEXT_KEPT],
        "places": _places(runs),
    }


def _flattened(document: Any, number: int) -> Any:
    """The page with its notes and form fields as content, since text can hide in them too."""
    page = document[number]
    kinds = set()
    for place in range(min(raw.FPDFPage_GetAnnotCount(page.raw), 500)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, place)
        kinds.add(raw.FPDFAnnot_GetSubtype(annotation))
        raw.FPDFPage_CloseAnnot(annotation)
    if not kinds - {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}:
        return page
    raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]


def _places(runs: list[Run]) -> list[list[float]]:
    """Where these runs stand, in page points; those of one line as one box."""
    lines: dict[int, Box] = {}
    for run in runs:
        key = round(run.box[1] / 4)
        former = lines.get(key, run.box)
        lines[key] = (
            min(former[0], run.box[0]),
            min(former[1], run.box[1]),
            max(former[2], run.box[2]),
            max(former[3], run.box[3]),
        )
    return [[round(value, 1) for value in box] for box in list(lines.values())[:PLACES_KEPT]]


def _column_votes(runs: list[Run], page_box: Box) -> tuple[int, int]:
    """Lines whose print crosses the middle of the page, and lines that leave a gutter there."""
    centre = (page_box[0] + page_box[2]) / 2
    lines: dict[int, list[Run]] = {}
    for run in runs:
        if 6 <= run.size <= 13:
            lines.setdefault(round(run.box[1] / 3), []).append(run)
    one, two = 0, 0
    for line in lines.values():
        if any(r.box[0] < centre - 40 for r in line) and any(r.box[2] > centre + 40 for r in line):
            crosses = any(r.box[0] < centre + 2 and r.box[2] > centre - 2 for r in line)
            one, two = one + crosses, two + (not crosses)
    return one, two


def main(arguments: list[str]) -> int:
    """Print one JSON object per page, then an empty one; any failure is the exit status."""
    confine()
    for answer in look(arguments[0]):
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()
    sys.stdout.write("{}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
