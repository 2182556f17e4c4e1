import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0012_told_to_the_editors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Overlap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sections",
                    models.JSONField(
                        default=list,
                        help_text="As `submissions.overlap` measured them; empty: not readable.",
                    ),
                ),
                ("measured_at", models.DateTimeField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overlap",
                        to="submissions.version",
                    ),
                ),
            ],
        ),
    ]
