"""What anybody may read: the call, its calendar, how review works."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.models import User
from submissions.calendars import calendar_of
from submissions.models import Manuscript
from submissions.queries import manuscripts_of
from submissions.states import Stage
from tmi_special_issue import clock, links
from tmi_special_issue.deadlines import Window, is_open
from tmi_special_issue.models import (
    ListedEditor,
    Milestone,
    MilestoneKind,
    SpecialIssue,
    Topic,
)
from tmi_special_issue.queries import current_issue, milestones

NOTES = {
    MilestoneKind.INITIAL_DECISION: "as a letter, after four reviews",
    MilestoneKind.FINAL_ACCEPTANCE: "then production",
}


@require_safe
@gzip_page  # nothing here is secret, and tokens of forms are masked anew in each answer
def call(request: HttpRequest) -> HttpResponse:
    """The front page: is this for my paper, and until when?"""
    issue = current_issue()
    if issue is None:
        return render(request, "submissions/no_call.html")
    dates = milestones(issue)
    closing = dates[MilestoneKind.SUBMISSION]
    now = clock.now()
    may_submit = is_open(Window(closing.due_at, closing.grace), now)
    return render(
        request,
        "submissions/call.html",
        {
            "issue": issue,
            "stops": stops(dates),
            "subscription": subscription(),
            "closing": closing,
            "may_submit": may_submit,
            "topics": Topic.objects.filter(issue=issue),
            "listed": ListedEditor.objects.filter(issue=issue),
            "drafts": _drafts(request, issue),
            "address": links.absolute("submissions:call"),
            "json_ld": structured(issue, dates),
        },
    )


@require_safe
def review_process(request: HttpRequest) -> HttpResponse:
    """How review works, with the record of ANSI/NISO Z39.106-2023."""
    issue = _issue()
    return render(
        request,
        "submissions/review_process.html",
        {"issue": issue, "stops": stops(milestones(issue))},
    )


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The four dates for a calendar program."""
    issue = _issue()
    content = calendar_of(issue, milestones(issue).values())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{issue.key}.ics"',
            "Cache-Control": "public, max-age=3600",
        },
    )


def stops(dates: dict[MilestoneKind, Milestone]) -> list[dict[str, Any]]:
    """The four dates for the rail, in their order."""
    listed: list[dict[str, Any]] = [
        {"label": kind.label, "at": row.due_at, "note": NOTES.get(kind, "")}
        for kind, row in sorted(dates.items(), key=lambda pair: pair[1].due_at)
    ]
    return listed


def subscription() -> str:
    """The calendar's address under the scheme that makes a calendar program subscribe to it."""
    return "webcal://" + links.absolute("submissions:calendar").split("://", 1)[-1]


def structured(issue: SpecialIssue, dates: dict[MilestoneKind, Milestone]) -> SafeString:
    """The call in the words of schema.org, safe inside a script element."""
    address = links.absolute("submissions:call")
    organiser = {"@type": "Organization", "name": issue.journal}
    content = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "CreativeWork",
                "@id": f"{address}#call",
                "additionalType": "CallForPapers",
                "name": f"Call for papers: {issue.title}",
                "description": issue.summary,
                "inLanguage": "en",
                "url": address,
                "isPartOf": {"@type": "Periodical", "name": issue.journal},
            },
            *(
                {
                    "@type": "Event",
                    "name": f"{row.get_kind_display()}: {issue.title}",
                    "startDate": row.due_at.isoformat(),
                    "endDate": row.due_at.isoformat(),
                    "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
                    "location": {"@type": "VirtualLocation", "url": address},
                    "organizer": organiser,
                    "about": {"@id": f"{address}#call"},
                }
                for row in dates.values()
            ),
        ],
    }
    text = json.dumps(content, ensure_ascii=False)
    for character, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return mark_safe(text)  # nosec B308 B703: JSON, escaped above


def _issue() -> SpecialIssue:
    issue = current_issue()
    if issue is None:
        raise Http404
    return issue


def _drafts(request: HttpRequest, issue: SpecialIssue) -> int:
    """How many drafts the visitor has, so that the page offers to go on with them."""
    if not isinstance(request.user, User):
        return 0
    mine = manuscripts_of(request.user).filter(issue=issue, stage=Stage.DRAFT)
    return Manuscript.objects.filter(pk__in=mine.values("pk")).count()
