"""Certificates of service: asked for by the reviewer, typeset by a worker, never made twice."""

import structlog
from django.db import transaction

from accounts.models import User
from reviews.models import ServiceCertificate
from reviews.queries import years_of_service
from reviews.queries.service import ATTEMPTS_MAX
from tmi_special_issue import audit, clock, doorbell, files, links, pdf
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

TEMPLATE = "letters/certificate.html"


@transaction.atomic
def ask_certificate(*, actor: User, issue: SpecialIssue, year: int) -> ServiceCertificate:
    """The certificate for a year in which the person delivered a review; asked twice, the same.

    Raises:
        Refusal: no_review_delivered, name_missing.
    """
    if (issue, year) not in years_of_service(actor):
        raise Refusal("no_review_delivered", f"No review of yours was delivered in {year}.")
    if not actor.full_name:
        raise Refusal("name_missing", "Write your name into your profile first; it is printed.")
    User.objects.select_for_update().get(pk=actor.pk)
    certificate, is_new = ServiceCertificate.objects.get_or_create(
        holder=actor,
        issue=issue,
        year=year,
        defaults={"name": actor.full_name, "issued_at": clock.now()},
    )
    if is_new:
        audit.record(actor, "certificate.asked", certificate, issue=issue.key, year=year)
    if certificate.file_id is None:
        doorbell.ring("reviews.tasks.render_certificate", certificate.public_id)
    return certificate


def render_certificate(
    *, actor: str = "system:certificate", certificate: ServiceCertificate
) -> ServiceCertificate:
    """Make the PDF of a certificate, once. Safe to run twice and at the same time.

    The slow part runs outside any transaction, and the first to store the bytes wins; after three
    failures a person has to look.
    """
    if certificate.file_id is not None or certificate.attempts >= ATTEMPTS_MAX:
        return certificate
    content = b""
    try:
        content = pdf.render(TEMPLATE, content_of(certificate))
    except Exception as error:  # whatever the renderer raises is one failed attempt
        log.warning("certificate_failed", certificate=certificate.public_id, failure=str(error))
    with transaction.atomic():
        locked = ServiceCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if locked.file_id is not None:
            return locked
        if content:
            locked.file = files.store(content, name="certificate.pdf", media_type="application/pdf")
            audit.record(actor, "certificate.rendered", locked, sha256=locked.file.sha256)
        else:
            locked.attempts += 1
            audit.record(actor, "certificate.failed", locked, attempts=locked.attempts)
        locked.save(update_fields=["file", "attempts"])
    return locked


def content_of(certificate: ServiceCertificate) -> dict[str, object]:
    """Everything that is printed."""
    issue = certificate.issue
    return {
        "journal": issue.journal,
        "issue_title": issue.title,
        "dated": certificate.issued_at.strftime("%d-%b-%Y"),
        "name": certificate.name,
        "year": certificate.year,
        "code": certificate.printed_code,
        "check": links.absolute("reviews:check_certificate"),
    }
