"""What a person keeps of the desk."""

from django.db.models import QuerySet

from editors.models import DeskLayout, SavedSearch
from editors.queries.desk import DEFAULT_COLUMNS, Viewer


def saved_searches(viewer: Viewer) -> QuerySet[SavedSearch]:
    """The searches that this person keeps, by name."""
    return SavedSearch.objects.filter(issue=viewer.issue, owner=viewer.user)


def columns_of(viewer: Viewer) -> list[str]:
    """The columns that this person wants to see, else the usual ones."""
    layout = DeskLayout.objects.filter(issue=viewer.issue, owner=viewer.user).first()
    return list(layout.columns) if layout else list(DEFAULT_COLUMNS)
