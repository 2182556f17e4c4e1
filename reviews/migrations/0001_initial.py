import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import reviews.states
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
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("selected", "Selected"),
                            ("invited", "Invited"),
                            ("agreed", "Agreed"),
                            ("coi_hold", "Held: conflict declared"),
                            ("in_progress", "Review begun"),
                            ("returned", "Returned"),
                            ("declined", "Declined"),
                            ("expired", "No answer"),
                            ("rescinded", "Invitation withdrawn"),
                            ("unassigned", "Unassigned"),
                            ("closed", "Closed"),
                        ],
                        default=reviews.states.AssignmentState["SELECTED"],
                        max_length=20,
                    ),
                ),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("answer_by", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "link_hash",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="SHA-256 of the secret in the mail.",
                        max_length=64,
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Why this person was ranked here: list of sentences.",
                    ),
                ),
                (
                    "override_reason",
                    models.CharField(
                        blank=True,
                        help_text="Why a warning was set aside at the invitation.",
                        max_length=500,
                    ),
                ),
                ("coi_statement", models.TextField(blank=True)),
                ("decline_reason", models.CharField(blank=True, max_length=40)),
                ("decline_note", models.TextField(blank=True)),
                ("ended_reason", models.CharField(blank=True, max_length=500)),
                ("accepted_terms_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "id"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                (
                    "sheet",
                    models.CharField(
                        help_text="Which sheet was answered, by its key.", max_length=40
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("recommendation", models.CharField(blank=True, max_length=30)),
                ("edit_count", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review",
                        to="reviews.assignment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewerLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewer_labels",
                        to="submissions.manuscript",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewer_labels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewerProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expertise", models.TextField(blank=True, help_text="In the person's own words.")),
                ("is_senior", models.BooleanField(default=False)),
                (
                    "load_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Open reviews at one time; else the issue's limit.",
                        null=True,
                    ),
                ),
                ("paused_from", models.DateField(blank=True, null=True)),
                ("paused_until", models.DateField(blank=True, null=True)),
                ("topics", models.ManyToManyField(blank=True, related_name="+", to="ground.topic")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewer_profile",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=500)),
                ("abstract", models.TextField(blank=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("doi", models.CharField(blank=True, max_length=220)),
                (
                    "coauthors",
                    models.JSONField(
                        blank=True, default=list, help_text="List of {name, email, orcid}."
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publications",
                        to="reviews.reviewerprofile",
                    ),
                ),
            ],
            options={
                "ordering": ["profile", "-year", "title"],
            },
        ),
        migrations.CreateModel(
            name="ReviewSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("taken_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="reviews.review",
                    ),
                ),
            ],
            options={
                "ordering": ["review", "taken_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["reviewer", "state"], name="assignment_by_reviewer"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("state__in", ["agreed", "in_progress"])),
                fields=["due_at"],
                name="assignment_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("version", "reviewer"), name="one_assignment_per_reviewer_and_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", reviews.states.AssignmentState["RETURNED"]), _negated=True),
                    ("returned_at__isnull", False),
                    _connector="OR",
                ),
                name="returned_review_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    models.Q(("recommendation", ""), _negated=True),
                    _connector="OR",
                ),
                name="submitted_review_recommends",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewerlabel",
            constraint=models.UniqueConstraint(
                fields=("manuscript", "reviewer"), name="one_label_per_reviewer"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewerlabel",
            constraint=models.UniqueConstraint(
                fields=("manuscript", "number"), name="label_used_once"
            ),
        ),
    ]
