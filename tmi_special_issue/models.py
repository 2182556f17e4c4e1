"""Tables of the ground: the call and its dates, the record, the outbox, files, the schedule."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from tmi_special_issue.identifiers import PublicIdField


class DecisionAuthority(models.TextChoices):
    """Who decides on a manuscript (`domain.md`, top and J1)."""

    GUEST_EDITOR = "guest_editor", "The handling guest editor"
    LEAD_GUEST_EDITOR = "lead_guest_editor", "The lead guest editor"
    EDITOR_IN_CHIEF = "editor_in_chief", "The editor-in-chief"


class SpecialIssue(models.Model):
    """One call for papers with its rules. One deployment may host several."""

    key = models.SlugField(max_length=60, unique=True)
    journal = models.CharField(max_length=200)
    journal_short = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=120)
    manuscript_type = models.CharField(max_length=300)
    summary = models.TextField(help_text="Two sentences for the front page.")
    aims = models.TextField()
    scope = models.TextField(help_text="What a submission must do.")
    out_of_scope = models.TextField()
    zone = models.CharField(max_length=60, default="Etc/GMT+12")
    zone_label = models.CharField(max_length=20, default="AoE")
    contact_email = models.EmailField()
    number_prefix = models.CharField(max_length=30)
    next_number = models.PositiveIntegerField(default=1)
    decision_authority = models.CharField(
        max_length=30, choices=DecisionAuthority, default=DecisionAuthority.GUEST_EDITOR
    )
    reviewers_needed = models.PositiveSmallIntegerField(default=4)
    reviewers_floor = models.PositiveSmallIntegerField(default=2)
    reviewer_load_limit = models.PositiveSmallIntegerField(default=3)
    review_days = models.PositiveSmallIntegerField(default=21)
    invitation_days = models.PositiveSmallIntegerField(default=5)
    conflict_months = models.PositiveSmallIntegerField(
        default=36, help_text="How far back a shared institution or paper is a conflict (N)."
    )
    conflict_warn_months = models.PositiveSmallIntegerField(
        default=60, help_text="How far back a shared paper is still told as a warning."
    )
    editor_submissions_cap = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Manuscripts an editor may author in the own issue; empty: no limit.",
    )
    page_limit = models.PositiveSmallIntegerField(default=10)
    abstract_words_min = models.PositiveSmallIntegerField(default=150)
    abstract_words_max = models.PositiveSmallIntegerField(default=250)
    main_file_bytes_max = models.PositiveBigIntegerField(default=20 * 1024 * 1024)
    supporting_file_bytes_max = models.PositiveBigIntegerField(default=100 * 1024 * 1024)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewers_floor__lte=models.F("reviewers_needed")),
                name="issue_floor_below_needed",
            ),
            models.CheckConstraint(
                condition=Q(conflict_months__lte=models.F("conflict_warn_months")),
                name="issue_warning_reaches_further",
            ),
            models.CheckConstraint(
                condition=Q(abstract_words_min__lt=models.F("abstract_words_max")),
                name="issue_abstract_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_key(self) -> str:
        return f"issue:{self.key}"


class Topic(models.Model):
    """A topic of the call, in the call's own words and order."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["issue", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "code"], name="topic_code_per_issue"),
            models.UniqueConstraint(fields=["issue", "position"], name="topic_position_per_issue"),
        ]

    def __str__(self) -> str:
        return self.name


class ListedEditor(models.Model):
    """A guest editor as named in the call. Facts for the public page, not an account."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="listed_editors")
    position = models.PositiveSmallIntegerField()
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    affiliation = models.CharField(max_length=300)
    email = models.EmailField()
    rors = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["issue", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="editor_position_per_issue")
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class MilestoneKind(models.TextChoices):
    """The four dates that rule an issue."""

    SUBMISSION = "submission", "Submissions close"
    INITIAL_DECISION = "initial_decision", "Initial decision"
    REVISION = "revision", "Revisions close"
    FINAL_ACCEPTANCE = "final_acceptance", "Final acceptance"


class Milestone(models.Model):
    """One of the four dates, as an instant. The zone belongs to the issue."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=30, choices=MilestoneKind)
    due_at = models.DateTimeField()
    grace_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="An upload begun before the date may finish this much later."
    )

    class Meta:
        ordering = ["issue", "due_at"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "kind"], name="milestone_kind_per_issue")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


class AuditEntry(models.Model):
    """One line of the record: append-only, each entry carries the hash of the former."""

    sequence = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80, help_text="user:<public id> or system:<name>")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject", "sequence"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.subject}"


class StoredFile(models.Model):
    """Bytes in private storage with what is known of them. Never changed once made."""

    public_id = PublicIdField()
    sha256 = models.CharField(max_length=64, db_index=True)
    byte_count = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    original_name = models.CharField(max_length=255)
    storage_key = models.CharField(max_length=100, unique=True)
    served = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The cleaned copy that others get instead of this one.",
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.original_name} ({self.byte_count} bytes)"

    @property
    def for_others(self) -> "StoredFile":
        """The copy that anybody but its owner may receive."""
        return self.served or self


class MailState(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up after several tries"
    UNCERTAIN = "uncertain", "Perhaps sent: the connection broke at the last moment"


class OutboxMessage(models.Model):
    """One mail to one person, queued in the transaction of the act that causes it."""

    public_id = PublicIdField()
    key = models.CharField(max_length=200, unique=True, help_text="event and recipient")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=80, db_index=True, blank=True)
    to = models.EmailField()
    cc = models.JSONField(default=list, blank=True)
    reply_to = models.EmailField(blank=True, help_text="The editorial office of the issue.")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True, help_text="A date for the reader's calendar, as .ics.")
    attachments = models.ManyToManyField(StoredFile, through="OutboxAttachment")
    state = models.CharField(max_length=20, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending"]),
                name="outbox_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def audit_key(self) -> str:
        return f"mail:{self.public_id}"


class OutboxAttachment(models.Model):
    """A stored file that goes out with a mail, under a neutral name."""

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="attached")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Effect(models.Model):
    """Something the schedule has done, once and for ever."""

    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a periodic part last ran, in real time, for the health page."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RehearsalClock(models.Model):
    """The one row that moves the clock in rehearsal mode."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_rehearsal_clock")]

    def __str__(self) -> str:
        return f"{self.offset_seconds} s"

    @property
    def offset(self) -> timedelta:
        return timedelta(seconds=self.offset_seconds)
