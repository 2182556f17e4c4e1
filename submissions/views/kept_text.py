"""What an author typed when the session had ended: kept until they are signed in again.

A long abstract takes longer than a session may pause. The form that meets an ended session is
put into the visitor's new, anonymous session, which becomes theirs when they sign in; the page
then shows it again, not saved. It is shown to nobody who may not open the draft or the manuscript,
because the page asks for that first.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

from submissions.models import Manuscript, Version

KEY = "kept_text"
CHARACTERS_MOST = 400_000
NOTICE = (
    "You were signed out before this could be saved. What you typed is back on this page and is "
    "not saved yet: look through it, then press Save."
)
NOT_SENT = (
    "You were signed out before this could be sent. What you typed is back on this page: look "
    "through it, then press the button again."
)

Screen = Callable[[HttpRequest, str], HttpResponse]


def keeps_text(view: Screen) -> Screen:
    """For the view of a form: ask for a sign-in, and lose nothing that was posted without one."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, public_id)
        if request.method == "POST" and _is_known(public_id):
            _keep(request)
        return redirect_to_login(request.get_full_path())

    guarded.keeps_text = True  # type: ignore[attr-defined]  # the end of a session asks for it
    return guarded


def kept_text(request: HttpRequest) -> QueryDict | None:
    """What was typed for this very page, or None."""
    path, text = request.session.get(KEY, ("", ""))
    return QueryDict(text) if path == request.path else None


def let_go(request: HttpRequest) -> None:
    """It is saved now."""
    request.session.pop(KEY, None)


def _is_known(public_id: str) -> bool:
    """Only an address that nobody can guess makes the site keep anything."""
    drafts = Version.objects.filter(public_id=public_id, submitted_at__isnull=True)
    return drafts.exists() or Manuscript.objects.filter(public_id=public_id).exists()


def _keep(request: HttpRequest) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) > CHARACTERS_MOST:
        return
    request.session[KEY] = (request.path, text)
    messages.info(request, "What you typed is kept and comes back once you are signed in.")
