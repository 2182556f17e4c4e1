"""Indexes for the words of a search. PostgreSQL alone reads words; SQLite looks for letters."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ENGLISH, AS_WRITTEN = (
    "to_tsvector('english'::regconfig, {})",
    "to_tsvector('simple'::regconfig, {})",
)
JOINED = "COALESCE({}, '') || ' ' || COALESCE({}, '')"
INDEXES = {
    "search_version_words": (
        "submissions_version",
        ENGLISH.format(JOINED.format("title", "abstract")),
    ),
    "search_author_names": (
        "submissions_author",
        AS_WRITTEN.format(JOINED.format("given_name", "family_name")),
    ),
    "search_review_words": ("reviews_review", ENGLISH.format("answers")),
}


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, words) in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({words})")


def drop(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("editors", "0007_letter_words"),
        ("reviews", "0016_present_rounds"),
        ("submissions", "0013_overlaps"),
    ]
    operations = [migrations.RunPython(make, drop, elidable=False)]
