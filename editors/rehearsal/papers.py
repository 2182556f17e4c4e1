"""Whole invented papers as PDF: two columns, any number of pages, real words, plots, references.

Used by the rehearsal to fill an issue and by tests that need a file which passes every check.
"""

from collections.abc import Iterator, Sequence

from editors.rehearsal import prose, typesetting
from editors.rehearsal.prose import InventedPaper, Prose, invented_paper
from editors.rehearsal.typesetting import (
    COLUMN_WIDTH,
    GUTTER,
    LEADING,
    MARGIN_BOTTOM,
    MARGIN_TOP,
    MARGIN_X,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Drawing,
    Line,
    Sheet,
    set_paragraph,
)

__all__ = ["InventedPaper", "invented_paper", "paper_pdf"]

REFERENCE_COUNT = 28
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")

Item = Line | Drawing | None


def paper_pdf(
    seed: int,
    *,
    pages: int = 10,
    title: str = "",
    authors: Sequence[str] = (),
    abstract: str = "",
    topic: int | None = None,
    author_property: str = "",
) -> bytes:
    """The PDF of the paper of this seed with exactly `pages` pages.

    Title and abstract are the seed's own unless others are given. `author_property` fills the
    file's Author property, as careless word processors do.
    """
    words = Prose(seed, topic)
    own_abstract = words.abstract()
    title = title or words.title
    sheets = [Sheet() for _ in range(pages)]
    first_top = _front_matter(sheets[0], title, authors)
    slots = list(_slots(pages, first_top))
    items = _items(words, abstract or own_abstract, len(slots), pages)
    _fill(sheets, slots, items)
    for number, sheet in enumerate(sheets, start=1):
        sheet.text(PAGE_WIDTH - MARGIN_X - 12, PAGE_HEIGHT - 34, str(number), 8)
        sheet.text(MARGIN_X, PAGE_HEIGHT - 34, "INVENTED MANUSCRIPT FOR REHEARSAL", 7)
    return typesetting.write(title, sheets, author=author_property)


def _front_matter(sheet: Sheet, title: str, authors: Sequence[str]) -> float:
    """Title and authors across both columns; returns where the columns may begin."""
    width = PAGE_WIDTH - 2 * MARGIN_X
    y = PAGE_HEIGHT - MARGIN_TOP - 22
    for line in set_paragraph(title, width=width, size=20, indent=0, is_centred=True):
        sheet.line(MARGIN_X, y, line)
        y -= 24
    if authors:
        for line in set_paragraph(
            ", ".join(authors), width=width, size=11, indent=0, is_centred=True
        ):
            sheet.line(MARGIN_X, y, line)
            y -= 14
    return y - 10


def _slots(pages: int, first_top: float) -> Iterator[tuple[int, float, float]]:
    """Every place for a line: page, left edge, base line; in reading order."""
    for page in range(pages):
        top = first_top if page == 0 else PAGE_HEIGHT - MARGIN_TOP
        for column in range(2):
            x = MARGIN_X + column * (COLUMN_WIDTH + GUTTER)
            y = top - LEADING
            while y >= MARGIN_BOTTOM:
                yield page, x, y
                y -= LEADING


def _items(words: Prose, abstract: str, room: int, pages: int) -> list[Item]:
    """The lines of the paper, as many as there is room for."""
    head: list[Item] = [
        *set_paragraph(f"Abstract— {abstract}", bold_words=1, is_bold=True),
        *set_paragraph(f"Index Terms— {', '.join(words.theme.terms)}.", bold_words=2, is_bold=True),
        None,
    ]
    tail = _tail(words, 8 if pages < 3 else REFERENCE_COUNT)
    # A drawing that does not fit at the foot of a column leaves some places empty.
    body_room = room - len(head) - len(tail) - (0 if pages < 3 else 30)
    body = _body(words, max(body_room, 0), with_figures=pages > 2)
    items = head + body + tail
    return items[:room] if pages < 3 else items


def _tail(words: Prose, references: int) -> list[Item]:
    tail: list[Item] = [None, *_heading("Conclusion", len(prose.SECTIONS))]
    tail += set_paragraph(" ".join(words.filled(s) for s in prose.CONCLUSION))
    tail += [None, *set_paragraph("REFERENCES", indent=0, is_centred=True, is_bold=True)]
    for number in range(1, references + 1):
        tail += set_paragraph(words.reference(number), size=8, indent=0, hanging=14)
    return tail


def _body(words: Prose, room: int, *, with_figures: bool) -> list[Item]:
    """Sections of equal length that together take about `room` lines."""
    body: list[Item] = []
    for number, (name, sentences) in enumerate(prose.SECTIONS):
        share = room * (number + 1) // len(prose.SECTIONS)
        if body:
            body.append(None)
        body += _heading(name, number)
        drawing = _drawing(words, name) if with_figures else []
        while (left := share - _rows(body)) > 0:
            body += _fitting(words.sentences(sentences), left)
            body += drawing
            drawing = []
    return body


def _fitting(sentences: list[str], room: int) -> list[Item]:
    """A paragraph of as many of these sentences as fit; empty lines when not one does."""
    while sentences:
        lines = set_paragraph(" ".join(sentences))
        if len(lines) <= room:
            return [*lines]
        sentences.pop()
    return [None] * room


def _rows(items: list[Item]) -> int:
    return sum(item.rows if isinstance(item, Drawing) else 1 for item in items)


def _heading(name: str, number: int) -> list[Line]:
    return set_paragraph(f"{_ROMAN[number]}. {name.upper()}", indent=0, is_centred=True, size=9.2)


def _drawing(words: Prose, section: str) -> list[Item]:
    """The figures of a section with their captions."""
    if section == "Results":
        curves = [words.curve(12) for _ in range(3)]
        caption = "Fig. 1. Growth with the number of labelled cases for three methods."
        return [
            typesetting.plot(curves, ("labelled cases (tens)", "score")),
            *set_paragraph(caption, size=8, indent=0),
            None,
        ]
    if section == "Experiments":
        values = [max(0.2, min(0.95, value)) for value in words.curve(5)]
        caption = "Fig. 2. The main outcome by site; the last bar is external."
        return [
            typesetting.bars(values, ["A", "B", "C", "D", "ext."]),
            *set_paragraph(caption, size=8, indent=0),
            None,
        ]
    return []


def _fill(sheets: list[Sheet], slots: list[tuple[int, float, float]], items: list[Item]) -> None:
    """Place the items in the slots; a drawing waits for a column that has room for it."""
    position = 0
    for item in items:
        if isinstance(item, Drawing):
            position = _room_for(item, slots, position)
            if position + item.rows > len(slots):
                return
            page, x, _ = slots[position]
            y = slots[position + item.rows - 1][2]
            sheets[page].commands.append(f"q 1 0 0 1 {x:.2f} {y:.2f} cm {item.commands} Q")
            position += item.rows
            continue
        if position >= len(slots):
            return
        page, x, y = slots[position]
        if isinstance(item, Line):
            sheets[page].line(x, y, item)
        position += 1


def _room_for(drawing: Drawing, slots: list[tuple[int, float, float]], position: int) -> int:
    """The first slot from which the drawing and its caption stay in one column."""
    rows = drawing.rows + drawing.caption_rows
    while position + rows <= len(slots):
        here, there = slots[position], slots[position + rows - 1]
        if here[:2] == there[:2]:
            break
        position += 1
    return position
