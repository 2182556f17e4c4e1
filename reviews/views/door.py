"""Who stands at the door: somebody signed in, or somebody whom a mail's link let in.

A link that was answered with "agree" leaves its public id in the session. That opens the one
assignment of the link, without an account, as long as the link exists; it ends with the
assignment. Once somebody signs in, only the account counts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url

from reviews.models import Assignment, InvitationLink
from reviews.queries import at_the_door

SESSION_KEY = "review_links"
_KEPT = 20

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def scope_of(request: HttpRequest) -> list[str]:
    """The public ids of the links that opened something in this session."""
    return list(request.session.get(SESSION_KEY, []))


def open_scope(request: HttpRequest, link: InvitationLink) -> None:
    """Let this session, and no other, into the link's assignment."""
    if request.user.is_authenticated:
        return
    kept = [entry for entry in scope_of(request) if entry != link.public_id]
    request.session.cycle_key()  # a session id known before must not gain by it
    request.session[SESSION_KEY] = [*kept, link.public_id][-_KEPT:]


def admitted(view: View[Arguments]) -> View[Arguments]:
    """Send on to the sign-in whoever has neither account nor scope, whatever is asked for."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if request.user.is_authenticated or scope_of(request):
            return view(request, *args, **kwargs)
        if request.headers.get("X-Requested-With") == "autosave":
            return JsonResponse({"detail": "You are signed out."}, status=401)
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))

    return guarded


def assignment_or_404(request: HttpRequest, public_id: str) -> Assignment:
    """The visitor's own assignment; for all others it does not exist."""
    found = at_the_door(request.user, scope_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
