"""Draw page 1 as PNG: `python -m submissions.preflight.thumbnailer FILE WIDTH`, confined."""

import io
import sys

import pypdfium2 as pdfium

from submissions.preflight.sandbox import confine


def draw(path: str, width: int) -> bytes:
    """Page 1 as PNG, `width` pixels wide, at most twice as high."""
    document = pdfium.PdfDocument(path)
    page = document[0]
    page_width, page_height = page.get_size()
    scale = min(width / max(page_width, 1.0), 2 * width / max(page_height, 1.0))
    picture = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the PNG to the standard output."""
    confine()
    sys.stdout.buffer.write(draw(arguments[0], int(arguments[1])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
