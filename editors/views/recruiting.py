"""Asking people to join the pool: who could be asked, the letters, who was asked."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from editors import actions
from editors.actions.recruiting import Asked, Wish
from editors.clinic import TEXT_CHARACTERS
from editors.queries.desk import PAGE_SIZE, Viewer
from editors.queries.pool import search_pool
from editors.queries.recruiting import (
    Addressee,
    addressees,
    as_addressees,
    authors_to_ask,
    never_asked,
    request_chips,
    request_rows,
    requests_of,
)
from editors.queries.typed import SEARCH_LENGTH_MAX
from editors.views.found import at_desk, attempt, desk_viewer
from editors.views.pool import wanted_people
from reviews import mails
from reviews.dates import answer_due
from reviews.recruiting import ANSWER_DAYS, ASK_MOST, SOURCE_LABELS, Source
from tmi_special_issue import clock, links


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def recruiting(request: HttpRequest) -> HttpResponse:
    """Who was asked, when, by whom, with which answer; a POST sends the letters shown before."""
    viewer = desk_viewer(request)
    if request.method == "POST":
        return _send(request, viewer)
    show = request.GET.get("show", "")
    page = Paginator(requests_of(viewer.issue, show), PAGE_SIZE).get_page(request.GET.get("page"))
    # Who came as an author tells that there is a manuscript, so whoever must not know of every
    # one is told it of nobody.
    tells_source = not viewer.hidden
    return render(
        request,
        "editors/recruiting.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "rows": [
                (row, SOURCE_LABELS[Source(row.request.source)] if tells_source else "")
                for row in request_rows(viewer.issue, list(page.object_list))
            ],
            "tells_source": tells_source,
            "chips": [
                {
                    "label": chip.label,
                    "count": chip.count,
                    "url": f"?show={chip.code}" if chip.code else "?",
                    "current": show == chip.code,
                }
                for chip in request_chips(viewer.issue)
            ],
            "is_narrowed": bool(show),
            "most": ASK_MOST,
            "text_most": TEXT_CHARACTERS,
        },
    )


@at_desk
@require_safe
def recruit_authors(request: HttpRequest) -> HttpResponse:
    """The authors of the issue's manuscripts, to be asked with one tick each."""
    viewer = desk_viewer(request)
    text = _words(request.GET)
    page = Paginator(authors_to_ask(viewer, text), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "editors/recruit_authors.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "page": page,
            "rows": as_addressees(viewer.issue, list(page.object_list)),
            "who": text,
            "all_count": min(page.paginator.count, ASK_MOST),
            "most": ASK_MOST,
        },
    )


@at_desk
@require_POST
def recruit_confirm(request: HttpRequest) -> HttpResponse:
    """What will be sent, to whom, and who is left out. Nothing is kept or sent yet."""
    viewer = desk_viewer(request)
    found = _named(viewer, request.POST)
    free = [row for row in found if not row.wrong]
    now = clock.now()
    message = None
    if free:
        message = mails.pool_asked(
            viewer.issue,
            free[0].user
            or User(
                email=free[0].email,
                given_name=free[0].given_name,
                family_name=free[0].family_name,
            ),
            link=links.absolute("reviews:join", "a-personal-link"),
            answer_by=answer_due(now, days=ANSWER_DAYS, zone=viewer.issue.zone),
        )
    return render(
        request,
        "editors/recruit_confirm.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "free": free,
            "left_out": [row for row in found if row.wrong],
            "message": message,
            "typed": request.POST.get("people", "")[:TEXT_CHARACTERS],
            "is_again": bool(request.POST.get("again")),
            "most": ASK_MOST,
        },
    )


def _send(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    named = _named(viewer, request.POST)
    wishes = [
        Wish(row.email, row.source, row.given_name, row.family_name, row.user)
        for row in named
        if not row.wrong
    ]
    told: list[Asked] = []

    def act() -> None:
        told.append(
            actions.ask_people(
                actor=viewer.user,
                issue=viewer.issue,
                wishes=wishes,
                is_again=bool(request.POST.get("again")),
            )
        )

    if named and not wishes:
        # As after a double click: everybody was asked by the first one.
        messages.info(request, f"Nobody is left to be asked: {named[0].name} {named[0].wrong}.")
    elif attempt(request, partial(act), ""):
        for asked in told:
            count = len(asked.requests)
            people = "1 person is" if count == 1 else f"{count} people are"
            messages.success(request, f"{people} asked to join.")
            for sentence in asked.left_out:
                messages.warning(request, sentence)
    return redirect("desk:recruiting")


def _named(viewer: Viewer, data: QueryDict) -> list[Addressee]:
    """Those whom the form names, or all whom its search finds."""
    authors, people = data.getlist("author"), data.getlist("person")
    match data.get("everybody", ""):
        case "authors":
            found = authors_to_ask(viewer, _words(data))
            authors = list(found.values_list("public_id", flat=True)[:ASK_MOST])
        case "pool":
            pool = never_asked(viewer.issue, search_pool(viewer.issue, **wanted_people(data)))
            people = list(pool.values_list("public_id", flat=True)[:ASK_MOST])
    return addressees(
        viewer,
        authors=authors,
        people=people,
        text=data.get("people", "").replace("\x00", ""),
        is_again=bool(data.get("again")),
    )


def _words(data: QueryDict) -> str:
    return data.get("who", "")[:SEARCH_LENGTH_MAX].replace("\x00", "").strip()
