"""The second reader: poppler's pdfinfo and pdftotext. Two readers must agree on a file."""

import re
from pathlib import Path

from submissions.preflight.sandbox import run_reader

WALL_SECONDS = 5.0


def page_count(path: Path) -> int | None:
    """Pages as poppler counts them; None when it cannot open the file."""
    answer = run_reader(["pdfinfo", str(path)], wall_seconds=WALL_SECONDS)
    if answer is None:
        return None
    match = re.search(rb"^Pages:\s+(\d+)\s*$", answer, re.MULTILINE)
    return int(match.group(1)) if match else None


def page_texts(path: Path, *, layout: bool = False, last_page: int = 200) -> list[str]:
    """The text of each page in reading order (or as laid out); empty when there is none."""
    command = ["pdftotext", "-enc", "UTF-8", "-l", str(last_page)]
    if layout:
        command.append("-layout")
    answer = run_reader([*command, str(path), "-"], wall_seconds=WALL_SECONDS)
    if answer is None:
        return []
    return answer.decode("utf-8", "replace").split("\f")[:-1]
