import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import submissions.states
import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ground", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Manuscript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("number", models.CharField(blank=True, max_length=40, null=True, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft, not submitted"),
                            ("submitted", "Submitted, with the editorial office"),
                            ("unsubmitted", "Returned to you to be completed"),
                            ("awaiting_editor", "With the editors"),
                            ("in_review", "Under review"),
                            ("awaiting_decision", "Under review"),
                            ("minor_revision", "Accept pending minor revision"),
                            ("major_revision", "Reject/Resubmit: major revision"),
                            ("revision_draft", "Revision in preparation"),
                            ("revision_lapsed", "Revision period ended"),
                            ("rejected", "Rejected"),
                            ("awaiting_final_files", "Accepted, final files wanted"),
                            ("final_files_received", "Accepted, final files received"),
                            ("ready_for_production", "Sent to production"),
                            ("withdrawn", "Withdrawn"),
                            ("transferred_to_regular", "Moved to the regular queue of the journal"),
                            ("acceptance_rescinded", "Acceptance rescinded"),
                        ],
                        default=submissions.states.Stage["DRAFT"],
                        max_length=30,
                    ),
                ),
                ("stage_since", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "fault_list",
                    models.TextField(blank=True, help_text="What the office asked to mend."),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="manuscripts",
                        to="ground.specialissue",
                    ),
                ),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submitted_manuscripts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Extension",
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
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("granted_at", models.DateTimeField()),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="granted_extensions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="submissions.manuscript",
                    ),
                ),
            ],
            options={
                "ordering": ["manuscript", "until"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("revision_number", models.PositiveSmallIntegerField(default=0)),
                (
                    "revision_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minor_revision", "minor_revision"),
                            ("reject_resubmit", "reject_resubmit"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Own due date; else the milestone of the issue counts.",
                        null=True,
                    ),
                ),
                (
                    "edit_count",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Grows with every save, so that a stale tab is noticed.",
                    ),
                ),
                ("saved_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("first_submitted_at", models.DateTimeField(blank=True, null=True)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("abstract", models.TextField(blank=True)),
                (
                    "index_terms",
                    models.JSONField(blank=True, default=list, help_text="List of strings."),
                ),
                (
                    "is_original_research",
                    models.BooleanField(
                        default=False, help_text="The author confirms: no review or position paper."
                    ),
                ),
                (
                    "validation_statement",
                    models.TextField(
                        blank=True,
                        help_text="On which real, large-scale data the method was validated.",
                    ),
                ),
                ("cover_letter", models.TextField(blank=True)),
                ("preprint_url", models.URLField(blank=True, max_length=300)),
                ("extends_conference_paper", models.BooleanField(default=False)),
                ("conference_citation", models.CharField(blank=True, max_length=500)),
                ("conference_doi", models.CharField(blank=True, max_length=220)),
                ("conference_whats_new", models.TextField(blank=True)),
                ("concurrent_submissions", models.TextField(blank=True)),
                (
                    "human_subjects",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "No human subjects or animals"),
                            ("approved", "Approved by a board"),
                            ("exempt", "Exempt or waived by a board"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ethics_board", models.CharField(blank=True, max_length=300)),
                ("ethics_protocol", models.CharField(blank=True, max_length=120)),
                ("data_availability", models.TextField(blank=True)),
                ("code_availability", models.TextField(blank=True)),
                (
                    "ai_use",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "No AI-generated content"),
                            ("language", "Language editing only"),
                            ("content", "AI-generated content"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ai_use_details", models.TextField(blank=True)),
                ("funding", models.TextField(blank=True)),
                ("competing_interests", models.TextField(blank=True)),
                ("declares_unpublished", models.BooleanField(default=False)),
                ("declares_all_agree", models.BooleanField(default=False)),
                ("declares_charges", models.BooleanField(default=False)),
                (
                    "response_summary",
                    models.TextField(
                        blank=True,
                        help_text="For a revision: the answer to the reviewers in short.",
                    ),
                ),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="submissions.manuscript",
                    ),
                ),
                ("topics", models.ManyToManyField(blank=True, related_name="+", to="ground.topic")),
            ],
            options={
                "ordering": ["manuscript", "revision_number"],
            },
        ),
        migrations.CreateModel(
            name="NamedReviewer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("is_opposed", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("institution", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(max_length=500)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_reviewers",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "is_opposed", "id"],
            },
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("position", models.PositiveSmallIntegerField()),
                ("given_name", models.CharField(blank=True, max_length=120)),
                ("family_name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("orcid", models.CharField(blank=True, max_length=19)),
                ("institution", models.CharField(max_length=300)),
                ("department", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=120)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("ror", models.CharField(blank=True, max_length=9)),
                ("is_corresponding", models.BooleanField(default=False)),
                (
                    "confirmation",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("confirmed", "confirmed"),
                            ("disputed", "disputed"),
                        ],
                        default=submissions.states.Confirmation["PENDING"],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="authorships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authors",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
            },
        ),
        migrations.CreateModel(
            name="VersionFile",
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
                ("description", models.CharField(blank=True, max_length=300)),
                ("page_count", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "findings",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Preflight: list of level, code, sentence.",
                    ),
                ),
                (
                    "flags",
                    models.JSONField(blank=True, default=list, help_text="For the editors' eyes."),
                ),
                ("uploaded_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.storedfile",
                    ),
                ),
                (
                    "thumbnail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ground.storedfile",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="submissions.version",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "kind", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="manuscript",
            index=models.Index(fields=["issue", "stage"], name="manuscript_by_stage"),
        ),
        migrations.AddConstraint(
            model_name="manuscript",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage", submissions.states.Stage["DRAFT"]),
                    ("number__isnull", False),
                    _connector="OR",
                ),
                name="submitted_manuscript_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("manuscript", "revision_number"), name="one_version_per_revision"
            ),
        ),
        migrations.AddIndex(
            model_name="author",
            index=models.Index(fields=["email"], name="author_by_email"),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.UniqueConstraint(
                fields=("version", "position"), name="author_position_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_corresponding", True)),
                fields=("version",),
                name="one_corresponding_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="versionfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", submissions.states.FileKind["MAIN"])),
                fields=("version",),
                name="one_main_file_per_version",
            ),
        ),
    ]
