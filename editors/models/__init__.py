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
from editors.models.matching import MatchingRun, Proposal

__all__ = [
    "AcceptanceSnapshot",
    "Comparison",
    "Decision",
    "EditorConflict",
    "Handling",
    "Letter",
    "Likeness",
    "MatchingRun",
    "OverdueFlag",
    "Proposal",
    "Recommendation",
    "SketchNumber",
]
