"""The search language of the desk: read a text, find what fits, say what is wrong and where."""

from editors.search.completion import Completion, completions
from editors.search.fields import FIELDS, Context
from editors.search.finding import Found, best_first, find
from editors.search.language import (
    All,
    Any,
    Not,
    SearchFault,
    Term,
    Tree,
    Word,
    parse,
)

__all__ = [
    "FIELDS",
    "All",
    "Any",
    "Completion",
    "Context",
    "Found",
    "Not",
    "SearchFault",
    "Term",
    "Tree",
    "Word",
    "best_first",
    "completions",
    "find",
    "parse",
]
