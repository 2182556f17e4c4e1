"""Nothing but the clock asks the time (`architecture.md` 4)."""

from __future__ import annotations

import ast

import pytest

from tests.rules.source import ROOT, dotted, parse, python_files, shown

ASKING = {
    "timezone.now",
    "timezone.localdate",
    "timezone.localtime",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "Now",
    "functions.Now",
}
# Who may: the clock, and what must run on real time, with its reason.
ALLOWED = {
    "tmi_special_issue/clock.py": "it is the clock",
    "accounts/middleware.py": "the age of a session is real time",
    "accounts/rehearsal.py": "the age of a session is real time",
    "accounts/adapter.py": "the age of a session is real time",
}


def askers(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and name of every place that mentions a function that tells the time."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            name = dotted(node)
            if name in ASKING:
                found.append((node.lineno, name))
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "django.utils.timezone"):
            found += [
                (node.lineno, f"{node.module}.{alias.name}")
                for alias in node.names
                if alias.name in ("time", "time_ns", "now", "localdate", "localtime")
            ]
    return found


def test_only_the_clock_asks_the_time() -> None:
    found = [
        f"{shown(path, line)} {name}"
        for path in python_files()
        if shown(path) not in ALLOWED
        for line, name in askers(parse(path))
    ]
    assert found == []


def test_every_exception_exists_and_is_needed() -> None:
    idle = [name for name in ALLOWED if not askers(parse(ROOT / name))]
    assert idle == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.utils import timezone; timezone.now()",
        "from datetime import date; date.today()",
        "import datetime; datetime.datetime.now(datetime.UTC)",
        "import time; time.time()",
        "from time import time",
        "from django.utils.timezone import now",
        "default = timezone.now",
        "from django.db.models.functions import Now; Now()",
    ],
)
def test_the_rule_sees_each_way_of_asking(line: str) -> None:
    assert len(askers(ast.parse(line))) == 1
