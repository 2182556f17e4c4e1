"""The file preflight: what an uploaded PDF is, read in a confined process (`security.md` 5.3).

Nothing here imports Django. Five doors, each of which starts one short-lived process with
hard limits on time, memory and files, so that a hostile file ends that process and no other:

- `inspect(path)` gives the `Facts` of a file; `submissions.checks` judges them.
- `clean_copy(content)` gives the copy that others are served: no names, no active parts.
- `thumbnail(path)` gives a picture of page 1.
- `marked_page(content, page, boxes)` gives a picture of a page with places marked.
- `look_at_supplement(path, family, ...)` gives what is in an archive, document or picture.
- `compare(paper, earlier)` gives what two papers have in common, section by section.
"""

from submissions.preflight.entry import (
    ANSWER_SECONDS,
    CleaningFailed,
    clean_copy,
    compare,
    inspect,
    look_at_supplement,
    marked_page,
    thumbnail,
)
from submissions.preflight.facts import Facts, Supplement
from submissions.preflight.sandbox import workspace

__all__ = [
    "ANSWER_SECONDS",
    "CleaningFailed",
    "Facts",
    "Supplement",
    "clean_copy",
    "compare",
    "inspect",
    "look_at_supplement",
    "marked_page",
    "thumbnail",
    "workspace",
]
