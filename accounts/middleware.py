"""Safety around the views: how long a session lasts, and who needs a second factor."""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.doors import DESK
from accounts.permissions import needs_second_factor

# Keys of the session: seconds since 1970 in real time, never the domain's clock.
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# How often a session in use is written: a page costs no write for being read.
SEEN_EVERY = 600

View = Callable[[HttpRequest], HttpResponse]


class SessionAgeMiddleware:
    """Ends a session after a long pause, and in any case after some days.

    The desk asks for a new sign-in sooner, because it shows who reviews (`security.md` 7.3).
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_session_over = False  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            now = int(time.time())
            if self._is_over(request, now):
                logout(request)
                messages.info(
                    request, "For your safety you were signed out. Sign in again to go on."
                )
                request.is_session_over = True  # type: ignore[attr-defined]
            elif now - request.session.get(SEEN_AT, 0) >= SEEN_EVERY:
                request.session[SEEN_AT] = now
                request.session.setdefault(SIGNED_IN_AT, now)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> HttpResponse | None:
        """Leads to the sign-in, unless the view does so itself and keeps what was typed."""
        if not request.is_session_over or getattr(view, "keeps_text", False):  # type: ignore[attr-defined]
            return None
        return redirect_to_login(_way_back(request))

    def _is_over(self, request: HttpRequest, now: int) -> bool:
        signed_in_at = request.session.get(SIGNED_IN_AT, now)
        seen_at = request.session.get(SEEN_AT, now)
        longest = settings.SESSION_LONGEST
        if request.path.startswith(DESK):
            longest = settings.SESSION_LONGEST_AT_DESK
        return bool(now - seen_at > settings.SESSION_PAUSE or now - signed_in_at > longest)


class SecondFactorMiddleware:
    """Leads editors and office to setting up a second factor before the desk opens.

    A stolen password of one editor once led to invented reviews and eleven retractions
    (`security.md` 1).
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            messages.warning(
                request,
                "The desk shows confidential names, so it needs a second factor. "
                "Add an authenticator app or a passkey; it takes two minutes.",
            )
            return redirect("mfa_index")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        return (
            settings.REQUIRE_SECOND_FACTOR
            and request.path.startswith(DESK)
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user, ["totp", "webauthn"])
            and needs_second_factor(request.user)
        )


class SignOutMiddleware:
    """Asks the browser to forget our pages and drafts when somebody signs out."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else "/"
