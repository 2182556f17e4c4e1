import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0011_what_page_one_says"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="preferred_editor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="rejected_by",
            field=models.CharField(blank=True, help_text="Which journal.", max_length=200),
        ),
        migrations.AddField(
            model_name="version",
            name="rejected_changes",
            field=models.TextField(blank=True, help_text="What has changed since."),
        ),
        migrations.AddField(
            model_name="version",
            name="rejected_number",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="version",
            name="was_rejected",
            field=models.BooleanField(
                default=False,
                help_text="An earlier form of the work was rejected, here or elsewhere.",
            ),
        ),
        migrations.CreateModel(
            name="DeclaredConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("institution", "Same institution as an author"),
                            (
                                "former_institution",
                                "Left an author's institution in the last years",
                            ),
                            (
                                "collaborator",
                                "Published or held a grant with an author in the last years",
                            ),
                            ("adviser", "Adviser or student of an author, at any time"),
                            ("family", "Family or close personal relation"),
                            ("interest", "Financial or competing interest"),
                            ("similar_work", "Works on a very similar manuscript"),
                        ],
                        max_length=20,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=500)),
                (
                    "editor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declared_conflicts",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "id"],
            },
        ),
    ]
