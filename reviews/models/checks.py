"""What the conflict rules said of a person, each time that it mattered."""

from typing import Any

from django.conf import settings
from django.db import models

from reviews.models.assignments import Assignment
from reviews.states import CHECK_LABELS, CheckAct
from submissions.models import Version


class ConflictCheck(models.Model):
    """One evaluation of the conflict rules for a person and a version (`domain.md` F).

    A row is made once and never changed. The findings are as the rules gave them at that moment,
    those that were set aside marked so, with who set them aside and why.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="conflict_checks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="conflict_checks"
    )
    act = models.CharField(max_length=20, choices=[(a.value, CHECK_LABELS[a]) for a in CheckAct])
    rule_set = models.CharField(max_length=40, help_text="Version of the rules and their spans.")
    findings = models.JSONField(
        default=list, help_text="List of {rule, level, evidence, is_declared, is_set_aside}."
    )
    actor = models.CharField(max_length=80, help_text="user:<public id> or system:<name>")
    reason = models.CharField(max_length=500, blank=True, help_text="Why a finding was set aside.")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-checked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.person} and {self.version}: {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the row; an existing one is refused."""
        if not self._state.adding:
            raise TypeError("A check of conflicts is never changed.")
        super().save(*args, **kwargs)
