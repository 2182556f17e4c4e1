"""Write a note on a manuscript, strike one's own."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from editors import actions
from editors.forms import NoteForm
from editors.queries.notes import readable_notes
from editors.views.found import at_desk, attempt, find_manuscript

ANCHOR = "#notes"


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def write_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more note; what was refused comes back with its words."""
    viewer, found = find_manuscript(request, public_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.write_note, actor=viewer.user, manuscript=found, **form.cleaned_data)
        if attempt(request, act, "", form):
            return redirect(reverse("desk:manuscript", args=[public_id]) + ANCHOR)
    return render(
        request,
        "editors/write_note.html",
        {"issue": found.issue, "viewer": viewer, "manuscript": found, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@at_desk
@require_POST
def strike_note(request: HttpRequest, public_id: str, note_id: str) -> HttpResponse:
    """Cross out one's own note."""
    viewer, found = find_manuscript(request, public_id)
    note = readable_notes(viewer.user, found).filter(public_id=note_id).first()
    if note is None:
        raise Http404
    attempt(request, partial(actions.strike_note, actor=viewer.user, note=note), "")
    return redirect(reverse("desk:manuscript", args=[public_id]) + ANCHOR)
