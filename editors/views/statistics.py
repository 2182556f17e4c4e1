"""The statistics of an issue, each drawn with its table behind it, and each as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from editors.exports import FORMATS, table_csv, table_xlsx
from editors.plots import plot_of
from editors.queries import visible_to
from editors.queries.desk import Viewer
from editors.queries.statistics import Statistics, statistics_of
from editors.search import Context, SearchFault, find
from editors.views.found import at_desk, desk_viewer
from editors.views.searches import pointed
from tmi_special_issue import clock
from tmi_special_issue.queries import milestones

FORMS = ("csv", "xlsx")


@at_desk
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Every series over the manuscripts that the person may see and has searched for."""
    viewer = desk_viewer(request)
    text = request.GET.get("q", "").strip()
    found, fault = _found(viewer, text)
    query = request.GET.copy()
    query.clear()
    if text:
        query["q"] = text
    tail = f"?{query.urlencode()}" if query else ""
    return render(
        request,
        "editors/statistics.html",
        {
            "issue": viewer.issue,
            "viewer": viewer,
            "text": text,
            "fault": pointed(text, fault) if fault else None,
            "count": found.count,
            "charts": [
                {
                    "table": table,
                    "plot": plot_of(table, found.marks),
                    "files": [
                        (form.upper(), reverse("desk:series", args=[table.code, form]) + tail)
                        for form in FORMS
                    ],
                }
                for table in found.tables
            ],
        },
    )


@at_desk
@require_safe
def series(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One statistic as CSV or XLSX."""
    viewer = desk_viewer(request)
    if form not in FORMS:
        raise Http404
    found, _ = _found(viewer, request.GET.get("q", "").strip())
    table = next((one for one in found.tables if one.code == code), None)
    if table is None:
        raise Http404
    content = table_csv(table) if form == "csv" else table_xlsx(table, clock.now())
    answer = HttpResponse(content, content_type=FORMATS[form])
    answer["Content-Disposition"] = f'attachment; filename="{table.code}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _found(viewer: Viewer, text: str) -> tuple[Statistics, SearchFault | None]:
    """What is counted, and what is wrong with the search; a faulty one counts nothing."""
    scope = visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden)
    now, dates = clock.now(), milestones(viewer.issue)
    fault = None
    if text:
        found = find(scope, text, Context(viewer, now, dates))
        fault = found.fault
        scope = scope.filter(pk__in=found.manuscripts.order_by().values("pk"))
    return statistics_of(scope, viewer.issue, dates.values(), now), fault
