"""The score sheet as data (`domain.md` D), a versioned form of each special issue. Pure.

A review keeps the version in which it was begun, so a later version changes no earlier review:
its answers are always read with the questions as they were asked.
"""

from reviews.sheet.answers import (
    asked,
    differing,
    faults,
    first_remark_number,
    in_words,
    label_of,
    missing_answers,
    open_to_author,
)
from reviews.sheet.editing import (
    Change,
    added,
    changes_between,
    exchanged,
    moved,
    new_question,
    removed,
    reworded,
)
from reviews.sheet.questions import (
    Answer,
    Answers,
    Choice,
    Context,
    Kind,
    Missing,
    Question,
    Sheet,
)
from reviews.sheet.schema import BUILT_IN, FIXED, from_json, sheet_faults, sheet_of, to_json
from reviews.sheet.tmi import RECOMMENDATIONS, TMI_1

__all__ = [
    "BUILT_IN",
    "FIXED",
    "RECOMMENDATIONS",
    "TMI_1",
    "Answer",
    "Answers",
    "Change",
    "Choice",
    "Context",
    "Kind",
    "Missing",
    "Question",
    "Sheet",
    "added",
    "asked",
    "changes_between",
    "differing",
    "exchanged",
    "faults",
    "first_remark_number",
    "from_json",
    "in_words",
    "label_of",
    "missing_answers",
    "moved",
    "new_question",
    "open_to_author",
    "removed",
    "reworded",
    "sheet_faults",
    "sheet_of",
    "to_json",
]
