"""Marks of the desk's templates."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from django import template

from editors.queries.desk import DeskRow

register = template.Library()


@register.filter
def has_key(keys: Container[Any], key: Any) -> bool:
    """Is the key among these?"""
    return key in keys


@register.filter
def value_of(values: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key, None where there is none."""
    return values.get(key)


@register.filter
def day_after(words: str, day: date) -> str:
    """Words and a day: "ask again from" and "1 Aug 2024"."""
    return f"{words.strip()} {day:%-d %b %Y}"


@register.simple_tag
def pills_of(row: DeskRow) -> list[tuple[str, str]]:
    """What stands beside the number of a manuscript: words and tone of each."""
    found = [
        ("decision overdue", "bad") if row.is_overdue else None,
        ("conference extension", "") if row.version.extends_conference_paper else None,
        (row.editor_words, "accent") if row.editor else None,
    ]
    return [pill for pill in found if pill]


_RULES = {
    "F1": "author of the manuscript",
    "F2": "same institution",
    "F3": "same institution lately",
    "F4": "co-author",
    "F5": "co-author some years ago",
    "F6": "adviser or student",
    "F7": "family or close relation",
    "F8": "competing interest",
    "F9": "opposed by the authors",
    "F10": "suggested by the authors",
    "F11": "handles the manuscript",
    "F13": "editor as author",
    "F14": "close to another reviewer",
    "F15": "has an own submission here",
    "F16": "at the limit",
    "F17": "address not confirmed",
    "F18": "editors of one institution",
}


@register.filter
def rule_words(rule: str) -> str:
    """A rule of conflict (`domain.md` F) in two or three words."""
    return _RULES.get(rule, rule)


@register.filter
def rule_named(rule: str) -> str:
    """A rule by its number and in words: "F2 same institution"."""
    return f"{rule} {_RULES[rule]}" if rule in _RULES else rule
