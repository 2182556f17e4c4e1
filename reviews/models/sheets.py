"""The versions of an issue's score sheet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.sheet import Sheet, sheet_of
from tmi_special_issue.models import SpecialIssue


class ReviewForm(models.Model):
    """One version of the score sheet of an issue after the first: a draft until it is published.

    Every issue begins with the journal's own sheet, which is version 1 and has no row. A published
    version never changes; the newest of them is what a new review is begun with.
    """

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="From 2; the journal's own sheet is 1.")
    questions = models.JSONField(help_text="As reviews/sheet/schema.py writes them.")
    edit_count = models.PositiveIntegerField(default=0)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["issue", "number"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="sheet_numbered_once"),
            models.UniqueConstraint(
                fields=["issue"],
                condition=Q(published_at__isnull=True),
                name="one_sheet_draft",
            ),
            models.CheckConstraint(condition=Q(number__gte=2), name="sheet_numbered_from_two"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="published_sheet_has_editor",
            ),
        ]

    def __str__(self) -> str:
        return f"Score sheet {self.number} of {self.issue}"

    @property
    def audit_key(self) -> str:
        return f"sheet:{self.issue.key}:{self.number}"

    @property
    def sheet(self) -> Sheet:
        """The questions as they are asked."""
        return sheet_of(self.number, self.questions)
