"""What people paste, as plain text: markup of word processors and signs that cannot be seen.

Ordinary text is left as it is, also where it speaks of `x < y` or of `<div>`; only what carries
the marks of a word processor is taken for markup. Pure.
"""

import html
import re

_OF_A_WORD_PROCESSOR = re.compile(
    r"class=[\"']?Mso|<o:p>|<w:|<!--\[if |<!--StartFragment|\bmso-[a-z-]+:|"
    r"<meta name=[\"']?Generator",
    re.IGNORECASE,
)
_UNREAD = re.compile(
    r"<!--.*?-->|<(style|script|head|xml|w:\w+)\b.*?</\1\s*>|<!\[.*?\]>", re.IGNORECASE | re.DOTALL
)
_CELL = re.compile(r"</t[dh]\s*>\s*(?=<t[dh])", re.IGNORECASE)
_LINE = re.compile(r"<br\b[^>]*>|</(?:tr|li|div)\s*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</(?:p|h[1-6]|table|ul|ol)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad]")


def plain_text(text: str) -> str:
    """The text without markup, with one kind of line end and without unseen signs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if _OF_A_WORD_PROCESSOR.search(plain):
        plain = _without_markup(plain)
    plain = re.sub("[\x0b\x0c\u2028\u2029]", "\n", plain)
    return _UNSEEN.sub("", plain)


def _without_markup(text: str) -> str:
    # In HTML the end of a line is a space; the lines are where its elements end.
    flowing = re.sub(r"\s+", " ", _UNREAD.sub("", text))
    flowing = _CELL.sub("\t", flowing)
    flowing = _PARAGRAPH.sub("\n\n", _LINE.sub("\n", flowing))
    words = html.unescape(_TAG.sub("", flowing)).replace("\u00a0", " ")
    lines = [re.sub(r"^[·•§o]\s+(?=\S)", "- ", line.strip()) for line in words.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
