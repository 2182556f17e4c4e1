"""The log: secrets of links are left out of it, whoever writes the line."""

import json
import logging
import logging.config
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import settings

from tmi_special_issue.logs import without_secrets

SECRET = "Zq3x_-" * 7  # as long as the secret of an invitation


@pytest.fixture
def told() -> StringIO:
    """What the site's own formatter writes."""
    stream = StringIO()
    config: Any = logging.config.DictConfigurator(dict(settings.LOGGING))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.configure_formatter(dict(config.config["formatters"]["json"])))
    logging.getLogger("tests.logs").handlers = [handler]
    return stream


def test_a_line_of_the_framework_has_no_secret(told: StringIO) -> None:
    logging.getLogger("tests.logs").warning("%s: %s", "Forbidden", f"/reviews/invitation/{SECRET}/")
    line = told.getvalue()
    assert SECRET not in line
    assert json.loads(line)["event"] == "Forbidden: /reviews/invitation/…/"


def test_a_line_of_ours_has_no_secret(told: StringIO) -> None:
    structlog.get_logger("tests.logs").warning(
        "request_started", request=f"GET /account/login/?next=%2Freviews%2Finvitation%2F{SECRET}%2F"
    )
    line = told.getvalue()
    assert SECRET not in line
    assert json.loads(line)["event"] == "request_started"


def test_a_crash_is_told_with_its_trace_and_without_the_secret(told: StringIO) -> None:
    try:
        raise ValueError(f"cannot answer /submissions/authorship/{SECRET}/")
    except ValueError:
        logging.getLogger("tests.logs").exception("server_error")
    line = told.getvalue()
    assert SECRET not in line
    assert json.loads(line)["exception"].endswith(
        "ValueError: cannot answer /submissions/authorship/…/"
    )


@pytest.mark.parametrize(
    "kept",
    [
        "GET /desk/er63xbhtjgq23ta5/reviewers/n9e4ak100jvvjcae/send-back/",
        "GET /submissions/versions/er63xbhtjgq23ta5/declarations/?page=2",
        "sha256 " + "a" * 64,
    ],
)
def test_what_names_no_secret_is_kept(kept: str) -> None:
    assert without_secrets(kept) == kept
