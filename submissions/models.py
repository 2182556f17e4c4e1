"""Manuscripts: the work over its life, its versions, authors and files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper

from submissions.credit import role_names
from submissions.states import (
    AUTHOR_LABELS,
    CONFLICT_LABELS,
    FILE_KIND_LABELS,
    SUITABILITY_LABELS,
    AuthorChangeState,
    AuthorPart,
    Confirmation,
    ConflictKind,
    FileKind,
    ReceiptPurpose,
    RequestOutcome,
    RevisionKind,
    Stage,
    Suitability,
    WithdrawalAnswer,
)
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import MilestoneKind, SpecialIssue, StoredFile, Topic

STAGE_CHOICES = [(stage.value, AUTHOR_LABELS[stage]) for stage in Stage]


class Manuscript(models.Model):
    """The work over its whole life. It owns the number, given at the first submission."""

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.PROTECT, related_name="manuscripts")
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="submitted_manuscripts"
    )
    number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    stage = models.CharField(max_length=30, choices=STAGE_CHOICES, default=Stage.DRAFT)
    stage_since = models.DateTimeField()
    created_at = models.DateTimeField()
    fault_list = models.TextField(blank=True, help_text="What the office asked to mend.")
    revision_kind = models.CharField(
        max_length=20,
        blank=True,
        choices=[(k.value, k.value) for k in RevisionKind],
        help_text="What the last decision asked for; the next version takes it over.",
    )
    revision_due_at = models.DateTimeField(
        null=True, blank=True, help_text="The decision's own date; else the milestone counts."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["issue", "stage"], name="manuscript_by_stage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT) | Q(number__isnull=False),
                name="submitted_manuscript_has_number",
            )
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.public_id}"

    @property
    def audit_key(self) -> str:
        return f"manuscript:{self.public_id}"


class Version(models.Model):
    """One submitted package of files and metadata: 0 the original, 1 the revision `.R1`.

    Frozen from `submitted_at` on; before that it is the author's draft.
    """

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="versions")
    revision_number = models.PositiveSmallIntegerField(default=0)
    revision_kind = models.CharField(
        max_length=20, blank=True, choices=[(k.value, k.value) for k in RevisionKind]
    )
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="Own due date; else the milestone of the issue counts."
    )
    edit_count = models.PositiveIntegerField(
        default=0, help_text="Grows with every save, so that a stale tab is noticed."
    )
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)

    title = models.CharField(max_length=300, blank=True)
    abstract = models.TextField(blank=True)
    index_terms = models.JSONField(default=list, blank=True, help_text="List of strings.")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    is_original_research = models.BooleanField(
        default=False, help_text="The author confirms: no review or position paper."
    )
    validation_statement = models.TextField(
        blank=True, help_text="On which real, large-scale data the method was validated."
    )
    cover_letter = models.TextField(blank=True)
    was_rejected = models.BooleanField(
        default=False, help_text="An earlier form of the work was rejected, here or elsewhere."
    )
    rejected_by = models.CharField(max_length=200, blank=True, help_text="Which journal.")
    rejected_number = models.CharField(max_length=60, blank=True)
    rejected_changes = models.TextField(blank=True, help_text="What has changed since.")
    preferred_editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    preprint_url = models.URLField(max_length=300, blank=True)
    extends_conference_paper = models.BooleanField(default=False)
    conference_citation = models.CharField(max_length=500, blank=True)
    conference_doi = models.CharField(max_length=220, blank=True)
    conference_new_method = models.TextField(blank=True)
    conference_new_data = models.TextField(blank=True)
    conference_new_validation = models.TextField(blank=True)
    conference_new_analysis = models.TextField(blank=True)
    concurrent_submissions = models.TextField(blank=True)
    human_subjects = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("none", "No human subjects or animals"),
            ("approved", "Approved by a board"),
            ("exempt", "Exempt or waived by a board"),
        ],
    )
    ethics_board = models.CharField(max_length=300, blank=True)
    ethics_protocol = models.CharField(max_length=120, blank=True)
    data_availability = models.TextField(blank=True)
    code_availability = models.TextField(blank=True)
    ai_use = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("none", "No AI-generated content"),
            ("language", "Language editing only"),
            ("content", "AI-generated content"),
        ],
    )
    ai_system = models.CharField(max_length=200, blank=True)
    ai_sections = models.CharField(max_length=300, blank=True)
    ai_extent = models.TextField(blank=True)
    has_no_funding = models.BooleanField(default=False)
    funders = models.JSONField(default=list, blank=True, help_text="List of {funder, award}.")
    competing_interests = models.TextField(blank=True)
    declares_unpublished = models.BooleanField(default=False)
    declares_all_agree = models.BooleanField(default=False)
    declares_charges = models.BooleanField(default=False)
    response_summary = models.TextField(
        blank=True, help_text="For a revision: the answer to the reviewers in short."
    )
    metadata_reason = models.TextField(
        blank=True,
        help_text="For a revision: why title, abstract, index terms or authors have changed.",
    )
    response_attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often the PDF of the answers could not be made."
    )

    class Meta:
        ordering = ["manuscript", "revision_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "revision_number"], name="one_version_per_revision"
            )
        ]
        indexes = [
            # Guest editors see an original only once admitted, a revision at once.
            models.Index(
                fields=["manuscript"],
                condition=Q(revision_number__gt=0, submitted_at__isnull=False),
                name="revision_handed_in",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The manuscript's number with `.R1` and so on."""
        number = self.manuscript.number or "draft"
        return f"{number}.R{self.revision_number}" if self.revision_number else number

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def authors_are_settled(self) -> bool:
        """Was it handed in once? Then nobody comes or goes without consent (`domain.md` J17)."""
        return bool(self.revision_number or self.first_submitted_at)


class Author(models.Model):
    """One author of one version, in order. Free text: an author needs no account."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="authors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="authorships",
    )
    position = models.PositiveSmallIntegerField()
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120)
    email = models.EmailField()
    orcid = models.CharField(max_length=19, blank=True)
    institution = models.CharField(max_length=300)
    department = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    ror = models.CharField(max_length=9, blank=True)
    credit_roles = models.JSONField(
        default=list, blank=True, help_text="What this author did: codes of CRediT."
    )
    is_corresponding = models.BooleanField(default=False)
    confirmation = models.CharField(
        max_length=10,
        choices=[(c.value, c.value) for c in Confirmation],
        default=Confirmation.PENDING,
    )

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="author_position_per_version"
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(is_corresponding=True),
                name="one_corresponding_author",
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="author_by_email"),
            models.Index(Lower("email"), name="author_by_address"),
            models.Index(Upper("orcid"), name="author_by_orcid"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_orcid_confirmed(self) -> bool:
        """Has the owner of this ORCID iD signed in with it? A typed one stays unverified."""
        person = self.user
        return bool(self.orcid and person and person.orcid_verified and person.orcid == self.orcid)

    @property
    def credit_names(self) -> list[str]:
        """What this author did, in the words and the order of the standard."""
        return role_names(self.credit_roles)


class VersionFile(models.Model):
    """A file of a version with what it is for and what the preflight found."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="files")
    kind = models.CharField(
        max_length=30, choices=[(k.value, FILE_KIND_LABELS[k]) for k in FileKind]
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    description = models.CharField(max_length=300, blank=True)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    findings = models.JSONField(
        default=list, blank=True, help_text="Preflight: list of level, code, sentence."
    )
    flags = models.JSONField(default=list, blank=True, help_text="For the editors' eyes.")
    front_page = models.JSONField(
        default=dict, blank=True, help_text="Title, abstract, authors as page 1 prints them."
    )
    hidden_text = models.JSONField(
        default=list,
        blank=True,
        help_text="Preflight: list of page, reason, words, text, places in page points.",
    )
    upload_began_at = models.DateTimeField(
        null=True, blank=True, help_text="Begun in time, it may end within the grace."
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["version", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(kind=FileKind.MAIN),
                name="one_main_file_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.version}"


class Upload(models.Model):
    """A file on its way in, part by part. Gone once it is attached, given up or swept.

    It remembers when it began, because what was begun in time may end within the grace.
    """

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=30, choices=[(k.value, FILE_KIND_LABELS[k]) for k in FileKind]
    )
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(
        max_length=64, help_text="By which the browser knows the same file again."
    )
    byte_count = models.PositiveBigIntegerField(help_text="As announced by the browser.")
    received = models.PositiveBigIntegerField(default=0, help_text="Bytes that are here.")
    parts = models.JSONField(default=list, help_text="Names of the parts in their order.")
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["version", "began_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "owner", "fingerprint"], name="one_upload_per_file"
            ),
            models.CheckConstraint(
                condition=Q(received__lte=models.F("byte_count")), name="upload_not_overfull"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.received} of {self.byte_count} bytes"

    @property
    def percent(self) -> int:
        """How much of it is here; 100 only when all of it is."""
        return self.received * 100 // self.byte_count


class NamedReviewer(models.Model):
    """A person whom the authors suggest or oppose as a reviewer, with a reason."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="named_reviewers")
    is_opposed = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    institution = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["version", "is_opposed", "id"]

    def __str__(self) -> str:
        return self.name


class DeclaredConflict(models.Model):
    """A conflict of interest that the authors declare: a guest editor, or somebody by name."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="declared_conflicts")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(
        max_length=20, blank=True, choices=[(k.value, CONFLICT_LABELS[k]) for k in ConflictKind]
    )
    evidence = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["version", "id"]

    def __str__(self) -> str:
        return self.editor.full_name if self.editor else self.name or self.email


class Overlap(models.Model):
    """How much of a version stood in its conference paper; gone when one of the two changes."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="overlap")
    sections = models.JSONField(
        default=list, help_text="As `submissions.overlap` measured them; empty: not readable."
    )
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Overlap of {self.version}"


class Extension(models.Model):
    """More time for one manuscript, granted by a person with a reason."""

    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="extensions")
    kind = models.CharField(max_length=30, choices=MilestoneKind)
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="granted_extensions"
    )
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["manuscript", "until"]

    def __str__(self) -> str:
        return f"{self.manuscript}: {self.kind} until {self.until:%Y-%m-%d}"


class ExtensionRequest(models.Model):
    """The authors ask for more time for their revision; somebody on the desk answers."""

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="extension_requests")
    until = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, blank=True, choices=[(o.value, o.value) for o in RequestOutcome]
    )
    answer = models.CharField(max_length=500, blank=True, help_text="Words to the authors.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["manuscript", "-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript"], condition=Q(outcome=""), name="one_open_extension_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.manuscript}: asked until {self.until:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return not self.outcome


class ResponsePoint(models.Model):
    """One point of a review, and the authors' answer to it.

    The desk delivers the points with the letter that asks for a revision: its words, the label of
    the reviewer and the order never change. `revision_number` is that of the version that answers.
    """

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="response_points")
    revision_number = models.PositiveSmallIntegerField()
    reviewer = models.PositiveSmallIntegerField(help_text="The label, drawn at random: 2 in R2.3.")
    position = models.PositiveSmallIntegerField(help_text="From 1 for each reviewer: 3 in R2.3.")
    text = models.TextField()
    must_answer = models.BooleanField(default=True)
    answer = models.TextField(blank=True)
    place = models.CharField(
        max_length=200, blank=True, help_text="Where in the new file: page, section, line."
    )
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["manuscript", "revision_number", "reviewer", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "revision_number", "reviewer", "position"],
                name="point_numbered_once",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number by which authors, editors and reviewers speak of it: R2.3."""
        return f"R{self.reviewer}.{self.position}"

    @property
    def key(self) -> str:
        """The label in the names of form fields."""
        return f"{self.reviewer}_{self.position}"

    @property
    def is_answered(self) -> bool:
        return bool(self.answer.strip())


class Correspondence(models.Model):
    """A letter as the authors got it. The desk delivers it here when it is released."""

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="correspondence")
    title = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["manuscript", "-sent_at", "-id"]
        verbose_name_plural = "correspondence"
        constraints = [
            models.UniqueConstraint(fields=["manuscript", "file"], name="letter_delivered_once")
        ]

    def __str__(self) -> str:
        return self.title


class Enquiry(models.Model):
    """A pre-submission enquiry: an author asks one guest editor whether a work fits.

    The two of them read it and nobody else, until the manuscript that it belongs to is handed
    in. Whom an author may ask, and whether the editor may still read it, follows from the rules
    of conflicts, which the desk knows.
    """

    public_id = PublicIdField()
    issue = models.ForeignKey(SpecialIssue, models.PROTECT, related_name="enquiries")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="written_enquiries"
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="received_enquiries"
    )
    manuscript = models.ForeignKey(
        Manuscript, models.SET_NULL, null=True, blank=True, related_name="enquiries"
    )
    title = models.CharField(max_length=300)
    abstract = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name_plural = "enquiries"

    def __str__(self) -> str:
        return self.title

    @property
    def audit_key(self) -> str:
        return f"enquiry:{self.public_id}"


class EnquiryMessage(models.Model):
    """One message of an enquiry. The editor's may carry the answer; the latest answer counts."""

    public_id = PublicIdField()
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    suitability = models.CharField(
        max_length=20, blank=True, choices=[(s.value, SUITABILITY_LABELS[s]) for s in Suitability]
    )
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["enquiry", "sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.sender} on “{self.enquiry}”"

    @property
    def answer(self) -> str:
        """The answer in words; empty for a message without one."""
        return SUITABILITY_LABELS[Suitability(self.suitability)] if self.suitability else ""


class Receipt(models.Model):
    """One hand-in as it was received. It stays as it is when the version is opened once more."""

    public_id = PublicIdField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="receipts")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in ReceiptPurpose])
    label = models.CharField(max_length=60, help_text="The number as it was given, with .R1.")
    received_at = models.DateTimeField(help_text="By the clock of the database server.")
    files = models.JSONField(default=list, help_text="List of {kind, name, bytes, sha256}.")
    metadata = models.JSONField(
        default=list, help_text="List of [label, text]: what the authors may compare later."
    )

    class Meta:
        ordering = ["version", "received_at", "id"]

    def __str__(self) -> str:
        return f"Receipt of {self.label}"


class WithdrawalRequest(models.Model):
    """The author asks to withdraw; the office or the editor-in-chief answers."""

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="withdrawal_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    answer = models.CharField(
        max_length=12, blank=True, choices=[(a.value, a.value) for a in WithdrawalAnswer]
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="Why it was declined.")

    class Meta:
        ordering = ["manuscript", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript"],
                condition=Q(answer=""),
                name="one_open_withdrawal_request",
            )
        ]

    def __str__(self) -> str:
        return f"Withdrawal of {self.manuscript}"


class AuthorChange(models.Model):
    """Another list of authors, waiting for the consent of all and the editor (`domain.md` J17)."""

    public_id = PublicIdField()
    manuscript = models.ForeignKey(Manuscript, models.CASCADE, related_name="author_changes")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    former = models.JSONField(help_text="The authors as they were, as lines to compare.")
    authors = models.JSONField(help_text="The wanted authors in order, as they were typed.")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in AuthorChangeState],
        default=AuthorChangeState.COLLECTING,
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="Why it was declined.")

    class Meta:
        ordering = ["manuscript", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript"],
                condition=Q(state__in=["collecting", "consented"]),
                name="one_open_author_change",
            )
        ]

    def __str__(self) -> str:
        return f"Authors of {self.manuscript}"


class AuthorConsent(models.Model):
    """What one old or new author says to a changed list. Answered by a link of a mail."""

    public_id = PublicIdField()
    change = models.ForeignKey(AuthorChange, models.CASCADE, related_name="consents")
    name = models.CharField(max_length=250)
    email = models.EmailField()
    part = models.CharField(max_length=8, choices=[(p.value, p.value) for p in AuthorPart])
    agrees = models.BooleanField(null=True, help_text="Empty until it is answered.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["change", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "email"], name="one_consent_per_address")
        ]

    def __str__(self) -> str:
        return self.name
