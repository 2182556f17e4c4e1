"""The text of a mail as somebody else than its recipient may read it: without its secret links."""

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

HIDDEN_LINK = "[a link for the recipient alone]"

_LINK = re.compile(r"https?://[^\s<>\"]+")
_AFTER_A_LINK = ".,;:!?)]}'”’"
_SECRETS = frozenset({"token", "key"})


def without_secrets(text: str, site: str) -> str:
    """The text with each link replaced that lets its holder in.

    `site` is the address of this site. A link of ours of which nobody knows where it leads is
    taken for a secret one; links to elsewhere stay.
    """
    return _LINK.sub(lambda found: _shown(found[0], site), text)


def _shown(link: str, site: str) -> str:
    bare = link.rstrip(_AFTER_A_LINK)
    parts = urlsplit(bare)
    if parts.netloc != urlsplit(site).netloc:
        return link
    try:
        is_secret = bool(_SECRETS & resolve(parts.path or "/").kwargs.keys())
    except Resolver404:
        is_secret = True
    return HIDDEN_LINK + link[len(bare) :] if is_secret or parts.query else link
