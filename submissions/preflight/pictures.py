"""Pictures: opened in full once, then copied without remarks, pixel for pixel."""

import zlib
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from submissions.preflight.facts import Fault, Trace
from submissions.preflight.jpeg import without_jpeg_remarks

PIXELS_MOST = 50_000_000
THUMBNAIL = (440, 880)
_FORMS = ["PNG", "JPEG", "TIFF"]
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_REMARKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_NAMING_TAGS = {270: "ImageDescription", 315: "Artist", 33432: "Copyright", 316: "HostComputer"}
_ORIENTATION = 274
_PLACE = 34853


def clean_picture(source: Path, target: Path, small: Path) -> tuple[Fault | None, list[Trace]]:
    """Write the bare copy and a small PNG; tell what the remarks said of people and places."""
    previous, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(source, formats=_FORMS) as picture:
            width, height = picture.size
            if width * height > PIXELS_MOST:
                return Fault("picture_too_large", f"{width} × {height} pixels"), []
            traces = _traces(picture)
            picture.load()
            _write_bare(source, target, picture)
            shown = ImageOps.exif_transpose(picture).convert("RGB")
            shown.thumbnail(THUMBNAIL)
            shown.save(small, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, zlib.error, EOFError) as bad:
        return Fault("picture_broken", type(bad).__name__), []
    finally:
        Image.MAX_IMAGE_PIXELS = previous
    return None, traces


def _traces(picture: Image.Image) -> list[Trace]:
    exif = picture.getexif()
    found = [
        Trace(f"Exif {name}", str(exif[tag]).strip("\0 ")[:200])
        for tag, name in _NAMING_TAGS.items()
        if tag in exif
    ]
    if exif.get_ifd(_PLACE):
        found.append(Trace("Exif GPS", "the place where it was taken"))
    return [trace for trace in found if trace.value]


def _write_bare(source: Path, target: Path, picture: Image.Image) -> None:
    turned = picture.getexif().get(_ORIENTATION, 1) not in (0, 1)
    if picture.format == "PNG" and not turned:
        target.write_bytes(without_png_remarks(source.read_bytes()))
    elif picture.format == "JPEG" and not turned:
        target.write_bytes(without_jpeg_remarks(source.read_bytes()))
    else:
        # The turn stands in the remarks, so it is done for good; TIFF keeps names in its tags.
        upright = ImageOps.exif_transpose(picture)
        plain = Image.new(upright.mode, upright.size)
        if upright.palette:
            plain.putpalette(upright.palette)
        plain.paste(upright)
        extra = {"compression": "tiff_lzw"} if picture.format == "TIFF" else {"quality": 95}
        plain.save(target, picture.format, icc_profile=picture.info.get("icc_profile"), **extra)


def without_png_remarks(raw: bytes) -> bytes:
    """The same PNG without texts, Exif, time, and whatever stands after its end."""
    out, position = bytearray(_PNG_START), len(_PNG_START)
    while position + 12 <= len(raw):
        length = int.from_bytes(raw[position : position + 4], "big")
        kind = raw[position + 4 : position + 8]
        chunk = raw[position : position + 12 + length]
        if kind not in _PNG_REMARKS:
            out += chunk
        position += 12 + length
        if kind == b"IEND":
            break
    return bytes(out)
