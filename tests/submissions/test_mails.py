"""What authors and the office are told, and by which act."""

import re
from datetime import timedelta

import pytest
from django.core import signing

from accounts.models import User
from submissions import actions, mails
from submissions.models import Author, VersionFile
from submissions.states import FileKind
from tests.people import OPENING
from tests.submissions.drafts import (
    accepted,
    newest,
    put_file,
    revision_asked,
    submitted,
)
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind, OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db


def only(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.get(kind=kind)


def test_the_receipt_names_number_files_hashes_and_the_servers_time(
    ada: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    mail = only("manuscript_submitted")
    file = VersionFile.objects.get(version__manuscript=manuscript).file
    assert (mail.to, mail.subject) == ("ada@northgate.example", "TMI-FM-2024-0001: Received")
    assert file.sha256 in mail.text
    assert "20 Jun 2024, 12:00:00 UTC" in mail.text
    assert "20 Jun 2024, 00:00 AoE" in mail.text
    assert f"/submissions/{manuscript.public_id}/" in mail.text
    assert mail.about == manuscript.audit_key


def test_the_corresponding_author_and_the_submitter_both_get_the_receipt(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    Author.objects.update(is_corresponding=False)
    Author.objects.filter(email=ben.email).update(is_corresponding=True)
    assert mails.addressees(newest(manuscript)) == [ben.email, ada.email]


def test_a_co_author_gets_a_link_that_opens_a_page_and_does_nothing(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    mail = only("authorship_asked")
    assert mail.to == ben.email
    assert "Ada Avelin" in mail.text
    assert "ORCID" in mail.text
    found = re.search(r"/submissions/authorship/([^/\s]+)/", mail.text)
    assert found
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    assert mails.author_key_of(found[1]) == author.public_id


@pytest.mark.parametrize("spoiled", ["", "x", "x:y:z"])
def test_a_forged_link_names_nobody(spoiled: str) -> None:
    assert mails.author_key_of(spoiled) is None
    assert mails.author_key_of(signing.dumps("someone", salt="another")) is None


def test_a_dispute_goes_to_the_office(ada: User, ben: User, ivo: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue, ben)
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    actions.dispute_authorship(actor="author:x", author=author)
    told = OutboxMessage.objects.filter(kind="authorship_disputed")
    assert sorted(told.values_list("to", flat=True)) == [ivo.email, issue.contact_email]
    assert all("Ben Brandt" in mail.text for mail in told)


def test_a_returned_submission_lists_the_faults_and_the_date(
    ada: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    actions.unsubmit_manuscript(
        actor="system:test", manuscript=manuscript, faults="The licence of figure 3 is missing."
    )
    mail = only("manuscript_unsubmitted")
    assert "The licence of figure 3 is missing." in mail.text
    assert "1 Jul 2024, 23:59 AoE" in mail.text


def test_a_revision_gets_its_own_receipt_and_asks_nobody_twice(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue, ben)
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    actions.confirm_authorship(actor="author:x", author=author)
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    put_file(version, FileKind.MAIN)
    put_file(version, FileKind.RESPONSE)
    actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    assert only("revision_received").subject == "TMI-FM-2024-0001.R1: Revision received"
    assert only("authorship_asked").to == ben.email


def test_more_time_and_final_files_are_confirmed(ada: User, kim: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue)
    actions.grant_extension(
        actor=kim,
        manuscript=manuscript,
        kind=MilestoneKind.REVISION,
        until=OPENING + timedelta(days=150),
        reason="Illness in the group.",
    )
    granted = only("extension_granted")
    assert "17 Nov 2024" in granted.text
    assert "Illness" not in granted.text
    done = accepted(ada, issue)
    for kind in (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM):
        put_file(newest(done), kind)
    actions.receive_final_files(actor=ada, manuscript=done)
    assert only("final_files_received").to == ada.email


def test_a_title_cannot_break_out_of_a_mail(ada: User, issue: SpecialIssue) -> None:
    version = newest(submitted(ada, issue))
    version.title = "<script>alert(1)</script>\r\nBcc: x@evil.example"
    [(message, _)] = mails.submission_received(version, OPENING)
    assert "<script>" not in message.html
    assert "\n" not in message.subject
