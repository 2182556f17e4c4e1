"""Reads of the desk. Every one starts from `visible_to`, so that counts, search and exports
know no more than the pages do."""

from editors.queries.acceptance import acceptance_rows
from editors.queries.decisions import (
    current_decision,
    current_letter,
    current_recommendation,
    deciders,
)
from editors.queries.handling import editor_choices, handling_editor, hard_conflicts
from editors.queries.visibility import hidden_manuscripts, is_visible, visible_to

__all__ = [
    "acceptance_rows",
    "current_decision",
    "current_letter",
    "current_recommendation",
    "deciders",
    "editor_choices",
    "handling_editor",
    "hard_conflicts",
    "hidden_manuscripts",
    "is_visible",
    "visible_to",
]
