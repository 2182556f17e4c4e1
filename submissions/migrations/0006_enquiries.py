import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0001_initial"),
        ("submissions", "0005_response_points"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("title", models.CharField(max_length=300)),
                ("abstract", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_enquiries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_enquiries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="ground.specialissue",
                    ),
                ),
                (
                    "manuscript",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="enquiries",
                        to="submissions.manuscript",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "enquiries",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="EnquiryMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                (
                    "suitability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fits", "fits"),
                            ("fits_if", "fits if…"),
                            ("does_not_fit", "does not fit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="submissions.enquiry",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["enquiry", "sent_at", "id"],
            },
        ),
    ]
