import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0004_calendar_of_a_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reviews", "0010_names_by_reviewers"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceCertificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("code", tmi_special_issue.identifiers.PublicIdField()),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "name",
                    models.CharField(
                        help_text="The holder's name as it is printed.", max_length=300
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
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
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ground.specialissue",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "issue"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holder", "issue", "year"), name="one_certificate_a_year"
                    )
                ],
            },
        ),
    ]
