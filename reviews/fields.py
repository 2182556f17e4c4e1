"""Form fields of the sheet that Django has none for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reviews.pasting import plain_text
from reviews.remarks import COUNT_MAX, PAGE_MAX, QUOTE_MAX, TEXT_MAX, shortened

Row = Mapping[str, str]


class RemarksWidget(forms.Widget):
    """Remarks as rows, ordered by the number that stands first in each.

    Posted as NAME-INDEX-PART with the parts place, page, quote, text, optional and gone. Works
    without a script: an empty row is always there for one more.
    """

    template_name = "reviews/remark_rows.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows to draw, an empty one last, and one to copy."""
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        context["rows"] = [
            {**row, "index": index, "place": index + 1} for index, row in enumerate(rows)
        ]
        if len(rows) < COUNT_MAX:
            context["empty"] = {"index": len(rows), "place": len(rows) + 1}
        context.update(name=name, quote_max=QUOTE_MAX, text_max=TEXT_MAX, page_max=PAGE_MAX)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        """The posted rows in their order, without those that are empty or taken away."""
        form_of_key = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(place|page|quote|text|optional)")
        rows: dict[int, dict[str, str]] = {}
        for key in data:
            found = form_of_key.fullmatch(key)
            if found and not data.get(f"{name}-{found[1]}-gone"):
                rows.setdefault(int(found[1]), {})[found[2]] = str(data[key])
        filled = [
            (_place(row.get("place", ""), index), index, row)
            for index, row in rows.items()
            if any(row.get(part, "").strip() for part in ("page", "quote", "text"))
        ]
        return [row for _, _, row in sorted(filled, key=lambda one: one[:2])]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)


class RemarksField(forms.Field):
    """Remarks as plain values: page (or None), quote, text, optional."""

    widget = RemarksWidget

    def clean(self, value: list[Row]) -> list[dict[str, Any]]:
        """The rows typed; a sentence for each that cannot be kept."""
        cleaned, sentences = [], []
        for number, row in enumerate(value, start=1):
            page = row.get("page", "").strip()
            text = plain_text(row.get("text", "")).strip()
            if page and not (page.isdecimal() and 1 <= int(page) <= PAGE_MAX):
                sentences.append(
                    f"Remark {number}: the page is a whole number from 1 to {PAGE_MAX}, or left "
                    f"empty, not “{page[:20]}”."
                )
            elif len(text) > TEXT_MAX:
                sentences.append(
                    f"Remark {number} has {len(text)} characters; the limit is {TEXT_MAX}. "
                    "Shorten it."
                )
            else:
                cleaned.append(
                    {
                        "page": int(page) if page else None,
                        "quote": shortened(plain_text(row.get("quote", ""))),
                        "text": text,
                        "optional": bool(row.get("optional")),
                    }
                )
        if len(value) > COUNT_MAX:
            sentences.append(f"There are {len(value)} remarks; the limit is {COUNT_MAX}.")
        if sentences:
            raise ValidationError(sentences)
        return cleaned


class SettledWidget(forms.Widget):
    """The authors' answers to the reviewer's own points, each with the choice beside it.

    `points` are the points as the author's door gives them. Posted as NAME-LABEL.
    """

    template_name = "reviews/own_points.html"
    use_fieldset = True

    def __init__(self, points: Sequence[Any], choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.points, self.choices = points, choices

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Each point with what was chosen for it."""
        context = super().get_context(name, value, attrs)
        chosen = value or {}
        context["points"] = [(point, chosen.get(point.label, "")) for point in self.points]
        context.update(name=name, choices=self.choices)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """The choices by label; points without one are left out."""
        found = {point.label: data.get(f"{name}-{point.label}", "") for point in self.points}
        return {label: str(value) for label, value in found.items() if value}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False


class SettledField(forms.Field):
    """Which points are settled, by label."""

    def __init__(
        self, points: Sequence[Any], choices: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(widget=SettledWidget(points, choices), **options)
        self.offered = {value for value, _ in choices}

    def clean(self, value: dict[str, str]) -> dict[str, str]:
        """Only what is on offer."""
        for label, given in value.items():
            if given not in self.offered:
                raise ValidationError(f"{label}: “{given[:20]}” is not on offer here.")
        return value


def _place(typed: str, index: int) -> float:
    try:
        return float(typed)
    except ValueError:
        return float(index + 1)
