"""Public identifiers: random, so that a URL tells neither order nor count.

A serial key in a URL leaks how many manuscripts exist and in which order they came
(`security.md` 3.3, seeded leak "serial id gap").
"""

import secrets
from typing import Any

from django.db import models

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 16
# The signs that Crockford's base 32 leaves out because they are misread.
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})


def new_public_id() -> str:
    """Return 80 random bits as 16 characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def printed_code(code: str) -> str:
    """A code in capitals and groups of four, as it stands on paper."""
    return "-".join(code.upper()[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """The code that somebody copied from paper, however its groups and capitals are typed."""
    return "".join(sign for sign in text.lower()[:64] if sign.isalnum()).translate(_MISREAD)


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """A unique random identifier, given once when the row is made."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, default=new_public_id, unique=True, editable=False)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for fixed in ("max_length", "default", "unique", "editable"):
            options.pop(fixed, None)
        return name, path, args, options
