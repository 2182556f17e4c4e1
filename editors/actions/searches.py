"""Searches kept by name, and the columns of the desk."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.queries import DESK_ROLES, role_names
from editors.models import DeskLayout, SavedSearch
from editors.models.searches import SEARCH_NAME_MAX, SEARCH_TEXT_MAX
from editors.queries.desk import CHIP_LABELS, COLUMNS, SORTS
from editors.search import SearchFault, parse
from tmi_special_issue import audit, clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

KEPT_MAX = 40


@transaction.atomic
def save_search(
    *, actor: User, issue: SpecialIssue, name: str, text: str, show: str = "", sort: str = ""
) -> SavedSearch:
    """Keep a search under a name. The same name again replaces what was kept under it.

    Raises:
        Refusal: not_yours, name_needed, name_too_long, search_faulty, too_many_searches.
    """
    _require_desk(actor, issue)
    name = " ".join(name.split())
    if not name:
        raise Refusal("name_needed", "Give the search a name.", field="name", status=422)
    if len(name) > SEARCH_NAME_MAX:
        raise Refusal(
            "name_too_long",
            f"A name has room for {SEARCH_NAME_MAX} characters; this one has {len(name)}.",
            field="name",
            status=422,
        )
    try:
        parse(text[: SEARCH_TEXT_MAX + 1])
    except SearchFault as fault:
        raise Refusal("search_faulty", fault.sentence, field="q", status=422) from None
    # The person's row is the lock: the number of searches is that person's alone.
    User.objects.select_for_update().get(pk=actor.pk)
    kept = SavedSearch.objects.filter(issue=issue, owner=actor)
    if kept.exclude(name=name).count() >= KEPT_MAX:
        raise Refusal(
            "too_many_searches",
            f"You keep {KEPT_MAX} searches already. Forget one to make room.",
            field="name",
            status=422,
        )
    search, _ = SavedSearch.objects.update_or_create(
        issue=issue,
        owner=actor,
        name=name,
        defaults={
            "text": text.strip(),
            "show": show if show in CHIP_LABELS else "",
            "sort": sort if sort in SORTS else "",
            "saved_at": clock.now(),
        },
    )
    audit.record(actor, "search.saved", search, name=name)
    return search


@transaction.atomic
def forget_search(*, actor: User, search: SavedSearch) -> None:
    """Forget a search of one's own. Twice is once.

    Raises:
        Refusal: not_yours.
    """
    if search.owner_id != actor.pk:
        raise Refusal("not_yours", "This search belongs to another person.", status=404)
    if SavedSearch.objects.filter(pk=search.pk).delete()[0]:
        audit.record(actor, "search.forgotten", search, name=search.name)


@transaction.atomic
def choose_columns(*, actor: User, issue: SpecialIssue, columns: Sequence[str]) -> DeskLayout:
    """Which columns the desk shows this person, in the table's own order.

    Raises:
        Refusal: not_yours.
    """
    _require_desk(actor, issue)
    layout, _ = DeskLayout.objects.update_or_create(
        issue=issue,
        owner=actor,
        defaults={"columns": [code for code in COLUMNS if code in columns]},
    )
    audit.record(actor, "columns.chosen", layout, columns=layout.columns)
    return layout


def _require_desk(actor: User, issue: SpecialIssue) -> None:
    if not DESK_ROLES & role_names(actor, issue):
        raise Refusal("not_yours", "The desk is open to its editors and the office.", status=404)
