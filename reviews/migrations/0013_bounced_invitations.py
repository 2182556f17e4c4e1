from django.db import migrations, models

import reviews.states


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0012_benches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="state",
            field=models.CharField(
                choices=[
                    ("selected", "Selected"),
                    ("invited", "Invited"),
                    ("agreed", "Agreed"),
                    ("coi_hold", "Held: possible conflict"),
                    ("in_progress", "Review begun"),
                    ("returned", "Returned"),
                    ("declined", "Declined"),
                    ("expired", "No answer"),
                    ("bounced", "Mail came back"),
                    ("rescinded", "Invitation withdrawn"),
                    ("unassigned", "Unassigned"),
                    ("closed", "Closed"),
                ],
                default=reviews.states.AssignmentState["SELECTED"],
                max_length=20,
            ),
        ),
    ]
