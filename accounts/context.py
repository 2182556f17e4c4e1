"""What every template gets from the accounts."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.doors import doors_of


def doors(request: HttpRequest) -> dict[str, Any]:
    """The doors open to the visitor. A page that does not ask costs no query."""
    return {"doors": SimpleLazyObject(lambda: doors_of(request.user))}
