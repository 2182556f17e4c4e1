"""Every template is used, and none carries what the content security policy would refuse."""

from __future__ import annotations

import re

from tests.rules.source import ROOT, python_files, shown, templates

# Found by their name by Django, allauth or the mail outbox, not by a string in our code.
NAMED_BY_FRAMEWORK = ("400.html", "403.html", "404.html", "500.html")
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
# Letters and stand-alone pages are drawn by WeasyPrint or without the site, not under the policy.
NOT_UNDER_POLICY = ("letters/",)


def name_of(path: object) -> str:
    return str(path).split("/templates/", 1)[1]


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in python_files())
    drawn = "\n".join(path.read_text("utf-8") for path in templates() if path.suffix != ".css")
    unused = []
    for path in templates():
        name = name_of(path)
        if name in NAMED_BY_FRAMEWORK or name.startswith(FOLDERS_OF_ALLAUTH):
            continue
        if name.startswith("mail/"):
            kind = path.stem
            if f'"{kind}"' in code or f'"{name}"' in drawn:
                continue
        elif f'"{name}"' in code or f'"{name}"' in drawn or f"'{name}'" in drawn:
            continue
        unused.append(name)
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
    key = re.compile(r"\{[{%][^%}]*\.(pk|id)\b[^%}]*[%}]\}")
    found = [
        f"{shown(path, number)} {line.strip()}"
        for path in templates()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if key.search(line) and not name_of(path).startswith(FOLDERS_OF_ALLAUTH)
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
    """A mail is plain text: an apostrophe must not become &#x27;."""
    wrong = [
        shown(path)
        for path in (ROOT / "templates" / "mail").glob("*.txt")
        if not path.read_text("utf-8").startswith("{% autoescape off %}")
        and "{% extends" not in path.read_text("utf-8")
    ]
    assert wrong == []
