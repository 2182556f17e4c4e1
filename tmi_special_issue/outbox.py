"""Mail: a row in the transaction of the act, delivered by a worker afterwards.

The row keeps body, state and attempts, and its key is unique per event and recipient, so a
double click or a doubled task sends once. The Message-ID comes from the row: a mail server that
took a mail and broke off before it said so can recognise the second one (`security.md` F13).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from tmi_special_issue import clock, doorbell, files
from tmi_special_issue.models import MailState, OutboxAttachment, OutboxMessage, StoredFile

log = structlog.get_logger(__name__)

ATTEMPTS_MAX = 8
LEASE = timedelta(minutes=5)
# In these states a mail waits for a person, who looks with `manage.py held_mail`.
HELD = frozenset({MailState.FAILED, MailState.UNCERTAIN})
CALENDAR_NAME = "date.ics"


@dataclass(frozen=True)
class Attachment:
    """A stored file under the neutral name that the recipient sees."""

    file: StoredFile
    name: str


@dataclass(frozen=True)
class Message:
    """One mail to one person, ready to be queued. `calendar` is an iCalendar text, "" for none."""

    kind: str
    to: str
    subject: str
    text: str
    html: str
    about: str = ""
    cc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    calendar: str = ""


def compose(
    kind: str,
    to: str,
    subject: str,
    context: dict[str, Any],
    *,
    about: str = "",
    cc: Iterable[str] = (),
    attachments: Sequence[Attachment] = (),
    calendar: str = "",
) -> Message:
    """Build a mail from `templates/mail/<kind>.txt`; the HTML part is made from the same text.

    An answer goes to the office of the `issue` in the context, never to a person (`domain.md` I).
    """
    text = render_to_string(f"mail/{kind}.txt", context).strip() + "\n"
    html = render_to_string("mail/base.html", {"subject": subject, "text": text})
    one_line = " ".join(subject.split())[:300]
    issue = context.get("issue")
    reply_to = str(issue.contact_email) if issue else ""
    return Message(
        kind,
        to,
        one_line,
        text,
        html,
        about=about,
        cc=tuple(cc),
        attachments=tuple(attachments),
        reply_to=reply_to,
        calendar=calendar,
    )


def queue(message: Message, key: str) -> OutboxMessage:
    """Put a mail into the outbox, in the caller's transaction. The same key queues once."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A mail is queued in the transaction of the act that causes it."
        )
    now = clock.now()
    row, is_new = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": message.kind,
            "about": message.about,
            "to": message.to,
            "cc": list(message.cc),
            "reply_to": message.reply_to,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "calendar": message.calendar,
            "not_before": clock.real_now(),
            "queued_at": now,
        },
    )
    if is_new:
        OutboxAttachment.objects.bulk_create(
            OutboxAttachment(message=row, file=a.file, name=a.name) for a in message.attachments
        )
        doorbell.ring("tmi_special_issue.tasks.deliver_mail")
    return row


def deliver_due(now: datetime) -> int:
    """Send what waits; returns how many went out. Safe to run in several workers at once.

    Leases and back-off live on real time: a moved rehearsal clock must not hold mail back.
    """
    _settle_abandoned()
    sent = 0
    while row := _claim():
        sent += _deliver(row, now)
    return sent


def messages_about(*keys: str) -> QuerySet[OutboxMessage]:
    """The mails about these subjects, newest first."""
    return OutboxMessage.objects.filter(about__in=keys)


def held() -> QuerySet[OutboxMessage]:
    """The mails that wait for a person: given up, or perhaps sent."""
    return OutboxMessage.objects.filter(state__in=HELD)


@transaction.atomic
def _settle_abandoned() -> None:
    """Take out of the queue what a worker died with and no other should take up."""
    abandoned = OutboxMessage.objects.filter(_is_abandoned())
    # Every worker that took it died: it must not take down one more.
    for row in _for_me(abandoned.filter(~_has_letter(), attempts__gte=ATTEMPTS_MAX)):
        row.state = MailState.FAILED
        row.save(update_fields=["state"])
    # The worker died while a letter was on its way: a person decides, not a retry.
    for row in _for_me(abandoned.filter(_has_letter())):
        row.state = MailState.UNCERTAIN
        row.save(update_fields=["state"])


@transaction.atomic
def _claim() -> OutboxMessage | None:
    """The next mail that is due, for this worker alone.

    One at a time: a worker that dies leaves one letter behind of which nobody knows whether it
    went out, and not fifty.
    """
    now = clock.real_now()
    waiting = Q(state=MailState.QUEUED, not_before__lte=now)
    resumed = _is_abandoned() & Q(attempts__lt=ATTEMPTS_MAX) & ~_has_letter()
    due = OutboxMessage.objects.filter(waiting | resumed).order_by("not_before", "id")
    row = _for_me(due).first()
    if row is not None:
        row.state = MailState.SENDING
        row.lease_until = now + LEASE
        row.attempts += 1
        row.save(update_fields=["state", "lease_until", "attempts"])
    return row


def _is_abandoned() -> Q:
    return Q(state=MailState.SENDING, lease_until__lt=clock.real_now())


def _has_letter() -> Exists:
    return Exists(OutboxAttachment.objects.filter(message=OuterRef("pk")))


def _for_me(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    """The rows that no other worker holds, locked."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _deliver(row: OutboxMessage, now: datetime) -> int:
    try:
        if settings.DELIVER_MAIL:
            _send(row)
    except Exception as error:  # whatever a mail server or library raises is one failed attempt
        _note_failure(row, error)
        return 0
    row.state = MailState.SENT
    row.sent_at = now
    row.lease_until = None
    row.last_error = ""
    row.save(update_fields=["state", "sent_at", "lease_until", "last_error"])
    return 1


def _send(row: OutboxMessage) -> None:
    mail = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[row.to],
        cc=row.cc,
        reply_to=[row.reply_to] if row.reply_to else None,
        connection=get_connection(),
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(row.html, "text/html")
    for attached in row.attached.select_related("file"):
        mail.attach(attached.name, files.read(attached.file), attached.file.media_type)
    if row.calendar:
        mail.attach(_calendar_part(row.calendar))
    mail.send()


def _calendar_part(text: str) -> MIMEText:
    """The date as a part that calendar programs know by its method (RFC 6047)."""
    part = MIMEText(text, "calendar", "utf-8")
    method = next(line for line in text.splitlines() if line.startswith("METHOD:"))
    part.set_param("method", method.removeprefix("METHOD:"))
    part.add_header("Content-Disposition", "attachment", filename=CALENDAR_NAME)
    return part


def message_id(row: OutboxMessage) -> str:
    """The Message-ID of a row: the same for every attempt."""
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].strip("> ")
    return f"<{row.public_id}@{host}>"


def _note_failure(row: OutboxMessage, error: Exception) -> None:
    given_up = row.attempts >= ATTEMPTS_MAX
    row.state = MailState.FAILED if given_up else MailState.QUEUED
    row.not_before = clock.real_now() + timedelta(minutes=2**row.attempts)
    row.lease_until = None
    row.last_error = f"{type(error).__name__}: {error}"[:500]
    row.save(update_fields=["state", "not_before", "lease_until", "last_error"])
    log.warning("mail_failed", kind=row.kind, attempts=row.attempts, given_up=given_up)
