"""Who is asked next when a reviewer cannot: approved beforehand by the editor."""

from django.conf import settings
from django.db import models

from reviews.models.assignments import Assignment
from submissions.models import Version
from tmi_special_issue.identifiers import PublicIdField


class Bench(models.Model):
    """The people whom the editor holds ready for a version (`domain.md` C, decline)."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="+")
    invites_at_once = models.BooleanField(
        default=False, help_text="Invite the next one without asking the editor again."
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Bench of {self.version}"


class Alternate(models.Model):
    """One person on the bench. `stands_in_for` is the assignment whose place they were asked to
    take, so that one place that falls free brings one invitation, whoever looks how often."""

    public_id = PublicIdField()
    bench = models.ForeignKey(Bench, models.CASCADE, related_name="alternates")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list, blank=True, help_text="Why this person: sentences.")
    stands_in_for = models.OneToOneField(
        Assignment, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["bench", "position"]
        constraints = [
            models.UniqueConstraint(fields=["bench", "reviewer"], name="once_on_a_bench"),
            models.UniqueConstraint(fields=["bench", "position"], name="one_alternate_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.reviewer}"
