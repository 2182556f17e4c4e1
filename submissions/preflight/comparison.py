"""The comparer: `python -m submissions.preflight.comparison PAPER EARLIER` prints one JSON list.

It confines itself first, reads the words of both files and measures what they share. Both have
passed the preflight; they are strangers' files all the same.
"""

import json
import sys
from pathlib import Path

from submissions.overlap import overlap, sections_of
from submissions.preflight import poppler
from submissions.preflight.sandbox import confine


def main(arguments: list[str]) -> int:
    """Print the sections as JSON; an empty list when one of the files has no words."""
    confine()
    paper, earlier = (sections_of(poppler.page_texts(Path(path))) for path in arguments)
    found = overlap(paper, earlier) if earlier else []
    sys.stdout.write(json.dumps([section.as_json() for section in found]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
