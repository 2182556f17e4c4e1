"""Reviewers: what is known of a person, and the publications that show it."""

from django.conf import settings
from django.db import models

from tmi_special_issue.models import Topic


class ReviewerProfile(models.Model):
    """What is known of a person as a reviewer: expertise and limits."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviewer_profile"
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    expertise = models.TextField(blank=True, help_text="In the person's own words.")
    is_senior = models.BooleanField(default=False)
    load_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Open reviews at one time; else the issue's limit."
    )
    interval_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days of rest after a returned review; none when empty."
    )
    paused_from = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class Publication(models.Model):
    """A reviewer's own publication: the evidence of expertise and of co-authorship."""

    profile = models.ForeignKey(ReviewerProfile, models.CASCADE, related_name="publications")
    title = models.CharField(max_length=500)
    abstract = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    doi = models.CharField(max_length=220, blank=True)
    coauthors = models.JSONField(
        default=list, blank=True, help_text="List of {name, email, orcid}."
    )

    class Meta:
        ordering = ["profile", "-year", "title"]

    def __str__(self) -> str:
        return self.title
