"""Every template is used, and none carries what the content security policy would refuse."""

from __future__ import annotations

import re

from tests.rules.source import ROOT, python_files, shown, templates

# Found by their name by Django, allauth or the mail outbox, not by a string in our code.
NAMED_BY_FRAMEWORK = ("400.html", "403.html", "404.html", "429.html", "500.html")
FOLDERS_OF_ALLAUTH = (
    "account/",
    "allauth/",
    "mfa/",
    "socialaccount/",
    "usersessions/",
    "django/forms/",
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE
)
# Data blocks are no scripts; json_script writes them.
ALLOWED_INLINE = re.compile(r'<script type="application/(json|ld\+json)"')
# Letters are drawn by WeasyPrint and mails by mail programs, not under the policy.
NOT_UNDER_POLICY = ("letters/", "mail/")


def name_of(path: object) -> str:
    return str(path).split("/templates/", 1)[1]


def is_named(name: str, code: str, drawn: str) -> bool:
    """Whether a template is named in full, or by its last part under a built name.

    A built name is an f-string such as ``f"submissions/{screen}.html"``; the last part must then
    stand in the code as a string of its own.
    """
    folder, _, last = name.rpartition("/")
    stem = last.removesuffix(".html").removesuffix(".txt")
    in_full = any(f"{quote}{name}{quote}" in code + drawn for quote in "\"'")
    return in_full or (f'f"{folder}/{{' in code and f'"{stem}"' in code)


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in python_files())
    drawn = "\n".join(path.read_text("utf-8") for path in templates() if path.suffix != ".css")
    unused = [
        name
        for name in map(name_of, templates())
        if name not in NAMED_BY_FRAMEWORK
        and not name.startswith(FOLDERS_OF_ALLAUTH)
        and not is_named(name, code, drawn)
    ]
    assert unused == []


def test_no_template_has_inline_style_script_or_handler() -> None:
    found = []
    for path in templates():
        if path.suffix != ".html" or name_of(path).startswith(NOT_UNDER_POLICY):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if INLINE.search(line) and not ALLOWED_INLINE.search(line):
                found.append(shown(path, number))
    assert found == []


def test_no_template_shows_a_database_key() -> None:
    """A serial number tells how many manuscripts there are; addresses use public ids."""
    key = re.compile(r"\{\{[^}]*\.(pk|id)\b[^}]*\}\}|\{% url [^%]*\.(pk|id)\b[^%]*%\}")
    found = [
        f"{shown(path, number)} {line.strip()}"
        for path in templates()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if key.search(line) and not name_of(path).startswith((*FOLDERS_OF_ALLAUTH, "rehearsal/"))
    ]
    assert found == []


def test_no_page_loads_anything_from_elsewhere() -> None:
    outside = re.compile(r"(?:src|srcset|action)=\"(?:https?:)?//|<link[^>]+href=\"(?:https?:)?//")
    found = [
        shown(path, number)
        for path in templates()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if outside.search(line)
    ]
    assert found == []


def test_the_mails_begin_without_escaping() -> None:
    """A mail is plain text: an apostrophe must not become &#x27;. A part follows its mail."""
    texts = {path: path.read_text("utf-8") for path in (ROOT / "templates" / "mail").glob("*.txt")}
    included = set(re.findall(r'{% include "([^"]+)"', "\n".join(texts.values())))
    wrong = [
        shown(path)
        for path, text in texts.items()
        if not text.startswith(("{% autoescape off %}", "{% extends"))
        and name_of(path) not in included
    ]
    assert wrong == []
