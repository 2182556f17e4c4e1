"""The words of letters as an issue has changed them."""

from django.conf import settings
from django.db import models

from editors.models.desk import KIND_CHOICES
from tmi_special_issue.models import SpecialIssue


class LetterTemplate(models.Model):
    """A version of the words for one outcome; it never changes. Version 1 stands in the code
    (`editors.first_words`) without a row."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="letter_templates")
    kind = models.CharField(max_length=30, choices=KIND_CHOICES)
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="Paragraphs with places (`editors.wording`).")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["issue", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "kind", "number"], name="template_number_per_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, version {self.number}"

    @property
    def audit_key(self) -> str:
        return f"letter_template:{self.issue.key}:{self.kind}"
