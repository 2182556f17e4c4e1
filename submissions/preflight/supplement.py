"""Look at one file beside the manuscript, confined.

    python -m submissions.preflight.supplement FAMILY FILE COPY THUMBNAIL

FAMILY is what its first bytes say: archive, word, office, image or film. Prints one JSON object.
"""

import json
import sys
from pathlib import Path

from submissions.preflight import archives, office, pictures
from submissions.preflight.facts import Fault, Supplement
from submissions.preflight.sandbox import confine


def look(family: str, path: Path, copy: Path, small: Path) -> Supplement:
    """The findings; a copy and a small picture are written where the family has them."""
    if family == "image":
        fault, traces = pictures.clean_picture(path, copy, small)
        if fault:
            return Supplement(fault=fault)
        return Supplement(None, family, tuple(traces), has_copy=True, has_thumbnail=True)
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        return Supplement(archives.gzip_fault(path), family)
    if fault := archives.zip_fault(path):
        return Supplement(fault=fault)
    family = archives.family_of(path)
    if family == "archive":
        return Supplement(family=family)
    if fault := office.office_fault(path):
        return Supplement(fault=fault)
    traces, writers = office.people_in(path)
    office.clean_office(path, copy)
    return Supplement(None, family, tuple(traces[:20]), tuple(sorted(writers)[:20]), has_copy=True)


def main(arguments: list[str]) -> int:
    """Print the answer; a file that breaks its reader is damaged, and that is an answer."""
    confine()
    family, *paths = arguments
    try:
        found = look(family, *(Path(path) for path in paths))
    except MemoryError:
        found = Supplement(fault=Fault("too_heavy"))
    except Exception as error:  # whatever a hostile file makes a reader raise is an answer
        found = Supplement(fault=Fault("damaged", type(error).__name__))
    sys.stdout.write(json.dumps(found.as_json()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
