"""Editors: who handles a manuscript, recommendation, decision, letter, acceptance list."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from editors.states import DECISION_WORDS, DecisionKind, DecisionState, LetterState
from submissions.models import Manuscript, Version
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import MilestoneKind, SpecialIssue, StoredFile

KIND_CHOICES = [(kind.value, DECISION_WORDS[kind]) for kind in DecisionKind]


class Handling(models.Model):
    """Which editor handles a manuscript, and since when."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="handlings")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handlings")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["manuscript", "assigned_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript"],
                condition=Q(ended_at__isnull=True),
                name="one_handling_editor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.editor} handles {self.manuscript}"


class EditorConflict(models.Model):
    """An editor who may not see a manuscript: declared, or found by the rules (F1 to F8)."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="editor_conflicts")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="editor_conflicts"
    )
    rule = models.CharField(max_length=10)
    evidence = models.CharField(max_length=500)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "editor", "rule"], name="one_row_per_conflict_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.editor} and {self.manuscript}: {self.rule}"


class Recommendation(models.Model):
    """An editor's advice to the authority that decides."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="recommendations")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recommendations"
    )
    kind = models.CharField(max_length=30, choices=KIND_CHOICES)
    note = models.TextField(blank=True, help_text="For the authority only.")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_current_recommendation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.version}"


class Decision(models.Model):
    """The authority's act on one version. Nobody but editors sees it before its release."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=30, choices=KIND_CHOICES)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in DecisionState])
    reasons = models.TextField(help_text="The editor's words in the letter.")
    wording = models.TextField(
        blank=True, help_text="The words of the letter around them, with places still open."
    )
    template_number = models.PositiveIntegerField(
        default=1, help_text="The version of the template from which the wording was begun."
    )
    early_reason = models.CharField(
        max_length=500, blank=True, help_text="Why fewer reviews than needed suffice."
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafted_decisions"
    )
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    edit_count = models.PositiveIntegerField(default=0)
    points = models.JSONField(
        default=list,
        blank=True,
        help_text="The reviews cut into points, as the editor arranged them: list of {reviewer, "
        "text, must_answer}. Delivered to the authors with a decision that asks for a revision.",
    )

    class Meta:
        ordering = ["version", "drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=~Q(state="discarded"),
                name="one_decision_per_version",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False),
                name="released_decision_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["release_at"], condition=Q(state="approved"), name="decision_held")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.version}"

    @property
    def audit_key(self) -> str:
        return f"decision:{self.public_id}"

    @property
    def words(self) -> str:
        """The decision in TMI's exact words."""
        return DECISION_WORDS[DecisionKind(self.kind)]


class Letter(models.Model):
    """The letter of a decision: source frozen at drafting, bytes rendered once."""

    public_id = PublicIdField()
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="letters")
    number = models.CharField(max_length=60, unique=True)
    code = models.CharField(
        max_length=32,
        unique=True,
        null=True,
        blank=True,
        help_text="Printed on the letter; by it anybody may ask whether the letter is real.",
    )
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in LetterState])
    template_version = models.CharField(max_length=20)
    content = models.JSONField(help_text="Everything the template needs, frozen.")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    drafted_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["decision", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=~Q(state="replaced"),
                name="one_current_letter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "failed", "replaced"]) | Q(file__isnull=False),
                name="rendered_letter_has_file",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_key(self) -> str:
        return f"letter:{self.public_id}"


class OverdueFlag(models.Model):
    """A manuscript that missed a date. Raised by the schedule, lowered by the act itself."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="overdue_flags")
    kind = models.CharField(max_length=30, choices=MilestoneKind)
    raised_at = models.DateTimeField()
    lowered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "kind"],
                condition=Q(lowered_at__isnull=True),
                name="one_raised_flag_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.manuscript}: {self.kind} overdue"


class AcceptanceSnapshot(models.Model):
    """The acceptance list as it stood at one moment: rows, number, checksum."""

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.PROTECT, related_name="acceptance_snapshots")
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["issue", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="snapshot_number_per_issue")
        ]

    def __str__(self) -> str:
        return f"List {self.number} of {self.issue}"

    @property
    def audit_key(self) -> str:
        return f"acceptance:{self.public_id}"


class SketchNumber(models.Model):
    """A number under which texts like that of a version are found (`submissions.similarity`)."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="sketch_numbers")
    value = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.version}: {self.value}"


class Comparison(models.Model):
    """A handed-in version was compared with the other manuscripts of the issue."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="comparison")
    submitted_at = models.DateTimeField(help_text="Handed in again later, it is compared again.")
    compared_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Comparison of {self.version}"

    @property
    def audit_key(self) -> str:
        return f"comparison:{self.version.public_id}"


class Likeness(models.Model):
    """Two manuscripts are almost the same. For the office and the editor-in-chief only."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Version, models.CASCADE, related_name="likenesses_to")
    title_percent = models.PositiveSmallIntegerField()
    abstract_percent = models.PositiveSmallIntegerField()
    same_files = models.JSONField(
        default=list, help_text="List of kind here, kind there, SHA-256 of the bytes."
    )
    found_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "likenesses"
        constraints = [
            models.UniqueConstraint(fields=["version", "other"], name="one_likeness_of_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.version} and {self.other}"
