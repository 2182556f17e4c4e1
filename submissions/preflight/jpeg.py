"""Remarks in JPEGs: where and when a picture was taken, and by whom."""

# APP1 (Exif, XMP), APP3 to APP13 (Photoshop's data), comments. APP2 has the colours, APP14 too.
_REMARKS = {0xE1, *range(0xE3, 0xEE), 0xFE}


def without_jpeg_remarks(raw: bytes) -> bytes:
    """The same JPEG without Exif, XMP, Photoshop data and comments; odd files stay as they are."""
    if not raw.startswith(b"\xff\xd8"):
        return raw
    out, position = bytearray(raw[:2]), 2
    while position + 4 <= len(raw):
        if raw[position] != 0xFF:
            return raw
        marker = raw[position + 1]
        if marker == 0xDA:
            return bytes(out + raw[position:])
        if marker == 0xFF:
            position += 1
            continue
        length = int.from_bytes(raw[position + 2 : position + 4], "big")
        if length < 2 or position + 2 + length > len(raw):
            return raw
        if marker not in _REMARKS:
            out += raw[position : position + 2 + length]
        position += 2 + length
    return raw
