from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0010_declarations_in_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="versionfile",
            name="front_page",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Title, abstract, authors as page 1 prints them.",
            ),
        ),
        migrations.AddField(
            model_name="versionfile",
            name="hidden_text",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Preflight: list of page, reason, words, text, places in page points.",
            ),
        ),
    ]
