"""What every template gets from the ground."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tmi_special_issue import clock
from tmi_special_issue.queries import current_issue


def page(request: HttpRequest) -> dict[str, Any]:
    """The issue of the page, the domain's time, and whether this is a rehearsal."""
    return {
        "issue": SimpleLazyObject(current_issue),
        "clock_now": SimpleLazyObject(clock.now),
        "rehearsal": settings.REHEARSAL,
    }
