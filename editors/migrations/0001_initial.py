import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0001_initial"),
        ("submissions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
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
                            ("accept", "Accept"),
                            (
                                "minor_revision",
                                "Accept pending minor revision: no external review required",
                            ),
                            (
                                "reject_resubmit",
                                "Reject/Resubmit: major revisions needed and new external review required",
                            ),
                            (
                                "reject_other_journal",
                                "Reject with recommendation to submit to another journal",
                            ),
                            ("reject", "Reject"),
                            ("immediate_reject", "Immediate Reject"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("approved", "approved"),
                            ("released", "released"),
                            ("discarded", "discarded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.TextField(help_text="The editor's words in the letter.")),
                (
                    "early_reason",
                    models.CharField(
                        blank=True,
                        help_text="Why fewer reviews than needed suffice.",
                        max_length=500,
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("release_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("edit_count", models.PositiveIntegerField(default=0)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafted_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "drafted_at"],
            },
        ),
        migrations.CreateModel(
            name="EditorConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=10)),
                ("evidence", models.CharField(max_length=500)),
                ("found_at", models.DateTimeField()),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editor_conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editor_conflicts",
                        to="submissions.manuscript",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assigned_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handlings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handlings",
                        to="submissions.manuscript",
                    ),
                ),
            ],
            options={
                "ordering": ["manuscript", "assigned_at"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("number", models.CharField(max_length=60, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("rendered", "rendered"),
                            ("failed", "failed"),
                            ("issued", "issued"),
                            ("replaced", "replaced"),
                        ],
                        max_length=12,
                    ),
                ),
                ("template_version", models.CharField(max_length=20)),
                ("content", models.JSONField(help_text="Everything the template needs, frozen.")),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("drafted_at", models.DateTimeField()),
                ("rendered_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="editors.decision",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["decision", "id"],
            },
        ),
        migrations.CreateModel(
            name="OverdueFlag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submission", "Submissions close"),
                            ("initial_decision", "Initial decision"),
                            ("revision", "Revisions close"),
                            ("final_acceptance", "Final acceptance"),
                        ],
                        max_length=30,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("lowered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overdue_flags",
                        to="submissions.manuscript",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            (
                                "minor_revision",
                                "Accept pending minor revision: no external review required",
                            ),
                            (
                                "reject_resubmit",
                                "Reject/Resubmit: major revisions needed and new external review required",
                            ),
                            (
                                "reject_other_journal",
                                "Reject with recommendation to submit to another journal",
                            ),
                            ("reject", "Reject"),
                            ("immediate_reject", "Immediate Reject"),
                        ],
                        max_length=30,
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="For the authority only.")),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "made_at"],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("number", models.PositiveIntegerField()),
                ("rows", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance_snapshots",
                        to="ground.specialissue",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["issue", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "number"), name="snapshot_number_per_issue"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "discarded"), _negated=True),
                fields=("version",),
                name="one_decision_per_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    ("released_at__isnull", False),
                    _connector="OR",
                ),
                name="released_decision_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="editorconflict",
            constraint=models.UniqueConstraint(
                fields=("manuscript", "editor", "rule"), name="one_row_per_conflict_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="handling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("manuscript",),
                name="one_handling_editor",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "replaced"), _negated=True),
                fields=("decision",),
                name="one_current_letter",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "failed", "replaced"]),
                    ("file__isnull", False),
                    _connector="OR",
                ),
                name="rendered_letter_has_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="overdueflag",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lowered_at__isnull", True)),
                fields=("manuscript", "kind"),
                name="one_raised_flag_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("version",),
                name="one_current_recommendation",
            ),
        ),
    ]
