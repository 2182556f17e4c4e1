"""One site for each module of the suite."""

from collections.abc import Iterator

import pytest

from tests.faults.site import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running site with people, drafts, reviews and decisions."""
    made = Site()
    try:
        made.start()
        yield made
    finally:
        made.remove()
