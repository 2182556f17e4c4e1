"""The score sheets that reviewers write."""

from django.db import models
from django.db.models import Q

from reviews.models.assignments import Assignment
from reviews.models.sheets import ReviewForm
from reviews.sheet import TMI_1, Sheet
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import StoredFile

TYPED_LATE = "Typed while the assignment ended"


class Review(models.Model):
    """The score sheet of one assignment. A draft until `submitted_at`, then frozen."""

    public_id = PublicIdField()
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="review")
    form = models.ForeignKey(
        ReviewForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version of the score sheet that is answered; none for the journal's own.",
    )
    answers = models.JSONField(default=dict, blank=True)
    recommendation = models.CharField(max_length=30, blank=True)
    edit_count = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(recommendation=""),
                name="submitted_review_recommends",
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.assignment}"

    @property
    def audit_key(self) -> str:
        return f"review:{self.public_id}"

    @property
    def sheet(self) -> Sheet:
        """The questions as this review was asked them."""
        return self.form.sheet if self.form is not None else TMI_1


class ReviewSnapshot(models.Model):
    """The answers as they stood when a review was submitted or sent back. Never changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="snapshots")
    answers = models.JSONField()
    reason = models.CharField(max_length=500)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["review", "taken_at", "id"]

    def __str__(self) -> str:
        return f"{self.review} at {self.taken_at:%Y-%m-%d %H:%M}"


class ReviewAttachment(models.Model):
    """A PDF beside a review, kept in its cleaned copy alone. Frozen with the review."""

    public_id = PublicIdField()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField(help_text="From 1; part of its neutral name.")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    page_count = models.PositiveIntegerField()
    author_sees = models.BooleanField(help_text="The authors get it with the decision.")
    attached_at = models.DateTimeField()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "number"], name="attachment_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"Attachment {self.number}"
