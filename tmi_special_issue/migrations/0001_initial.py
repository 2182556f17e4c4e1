import django.db.models.deletion
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Effect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                (
                    "key",
                    models.CharField(help_text="event and recipient", max_length=200, unique=True),
                ),
                ("kind", models.CharField(max_length=60)),
                ("about", models.CharField(blank=True, db_index=True, max_length=80)),
                ("to", models.EmailField(max_length=254)),
                ("cc", models.JSONField(blank=True, default=list)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Given up after several tries"),
                            ("uncertain", "Perhaps sent: the connection broke at the last moment"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("queued_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-queued_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("sequence", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.CharField(help_text="user:<public id> or system:<name>", max_length=80),
                ),
                ("verb", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("facts", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["sequence"],
                "indexes": [models.Index(fields=["subject", "sequence"], name="audit_by_subject")],
            },
        ),
        migrations.CreateModel(
            name="OutboxAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attached",
                        to="ground.outboxmessage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RehearsalClock",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("offset_seconds", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_rehearsal_clock"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("journal", models.CharField(max_length=200)),
                ("journal_short", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("short_title", models.CharField(max_length=120)),
                ("manuscript_type", models.CharField(max_length=300)),
                ("summary", models.TextField(help_text="Two sentences for the front page.")),
                ("aims", models.TextField()),
                ("scope", models.TextField(help_text="What a submission must do.")),
                ("out_of_scope", models.TextField()),
                ("zone", models.CharField(default="Etc/GMT+12", max_length=60)),
                ("zone_label", models.CharField(default="AoE", max_length=20)),
                ("contact_email", models.EmailField(max_length=254)),
                ("number_prefix", models.CharField(max_length=30)),
                ("next_number", models.PositiveIntegerField(default=1)),
                (
                    "decision_authority",
                    models.CharField(
                        choices=[
                            ("guest_editor", "The handling guest editor"),
                            ("lead_guest_editor", "The lead guest editor"),
                            ("editor_in_chief", "The editor-in-chief"),
                        ],
                        default="guest_editor",
                        max_length=30,
                    ),
                ),
                ("reviewers_needed", models.PositiveSmallIntegerField(default=4)),
                ("reviewers_floor", models.PositiveSmallIntegerField(default=2)),
                ("reviewer_load_limit", models.PositiveSmallIntegerField(default=3)),
                ("review_days", models.PositiveSmallIntegerField(default=21)),
                ("invitation_days", models.PositiveSmallIntegerField(default=5)),
                ("conflict_months", models.PositiveSmallIntegerField(default=36)),
                ("page_limit", models.PositiveSmallIntegerField(default=10)),
                ("abstract_words_min", models.PositiveSmallIntegerField(default=150)),
                ("abstract_words_max", models.PositiveSmallIntegerField(default=250)),
                ("main_file_bytes_max", models.PositiveBigIntegerField(default=20971520)),
                ("supporting_file_bytes_max", models.PositiveBigIntegerField(default=104857600)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-opened_at", "key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reviewers_floor__lte", models.F("reviewers_needed"))),
                        name="issue_floor_below_needed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("abstract_words_min__lt", models.F("abstract_words_max"))
                        ),
                        name="issue_abstract_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("byte_count", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("original_name", models.CharField(max_length=255)),
                ("storage_key", models.CharField(max_length=100, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "served",
                    models.ForeignKey(
                        blank=True,
                        help_text="The cleaned copy that others get instead of this one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.storedfile",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="attachments",
            field=models.ManyToManyField(through="ground.OutboxAttachment", to="ground.storedfile"),
        ),
        migrations.AddField(
            model_name="outboxattachment",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ground.storedfile",
            ),
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=300)),
                ("short_name", models.CharField(max_length=80)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="ground.specialissue",
                    ),
                ),
            ],
            options={
                "ordering": ["issue", "position"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
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
                ("due_at", models.DateTimeField()),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="An upload begun before the date may finish this much later.",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="ground.specialissue",
                    ),
                ),
            ],
            options={
                "ordering": ["issue", "due_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "kind"), name="milestone_kind_per_issue"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedEditor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("affiliation", models.CharField(max_length=300)),
                ("email", models.EmailField(max_length=254)),
                ("rors", models.JSONField(blank=True, default=list)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed_editors",
                        to="ground.specialissue",
                    ),
                ),
            ],
            options={
                "ordering": ["issue", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "position"), name="editor_position_per_issue"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["not_before"],
                name="outbox_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                fields=("issue", "code"), name="topic_code_per_issue"
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                fields=("issue", "position"), name="topic_position_per_issue"
            ),
        ),
    ]
