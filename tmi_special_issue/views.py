"""Pages of the ground: health and the last resorts."""

import sys
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from tmi_special_issue import clock, outbox
from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.models import Heartbeat

log = structlog.get_logger(__name__)

TICK_LATE_AFTER = timedelta(minutes=5)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve (200) or not (503).

    A late schedule, and mail that waits for a person, are told and not fatal.
    """
    checks = {
        "database": _database_answers(),
        "files": _files_answer(),
        "schedule": _schedule_is_alive(),
        "mail": _no_mail_is_held(),
    }
    can_serve = checks["database"] and checks["files"]
    state = "ok" if all(checks.values()) else "degraded" if can_serve else "down"
    return JsonResponse({"state": state, "checks": checks}, status=200 if can_serve else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its secret: almost always a page left open while the session ended."""
    log.info("csrf_refused", reason=reason)
    typed = [text for name, text in request.POST.items() if _is_prose(name, text)]
    return render(request, "csrf.html", {"typed": typed}, status=403)


def _is_prose(name: str, text: object) -> bool:
    """Is it worth giving back? Tokens, codes and passwords have no spaces or no business here."""
    return isinstance(text, str) and "password" not in name and len(text.split()) > 2


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: an incident number, or 503 while the database does not answer.

    The templates are rendered without the request, so that nothing here asks the database again.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database_unavailable", error=str(error)[:200])
        body = loader.get_template("503.html").render()
        return HttpResponse(body, status=503, headers={"Retry-After": "30"})
    incident = str(structlog.contextvars.get_contextvars().get("request_id") or new_public_id())
    log.error("server_error", incident=incident)
    return HttpResponse(loader.get_template("500.html").render({"incident": incident}), status=500)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _files_answer() -> bool:
    try:
        storages["private"].exists("health")
        return True
    except Exception:  # every storage raises its own kind
        return False


def _schedule_is_alive() -> bool:
    try:
        beat = Heartbeat.objects.filter(name="tick").first()
    except DatabaseError:
        return False
    if beat is None:
        return bool(settings.REHEARSAL or settings.DEBUG)
    return clock.real_now() - beat.beat_at < TICK_LATE_AFTER


def _no_mail_is_held() -> bool:
    try:
        return not outbox.held().exists()
    except DatabaseError:
        return False
