"""Reads of what a reviewer carries away: years of service, certificates, the calendar's dates."""

from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import User
from reviews.models import Assignment, CalendarFeed, ServiceCertificate
from reviews.queries.door import at_the_door
from reviews.states import WORKING, AssignmentState
from tmi_special_issue.identifiers import typed_code
from tmi_special_issue.models import SpecialIssue

_DELIVERED = [AssignmentState.RETURNED, AssignmentState.CLOSED]
# After so many failures a person has to look.
ATTEMPTS_MAX = 3


def years_of_service(person: User) -> list[tuple[SpecialIssue, int]]:
    """For which issue and year, in the issue's zone, the person delivered a review; latest first.

    A review that was sent back and not delivered again does not count.
    """
    rows = Assignment.objects.filter(
        reviewer=person, state__in=_DELIVERED, returned_at__isnull=False
    ).select_related("version__manuscript__issue")
    found = set()
    for row in rows:
        issue = row.version.manuscript.issue
        if row.returned_at is not None:
            found.add((issue, row.returned_at.astimezone(ZoneInfo(issue.zone)).year))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].key))


def certificates_of(person: User) -> QuerySet[ServiceCertificate]:
    """The certificates that a person has asked for."""
    return ServiceCertificate.objects.filter(holder=person).select_related("issue", "file")


def certificate_by_code(text: str) -> ServiceCertificate | None:
    """The certificate under a code, however its groups and capitals are typed."""
    code = typed_code(text)
    if not code:
        return None
    return ServiceCertificate.objects.filter(code=code).select_related("issue").first()


def feed_by_token(token: str) -> CalendarFeed | None:
    """The calendar behind an address, unless it was replaced, switched off or never ours."""
    key = CalendarFeed.id_in(token)
    if not key:
        return None
    return (
        CalendarFeed.objects.filter(public_id=key, user__is_active=True)
        .select_related("user")
        .first()
    )


def dated_assignments(person: User) -> list[Assignment]:
    """What stands in a person's calendar: reviews to write and invitations to answer."""
    states = [*sorted(WORKING), AssignmentState.INVITED]
    return list(at_the_door(person).filter(state__in=states).order_by("pk"))


def unmade_certificates() -> QuerySet[ServiceCertificate]:
    """Certificates without their PDF that may still be tried."""
    return ServiceCertificate.objects.filter(file=None, attempts__lt=ATTEMPTS_MAX).order_by("pk")
