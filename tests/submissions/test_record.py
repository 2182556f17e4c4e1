"""What the author keeps and takes back: receipts, editing once more, comparison, archive."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions
from submissions.actions.drafts import NamedReviewerEntry
from submissions.models import Receipt, Version, VersionFile
from submissions.states import FileKind, ReceiptPurpose, Stage
from tests.submissions.drafts import (
    accepted,
    at_stage,
    complete_draft,
    empty_draft,
    fresh,
    newest,
    put_file,
    submitted,
)
from tests.submissions.test_actions import refused, submit, verbs
from tests.submissions.test_views import text_of
from tmi_special_issue import clock, files
from tmi_special_issue.models import OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)
SignIn = Callable[[User | None], Client]


def changed(person: User, version: Version, **values: Any) -> Version:
    return actions.save_draft(
        actor=person,
        version=version,
        values=values,
        edit_count=newest(version.manuscript).edit_count,
    )


# --- Receipts ---------------------------------------------------------------------------------


def test_each_hand_in_leaves_a_receipt_that_later_ones_do_not_change(
    ada: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    first = Receipt.objects.get()
    file = VersionFile.objects.get().file
    assert (first.label, first.purpose) == ("TMI-FM-2024-0001", ReceiptPurpose.SUBMISSION)
    assert first.received_at == newest(manuscript).submitted_at
    assert first.files == [
        {
            "kind": "Main manuscript (PDF)",
            "name": file.original_name,
            "bytes": file.byte_count,
            "sha256": file.sha256,
        }
    ]
    version = actions.take_back_manuscript(actor=ada, manuscript=manuscript)
    put_file(version, FileKind.VIDEO)
    submit(ada, changed(ada, version, title="Another title"))
    first.refresh_from_db()
    second = Receipt.objects.exclude(pk=first.pk).get()
    assert dict(first.metadata)["Title"] == "One Volumetric Encoder for Three Modalities"
    assert dict(second.metadata)["Title"] == "Another title"
    assert (len(first.files), len(second.files)) == (1, 2)


def test_a_receipt_tells_nothing_that_only_editors_read(ada: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue)
    version = actions.save_named_reviewers(
        actor=ada,
        version=version,
        people=[NamedReviewerEntry(name="Opposed One", reason="quarrel", is_opposed=True)],
        edit_count=version.edit_count,
    )
    submit(ada, changed(ada, version, cover_letter="For the editors alone."))
    kept = json.dumps(Receipt.objects.get().metadata)
    assert "Opposed" not in kept
    assert "quarrel" not in kept
    assert "For the editors" not in kept


def test_final_files_get_a_receipt_of_their_own(ada: User, issue: SpecialIssue) -> None:
    manuscript = accepted(ada, issue)
    for kind in (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM):
        put_file(newest(manuscript), kind)
    actions.receive_final_files(actor=ada, manuscript=manuscript)
    actions.receive_final_files(actor=ada, manuscript=manuscript)
    assert [row.purpose for row in Receipt.objects.order_by("id")] == [
        ReceiptPurpose.SUBMISSION,
        ReceiptPurpose.FINAL_FILES,
    ]


def test_the_receipt_is_read_by_its_authors_and_nobody_else(
    ada: User, ben: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    submitted(ada, issue, ben)
    row = Receipt.objects.get()
    address = reverse("submissions:receipt", args=[row.public_id])
    words = text_of(client_of(ben).get(address))
    assert row.files[0]["sha256"] in words
    assert "20 Jun 2024, 12:00:00 UTC" in words
    assert "20 Jun 2024, 00:00 AoE" in words
    assert client_of(sam).get(address).status_code == 404


# --- Taking back to edit ----------------------------------------------------------------------


def test_an_original_is_taken_back_edited_and_submitted_under_its_number(
    ada: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    version = actions.take_back_manuscript(actor=ada, manuscript=manuscript)
    again = actions.take_back_manuscript(actor=ada, manuscript=fresh(manuscript))
    assert version == again
    assert (fresh(manuscript).stage, newest(manuscript).is_draft) == (Stage.UNSUBMITTED, True)
    assert OutboxMessage.objects.filter(kind="manuscript_taken_back").count() == 1
    mail = OutboxMessage.objects.get(kind="manuscript_taken_back")
    assert (mail.to, "1 Jul 2024, 23:59 AoE" in mail.text) == (ada.email, True)
    submit(ada, version)
    back = fresh(manuscript)
    assert (back.number, back.stage) == ("TMI-FM-2024-0001", Stage.SUBMITTED)
    assert verbs(back).count("manuscript.taken_back") == 1


@pytest.mark.parametrize("opens", [True, False])
def test_the_last_second_counts_for_taking_back(
    ada: User, issue: SpecialIssue, opens: bool
) -> None:
    manuscript = submitted(ada, issue)
    with clock.frozen_at(CLOSING if opens else CLOSING + timedelta(seconds=1)):
        if opens:
            actions.take_back_manuscript(actor=ada, manuscript=manuscript)
        else:
            with refused("deadline_passed"):
                actions.take_back_manuscript(actor=ada, manuscript=manuscript)
    assert newest(manuscript).is_draft is opens


def test_nothing_is_taken_back_once_admitted_or_by_somebody_else(
    ada: User, ben: User, sam: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    for person in (ben, sam):
        with refused("not_found"):
            actions.take_back_manuscript(actor=person, manuscript=manuscript)
    admitted = at_stage(manuscript, Stage.AWAITING_EDITOR)
    with refused("wrong_stage"):
        actions.take_back_manuscript(actor=ada, manuscript=admitted)
    assert not newest(manuscript).is_draft


def test_the_page_says_that_what_was_taken_back_does_not_count(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = submitted(ada, issue)
    page = reverse("submissions:show", args=[manuscript.public_id])
    browser = client_of(ada)
    assert "Edit it once more" in text_of(browser.get(page))
    browser.post(reverse("submissions:take_back", args=[manuscript.public_id]))
    words = text_of(browser.get(page))
    assert "Taken back, not submitted" in words
    assert "does not count as submitted" in words
    assert "asks you to mend" not in words


def test_an_earlier_fault_list_is_not_shown_again_after_taking_back(
    ada: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    actions.unsubmit_manuscript(actor="system:test", manuscript=manuscript, faults="Eleven pages.")
    submit(ada, newest(manuscript))
    actions.take_back_manuscript(actor=ada, manuscript=fresh(manuscript))
    assert fresh(manuscript).fault_list == ""


# --- Comparison -------------------------------------------------------------------------------


def test_the_page_compares_any_two_hand_ins_and_the_draft(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = submitted(ada, issue, ben)
    page = reverse("submissions:changes", args=[manuscript.public_id])
    browser = client_of(ada)
    assert "There is one version so far" in text_of(browser.get(page))
    version = actions.take_back_manuscript(actor=ada, manuscript=manuscript)
    changed(ada, version, title="One Volumetric Encoder for Four Modalities")
    drawn = browser.get(page).content.decode()
    assert '<del><span class="visually-hidden">removed: </span>Three' in drawn
    assert '<ins><span class="visually-hidden">added: </span>Four' in drawn
    # The draft is its writers' own: a co-author sees one hand-in and so nothing to compare.
    assert "There is one version so far" in text_of(client_of(ben).get(page))
    receipt = Receipt.objects.get().public_id
    same = text_of(browser.get(page, {"from": receipt, "to": receipt}))
    assert "Choose two different versions." in same


# --- The archive ------------------------------------------------------------------------------


def test_a_draft_can_be_carried_away_after_the_deadline(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue, ben)
    address = reverse("submissions:archive", args=[version.public_id])
    with clock.frozen_at(CLOSING + timedelta(days=3)):
        response = client_of(ada).get(address)
        assert client_of(ben).get(address).status_code == 404
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert names == ["manuscript.txt", "manuscript.json", "files/01-avelin-main.pdf"]
        saved = version.saved_at.replace(microsecond=0)
        for entry in archive.infolist():
            assert abs(datetime(*entry.date_time, tzinfo=UTC) - saved) < timedelta(seconds=2)
        stored = VersionFile.objects.get().file
        assert archive.read(names[2]) == files.read(stored)
        values = json.loads(archive.read(names[1]))
        assert values["title"] == version.title
        assert [author["family_name"] for author in values["authors"]] == ["Avelin", "Brandt"]
        assert "Abstract\n--------\n" in archive.read(names[0]).decode()


def test_an_empty_draft_can_be_carried_away_too(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    response = client_of(ada).get(reverse("submissions:archive", args=[version.public_id]))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["manuscript.txt", "manuscript.json"]
