"""The names of the site's settings, read from ``.env.example``, which explains them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
# The line of a setting: NAME=value, or "# NAME=value" where the setting is off by default.
LINE = re.compile(r"^(?:# ?)?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def settings_names(example: Path = EXAMPLE) -> frozenset[str]:
    """Every variable that the file explains."""
    return frozenset(name for name, _ in LINE.findall(example.read_text()))


# Empty means: none, use the embedded one. Said explicitly, as a .env would otherwise fill them in.
OUTSIDE_SERVICES = (
    "DATABASE_URL",
    "REDIS_URL",
    "CACHE_URL",
    "S3_BUCKET",
    "EMAIL_URL",
    "ORCID_CLIENT_ID",
    "ORCID_CLIENT_SECRET",
)


def embedded_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment less the site's own settings, with every outside service switched off.

    For runs that must never reach a deployment's database, bucket or mail server.
    """
    ours = settings_names()
    kept = {name: value for name, value in environment.items() if name not in ours}
    return kept | dict.fromkeys(OUTSIDE_SERVICES, "")
