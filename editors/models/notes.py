"""What editors and the office write down about a manuscript for themselves."""

from django.conf import settings
from django.db import models

from submissions.models import Manuscript
from tmi_special_issue.identifiers import PublicIdField


class Note(models.Model):
    """A note on a manuscript. Its text never changes; its writer may strike it, and it stays.

    Read at the desk by whom the manuscript exists for, a private one by its writer alone.
    """

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    is_private = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"Note on {self.manuscript}"

    @property
    def audit_key(self) -> str:
        return f"note:{self.public_id}"
