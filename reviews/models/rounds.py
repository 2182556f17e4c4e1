"""The present round of a manuscript in figures."""

from django.db import models

from submissions.models import Manuscript, Version


class PresentRound(models.Model):
    """Counts over the newest version ever handed in. Written by the database (`tallies`) alone."""

    manuscript = models.OneToOneField(
        Manuscript, models.CASCADE, primary_key=True, related_name="present_round"
    )
    version = models.OneToOneField(Version, models.CASCADE, related_name="+")
    holding = models.PositiveSmallIntegerField(help_text="Places taken: invited, agreed, returned.")
    agreed = models.PositiveSmallIntegerField(help_text="k of domain.md B.2: agreed or returned.")
    returned = models.PositiveSmallIntegerField(help_text="r of domain.md B.2.")
    answer_by = models.DateTimeField(null=True, help_text="The first answer that is still due.")
    due_at = models.DateTimeField(null=True, help_text="The first review that is still due.")
    touched_at = models.DateTimeField(null=True, help_text="The last word of any reviewer.")

    def __str__(self) -> str:
        return f"{self.version}: {self.returned} of {self.agreed} returned"
