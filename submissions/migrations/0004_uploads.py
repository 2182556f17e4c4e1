import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0003_indexes_of_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("main", "Main manuscript (PDF)"),
                            ("cover_letter", "Cover letter"),
                            ("graphical_abstract", "Graphical abstract"),
                            ("video", "Video"),
                            ("media", "Media"),
                            ("dataset", "Data set"),
                            ("code", "Code"),
                            ("conference_paper", "Conference paper that this work extends (PDF)"),
                            ("response_to_reviewers", "Response to reviewers (PDF)"),
                            ("marked_up_copy", "Copy with changes marked (PDF)"),
                            ("sources", "Source files (LaTeX or Word)"),
                            ("final_pdf", "Final PDF"),
                            ("copyright_form", "Copyright form"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="By which the browser knows the same file again.", max_length=64
                    ),
                ),
                (
                    "byte_count",
                    models.PositiveBigIntegerField(help_text="As announced by the browser."),
                ),
                (
                    "received",
                    models.PositiveBigIntegerField(default=0, help_text="Bytes that are here."),
                ),
                (
                    "parts",
                    models.JSONField(default=list, help_text="Names of the parts in their order."),
                ),
                ("began_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "began_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "owner", "fingerprint"), name="one_upload_per_file"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received__lte", models.F("byte_count"))),
                        name="upload_not_overfull",
                    ),
                ],
            },
        ),
    ]
