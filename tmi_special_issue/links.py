"""Links for mails and letters, built from the configured address and never from a request.

A request's host is chosen by whoever sends it (CVE-2022-24181 in `security.md` 1).
"""

from django.conf import settings
from django.urls import reverse


def absolute(viewname: str, *args: str) -> str:
    """The full address of a page."""
    return f"{settings.SITE_URL}{reverse(viewname, args=args)}"
