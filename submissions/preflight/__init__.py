"""The file preflight: what an uploaded PDF is, read in a confined process (`security.md` 5.3).

Nothing here imports Django. Three doors, each of which starts one short-lived process with
hard limits on time, memory and files, so that a hostile file ends that process and no other:

- `inspect(path)` gives the `Facts` of a file; `submissions.checks` judges them.
- `clean_copy(content)` gives the copy that others are served: no names, no active parts.
- `thumbnail(path)` gives a picture of page 1.
"""

from submissions.preflight.entry import CleaningFailed, clean_copy, inspect, thumbnail
from submissions.preflight.facts import Facts

__all__ = ["CleaningFailed", "Facts", "clean_copy", "inspect", "thumbnail"]
