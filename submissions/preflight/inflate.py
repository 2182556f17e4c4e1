"""How large a PDF becomes when its streams are unpacked, counted and never kept.

A length in a header can lie, so every byte is counted; the count stops at the cap. Images in
their own formats (JPEG, JPEG 2000, fax) count with their packed size: nothing here draws them.
"""

import zlib
from collections.abc import Iterable, Iterator

import pikepdf

CAP_BYTES = 200 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

_PICTURES = {"/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"}
_FLATE = {"/FlateDecode", "/Fl"}
_LZW = {"/LZWDecode", "/LZW"}
_RUN_LENGTH = {"/RunLengthDecode", "/RL"}


class InflatesTooFar(Exception):
    """The unpacked size passed the cap."""


def inflated_bytes(pdf: pikepdf.Pdf, cap: int = CAP_BYTES) -> int:
    """Total bytes of all streams, unpacked. Raises InflatesTooFar beyond `cap`."""
    total = 0
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        total += _stream_bytes(thing, cap - total)
        if total > cap:
            raise InflatesTooFar
    return total


def _stream_bytes(stream: pikepdf.Stream, room: int) -> int:
    try:
        raw = bytes(stream.read_raw_bytes())
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return 0
    parts: Iterable[bytes] = (raw,)
    for name in filter_names(stream):
        if name in _PICTURES:
            break
        if name in _FLATE:
            parts = _counted(_unflated(parts), room)
        elif name in _LZW:
            parts = _counted(_unlzwed(parts), room)
        elif name in _RUN_LENGTH:
            parts = _counted(_unrun(parts), room)
        # ASCIIHex and ASCII85 only shrink; as input of another filter they are decoded.
        elif name in ("/ASCIIHexDecode", "/AHx"):
            parts = (_unhexed(b"".join(parts)),)
        elif name in ("/ASCII85Decode", "/A85"):
            parts = (_un85ed(b"".join(parts)),)
        else:
            break
    return sum(len(part) for part in parts)


def filter_names(stream: pikepdf.Stream) -> list[str]:
    """The names of a stream's filters, in the order in which they are undone."""
    filters = stream.stream_dict.get("/Filter")
    if isinstance(filters, pikepdf.Name):
        return [str(filters)]
    if isinstance(filters, pikepdf.Array):
        return [str(item) for item in filters.as_list()]
    return []


def _counted(parts: Iterable[bytes], room: int) -> Iterator[bytes]:
    seen = 0
    for part in parts:
        seen += len(part)
        if seen > room:
            raise InflatesTooFar
        yield part


def _unflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for part in parts:
        waiting = part
        while waiting and not unpacker.eof:
            try:
                out = unpacker.decompress(waiting, CHUNK_BYTES)
            except zlib.error:
                return
            if not out and not unpacker.unconsumed_tail:
                break
            yield out
            waiting = unpacker.unconsumed_tail


def _unlzwed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """LZW as in PDF with early change; the few files that switch it off are only misjudged."""
    table: list[bytes] = [bytes([n]) for n in range(256)] + [b"", b""]
    previous, width, held, bits = b"", 9, 0, 0
    out: list[bytes] = []
    size = 0
    for part in parts:
        for byte in part:
            held = (held << 8) | byte
            bits += 8
            if bits < width:
                continue
            bits -= width
            code, held = held >> bits, held & ((1 << bits) - 1)
            if code == 257:
                yield b"".join(out)
                return
            if code == 256:
                del table[258:]
                previous, width = b"", 9
                continue
            entry = table[code] if code < len(table) else previous + previous[:1]
            if previous and len(table) < 4096:
                table.append(previous + entry[:1])
            previous = entry
            out.append(entry)
            size += len(entry)
            if size > CHUNK_BYTES:
                yield b"".join(out)
                out, size = [], 0
            reach = len(table) + 1
            width = 9 if reach < 512 else 10 if reach < 1024 else 11 if reach < 2048 else 12
    yield b"".join(out)


def _unrun(parts: Iterable[bytes]) -> Iterator[bytes]:
    data = b"".join(parts)
    out: list[bytes] = []
    position, size = 0, 0
    while position < len(data):
        length = data[position]
        if length == 128:
            break
        if length < 128:
            piece = data[position + 1 : position + 2 + length]
            position += length + 2
        else:
            piece = data[position + 1 : position + 2] * (257 - length)
            position += 2
        out.append(piece)
        size += len(piece)
        if size > CHUNK_BYTES:
            yield b"".join(out)
            out, size = [], 0
    yield b"".join(out)


def _unhexed(data: bytes) -> bytes:
    digits = bytes(b for b in data.partition(b">")[0] if chr(b) in "0123456789abcdefABCDEF")
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _un85ed(data: bytes) -> bytes:
    """Only the size matters, so the packed bytes are decoded group by group, faults and all."""
    body = data.partition(b"~>")[0]
    out = bytearray()
    group: list[int] = []
    for byte in body:
        if byte == 0x7A and not group:
            out += b"\0\0\0\0"
        elif 33 <= byte <= 117:
            group.append(byte - 33)
            if len(group) == 5:
                value = 0
                for digit in group:
                    value = value * 85 + digit
                out += (value & 0xFFFFFFFF).to_bytes(4, "big")
                group = []
    if len(group) > 1:
        keep = len(group) - 1
        value = 0
        for digit in group + [84] * (5 - len(group)):
            value = value * 85 + digit
        out += (value & 0xFFFFFFFF).to_bytes(4, "big")[:keep]
    return bytes(out)
