"""What editors think of a review: private, never shown to reviewers or authors."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.reviews import Review

GRADE_LEAST, GRADE_MOST = 1, 5


class ReviewGrade(models.Model):
    """An editor's private grade of a filed review (`domain.md` A, "reviewer rating")."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="grade")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    quality = models.PositiveSmallIntegerField(help_text="1 poor to 5 excellent.")
    timeliness = models.PositiveSmallIntegerField(help_text="1 poor to 5 excellent.")
    note = models.CharField(max_length=500, blank=True)
    graded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quality__range=(GRADE_LEAST, GRADE_MOST))
                & Q(timeliness__range=(GRADE_LEAST, GRADE_MOST)),
                name="grade_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quality} of {GRADE_MOST}"
