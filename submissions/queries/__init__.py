"""Every read of the authors' door that is used twice, and its one scope: `manuscripts_of`."""

from submissions.queries.gate import advice, missing, submission_values
from submissions.queries.manuscripts import (
    author_of_token_key,
    author_people,
    disputed_authors,
    draft_version,
    editable_versions,
    files_of,
    latest_version,
    letters_of,
    listed_authors,
    manuscripts_of,
    open_withdrawal,
    receipts_of,
    submitted_version,
    uploads_of,
    versions_of,
)
from submissions.queries.responses import (
    Progress,
    ReviewerPoints,
    by_reviewer,
    metadata_changes,
    points_of,
    progress_of,
)
from submissions.queries.statements import declared, metadata
from submissions.queries.story import Step, my_lines, story, timeline
from submissions.queries.windows import (
    deadline_window,
    final_files_due_at,
    revision_window,
    windows_of,
)

__all__ = [
    "Progress",
    "ReviewerPoints",
    "Step",
    "advice",
    "author_of_token_key",
    "author_people",
    "by_reviewer",
    "deadline_window",
    "declared",
    "disputed_authors",
    "draft_version",
    "editable_versions",
    "files_of",
    "final_files_due_at",
    "latest_version",
    "letters_of",
    "listed_authors",
    "manuscripts_of",
    "metadata",
    "metadata_changes",
    "missing",
    "my_lines",
    "open_withdrawal",
    "points_of",
    "progress_of",
    "receipts_of",
    "revision_window",
    "story",
    "submission_values",
    "submitted_version",
    "timeline",
    "uploads_of",
    "versions_of",
    "windows_of",
]
