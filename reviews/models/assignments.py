"""Who is asked to review which version, under which number, through which links."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.guards import AUTHOR_FOUND
from reviews.states import HOLDING, LABELS, AssignmentState
from submissions.models import Manuscript, Version
from tmi_special_issue.identifiers import PublicIdField


class ReviewerLabel(models.Model):
    """The number under which an author knows a reviewer: one for all rounds, drawn at random."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="reviewer_labels")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviewer_labels"
    )
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "reviewer"], name="one_label_per_reviewer"
            ),
            models.UniqueConstraint(fields=["manuscript", "number"], name="label_used_once"),
        ]

    def __str__(self) -> str:
        return f"Reviewer {self.number}"


class Assignment(models.Model):
    """One person and one version, from the shortlist to the returned review."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    state = models.CharField(
        max_length=20,
        choices=[(s.value, LABELS[s]) for s in AssignmentState],
        default=AssignmentState.SELECTED,
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_set_at = models.DateTimeField(
        null=True, blank=True, help_text="When the due date was given; reminders keep away."
    )
    asked_until = models.DateTimeField(
        null=True, blank=True, help_text="More time asked for and not yet answered."
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(
        default=list, blank=True, help_text="Why this person was ranked here: list of sentences."
    )
    override_reason = models.CharField(
        max_length=500, blank=True, help_text="Why a warning was set aside at the invitation."
    )
    coi_statement = models.TextField(blank=True)
    held_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when a conflict found later stops the work."
    )
    conflicts_checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the rules were last applied, whatever they said."
    )
    decline_reason = models.CharField(max_length=40, blank=True)
    decline_note = models.TextField(blank=True)
    ask_again_on = models.DateField(
        null=True, blank=True, help_text="From when a reviewer who declined may be asked."
    )
    ended_reason = models.CharField(max_length=500, blank=True)
    accepted_terms_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "reviewer"], name="one_assignment_per_reviewer_and_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=AssignmentState.RETURNED) | Q(returned_at__isnull=False),
                name="returned_review_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "state"], name="assignment_by_reviewer"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["agreed", "in_progress"]),
                name="assignment_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.version}"

    @property
    def audit_key(self) -> str:
        return f"assignment:{self.public_id}"

    @property
    def is_author_found(self) -> bool:
        """Was it put on hold by the database, because the reviewer is an author?"""
        return self.coi_statement == AUTHOR_FOUND

    @property
    def holds_place(self) -> bool:
        return AssignmentState(self.state) in HOLDING


class InvitationLink(models.Model):
    """A mail's link to one assignment. The secret itself is in the mail and nowhere else.

    Each mail carries a link of its own, since only a hash is kept. All links of an assignment
    are deleted when it ends, and the sessions that were opened through them end with them; the
    link of an invitation declined or not answered is kept for second thoughts.
    """

    public_id = PublicIdField()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256, hexadecimal.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Link to {self.assignment}"
