"""What a person keeps of the desk: searches by name, and which columns the table shows."""

from django.conf import settings
from django.db import models

from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import SpecialIssue

SEARCH_NAME_MAX = 60
SEARCH_TEXT_MAX = 1_000


class SavedSearch(models.Model):
    """A search of the desk under a name, for the one who keeps it.

    The text is kept as it was typed. What it finds is looked for each time, among what the person
    may see by then; a field that is gone by then is told as any slip is.
    """

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=SEARCH_NAME_MAX)
    text = models.CharField(max_length=SEARCH_TEXT_MAX, blank=True)
    show = models.CharField(max_length=30, blank=True, help_text="The chip that is chosen.")
    sort = models.CharField(max_length=30, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "owner", "name"], name="one_saved_search_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_key(self) -> str:
        return f"search:{self.public_id}"


class DeskLayout(models.Model):
    """The columns that a person wants to see on the desk of an issue."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    columns = models.JSONField(help_text="Codes of columns, in the order of the table.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "owner"], name="one_layout_per_person")
        ]

    def __str__(self) -> str:
        return f"Columns of {self.owner}"

    @property
    def audit_key(self) -> str:
        return f"layout:{self.pk}"
