"""Who was asked to join the pool of reviewers, and the answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.recruiting import SOURCE_LABELS, RequestState
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import SpecialIssue

STATE_LABELS: dict[RequestState, str] = {
    RequestState.ASKED: "Asked",
    RequestState.JOINED: "Joined",
    RequestState.DECLINED: "Said no",
}


class PoolRequest(models.Model):
    """One person asked for one issue, once, however often the mail is repeated.

    The secret of the latest mail is in that mail and nowhere else; a repeated one makes the
    former worthless. No answer in time is `asked` with `answer_by` in the past.
    """

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="pool_requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pool_requests"
    )
    source = models.CharField(
        max_length=10, choices=[(s.value, label) for s, label in SOURCE_LABELS.items()]
    )
    state = models.CharField(
        max_length=10,
        choices=[(s.value, label) for s, label in STATE_LABELS.items()],
        default=RequestState.ASKED,
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(help_text="The latest time.")
    asked_count = models.PositiveSmallIntegerField(default=1)
    answer_by = models.DateTimeField(help_text="Until when the link works.")
    answered_at = models.DateTimeField(null=True, blank=True)
    never_again = models.BooleanField(
        default=False, help_text="The no is meant for every issue, for good."
    )
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256, hexadecimal.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "person"], name="asked_once_per_issue"),
            models.CheckConstraint(
                condition=Q(state=RequestState.ASKED) | Q(answered_at__isnull=False),
                name="answered_pool_request_has_time",
            ),
            models.CheckConstraint(
                condition=Q(never_again=False) | Q(state=RequestState.DECLINED),
                name="never_again_is_a_no",
            ),
        ]
        indexes = [models.Index(fields=["issue", "state"], name="pool_request_by_state")]

    def __str__(self) -> str:
        return f"{self.person} asked for {self.issue}"

    @property
    def audit_key(self) -> str:
        return f"pool_request:{self.public_id}"
