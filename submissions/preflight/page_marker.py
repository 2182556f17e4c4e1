"""Draw one page as PNG with boxes around places on it, confined:
`python -m submissions.preflight.page_marker FILE PAGE WIDTH BOXES`.

PAGE counts from 1; BOXES is JSON, boxes in page points (left, bottom, right, top).
"""

import io
import json
import sys

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from submissions.preflight.page_content import Box
from submissions.preflight.sandbox import confine
from submissions.preflight.visible_text import device_box

EDGE = (196, 30, 58, 255)
FILL = (196, 30, 58, 46)
# Around a box, so that a line of one point is seen too; in pixels.
MARGIN = 3


def draw(path: str, page_number: int, width: int, boxes: list[Box]) -> bytes:
    """The page as PNG, `width` pixels wide and at most twice as high, with these boxes marked."""
    document = pdfium.PdfDocument(path)
    page = document[page_number - 1]
    page_width, page_height = page.get_size()
    scale = min(width / max(page_width, 1.0), 2 * width / max(page_height, 1.0))
    picture: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGBA")
    marks = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(marks)
    for box in boxes:
        left, top, right, bottom = device_box(page.raw, picture.size, box)
        place = (left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
        pen.rectangle(place, outline=EDGE, fill=FILL, width=2)
    out = io.BytesIO()
    Image.alpha_composite(picture, marks).convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the PNG to the standard output."""
    confine()
    path, page_number, width, boxes = arguments
    picture = draw(path, int(page_number), int(width), [tuple(b) for b in json.loads(boxes)])
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
