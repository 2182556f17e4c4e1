"""How well the pool fits a version: worked out by a worker, read by pages."""

from django.db import models

from submissions.models import Version


class VersionFit(models.Model):
    """The people whose publications fit a version best, with the reasons.

    `people` are rows [user key, score, closest title, its year, words, close count], best first.
    `edit_count` is the text and `library` the state of all publications that they are made of.
    """

    version = models.OneToOneField(Version, models.CASCADE, related_name="+")
    edit_count = models.PositiveIntegerField()
    library = models.CharField(max_length=100)
    people = models.JSONField()
    fitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Fit of the pool with {self.version}"
