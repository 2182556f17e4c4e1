from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0005_response_points"),
    ]

    operations = [
        migrations.AddField(
            model_name="author",
            name="credit_roles",
            field=models.JSONField(
                blank=True, default=list, help_text="What this author did: codes of CRediT."
            ),
        ),
    ]
