"""What the rest of the product calls. Each call costs one confined process and never raises
because of what is in the file, `clean_copy` apart, which says so."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from submissions.preflight import kinds
from submissions.preflight.facts import Facts, Fault, Supplement, storable
from submissions.preflight.sandbox import run_confined, workspace

# An author waits ten seconds at most: for the inspection, the copy and the small picture.
ANSWER_SECONDS = 9.5
INSPECTION_SECONDS = 8.5
SUPPLEMENT_SECONDS = 9.5
CLEANING_SECONDS = 20.0
COMPARING_SECONDS = 30.0  # a worker waits, no person
THUMBNAIL_SECONDS = 5.0
THUMBNAIL_WIDTH = 440
MARKED_PAGE_WIDTH = 900
Box = tuple[float, float, float, float]
_PNG_MARK = b"\x89PNG\r\n\x1a\n"


class CleaningFailed(Exception):
    """No safe copy could be made of this file. The text is a sentence for the author."""


def inspect(path: str | Path) -> Facts:
    """The facts of the file at `path`, within `INSPECTION_SECONDS` of wall time.

    A file that kills, exhausts or outlasts the inspector gives facts with `trouble` set.
    """
    path = Path(path).resolve()
    outcome = run_confined(
        "submissions.preflight.inspector", str(path), wall_seconds=INSPECTION_SECONDS
    )
    if not outcome.too_slow:
        try:
            return Facts.from_json(storable(json.loads(outcome.answer)))
        except (ValueError, TypeError, AttributeError):
            pass
    return _facts_from_outside(path, "too_slow" if outcome.too_slow else "crashed")


def inspect_content(content: bytes) -> Facts:
    """`inspect` for content that is in memory and not yet in a file."""
    with workspace() as folder:
        path = folder / "upload"
        path.write_bytes(content)
        return inspect(path)


def clean_copy(content: bytes, seconds: float = CLEANING_SECONDS) -> bytes:
    """The copy of a PDF that others are served: same pages, no names, nothing active.

    Deterministic: equal content gives equal bytes. Raises CleaningFailed.
    """
    with workspace() as folder:
        source, target = folder / "source.pdf", folder / "clean.pdf"
        source.write_bytes(content)
        outcome = run_confined(
            "submissions.preflight.cleaner", str(source), str(target), wall_seconds=seconds
        )
        if outcome.exit_status == 0 and not outcome.too_slow and target.exists():
            return target.read_bytes()
    raise CleaningFailed(
        "A copy of this PDF without names and active parts could not be made. Please export the "
        "PDF again from your editor and upload the new file."
    )


def thumbnail(
    path: str | Path, width: int = THUMBNAIL_WIDTH, seconds: float = THUMBNAIL_SECONDS
) -> bytes | None:
    """Page 1 as PNG, `width` pixels wide; None when it cannot be drawn."""
    return _picture("thumbnailer", str(Path(path).resolve()), str(width), seconds=seconds)


def marked_page(content: bytes, page: int, boxes: Sequence[Box]) -> bytes | None:
    """A page (1 is the first) as PNG with boxes in page points marked; None when it cannot be."""
    with workspace() as folder:
        path = folder / "marked.pdf"
        path.write_bytes(content)
        return _picture(
            "page_marker",
            str(path),
            str(page),
            str(MARKED_PAGE_WIDTH),
            json.dumps(boxes),
            seconds=THUMBNAIL_SECONDS,
        )


def _picture(module: str, *arguments: str, seconds: float) -> bytes | None:
    outcome = run_confined(f"submissions.preflight.{module}", *arguments, wall_seconds=seconds)
    if outcome.exit_status != 0 or not outcome.answer.startswith(_PNG_MARK):
        return None
    return outcome.answer


def look_at_supplement(path: Path, family: str, copy: Path, small: Path) -> Supplement:
    """What is in an archive, a document or a picture beside the manuscript.

    The copy for others and a small picture are written to `copy` and `small` where the answer
    says so. A file that kills, exhausts or outlasts the process is answered with a fault.
    """
    outcome = run_confined(
        "submissions.preflight.supplement",
        family,
        *(str(p) for p in (path, copy, small)),
        wall_seconds=SUPPLEMENT_SECONDS,
    )
    if outcome.too_slow:
        return Supplement(fault=Fault("too_slow"))
    try:
        return Supplement.from_json(storable(json.loads(outcome.answer)))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Supplement(fault=Fault("too_heavy"))


def compare(paper: bytes, earlier: bytes) -> list[dict[str, Any]]:
    """What a PDF shares with an earlier one, by section, as `submissions.overlap` tells it.

    Files that kill, exhaust or outlast the process share nothing that is known: no sections.
    """
    with workspace() as folder:
        paths = (folder / "paper.pdf", folder / "earlier.pdf")
        for path, content in zip(paths, (paper, earlier), strict=True):
            path.write_bytes(content)
        outcome = run_confined(
            "submissions.preflight.comparison",
            *(str(path) for path in paths),
            wall_seconds=COMPARING_SECONDS,
        )
    if outcome.too_slow or outcome.exit_status != 0:
        return []
    try:
        return list(json.loads(outcome.answer))
    except ValueError:
        return []


def _facts_from_outside(path: Path, trouble: str) -> Facts:
    """What can be known without parsing: size, hash and first bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(kinds.HEADER_WINDOW_BYTES)
        digest.update(start)
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return Facts(
        sha256=digest.hexdigest(),
        byte_count=path.stat().st_size,
        kind=kinds.kind_of(start),
        header_offset=kinds.header_offset(start),
        trouble=trouble,
    )
