"""A file of people on its way into the pool, and what becomes of each row."""

from django.conf import settings
from django.db import models

from reviews.importing import KINDS, Outcome
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import SpecialIssue, StoredFile

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.NEW: "New",
    Outcome.KNOWN: "Known already",
    Outcome.NO_ADDRESS: "Without an address",
    Outcome.FAULT: "Not taken",
}


class ImportState(models.TextChoices):
    READING = "reading", "Being read"
    READ = "read", "Read; nothing is written yet"
    WRITING = "writing", "Being written"
    DONE = "done", "Done"
    FAILED = "failed", "Cannot be read"
    DISCARDED = "discarded", "Thrown away"


class PoolImport(models.Model):
    """One file. First it is read, which writes nobody; confirmed, it is written in steps.

    `done_count` of `total_count` rows are dealt with in the present state; each step moves it in
    the transaction of its writes, so that a worker that dies is followed by one that goes on.
    """

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="pool_imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    owner = models.CharField(
        max_length=254, blank=True, help_text="Whose publications: address or ORCID iD."
    )
    kind = models.CharField(max_length=10, choices=list(KINDS.items()), blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    failure = models.CharField(max_length=500, blank=True, help_text="A sentence.")
    joined_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker last showed that it is at work."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]

    def __str__(self) -> str:
        return self.file.original_name

    @property
    def audit_key(self) -> str:
        return f"pool_import:{self.public_id}"


class PoolImportLine(models.Model):
    """One person of the file, or one fault: before the confirmation what would become of it,
    afterwards what did."""

    pool_import = models.ForeignKey(PoolImport, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(
        null=True, help_text="Among the persons of the file, from 0; none for a fault of the file."
    )
    line = models.PositiveIntegerField(help_text="In the file, from 1; 0 for the whole file.")
    outcome = models.CharField(
        max_length=12, choices=[(o.value, label) for o, label in OUTCOME_LABELS.items()]
    )
    name = models.CharField(max_length=260, blank=True)
    email = models.CharField(max_length=254, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    institution = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    paper_count = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    evidence = models.CharField(max_length=60, blank=True)
    sentence = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["pool_import", "line", "id"]
        indexes = [
            models.Index(fields=["pool_import", "outcome", "line"], name="import_line_by_outcome"),
            models.Index(fields=["pool_import", "position"], name="import_line_by_position"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.name or self.sentence}"
