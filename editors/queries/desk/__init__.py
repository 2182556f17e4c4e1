"""The desk's table: who looks, where each manuscript stands, lists, rows."""

from editors.queries.desk.lists import (
    CHIP_LABELS,
    PAGE_SIZE,
    SORTS,
    Chip,
    chips,
    desk_page,
    in_order,
    urgent,
)
from editors.queries.desk.row import COLUMNS, DEFAULT_COLUMNS, DeskRow, TodayCard
from editors.queries.desk.rows import dots, progress_of, rows
from editors.queries.desk.standing import filters, with_dates, with_progress
from editors.queries.desk.viewer import Viewer

__all__ = [
    "CHIP_LABELS",
    "COLUMNS",
    "DEFAULT_COLUMNS",
    "PAGE_SIZE",
    "SORTS",
    "Chip",
    "DeskRow",
    "TodayCard",
    "Viewer",
    "chips",
    "desk_page",
    "dots",
    "filters",
    "in_order",
    "progress_of",
    "rows",
    "urgent",
    "with_dates",
    "with_progress",
]
