"""Every setting is explained, and production is refused when it would be unsafe."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from scripts.settings_names import EXAMPLE, OUTSIDE_SERVICES, embedded_settings, settings_names
from tests.rules.source import ROOT, dotted, parse

SETTINGS = ROOT / "tmi_special_issue" / "settings.py"
GUNICORN = ROOT / "gunicorn.conf.py"
# What check --deploy must be clean with, as .env.example tells it.
PRODUCTION = {
    "SITE_URL": "https://issue.example",
    "SECRET_KEY": "n0t-a-s3cret-of-any-site-" + "qwertzuiopasdfghjklyxcvbnm" * 2,
    "DEBUG": "0",
    "REHEARSAL": "0",
    "DJANGO_SETTINGS_MODULE": "tmi_special_issue.settings",
}


def read_names() -> set[str]:
    """The variables that the settings and gunicorn's file read."""
    names = set()
    for path in (SETTINGS, GUNICORN):
        for node in ast.walk(parse(path)):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called, first = dotted(node.func), node.args[0]
            reads = called == "env" or called.startswith(("env.", "os.environ.get", "os.getenv"))
            if reads and isinstance(first, ast.Constant) and isinstance(first.value, str):
                names.add(first.value)
    return names


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A management command in a process of its own, under these settings and no others."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**embedded_settings(os.environ), **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_explains_exactly_the_variables_that_are_read() -> None:
    assert settings_names() == read_names()


def test_every_explanation_is_a_sentence_above_its_variable() -> None:
    unexplained = []
    comment: list[str] = []
    for line in EXAMPLE.read_text().splitlines():
        if re.match(r"^(# ?)?[A-Z][A-Z0-9_]*=", line):
            if not any("." in words for words in comment):
                unexplained.append(line)
        elif line.startswith("#"):
            comment.append(line)
        else:
            comment = []
    assert unexplained == []


def test_no_other_module_reads_the_environment() -> None:
    found = []
    for path in ROOT.glob("*/**/*.py"):
        top = path.relative_to(ROOT).parts[0]
        if top in ("tests", "bench", "scripts", "var") or top.startswith(".") or path == SETTINGS:
            continue
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in ("os.environ.get", "os.getenv"):
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_the_embedded_run_inherits_no_outside_service() -> None:
    outer = {"DATABASE_URL": "postgres://real", "PATH": "/bin", "SECRET_KEY": "theirs"}
    kept = embedded_settings(outer)
    assert kept == {"PATH": "/bin", **dict.fromkeys(OUTSIDE_SERVICES, "")}


def test_deployment_check_is_clean() -> None:
    ran = manage("check", "--deploy", "--fail-level", "WARNING", DATABASE_URL="")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"REHEARSAL": "1"}, "REHEARSAL"),
        ({"SITE_URL": "http://issue.example"}, "https://"),
    ],
)
def test_unsafe_production_does_not_start(wrong: dict[str, str], words: str) -> None:
    ran = manage("check", **wrong)
    assert ran.returncode != 0
    assert words in ran.stderr.splitlines()[-1]


def production_settings(*names: str) -> dict[str, Any]:
    """Values of the settings as production has them."""
    ran = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings; import json; "
        f"print(json.dumps({{n: getattr(settings, n) for n in {names!r}}}))",
    )
    assert ran.returncode == 0, ran.stderr
    values: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return values


def test_production_is_as_strict_as_the_specification() -> None:
    """`security.md` 4.1."""
    wanted = {
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "REQUIRE_SECOND_FACTOR": True,
        "CSRF_TRUSTED_ORIGINS": ["https://issue.example"],
    }
    assert production_settings(*wanted) == wanted
    hashers = production_settings("PASSWORD_HASHERS")["PASSWORD_HASHERS"]
    assert hashers[0].endswith("Argon2PasswordHasher")


def test_static_files_collect_with_hashed_names(tmp_path: object) -> None:
    """A style sheet that names a missing file would stop a deployment here."""
    ran = manage("collectstatic", "--no-input", "--verbosity=0", VAR_DIR=str(tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr
