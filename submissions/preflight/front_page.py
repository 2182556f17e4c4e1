"""Title and authors as page 1 prints them, for the author to accept or not.

`lines_of` reads the characters of a page with their sizes and places; the rest are pure functions
on those lines. These are guesses to spare some typing, and never a judgement.
"""

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from submissions.preflight.words import joined, plain

CHARACTERS_MOST = 12_000
LINES_MOST = 60
TITLE_LENGTH = (10, 300)
AUTHORS_MOST = 60
# What PDFium makes of a hyphen at the end of a line.
_HYPHENS_AT_LINE_END = (0x02, 0xFFFE)
# Stands in a line where a mark was raised, or where print leaves a wide gap.
BREAK = "\N{SYMBOL FOR UNIT SEPARATOR}"

_ABSTRACT = re.compile(r"(?i)^\W*(abstract|summary|a\s*b\s*s\s*t\s*r\s*a\s*c\s*t)\b")
_PLACE = re.compile(
    r"(?i)@|\d{4,}|https?:|\b(universit|institut|department|dept|hospital|school|college|faculty|"
    r"laborator|cent(?:er|re)\b|clinic|academy|inc\b|ltd|gmbh|corporation|e-?mail|orcid|division|"
    r"received|manuscript|submitted|index terms|keywords|introduction|corresponding|member states)"
)
_BETWEEN = re.compile(rf"[{BREAK},;&·•|]|\band\b|[0-9*†‡§¶#∗]+")
_TITLES = re.compile(
    r"(?i)^(?:(?:(?:senior|student|graduate student|life|associate)\s+)?(?:member|fellow)|ieee|osa|"
    r"spie|miccai|ph\.?\s?d\.?|m\.?d\.?|m\.?sc\.?|b\.?sc\.?|dr\.?|prof\.?|jr\.?|sr\.?|ii|iii)\.?$"
)
_BEFORE_NAME = re.compile(r"(?i)^(?:by|dr\.?|prof\.?)\s+")
_PARTICLES = frozenset(
    {"de", "da", "di", "do", "dos", "das", "del", "della", "der", "den", "van", "von", "la", "le"}
    | {"el", "al", "bin", "ibn", "ter", "ten", "te", "zu", "zur", "af", "y", "e"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print: its words, the size of most of them, where it stands (page points)."""

    text: str
    size: float
    left: float
    baseline: float


def lines_of(text_page: Any) -> list[Line]:
    """The first lines of a page in the order of its text; what is turned is left out."""
    lines: list[Line] = []
    current: list[_Character] = []
    for character in _characters(text_page):
        if current and _begins_line(current, character):
            lines.append(_line(current))
            current = []
            if len(lines) >= LINES_MOST:
                return lines
        current.append(character)
    if current:
        lines.append(_line(current))
    return [line for line in lines if line.text.strip(f" {BREAK}")]


def title_of(lines: list[Line], page_height: float) -> str:
    """The largest print in the upper part of the page before the abstract."""
    chosen = _title_lines(lines, page_height)
    title = joined(line.text.replace(BREAK, " ") for line in chosen)
    least, most = TITLE_LENGTH
    return title if least <= len(title) <= most else ""


def authors_of(lines: list[Line], page_height: float) -> list[str]:
    """The names between title and abstract, in their order; empty when there is doubt."""
    chosen = _title_lines(lines, page_height)
    if not chosen:
        return []
    names: list[str] = []
    size = 0.0
    for line in lines[lines.index(chosen[-1]) + 1 :]:
        if _ABSTRACT.match(line.text) or len(names) >= AUTHORS_MOST:
            break
        if size and abs(line.size - size) > 0.6:
            continue
        found = _names_in(line.text)
        if found:
            names += found
            size = line.size
    return list(dict.fromkeys(names))[:AUTHORS_MOST]


# --- Names ---------------------------------------------------------------------------------------


def _names_in(text: str) -> list[str]:
    if _PLACE.search(text):
        return []
    parts = [plain(part) for part in _BETWEEN.split(text)]
    parts = [_BEFORE_NAME.sub("", part) for part in parts if part and not _TITLES.match(part)]
    names = [part for part in parts if _is_name(part)]
    # A line of which a good part is no name is a sentence, an address, a heading.
    return names if parts and len(names) == len(parts) else []


def _is_name(text: str) -> bool:
    words = text.split()
    if not 2 <= len(words) <= 6 or len(text) > 80:
        return False
    great = [word for word in words if word.lower() not in _PARTICLES]
    return len(great) >= 2 and all(
        not word[0].islower() and all(c.isalpha() or c in ".-'’‐" for c in word) for word in great
    )


# --- Title ---------------------------------------------------------------------------------------


def _title_lines(lines: list[Line], page_height: float) -> list[Line]:
    upper: list[Line] = []
    for line in lines:
        if _ABSTRACT.match(line.text):
            break
        if line.baseline > 0.35 * page_height and line.size < 60:
            upper.append(line)
    groups: list[list[Line]] = []
    for line in upper:
        if groups and abs(groups[-1][0].size - line.size) <= 0.6:
            groups[-1].append(line)
        else:
            groups.append([line])
    readable = [group for group in groups if sum(_letters(line.text) for line in group) >= 10]
    # Of prints of one size the first is the title.
    return max(readable, key=lambda group: round(group[0].size), default=[])


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)


# --- Characters ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    size: float
    left: float
    right: float
    baseline: float


def _characters(text_page: Any) -> list[_Character]:
    found: list[_Character] = []
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    for place in range(min(raw.FPDFText_CountChars(text_page), CHARACTERS_MOST)):
        code = raw.FPDFText_GetUnicode(text_page, place)
        if code in _HYPHENS_AT_LINE_END:
            code = ord("-")
        if code < 32 or code == 0xFFFF:
            continue
        if not raw.FPDFText_GetCharBox(text_page, place, left, right, bottom, top):
            continue
        raw.FPDFText_GetCharOrigin(text_page, place, x, y)
        scale = 1.0
        if raw.FPDFText_GetMatrix(text_page, place, matrix):
            if abs(matrix.b) > 0.1 * abs(matrix.a):
                continue
            scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        size = raw.FPDFText_GetFontSize(text_page, place) * scale
        found.append(_Character(chr(code), size, left.value, right.value, y.value))
    return found


def _begins_line(current: list[_Character], character: _Character) -> bool:
    if character.text.isspace():
        return False
    solid = [c for c in current if not c.text.isspace()]
    if not solid:
        return False
    size = max(max(c.size for c in solid[-8:]), character.size)
    moved = abs(character.baseline - solid[-1].baseline)
    return moved > 0.6 * size or character.left < solid[-1].right - 2 * size


def _line(characters: list[_Character]) -> Line:
    solid = [c for c in characters if not c.text.isspace()] or characters
    size = Counter(round(c.size, 1) for c in solid).most_common(1)[0][0]
    baseline = Counter(round(c.baseline, 1) for c in solid if round(c.size, 1) == size).most_common(
        1
    )[0][0]
    text = ""
    former: _Character | None = None
    for character in characters:
        is_raised = (
            character.size < 0.85 * size and character.baseline > baseline + 0.15 * size
        ) or character.baseline > baseline + 0.25 * size
        if not character.text.isspace():
            if former and character.left - former.right > 2.0 * size:
                text += BREAK
            former = character
        text += BREAK if is_raised and not character.text.isspace() else character.text
    return Line(text, size, min(c.left for c in solid), baseline)
