"""The tables of the desk."""

from editors.models.desk import (
    AcceptanceSnapshot,
    Comparison,
    Decision,
    EditorConflict,
    Handling,
    Letter,
    Likeness,
    OverdueFlag,
    Recommendation,
    SketchNumber,
)
from editors.models.matching import MatchedPanel, MatchingRun
from editors.models.notes import Note
from editors.models.searches import DeskLayout, SavedSearch
from editors.models.tags import Tag
from editors.models.wording import LetterTemplate

__all__ = [
    "AcceptanceSnapshot",
    "Comparison",
    "Decision",
    "DeskLayout",
    "EditorConflict",
    "Handling",
    "Letter",
    "LetterTemplate",
    "Likeness",
    "MatchedPanel",
    "MatchingRun",
    "Note",
    "OverdueFlag",
    "Recommendation",
    "SavedSearch",
    "SketchNumber",
    "Tag",
]
