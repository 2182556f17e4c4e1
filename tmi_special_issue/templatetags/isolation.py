"""Words that run from right to left, in plain text among words that run from left to right."""

import unicodedata

from django import template

register = template.Library()

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@register.filter
def isolated(text: str) -> str:
    """The text between isolating marks if any of it runs from right to left.

    The marks keep the sentence around it in order, as ``<bdi>`` does on a page. Other text stays
    as it is, so that whoever copies it copies nothing unseen.
    """
    runs_left = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in str(text))
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if runs_left else str(text)
