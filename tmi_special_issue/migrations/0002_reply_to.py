from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="reply_to",
            field=models.EmailField(
                blank=True, help_text="The editorial office of the issue.", max_length=254
            ),
        ),
    ]
