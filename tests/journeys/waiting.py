"""Wait for what the worker does behind the pages."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60


def until(condition: Callable[[], object], what: str) -> None:
    """Ask again until the condition holds. Asking opens a page, so it does not spin."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up_at, f"Waited in vain for {what}."
