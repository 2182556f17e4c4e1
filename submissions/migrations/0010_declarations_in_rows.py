"""Funding, AI use and what is new since the conference paper, in rows instead of one text.

What was written stays word for word: the whole of "what is new" becomes its first row, the words
on AI its extent, the words on funding one funder each line; "none" becomes the tick.
"""

import re

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NOTHING = re.compile(r"(?i)(?:none|no|no funding|not applicable|n/?a|nil)\.?")


def funders_of(text: str) -> list[dict[str, str]]:
    """The lines of a text on funding as rows. A grant number stays where it was written."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [{"funder": line, "award": ""} for line in lines if line]


def divide_funding(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("submissions", "Version").objects
    for key, text in versions.exclude(funding="").values_list("pk", "funding"):
        if NOTHING.fullmatch(text.strip()):
            versions.filter(pk=key).update(has_no_funding=True)
        else:
            versions.filter(pk=key).update(funders=funders_of(text))


def join_funding(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("submissions", "Version").objects
    versions.filter(has_no_funding=True).update(funding="None")
    for key, rows in versions.exclude(funders=[]).values_list("pk", "funders"):
        lines = [", ".join(filter(None, (row["funder"], row["award"]))) for row in rows]
        versions.filter(pk=key).update(funding="\n".join(lines))


class Migration(migrations.Migration):
    dependencies = [("submissions", "0009_author_changes")]

    operations = [
        migrations.RenameField("version", "conference_whats_new", "conference_new_method"),
        *(
            migrations.AddField("version", f"conference_new_{row}", models.TextField(blank=True))
            for row in ("data", "validation", "analysis")
        ),
        migrations.RenameField("version", "ai_use_details", "ai_extent"),
        migrations.AddField("version", "ai_system", models.CharField(blank=True, max_length=200)),
        migrations.AddField("version", "ai_sections", models.CharField(blank=True, max_length=300)),
        migrations.AddField("version", "has_no_funding", models.BooleanField(default=False)),
        migrations.AddField(
            "version",
            "funders",
            models.JSONField(blank=True, default=list, help_text="List of {funder, award}."),
        ),
        migrations.RunPython(divide_funding, join_funding),
        migrations.RemoveField("version", "funding"),
    ]
