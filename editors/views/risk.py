"""The risk board: which manuscript is in danger, and which single act helps most."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from editors.queries.risk import BOARD_MOST, BoardRow, board
from editors.risk import LEVEL_WORDS, Act, Level
from editors.stages import LABELS, DeskStage
from editors.views.found import at_desk, desk_viewer
from tmi_special_issue import clock

PAGE_SIZE = 50

TONES: dict[Level, str] = {Level.RED: "bad", Level.AMBER: "warn", Level.GREEN: "ok"}

# Where an act is done; all others are done on the manuscript's page.
_PLACES: dict[Act, str] = {
    Act.ASSIGN: "desk:assign_editor",
    Act.INVITE: "desk:panel",
    Act.INVITE_ANOTHER: "desk:panel",
    Act.BENCH: "desk:panel",
    Act.DECIDE: "desk:decide",
    Act.DECIDE_EARLY: "desk:decide",
    Act.APPROVE: "desk:decide",
    Act.RELEASE: "desk:decide",
}


def act_url(act: Act, public_id: str) -> str:
    """Where the act is done."""
    return reverse(_PLACES.get(act, "desk:manuscript"), args=[public_id])


@at_desk
@require_safe
def risk(request: HttpRequest) -> HttpResponse:
    """The manuscripts that a decision is still due on, the most endangered first."""
    viewer = desk_viewer(request)
    rows = board(viewer, clock.now())
    counts = Counter(row.risk.level for row in rows)
    chosen = request.GET.get("level", "")
    if chosen not in LEVEL_WORDS:
        chosen = ""
    address = reverse("desk:risk")
    page = Paginator([r for r in rows if not chosen or r.risk.level == chosen], PAGE_SIZE).get_page(
        request.GET.get("page", 1)
    )
    return render(
        request,
        "editors/risk.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "rows": [_line(row) for row in page],
            "is_cut": len(rows) == BOARD_MOST,
            "chips": [
                {"label": "All", "url": address, "count": len(rows), "current": not chosen},
                *(
                    {
                        "label": words,
                        "url": f"{address}?level={level}",
                        "count": counts[level],
                        "current": level == chosen,
                    }
                    for level, words in LEVEL_WORDS.items()
                ),
            ],
        },
    )


def _line(row: BoardRow) -> dict[str, object]:
    told = row.risk
    key = row.manuscript.public_id
    return {
        "row": row,
        "risk": told,
        "tone": TONES[told.level],
        "stage": LABELS[DeskStage(row.stage)],
        "slack": _slack(told.slack_days),
        "bad_slack": _slack(told.pessimistic_slack_days),
        "act_url": "" if told.act == Act.NOTHING else act_url(told.act, key),
        "gain": _gain(told.gain_days),
    }


def _slack(days: int) -> str:
    if days == 0:
        return "on the day"
    number = f"{abs(days)} day" + ("" if abs(days) == 1 else "s")
    return f"{number} to spare" if days > 0 else f"{number} too late"


def _gain(days: int) -> str:
    if not days:
        return ""
    return "gains about a day" if days == 1 else f"gains about {days} days"
