"""Mails to authors, and to the office about authors (`domain.md` I). They send nothing.

Each builder gives the messages with their keys; the action queues them. None carries the
manuscript itself.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from django.core import signing

from accounts.models import RoleName, User
from accounts.queries import people_with
from submissions.checks import Finding
from submissions.models import (
    Author,
    AuthorChange,
    AuthorConsent,
    Extension,
    ExtensionRequest,
    Manuscript,
    Version,
    VersionFile,
    WithdrawalRequest,
)
from submissions.states import Confirmation
from tmi_special_issue import links, outbox
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.templatetags.moments import OfficialZone, relative, written

Mails: TypeAlias = list[tuple[outbox.Message, str]]

AUTHORSHIP_SALT = "submissions.authorship"
AUTHORSHIP_DAYS = 180
CONSENT_SALT = "submissions.author_consent"
CONSENT_DAYS = 90


def instant(at: datetime, issue: SpecialIssue) -> str:
    """An instant in the zone of the issue and in UTC, as mails write it."""
    zone = written(at, OfficialZone(issue.zone, issue.zone_label))
    return f"{zone} ({at:%-d %b %Y, %H:%M} UTC)"


def server_time(at: datetime) -> str:
    """The server's time to the second, for receipts."""
    return f"{at:%-d %b %Y, %H:%M:%S} UTC"


def authorship_token(author: Author) -> str:
    """The signed part of a co-author's link. It names the row and opens nothing else."""
    return signing.dumps(author.public_id, salt=AUTHORSHIP_SALT)


def author_key_of(token: str) -> str | None:
    """The public id in a link, or None when it is forged or too old (real time)."""
    try:
        key = signing.loads(token, salt=AUTHORSHIP_SALT, max_age=AUTHORSHIP_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    return key if isinstance(key, str) else None


def consent_token(consent: AuthorConsent) -> str:
    """The signed part of the link that asks for one consent; it opens nothing else."""
    return signing.dumps(consent.public_id, salt=CONSENT_SALT)


def consent_key_of(token: str) -> str | None:
    """The public id in such a link, or None when it is forged or too old (real time)."""
    try:
        key = signing.loads(token, salt=CONSENT_SALT, max_age=CONSENT_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    return key if isinstance(key, str) else None


def draft_reminder(version: Version, missing: list[Finding], due: datetime, at: datetime) -> Mails:
    """M2: the draft is not submitted yet; this is what is missing."""
    manuscript = version.manuscript
    message = _compose(
        "draft_reminder",
        manuscript.submitter.email,
        f"Your draft is not submitted yet: closing {relative(due, at)}",
        manuscript,
        version=version,
        missing=missing,
        due=instant(due, manuscript.issue),
        url=links.absolute("submissions:check", version.public_id),
    )
    return [(message, f"draft_reminder:{manuscript.public_id}:{at:%Y%m%d%H%M}")]


def submission_received(version: Version, at: datetime) -> Mails:
    """M3 and M25: the receipt, with the files' hashes and the server's time."""
    manuscript = version.manuscript
    kind = "revision_received" if version.revision_number else "manuscript_submitted"
    subject = "Revision received" if version.revision_number else "Received"
    files = VersionFile.objects.filter(version=version).select_related("file")
    return [
        (
            _compose(
                kind,
                address,
                f"{version.label}: {subject}",
                manuscript,
                version=version,
                files=files,
                server_time=server_time(at),
                zone_time=instant(at, manuscript.issue),
                url=links.absolute("submissions:show", manuscript.public_id),
            ),
            f"{kind}:{version.public_id}:{at:%Y%m%d%H%M%S%f}:{address}",
        )
        for address in addressees(version)
    ]


def authorship_asked(version: Version, submitted_by: User) -> Mails:
    """M4: each co-author who has not answered is asked "are you an author of this?"."""
    known = {submitted_by.email.lower()}
    pending = [
        author
        for author in Author.objects.filter(version=version, confirmation=Confirmation.PENDING)
        if author.email.lower() not in known
    ]
    return [
        (
            _compose(
                "authorship_asked",
                author.email,
                f"{version.label}: are you an author of this manuscript?",
                version.manuscript,
                version=version,
                author=author,
                submitter=submitted_by,
                url=links.absolute("submissions:authorship", authorship_token(author)),
                orcid_missing=not author.orcid,
            ),
            f"authorship_asked:{author.public_id}",
        )
        for author in pending
    ]


def authorship_disputed(author: Author) -> Mails:
    """M5: somebody says that they are no author; the office holds the manuscript."""
    manuscript = author.version.manuscript
    return [
        (
            _compose(
                "authorship_disputed",
                address,
                f"{author.version.label}: a named author says “I am not an author”",
                manuscript,
                version=author.version,
                author=author,
            ),
            f"authorship_disputed:{author.public_id}:{address}",
        )
        for address in _office(manuscript)
    ]


def manuscript_returned(manuscript: Manuscript, version: Version) -> Mails:
    """M6: the office returned the submission; what to mend and until when."""
    due = version.due_at
    return [
        (
            _compose(
                "manuscript_unsubmitted",
                address,
                f"{manuscript}: please complete your submission",
                manuscript,
                version=version,
                faults=manuscript.fault_list,
                due=instant(due, manuscript.issue) if due else "",
                url=links.absolute("submissions:check", version.public_id),
            ),
            f"unsubmitted:{version.public_id}:{manuscript.stage_since:%Y%m%d%H%M%S}:{address}",
        )
        for address in addressees(version)
    ]


def extension_granted(manuscript: Manuscript, extension: Extension) -> Mails:
    """More time was given."""
    version = Version.objects.filter(manuscript=manuscript).latest("revision_number")
    return [
        (
            _compose(
                "extension_granted",
                address,
                f"{manuscript}: you have more time",
                manuscript,
                version=version,
                due=instant(extension.until, manuscript.issue),
                url=links.absolute("submissions:show", manuscript.public_id),
            ),
            f"extension_granted:{manuscript.public_id}:{extension.until:%Y%m%d%H%M}:{address}",
        )
        for address in addressees(version)
    ]


def extension_asked(request: ExtensionRequest, version: Version, due: datetime) -> Mails:
    """M24: the authors ask for more time; the office is told. `due` is the present date."""
    manuscript = request.manuscript
    return [
        (
            _compose(
                "extension_asked",
                address,
                f"{manuscript}: the authors ask for more time",
                manuscript,
                version=version,
                request=request,
                due=instant(due, manuscript.issue),
                until=instant(request.until, manuscript.issue),
            ),
            f"extension_asked:{request.public_id}:{address}",
        )
        for address in _office(manuscript)
    ]


def extension_refused(request: ExtensionRequest, version: Version, due: datetime) -> Mails:
    """M24: no more time, with the reason; `due` stays as it was."""
    manuscript = request.manuscript
    return [
        (
            _compose(
                "extension_refused",
                address,
                f"{manuscript}: no more time can be given",
                manuscript,
                version=version,
                request=request,
                due=instant(due, manuscript.issue),
                url=links.absolute("submissions:show", manuscript.public_id),
            ),
            f"extension_refused:{request.public_id}:{address}",
        )
        for address in addressees(version)
    ]


def revision_reminder(manuscript: Manuscript, version: Version, due: datetime, key: str) -> Mails:
    """M24: the revision is due soon."""
    return _about_revision(
        "revision_reminder", "the revision is due", manuscript, version, due, key
    )


def revision_lapsed(manuscript: Manuscript, due: datetime) -> Mails:
    """M24: the time for the revision is over; nothing is lost."""
    version = Version.objects.filter(manuscript=manuscript).latest("revision_number")
    return _about_revision(
        "revision_lapsed",
        "the time for the revision has run out",
        manuscript,
        version,
        due,
        f"{due:%Y%m%d%H%M}",
    )


def final_files_received(version: Version, at: datetime) -> Mails:
    """The final files are here: the receipt."""
    files = VersionFile.objects.filter(version=version).select_related("file")
    return [
        (
            _compose(
                "final_files_received",
                address,
                f"{version.label}: final files received",
                version.manuscript,
                version=version,
                files=files,
                server_time=server_time(at),
                url=links.absolute("submissions:show", version.manuscript.public_id),
            ),
            f"final_files_received:{version.public_id}:{at:%Y%m%d%H%M%S}:{address}",
        )
        for address in addressees(version)
    ]


def manuscript_taken_back(version: Version, due: datetime, at: datetime) -> Mails:
    """The author opened a submission again: it does not count until it is submitted anew."""
    manuscript = version.manuscript
    return [
        (
            _compose(
                "manuscript_taken_back",
                address,
                f"{version.label}: taken back to be edited",
                manuscript,
                version=version,
                due=instant(due, manuscript.issue),
                url=links.absolute("submissions:check", version.public_id),
            ),
            f"taken_back:{version.public_id}:{at:%Y%m%d%H%M%S%f}:{address}",
        )
        for address in addressees(version)
    ]


def withdrawal_asked(request: WithdrawalRequest) -> Mails:
    """M29: the office is asked to confirm."""
    manuscript = request.manuscript
    return [
        (
            _compose(
                "withdrawal_asked",
                address,
                f"{manuscript}: the author asks to withdraw it",
                manuscript,
                request=request,
            ),
            f"withdrawal_asked:{request.public_id}:{address}",
        )
        for address in _office(manuscript)
    ]


def manuscript_withdrawn(request: WithdrawalRequest, version: Version) -> Mails:
    """M29: every author is told that it is withdrawn."""
    return _about_withdrawal(
        "manuscript_withdrawn", "withdrawn", request, version, everybody(version)
    )


def withdrawal_declined(request: WithdrawalRequest, version: Version) -> Mails:
    """M29: the office says no, with the reason."""
    return _about_withdrawal(
        "withdrawal_declined", "it is not withdrawn", request, version, addressees(version)
    )


def author_change_asked(change: AuthorChange, version: Version) -> Mails:
    """Each old and new author who has not answered is asked for consent, by an own link."""
    return [
        (
            _compose(
                "author_change_asked",
                consent.email,
                f"{version.label}: do you agree to a changed list of authors?",
                change.manuscript,
                version=version,
                change=change,
                consent=consent,
                url=links.absolute("submissions:author_consent", consent_token(consent)),
            ),
            f"author_change_asked:{consent.public_id}",
        )
        for consent in AuthorConsent.objects.filter(change=change, agrees__isnull=True)
    ]


def author_change_refused(change: AuthorChange, consent: AuthorConsent, version: Version) -> Mails:
    """Somebody does not agree, so the authors stay as they are."""
    return _about_author_change(
        "author_change_refused",
        "an author does not agree",
        change,
        version,
        addressees(version),
        consent=consent,
    )


def author_change_declined(change: AuthorChange, version: Version) -> Mails:
    """The editor-in-chief says no, with the reason."""
    return _about_author_change(
        "author_change_declined",
        "the authors stay as they are",
        change,
        version,
        addressees(version),
    )


def authors_changed(change: AuthorChange, version: Version, former: list[str]) -> Mails:
    """Everybody who was or is an author is told the new list."""
    return _about_author_change(
        "authors_changed",
        "the list of authors has changed",
        change,
        version,
        _once([*everybody(version), *former]),
        authors=list(Author.objects.filter(version=version)),
    )


def everybody(version: Version) -> list[str]:
    """All authors and the submitter, each address once; who disputes is left out."""
    authors = Author.objects.filter(version=version).exclude(confirmation=Confirmation.DISPUTED)
    return _once([*(a.email for a in authors), version.manuscript.submitter.email])


def addressees(version: Version) -> list[str]:
    """The corresponding author and the submitter, each address once."""
    corresponding = Author.objects.filter(version=version, is_corresponding=True).exclude(
        confirmation=Confirmation.DISPUTED
    )
    return _once([*(a.email for a in corresponding), version.manuscript.submitter.email])


def _about_author_change(
    kind: str, words: str, change: AuthorChange, version: Version, to: list[str], **context: Any
) -> Mails:
    manuscript = change.manuscript
    return [
        (
            _compose(
                kind,
                address,
                f"{manuscript}: {words}",
                manuscript,
                version=version,
                change=change,
                url=links.absolute("submissions:show", manuscript.public_id),
                **context,
            ),
            f"{kind}:{change.public_id}:{address}",
        )
        for address in to
    ]


def _about_withdrawal(
    kind: str, words: str, request: WithdrawalRequest, version: Version, to: list[str]
) -> Mails:
    manuscript = request.manuscript
    return [
        (
            _compose(
                kind,
                address,
                f"{manuscript}: {words}",
                manuscript,
                version=version,
                request=request,
                url=links.absolute("submissions:show", manuscript.public_id),
            ),
            f"{kind}:{request.public_id}:{address}",
        )
        for address in to
    ]


def _office(manuscript: Manuscript) -> list[str]:
    office = [person.email for person in people_with(manuscript.issue, RoleName.OFFICE)]
    return _once([manuscript.issue.contact_email, *office])


def _about_revision(
    kind: str, words: str, manuscript: Manuscript, version: Version, due: datetime, key: str
) -> Mails:
    return [
        (
            _compose(
                kind,
                address,
                f"{manuscript}: {words}",
                manuscript,
                version=version,
                due=instant(due, manuscript.issue),
                url=links.absolute("submissions:show", manuscript.public_id),
            ),
            f"{kind}:{manuscript.public_id}:{key}:{address}",
        )
        for address in addressees(version)
    ]


def _compose(
    kind: str, to: str, subject: str, manuscript: Manuscript, **context: Any
) -> outbox.Message:
    return outbox.compose(
        kind,
        to,
        subject,
        {"manuscript": manuscript, "issue": manuscript.issue, **context},
        about=manuscript.audit_key,
    )


def _once(addresses: Iterable[str]) -> list[str]:
    """Each address once, in any case, in order; empty ones left out."""
    return list({a.lower(): a for a in addresses if a.strip()}.values())
