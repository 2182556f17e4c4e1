"""People whom a reviewer named in their place."""

from django.db import models

from reviews.models.assignments import Assignment
from tmi_special_issue.identifiers import PublicIdField


class ProposedReviewer(models.Model):
    """Somebody named by a reviewer who declined: words for the editor, no account and no mail."""

    public_id = PublicIdField()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="proposals")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["assignment", "id"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name
