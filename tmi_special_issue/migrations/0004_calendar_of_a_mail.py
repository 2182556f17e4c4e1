from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0003_conflict_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="calendar",
            field=models.TextField(
                blank=True, default="", help_text="A date for the reader's calendar, as .ics."
            ),
            preserve_default=False,
        ),
    ]
