"""Free words by which the desk sorts its manuscripts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from editors.tags import TAG_LENGTH
from submissions.models import Manuscript


class Tag(models.Model):
    """A word on a manuscript. Read at the desk alone, by whom the manuscript exists for."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=TAG_LENGTH, db_index=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["manuscript", "name"]
        constraints = [
            models.UniqueConstraint(fields=["manuscript", "name"], name="tag_once_per_manuscript"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
