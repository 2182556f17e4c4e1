"""What a ZIP or gzip archive holds, counted and never written anywhere.

Archives within archives stay closed: nothing of ours ever unpacks them.
"""

import bz2
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from submissions.preflight.facts import Fault

MEMBERS_MOST = 5_000
UNPACKED_MOST = 1024 * 1024 * 1024
# A table of zeros packs 1:1000; from this size on such a ratio is taken for a trap.
RATIO_MOST = 200
RATIO_COUNTS_FROM = 50 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
_ENCRYPTED = 0x1 | 0x40
_UNPACKERS: dict[int, Any] = {
    zipfile.ZIP_DEFLATED: lambda: zlib.decompressobj(-15),
    zipfile.ZIP_BZIP2: bz2.BZ2Decompressor,
}
_DRIVE = re.compile(r"^[A-Za-z]:")
_PROGRAMS = (".exe", ".dll", ".scr", ".com", ".msi", ".bat", ".cmd", ".vbs", ".lnk", ".hta", ".ps1")


def zip_fault(path: Path) -> Fault | None:
    """Why this ZIP is not taken; None when it may be."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            members = archive.infolist()
            return _by_its_list(members) or _by_its_content(file, members)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as broken:
        return Fault("damaged", str(broken)[:200])
    except (zlib.error, lzma.LZMAError, UnicodeError) as broken:
        return Fault("damaged", str(broken)[:200])


def family_of(path: Path) -> str:
    """word, open_document, office or archive: by the members that only these have."""
    with zipfile.ZipFile(path) as archive:
        names = {name.lower() for name in archive.namelist()}
    if "word/document.xml" in names:
        return "word"
    if "[content_types].xml" in names:
        return "office"
    return "open_document" if {"mimetype", "content.xml"} <= names else "archive"


def gzip_fault(path: Path) -> Fault | None:
    """Why this gzip file is not taken: it grows too far, or is damaged."""
    total, packed = 0, path.stat().st_size
    unpacker = zlib.decompressobj(31)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                for size in _sizes(unpacker, chunk):
                    total += size
                    if fault := _too_far(total, packed):
                        return fault
                if unpacker.eof:
                    # Several streams may follow each other; what follows is counted as well.
                    rest = unpacker.unused_data
                    unpacker = zlib.decompressobj(31)
                    if rest.startswith(b"\x1f\x8b"):
                        file.seek(-len(rest), 1)
    except zlib.error as broken:
        return Fault("damaged", str(broken)[:200])
    return None if total else Fault("damaged", "nothing in it")


def _by_its_list(members: list[zipfile.ZipInfo]) -> Fault | None:
    if len(members) > MEMBERS_MOST:
        return Fault("too_many_members", f"{len(members):,} files; the limit is {MEMBERS_MOST:,}")
    for member in members:
        name = member.filename
        if _climbs(name) or stat.S_ISLNK(member.external_attr >> 16):
            return Fault("path_traversal", name[:120])
        if member.flag_bits & _ENCRYPTED:
            return Fault("encrypted", name[:120])
        if name.lower().endswith(_PROGRAMS):
            return Fault("program", name[:120])
    claimed = sum(member.file_size for member in members)
    return _too_far(claimed, sum(member.compress_size for member in members))


def _climbs(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or bool(_DRIVE.match(name)) or ".." in parts


def _by_its_content(file: BinaryIO, members: list[zipfile.ZipInfo]) -> Fault | None:
    """Unpack every member and count: what the list says of sizes may be a lie."""
    total, packed = 0, 0
    for member in members:
        if member.compress_type not in {zipfile.ZIP_STORED, *_UNPACKERS}:
            return Fault("packing", member.filename[:120])
        packed += member.compress_size
        seen = 0
        for size in _member_sizes(file, member):
            seen += size
            if fault := _too_far(total + seen, packed):
                return fault
        if seen != member.file_size:
            return Fault("damaged", f"{member.filename[:80]}: {seen} bytes, not {member.file_size}")
        total += seen
    return None


def _member_sizes(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[int]:
    file.seek(member.header_offset)
    head = file.read(30)
    if not head.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"no member at {member.header_offset}")
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = member.compress_size
    build = _UNPACKERS.get(member.compress_type)
    unpacker = build() if build else None
    while left > 0 and (chunk := file.read(min(CHUNK_BYTES, left))):
        left -= len(chunk)
        yield from _sizes(unpacker, chunk) if unpacker else (len(chunk),)


def _sizes(unpacker: Any, chunk: bytes) -> Iterator[int]:
    """Sizes of the pieces that a chunk unpacks to, none larger than a chunk."""
    waiting = chunk
    while not unpacker.eof:
        out = unpacker.decompress(waiting, CHUNK_BYTES)
        waiting = getattr(unpacker, "unconsumed_tail", b"")
        if out:
            yield len(out)
        if not waiting and getattr(unpacker, "needs_input", not out or len(out) < CHUNK_BYTES):
            return


def _too_far(unpacked: int, packed: int) -> Fault | None:
    ratio = unpacked / max(packed, 1)
    if unpacked > UNPACKED_MOST or (unpacked > RATIO_COUNTS_FROM and ratio > RATIO_MOST):
        return Fault("bomb", f"at least {unpacked // 1024**2} MB from {packed / 1024**2:.1f} MB")
    return None
