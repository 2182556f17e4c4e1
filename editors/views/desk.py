"""The desk: what needs me today, filters with counts, the list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from editors.queries import visible_to
from editors.queries.desk import (
    CHIP_LABELS,
    COLUMNS,
    SORTS,
    DeskRow,
    TodayCard,
    chips,
    desk_page,
    filters,
    in_order,
    rows,
    urgent,
)
from editors.queries.enquiries import waiting_count
from editors.queries.searches import columns_of, saved_searches
from editors.search import FIELDS, Context, best_first, completions, find
from editors.search.language import LENGTH_MAX
from editors.stages import DeskStage
from editors.views.found import at_desk, desk_viewer
from editors.views.searches import address_of, pointed
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind
from tmi_special_issue.queries import milestones


@at_desk
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One page of manuscripts with the three acts that help most."""
    viewer = desk_viewer(request)
    now = clock.now()
    dates = milestones(viewer.issue)
    text = request.GET.get("q", "").strip()
    chosen = request.GET.get("show", "")
    if chosen not in CHIP_LABELS:
        chosen = ""
    sort = request.GET.get("sort", "")
    scope = visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden)
    found = find(scope, text, Context(viewer, now, dates))
    counted = chips(found.manuscripts, viewer, chosen)
    kept = found.manuscripts.filter(filters(viewer)[chosen]) if chosen else found.manuscripts
    by_fit = bool(found.words) and sort not in SORTS
    page = desk_page(
        best_first(kept, found) if by_fit else in_order(kept, sort),
        count=next(chip.count for chip in counted if chip.code == chosen),
        number=request.GET.get("page", 1),
    )
    is_front = not text and not chosen and page.number == 1
    pressing = urgent(scope, viewer, now) if is_front else []
    listed = list(page.object_list)
    known = {manuscript.pk: manuscript for manuscript in [*pressing, *listed]}
    lines = {row.manuscript.pk: row for row in rows(list(known.values()), viewer, now, dates)}
    upcoming = [d for d in dates.values() if d.due_at >= now]
    return render(
        request,
        "editors/desk.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "rows": [lines[m.pk] for m in listed if m.pk in lines],
            "today": [_card(lines[m.pk], viewer.issue) for m in pressing if m.pk in lines],
            "chips": [
                {
                    "label": chip.label,
                    "url": address_of(text, chip.code),
                    "count": chip.count,
                    "current": chip.code == chosen,
                }
                for chip in counted
            ],
            "text": text,
            "fault": pointed(text, found.fault) if found.fault else None,
            "fields": FIELDS.values(),
            "saved": [
                {"search": kept, "url": address_of(kept.text, kept.show, kept.sort)}
                for kept in saved_searches(viewer)
            ],
            "can_save": not is_front and not found.fault,
            "sort": sort,
            "columns": columns_of(viewer),
            "column_labels": COLUMNS.items(),
            "chosen": chosen,
            "is_front": is_front,
            "by_fit": by_fit,
            "enquiry_count": waiting_count(viewer) if is_front else 0,
            "next_date": min(upcoming, key=lambda d: d.due_at) if upcoming else None,
            "initial": dates.get(MilestoneKind.INITIAL_DECISION),
        },
    )


@at_desk
@require_safe
def complete_search(request: HttpRequest) -> HttpResponse:
    """How a search that is being typed can go on, as options of the search field."""
    viewer = desk_viewer(request)
    context = Context(viewer, clock.now(), {})
    text = request.GET.get("q", "")[:LENGTH_MAX]
    return render(
        request, "editors/search_options.html", {"completions": completions(text, context)}
    )


def _card(row: DeskRow, issue: Any) -> TodayCard:
    """What to say of a pressing manuscript: the danger first, then whose turn it is."""
    key = row.manuscript.public_id
    progress = row.progress
    page = reverse("desk:manuscript", args=[key])
    panel = reverse("desk:panel", args=[key])
    decide = reverse("desk:decide", args=[key])
    if row.is_overdue:
        signal, tone = "decision overdue", "bad"
    elif progress.late:
        signal, tone = f"{_reviewers(progress.late)} late", "warn"
    elif row.idle_days:
        signal, tone = f"your turn, idle {row.idle_days} {_days(row.idle_days)}", "accent"
    else:
        signal, tone = "your turn since today", "accent"
    acts: dict[DeskStage, tuple[str, str, str]] = {
        DeskStage.CHECKLIST: (
            "It has arrived and waits for the checklist.",
            "Check it",
            page,
        ),
        DeskStage.AWAITING_EDITOR: (
            "The checklist is passed; it needs a guest editor.",
            "Assign an editor",
            reverse("desk:assign_editor", args=[key]),
        ),
        DeskStage.ASSIGNING: (
            (
                f"{progress.agreed} of {progress.need} reviewers agreed, "
                f"{progress.holding - progress.agreed} still to answer."
            ),
            "Choose reviewers",
            panel,
        ),
        DeskStage.WAITING: (
            f"{progress.returned} of {progress.agreed} reviews are in.",
            "Look at the reviewers",
            page,
        ),
        DeskStage.COMPLETE: (
            f"All {progress.returned} reviews are in.",
            "Write the decision",
            decide,
        ),
        DeskStage.MINOR_CHECK: (
            "The minor revision is back; you alone judge it.",
            "Write the decision",
            decide,
        ),
        DeskStage.DECIDING: ("The letter is drafted.", "Look at the letter", decide),
    }
    text, act, url = acts.get(row.stage, (row.label + ".", "Open", page))
    return TodayCard(signal=signal, tone=tone, text=text, act=act, act_url=url, row=row)


def _reviewers(count: int) -> str:
    return "one reviewer" if count == 1 else f"{count} reviewers"


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
