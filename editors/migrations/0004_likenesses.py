import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editors", "0003_points_of_a_decision"),
        ("submissions", "0006_enquiries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(help_text="Handed in again later, it is compared again."),
                ),
                ("compared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparison",
                        to="submissions.version",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SketchNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.BigIntegerField(db_index=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sketch_numbers",
                        to="submissions.version",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_percent", models.PositiveSmallIntegerField()),
                ("abstract_percent", models.PositiveSmallIntegerField()),
                (
                    "same_files",
                    models.JSONField(
                        default=list,
                        help_text="List of kind here, kind there, SHA-256 of the bytes.",
                    ),
                ),
                ("found_at", models.DateTimeField()),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likenesses_to",
                        to="submissions.version",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likenesses",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "likenesses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "other"), name="one_likeness_of_a_pair"
                    )
                ],
            },
        ),
    ]
