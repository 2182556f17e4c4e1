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


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment less the site's own settings, for runs that must not inherit them."""
    ours = settings_names()
    return {name: value for name, value in environment.items() if name not in ours}
