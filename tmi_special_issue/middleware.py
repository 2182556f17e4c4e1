"""What happens around every view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tmi_special_issue import problems
from tmi_special_issue.refusal import Refusal


class PrivateByDefaultMiddleware:
    """Keeps pages out of shared caches and refuses a body that no form of ours sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _body_length(request) > settings.REQUEST_BODY_MAX:
            return answer(
                request,
                Refusal(
                    "body_too_large",
                    f"The upload has {_body_length(request) // 1_048_576} MB; the largest that can "
                    f"be taken at once is {settings.REQUEST_BODY_MAX // 1_048_576} MB.",
                    status=413,
                ),
            )
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """Turns a Refusal that no view has caught into a page, or a problem object for programs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ValueError) and "NUL (0x00)" in str(error):
            # PostgreSQL keeps every character but this one, wherever it came in.
            error = Refusal(
                "character_refused",
                "The text or the address holds a character that cannot be stored (U+0000). It "
                "often comes along when text is copied from a PDF; take it out and send again.",
                status=400,
            )
        return answer(request, error) if isinstance(error, Refusal) else None


def wants_json(request: HttpRequest) -> bool:
    """Is the caller a script of ours or a program rather than a person's browser?"""
    return request.headers.get("X-Requested-With") in {"autosave", "fetch"} or request.headers.get(
        "Accept", ""
    ).startswith(("application/json", "application/problem+json"))


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the form that the caller understands."""
    if wants_json(request):
        return problems.respond(refusal)
    return render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)


def _body_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
