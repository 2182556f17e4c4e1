"""The desk's lists: filters with their counts, one page, and the three most urgent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from editors.queries.desk.standing import filters, with_progress
from editors.queries.desk.viewer import Viewer
from submissions.models import Manuscript
from submissions.states import ACCEPTED, CLOSED, REVISING, Stage

PAGE_SIZE = 50


@dataclass(frozen=True)
class Chip:
    """A filter with its count."""

    code: str
    label: str
    count: int


CHIP_LABELS: dict[str, str] = {
    "": "All",
    "my-turn": "My turn",
    "mine": "I handle",
    "overdue": "Overdue",
    "asking": "Author asks",
    "late": "Reviewer late",
    "checklist": "Checklist",
    "no-editor": "Awaiting an editor",
    "assigning": "Assigning reviewers",
    "waiting": "Waiting for scores",
    "to-decide": "To decide",
    "deciding": "Decision in progress",
    "held": "Held",
    "with-author": "With the author",
    "accepted": "Accepted",
    "closed": "Closed",
}
# These are shown even when they count nothing.
_ALWAYS = frozenset({"", "my-turn"})

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "number": ("number",),
    "-number": ("-number",),
    "idle": ("idle_since", "number"),
    "-idle": ("-idle_since", "number"),
    "next": (F("next_at").asc(nulls_last=True), "number"),
    "-next": (F("next_at").desc(nulls_last=True), "number"),
    "reviews": ("returned", "agreed", "number"),
    "-reviews": ("-returned", "-agreed", "number"),
}


def chips(standing: QuerySet[Any], viewer: Viewer, chosen: str) -> list[Chip]:
    """The filters with their counts over `with_progress`, in one query."""
    rules = {code.replace("-", "_"): rule for code, rule in filters(viewer).items()}
    counted = standing.aggregate(
        every=Count("pk"), **{name: Count("pk", filter=rule) for name, rule in rules.items()}
    )
    counts = {code: counted[code.replace("-", "_") or "every"] for code in CHIP_LABELS}
    return [
        Chip(code, label, counts[code])
        for code, label in CHIP_LABELS.items()
        if counts[code] or code in _ALWAYS or code == chosen
    ]


def in_order(standing: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """Sorted as asked; without a wish, what needs somebody first, the longest waiting first.

    `standing` carries the annotations of `with_progress` and `with_dates`.
    """
    return standing.order_by(*SORTS.get(sort, (_rank(), "stage_since", "number")))


def desk_page(ordered: QuerySet[Any], *, count: int, number: int | str = 1) -> Page[Manuscript]:
    """One page of manuscripts, cut in the database. `count` is what the chip has counted."""
    paginator = Paginator(ordered, PAGE_SIZE)
    paginator.count = count
    return paginator.get_page(number)


def urgent(manuscripts: QuerySet[Manuscript], viewer: Viewer, now: datetime) -> list[Manuscript]:
    """The three manuscripts that need this person most: late first, then longest waiting."""
    rules = filters(viewer)
    moving = [Stage.IN_REVIEW, Stage.AWAITING_DECISION, Stage.SUBMITTED, Stage.AWAITING_EDITOR]
    worth = with_progress(manuscripts.filter(stage__in=moving), viewer, now).filter(
        rules["my-turn"] | (rules["late"] & rules["mine"])
    )
    return list(worth.order_by("-is_overdue", "-is_late", "stage_since", "number")[:3])


def _rank() -> Case:
    return Case(
        When(stage__in=list(CLOSED), then=Value(3)),
        When(stage__in=list(ACCEPTED), then=Value(2)),
        When(stage__in=[*REVISING, Stage.UNSUBMITTED], then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
