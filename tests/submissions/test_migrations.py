"""What earlier free texts become."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from reviews import guards
from tests.submissions.drafts import empty_draft
from tmi_special_issue.models import SpecialIssue

BEFORE = [("submissions", "0009_author_changes")]
ROWS = [("submissions", "0010_declarations_in_rows")]


def test_each_line_on_funding_is_a_funder() -> None:
    migration = import_module("submissions.migrations.0010_declarations_in_rows")
    assert migration.funders_of(" A Council,  grant 7\n\nB Fund ") == [
        {"funder": "A Council, grant 7", "award": ""},
        {"funder": "B Fund", "award": ""},
    ]


@pytest.mark.django_db(transaction=True)
def test_the_words_of_earlier_versions_stay(ada: User, issue: SpecialIssue) -> None:
    key = empty_draft(ada, issue).pk
    # Of every package: going back takes along what others built on it.
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    guards.step_aside(connection)  # as before every migration
    try:
        old = MigrationExecutor(connection)
        old.migrate(BEFORE)
        versions = old.loader.project_state(BEFORE).apps.get_model("submissions", "Version")
        texts = {"conference_whats_new": "All of it.", "ai_use_details": "One paragraph."}
        versions.objects.filter(pk=key).update(funding="A Council\nB Fund", **texts)
        new = MigrationExecutor(connection)
        new.migrate(ROWS)
        version = new.loader.project_state(ROWS).apps.get_model("submissions", "Version")
        row = version.objects.get(pk=key)
        assert row.funders == [{"funder": f, "award": ""} for f in ("A Council", "B Fund")]
        assert (row.conference_new_method, row.ai_extent) == ("All of it.", "One paragraph.")
        assert row.has_no_funding is False
    finally:
        MigrationExecutor(connection).migrate(latest)
        guards.stand(connection)
