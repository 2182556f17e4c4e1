"""People: one account a person, affiliations with dates, roles per issue."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tmi_special_issue import clock
from tmi_special_issue.identifiers import PublicIdField
from tmi_special_issue.models import SpecialIssue


class UserManager(BaseUserManager["User"]):
    """Makes accounts; Django and allauth need exactly these names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Names are free text and are never parsed (`domain.md` G.2)."""

    public_id = PublicIdField()
    email = models.EmailField(max_length=254, unique=True)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    native_name = models.CharField("name in native script", max_length=200, blank=True)
    orcid = models.CharField("ORCID iD", max_length=19, blank=True)
    orcid_verified = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.UniqueConstraint(
                fields=["orcid"],
                condition=Q(orcid_verified=True),
                name="one_account_per_verified_orcid",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def audit_key(self) -> str:
        return f"user:{self.public_id}"


class Affiliation(models.Model):
    """Where a person works or worked, with dates: the evidence of F2 and F3."""

    public_id = PublicIdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="affiliations")
    institution = models.CharField(max_length=300)
    department = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    ror = models.CharField("ROR id", max_length=9, blank=True)
    mail_domain = models.CharField(max_length=253, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["user", models.F("ended_on").desc(nulls_first=True), "institution"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                name="affiliation_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.institution


class RorParent(models.Model):
    """An institution belongs to another, at any height, as the ROR registry says (F2).

    Both are bare ROR ids. A grandparent has a row of its own, so that one query finds all.
    """

    child = models.CharField(max_length=9)
    parent = models.CharField(max_length=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="one_row_per_ror_parent")
        ]

    def __str__(self) -> str:
        return f"{self.child} belongs to {self.parent}"

    @property
    def audit_key(self) -> str:
        """All relations are loaded at once and are one subject of the record."""
        return "registry:ror"


class RoleName(models.TextChoices):
    """What a person does for an issue. An author needs no role."""

    REVIEWER = "reviewer", "Reviewer"
    GUEST_EDITOR = "guest_editor", "Guest editor"
    LEAD_GUEST_EDITOR = "lead_guest_editor", "Lead guest editor"
    EDITOR_IN_CHIEF = "editor_in_chief", "Editor-in-chief"
    OFFICE = "office", "Editorial office"


class Role(models.Model):
    """A person's role in one issue, until it ends."""

    issue = models.ForeignKey(SpecialIssue, models.CASCADE, related_name="roles")
    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=30, choices=RoleName)
    granted_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["issue", "name", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "user", "name"],
                condition=Q(ended_at__isnull=True),
                name="one_current_role_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_name_display()}"
