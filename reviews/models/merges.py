"""Two accounts of one person joined, so that it can be undone; and namesakes told apart."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tmi_special_issue.identifiers import PublicIdField


class PeopleMerge(models.Model):
    """`gone` was joined to `kept`. `moved` names the rows that changed hands, by table."""

    public_id = PublicIdField()
    kept = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    gone = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict, help_text="Table -> keys of rows.")
    before = models.JSONField(default=dict, help_text="What the kept profile was.")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="joined_to_one_person"
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="nobody_joins_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} joined to {self.kept}"

    @property
    def audit_key(self) -> str:
        return f"people_merge:{self.public_id}"


class PeopleApart(models.Model):
    """Two people who look alike and are not the same; `first` has the lower key."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
