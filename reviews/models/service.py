"""What a reviewer carries away: a calendar to subscribe to, certificates of service."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models

from tmi_special_issue.identifiers import PublicIdField, printed_code
from tmi_special_issue.models import SpecialIssue, StoredFile

_SIGNER = Signer(salt="reviews.calendar", sep=".")


class CalendarFeed(models.Model):
    """The address under which a person's calendar program reads the own due dates.

    The address is the identifier with a signature, so a copy of the database opens no calendar;
    another identifier makes the former address worthless.
    """

    public_id = PublicIdField()
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.user}"

    @property
    def token(self) -> str:
        """What stands in the address."""
        return _SIGNER.sign(self.public_id)

    @staticmethod
    def id_in(token: str) -> str:
        """The identifier in an address, "" when the signature is not ours."""
        try:
            return _SIGNER.unsign(token)
        except BadSignature:
            return ""


class ServiceCertificate(models.Model):
    """That a person reviewed for an issue in a year; no manuscript, no count, no date of a review.

    `code` stands on the paper, and anybody may ask whether it is real. The bytes are made once.
    """

    public_id = PublicIdField()
    code = PublicIdField()
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_certificates"
    )
    issue = models.ForeignKey(SpecialIssue, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300, help_text="The holder's name as it is printed.")
    issued_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-year", "issue"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "issue", "year"], name="one_certificate_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"Certificate of {self.name}, {self.year}"

    @property
    def audit_key(self) -> str:
        return f"certificate:{self.public_id}"

    @property
    def printed_code(self) -> str:
        """The code in groups of four, as it stands on the paper."""
        return printed_code(self.code)
