"""Marks of the desk's templates."""

from collections.abc import Container
from typing import Any

from django import template

register = template.Library()


@register.filter
def has_key(keys: Container[Any], key: Any) -> bool:
    """Is the key among these?"""
    return key in keys


_RULES = {
    "F1": "author of the manuscript",
    "F2": "same institution",
    "F3": "same institution lately",
    "F4": "co-author",
    "F5": "co-author some years ago",
    "F9": "opposed by the authors",
    "F10": "suggested by the authors",
    "F11": "handles the manuscript",
    "F14": "close to another reviewer",
    "F15": "has an own submission here",
    "F16": "at the limit",
    "F17": "address not confirmed",
}


@register.filter
def rule_words(rule: str) -> str:
    """A rule of conflict (`domain.md` F) in two or three words."""
    return _RULES.get(rule, rule)
