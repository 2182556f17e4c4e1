"""What the tests of the ground share: the call as it stands in its file, and a still clock."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tmi_special_issue import clock

ROOT = Path(__file__).resolve().parents[2]
CALL = ROOT / "calls" / "foundation-models-2024.toml"
NOON = datetime(2024, 6, 20, 12, tzinfo=UTC)


@pytest.fixture
def call_content() -> dict[str, Any]:
    """The parsed call, fresh for each test."""
    return tomllib.loads(CALL.read_text("utf-8"))


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock of the domain stands at noon UTC of 20 June 2024."""
    with clock.frozen_at(NOON):
        yield NOON
