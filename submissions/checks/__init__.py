"""The rules that a submission must meet, as pure functions (`domain.md` G.1).

`examine_pdf` judges the facts of one uploaded PDF; `missing_for_submission` and
`advice_for_submission` judge the metadata of a draft. Both answer with typed findings.
"""

from submissions.checks.findings import FileReport, Finding, Level, Screen
from submissions.checks.metadata import (
    AuthorValues,
    ConflictValues,
    FunderValues,
    NamedReviewerValues,
    SubmissionValues,
    advice_for_submission,
    missing_authors,
    missing_for_submission,
    word_count,
)
from submissions.checks.pdf import FLAG_LABELS, examine_pdf
from submissions.checks.remarks import PdfRules
from submissions.checks.revision import Change, Metadata, PointValues, changes_between, word_changes

__all__ = [
    "FLAG_LABELS",
    "AuthorValues",
    "Change",
    "ConflictValues",
    "FileReport",
    "Finding",
    "FunderValues",
    "Level",
    "Metadata",
    "NamedReviewerValues",
    "PdfRules",
    "PointValues",
    "Screen",
    "SubmissionValues",
    "advice_for_submission",
    "changes_between",
    "examine_pdf",
    "missing_authors",
    "missing_for_submission",
    "word_changes",
    "word_count",
]
