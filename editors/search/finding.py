"""From a text to manuscripts: the tree of the language as one condition of the database."""

from dataclasses import dataclass
from typing import Any as Anything

from django.db.models import Q, QuerySet

from editors.queries.desk.standing import with_dates, with_progress
from editors.search.fields import Context, condition
from editors.search.language import All, Any, Not, SearchFault, Term, Tree, Word, parse
from editors.search.words import by_fit, holds_word
from submissions.models import Manuscript


@dataclass(frozen=True)
class Found:
    """What a text means: the manuscripts that fit, or what is wrong with the text.

    A text with a fault finds nothing, so that a slip never widens a list or a bulk act.
    """

    manuscripts: QuerySet[Anything]
    words: tuple[str, ...] = ()
    fault: SearchFault | None = None


def find(manuscripts: QuerySet[Manuscript], text: str, context: Context) -> Found:
    """The manuscripts, among those that the person may see, which fit the text.

    The queryset carries the annotations of `with_progress` and `with_dates`.
    """
    standing = with_dates(
        with_progress(manuscripts, context.viewer, context.now), context.viewer, context.dates
    )
    try:
        tree = parse(text)
        rule = _rule(tree, context)
    except SearchFault as fault:
        return Found(standing.none(), fault=fault)
    return Found(standing.filter(rule) if rule else standing, words=tuple(_wanted(tree)))


def best_first(kept: QuerySet[Anything], found: Found) -> QuerySet[Anything]:
    """What is kept of the found, the best fit to its plain words first."""
    return by_fit(kept, list(found.words))


def _rule(tree: Tree, context: Context) -> Q:
    match tree:
        case Word(text):
            return holds_word(text)
        case Term():
            return condition(context, tree)
        case Not(part):
            return ~_rule(part, context)
        case All(parts):
            rule = Q()
            for part in parts:
                rule &= _rule(part, context)
            return rule
        case Any(parts):
            rule = _rule(parts[0], context)
            for part in parts[1:]:
                rule |= _rule(part, context)
            return rule


def _wanted(tree: Tree) -> list[str]:
    """The plain words that must be there; words after a *not* rank nothing."""
    match tree:
        case Word(text):
            return [text]
        case All(parts) | Any(parts):
            return [word for part in parts for word in _wanted(part)]
    return []
