"""The conflict clinic: what the rules say of people before anyone is told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from editors.clinic import LINES_MOST, AskedList, read_people
from editors.forms import ClinicForm
from editors.queries import handling_editor, hidden_manuscripts
from editors.queries.clinic import clinic_lines
from editors.views.found import at_desk, find_manuscript, find_version, standing_of
from submissions.states import RevisionKind, Stage


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def clinic(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET asks for names, POST shows what the rules say of them. Neither stores or sends."""
    viewer, found = find_manuscript(request, public_id)
    if not standing_of(viewer, found).may_handle:
        raise Http404
    version, _ = find_version(found)
    form = ClinicForm(request.POST if request.method == "POST" else None)
    asked = AskedList()
    if request.method == "POST" and form.is_valid():
        asked = read_people(form.cleaned_data["people"])
    editor = handling_editor(found) or viewer.user
    lines = (
        clinic_lines(
            version,
            asked.people,
            editor_key=editor.public_id,
            unseen=hidden_manuscripts(viewer.user, found.issue),
        )
        if asked.people
        else []
    )
    may_invite = found.stage == Stage.IN_REVIEW and version.revision_kind != RevisionKind.MINOR
    findings = [finding for line in lines for finding in line.findings]
    return render(
        request,
        "editors/clinic.html",
        {
            "issue": found.issue,
            "viewer": viewer,
            "manuscript": found,
            "version": version,
            "form": form,
            "lines": lines,
            "left_count": asked.left_count,
            "most": LINES_MOST,
            "free": [finding for finding in findings if finding.is_open] if may_invite else [],
            "result_note": _note(len(findings), sum(f.is_blocked for f in findings)),
        },
        status=422 if form.errors else 200,
    )


def _note(count: int, blocked: int) -> str:
    people = "1 person" if count == 1 else f"{count} people"
    return f"{people}, {blocked or 'nobody'} in conflict" if count else ""
