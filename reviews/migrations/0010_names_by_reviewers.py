import django.db.models.deletion
from django.db import migrations, models

import tmi_special_issue.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0009_people_merges"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="ask_again_on",
            field=models.DateField(
                blank=True, help_text="From when a reviewer who declined may be asked.", null=True
            ),
        ),
        migrations.CreateModel(
            name="ProposedReviewer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", tmi_special_issue.identifiers.PublicIdField()),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="reviews.assignment",
                    ),
                ),
            ],
            options={"ordering": ["assignment", "id"]},
        ),
    ]
