"""The outbox: one mail per event and person, delivered after commit, tried again, never lost."""

import threading
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tmi_special_issue import audit, clock, files, outbox
from tmi_special_issue.models import MailState, OutboxMessage

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
PDF = b"%PDF-1.7 a letter"


class DeadServer(BaseEmailBackend):
    """A mail server that refuses the connection."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


class SlowServer(BaseEmailBackend):
    """A mail server that takes its time; counts what it took."""

    taken: list[str] = []

    def send_messages(self, email_messages: Any) -> int:
        time.sleep(0.02)
        SlowServer.taken.extend(one.to[0] for one in email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def _mail_leaves(settings: Any) -> None:
    settings.DELIVER_MAIL = True
    settings.EMAIL_BACKEND = LOCMEM


def message(to: str = "ada@northgate.example", **changes: Any) -> outbox.Message:
    facts: dict[str, Any] = {
        "kind": "receipt",
        "subject": "We have your manuscript",
        "text": "Thank you.\n",
        "html": "<p>Thank you.</p>",
        "about": "manuscript:one",
    }
    return outbox.Message(to=to, **{**facts, **changes})


def queued(key: str = "receipt:one", **changes: Any) -> OutboxMessage:
    with transaction.atomic():
        return outbox.queue(message(**changes), key)


def make_due(row: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=row.pk).update(not_before=clock.real_now())


@pytest.mark.django_db
def test_the_same_key_queues_once_and_keeps_the_first() -> None:
    first = queued()
    again = queued(subject="Another subject")
    assert (again.pk, again.subject) == (first.pk, "We have your manuscript")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_another_recipient_is_another_mail() -> None:
    queued("receipt:one:ada")
    queued("receipt:one:ben", to="ben@tarnby.example")
    assert set(OutboxMessage.objects.values_list("to", flat=True)) == {
        "ada@northgate.example",
        "ben@tarnby.example",
    }


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_queued_inside_a_transaction_only() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.queue(message(), "receipt:one")


@pytest.mark.django_db
def test_an_act_that_is_undone_mails_nobody() -> None:
    with transaction.atomic():
        outbox.queue(message(), "receipt:one")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_a_mail_goes_out_with_its_letter(noon: Any) -> None:
    letter = files.store(PDF, name="secret-name.pdf", media_type="application/pdf")
    row = queued(
        cc=("ben@tarnby.example",), attachments=(outbox.Attachment(letter, "decision-letter.pdf"),)
    )
    assert outbox.deliver_due(noon) == 1
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.lease_until) == (
        MailState.SENT,
        noon,
        1,
        None,
    )
    sent = mail.outbox[0]
    assert (sent.to, sent.cc, sent.subject, sent.body) == (
        ["ada@northgate.example"],
        ["ben@tarnby.example"],
        "We have your manuscript",
        "Thank you.\n",
    )
    assert sent.attachments == [("decision-letter.pdf", PDF, "application/pdf")]
    assert sent.extra_headers == {
        "Message-ID": f"<{row.public_id}@special-issue.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert "secret-name" not in sent.message().as_string()


@pytest.mark.django_db
def test_an_answer_goes_to_the_office(noon: Any) -> None:
    queued(reply_to="office@special-issue.example")
    queued("receipt:two")
    assert outbox.deliver_due(noon) == 2
    assert sorted(sent.reply_to for sent in mail.outbox) == [[], ["office@special-issue.example"]]


@pytest.mark.django_db
def test_a_delivered_mail_is_not_delivered_again(noon: Any) -> None:
    queued()
    assert [outbox.deliver_due(noon), outbox.deliver_due(noon)] == [1, 0]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_without_a_mail_server_the_outbox_is_the_mailbox(settings: Any, noon: Any) -> None:
    settings.DELIVER_MAIL = False
    row = queued()
    assert outbox.deliver_due(noon) == 1
    row.refresh_from_db()
    assert (row.state, mail.outbox) == (MailState.SENT, [])


@pytest.mark.django_db
def test_a_dead_server_puts_it_off_for_longer_each_time(settings: Any, noon: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    row = queued()
    waits = []
    for _ in range(3):
        make_due(row)
        before = clock.real_now()
        assert outbox.deliver_due(noon) == 0
        row.refresh_from_db()
        assert (row.state, row.lease_until) == (MailState.QUEUED, None)
        waits.append(round((row.not_before - before).total_seconds() / 60))
    assert waits == [2, 4, 8]
    assert (row.attempts, row.last_error) == (3, "ConnectionRefusedError: nobody listens")


@pytest.mark.django_db
def test_a_mail_put_off_is_left_alone_until_its_time(settings: Any, noon: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    row = queued()
    outbox.deliver_due(noon)
    settings.EMAIL_BACKEND = LOCMEM
    assert outbox.deliver_due(noon) == 0
    make_due(row)
    assert outbox.deliver_due(noon) == 1
    row.refresh_from_db()
    assert (row.state, row.last_error) == (MailState.SENT, "")


@pytest.mark.django_db
def test_it_is_given_up_after_the_last_attempt(settings: Any, noon: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    row = queued()
    for _ in range(outbox.ATTEMPTS_MAX + 3):
        make_due(row)
        outbox.deliver_due(noon)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.FAILED, outbox.ATTEMPTS_MAX)


@pytest.mark.django_db
def test_one_bad_mail_does_not_hold_back_the_others(noon: Any) -> None:
    bad = queued("bad", to="ada@northgate.example\nBcc: sam@westmere.example")
    good = queued("good", to="ben@tarnby.example")
    assert outbox.deliver_due(noon) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (MailState.QUEUED, MailState.SENT)
    assert [one.to for one in mail.outbox] == [["ben@tarnby.example"]]


@pytest.mark.django_db
def test_everything_that_waits_goes_out_at_once(noon: Any) -> None:
    for number in range(53):
        queued(f"many:{number}")
    assert outbox.deliver_due(noon) == 53


class Dying(BaseEmailBackend):
    """A mail server at which the worker dies, as by SIGKILL: nothing after it runs."""

    def send_messages(self, email_messages: Any) -> int:
        raise KeyboardInterrupt


@pytest.mark.django_db
def test_a_worker_that_dies_leaves_one_letter_in_doubt_and_not_all(
    noon: Any, settings: Any
) -> None:
    letter = files.store(PDF, name="a.pdf", media_type="application/pdf")
    for number in range(5):
        queued(f"many:{number}", attachments=(outbox.Attachment(letter, "letter.pdf"),))
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due(noon)
    settings.EMAIL_BACKEND = LOCMEM
    OutboxMessage.objects.update(lease_until=clock.real_now() - timedelta(seconds=1))
    assert outbox.deliver_due(noon) == 4
    assert outbox.held().count() == 1


def leave_half_sent(row: OutboxMessage, *, attempts: int = 1, lease_over: bool = True) -> None:
    """As a worker leaves it that died while it was sending."""
    distance = timedelta(seconds=-1 if lease_over else 60)
    OutboxMessage.objects.filter(pk=row.pk).update(
        state=MailState.SENDING, attempts=attempts, lease_until=clock.real_now() + distance
    )


@pytest.mark.django_db
def test_a_mail_in_another_workers_hands_is_left_alone(noon: Any) -> None:
    row = queued()
    leave_half_sent(row, lease_over=False)
    assert outbox.deliver_due(noon) == 0
    row.refresh_from_db()
    assert row.state == MailState.SENDING


@pytest.mark.django_db
def test_a_dead_workers_mail_is_sent_by_another_with_the_same_message_id(noon: Any) -> None:
    row = queued()
    leave_half_sent(row)
    assert outbox.deliver_due(noon) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.SENT, 2)
    assert mail.outbox[0].extra_headers["Message-ID"] == outbox.message_id(row)


@pytest.mark.django_db
def test_a_dead_workers_letter_waits_for_a_person(noon: Any) -> None:
    letter = files.store(PDF, name="a.pdf", media_type="application/pdf")
    row = queued(attachments=(outbox.Attachment(letter, "letter.pdf"),))
    leave_half_sent(row)
    assert outbox.deliver_due(noon) == 0
    row.refresh_from_db()
    assert (row.state, mail.outbox) == (MailState.UNCERTAIN, [])


@pytest.mark.django_db
def test_a_person_sends_a_held_letter_again_under_its_own_message_id(noon: Any) -> None:
    letter = files.store(PDF, name="a.pdf", media_type="application/pdf")
    row = queued(attachments=(outbox.Attachment(letter, "letter.pdf"),))
    leave_half_sent(row)
    outbox.deliver_due(noon)
    said = StringIO()
    call_command("held_mail", stdout=said)
    assert row.public_id in said.getvalue()
    assert "Waiting for a person: 1." in said.getvalue()
    call_command("held_mail", "--send", row.public_id, stdout=said)
    assert outbox.deliver_due(noon) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == outbox.message_id(row)
    with pytest.raises(CommandError, match="waits for a person"):
        call_command("held_mail", "--send", row.public_id, stdout=said)
    assert audit.entries_about(row.audit_key).filter(verb="mail.sent_again").count() == 1


@pytest.mark.django_db
def test_a_mail_that_kills_every_worker_is_given_up(noon: Any) -> None:
    row = queued()
    leave_half_sent(row, attempts=outbox.ATTEMPTS_MAX)
    assert outbox.deliver_due(noon) == 0
    row.refresh_from_db()
    assert row.state == MailState.FAILED


@pytest.mark.django_db
def test_a_moved_clock_does_not_hold_mail_back(noon: Any) -> None:
    row = queued()
    assert row.queued_at == noon
    with clock.frozen_at(noon - timedelta(days=400)):
        assert outbox.deliver_due(clock.now()) == 1


@pytest.mark.django_db
def test_mails_about_a_subject_newest_first(noon: Any) -> None:
    first, second = queued("a"), queued("b")
    queued("c", about="manuscript:two")
    assert list(outbox.messages_about("manuscript:one")) == [second, first]


def test_compose_makes_one_line_of_a_subject(tmp_path: Any, settings: Any) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "receipt.txt").write_text(
        "{% autoescape off %}\nDear {{ name }},\n\nthank you.\n{% endautoescape %}"
    )
    (tmp_path / "mail" / "base.html").write_text("{{ text|escape }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    made = outbox.compose(
        "receipt",
        "ada@northgate.example",
        "Received\r\nBcc: sam@westmere.example\u2028" + "x" * 400,
        {"name": "<Ada> & Ben"},
        about="manuscript:one",
    )
    assert made.subject[:40] == "Received Bcc: sam@westmere.example xxxxx"
    assert len(made.subject) == 300
    assert made.text == "Dear <Ada> & Ben,\n\nthank you.\n"
    assert made.html == "Dear &lt;Ada&gt; &amp; Ben,\n\nthank you.\n"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_mail_once(settings: Any, noon: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    SlowServer.taken = []
    for number in range(60):
        queued(f"many:{number}", to=f"person{number}@northgate.example")
    start = threading.Barrier(3)
    sent: list[int] = []

    def worker() -> None:
        try:
            start.wait(10)
            sent.append(outbox.deliver_due(noon))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sent) == 60
    assert sorted(SlowServer.taken) == sorted(
        f"person{number}@northgate.example" for number in range(60)
    )
    assert not OutboxMessage.objects.exclude(state=MailState.SENT).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_double_clicks_at_once_queue_one_mail() -> None:
    start = threading.Barrier(2)
    made: list[int] = []

    def click() -> None:
        try:
            start.wait(10)
            made.append(queued("receipt:one").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 2
    assert OutboxMessage.objects.count() == 1
