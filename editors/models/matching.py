"""Reviewers for all manuscripts at once: what the optimiser was asked, and what it proposed."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from editors.states import MatchingMode, MatchingState
from submissions.models import Version
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import SpecialIssue


class MatchingRun(models.Model):
    """One question to the optimiser and its answer; read by whoever asked and nobody else, since
    it is made of the manuscripts that this person may see.

    `result` is what `editors.matching.Answer` keeps; empty until a worker has answered.
    """

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="matching_runs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    mode = models.CharField(max_length=12, choices=[(m.value, m.label) for m in MatchingMode])
    chance_most = models.PositiveSmallIntegerField(
        default=100,
        validators=[MinValueValidator(10), MaxValueValidator(100)],
        help_text="Percent: no pair is drawn with a higher chance than this.",
    )
    seed = models.PositiveBigIntegerField(default=0, help_text="The draw can be made again by it.")
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in MatchingState],
        default=MatchingState.WAITING,
    )
    looked_at = models.PositiveIntegerField(default=0, help_text="Manuscripts looked at so far.")
    manuscript_count = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"Matching of {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def audit_key(self) -> str:
        return f"matching:{self.public_id}"


class MatchedPanel(models.Model):
    """The people whom a matching proposes for a version: ticked on its panel, invited by nobody
    but its editor."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="+")
    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="+")
    people = models.JSONField(help_text="Public ids, the best fit first.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"MatchedPanel for {self.version}"
