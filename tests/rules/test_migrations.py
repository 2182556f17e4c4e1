"""Migrations are complete and named by hand."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command

from tests.rules.source import PACKAGES, ROOT


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_migration_has_a_name_of_its_own() -> None:
    unnamed = [
        path.name
        for package in PACKAGES
        for path in (ROOT / package / "migrations").glob("0*.py")
        if re.search(r"_auto_\d|_and_more|^\d{4}_initial_\d", path.name)
    ]
    assert unnamed == []
