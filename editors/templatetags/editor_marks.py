"""Marks of the desk's templates."""

from collections.abc import Container
from typing import Any

from django import template

register = template.Library()


@register.filter
def has_key(keys: Container[Any], key: Any) -> bool:
    """Is the key among these?"""
    return key in keys
