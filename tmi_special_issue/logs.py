"""What must not stand in a log: the secrets of mails' links, which are part of addresses."""

import re
from collections.abc import MutableMapping
from typing import Any

# Public identifiers have sixteen characters. A part of an address that is twice as long is the
# secret of a link, and whoever reads it in a log could answer in the recipient's place.
_SECRET = re.compile(r"(?:(?<=/)|(?<=%2[Ff]))[\w:.~-]{33,}")


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Log processor: put three dots for every secret in an address."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """The text with the secrets of its addresses left out."""
    return _SECRET.sub("…", text)
