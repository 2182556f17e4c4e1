"""What each author's page asks the database: fifteen queries at most, however rich the work is.

Each page is looked at twice, the second time with three times as many rows of every sort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from submissions import actions
from submissions.models import (
    Author,
    AuthorChange,
    AuthorConsent,
    Correspondence,
    Enquiry,
    EnquiryMessage,
    Extension,
    ExtensionRequest,
    NamedReviewer,
    Receipt,
    ResponsePoint,
    Upload,
    Version,
    VersionFile,
    WithdrawalRequest,
)
from submissions.states import AuthorPart, FileKind, ReceiptPurpose, Stage
from tests.submissions.drafts import (
    accepted,
    empty_draft,
    newest,
    put_file,
    revision_asked,
    submitted,
)
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind, SpecialIssue, Topic

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]

QUERIES_MOST = 15
Addresses = Iterable[tuple[str, str]]
SCREENS = ("files", "manuscript", "authors", "declarations", "check")


@dataclass(frozen=True)
class Desk:
    """Whose pages are looked at, and who else takes part."""

    author: User
    editor: User
    issue: SpecialIssue


@pytest.fixture
def people(ada: User, eva: User, issue: SpecialIssue) -> Desk:
    return Desk(ada, eva, issue)


def enrich(version: Version, people: Desk, numbers: Iterable[int]) -> None:
    """Rows of every sort that a page of this version could show, one or more for each number."""
    manuscript, now = version.manuscript, clock.now()
    change = AuthorChange.objects.filter(manuscript=manuscript).first()
    for number in numbers:
        stem = f"{version.public_id}-{number}"
        account = User.objects.create_user(f"coauthor-{stem}@aside.example", "a long pass phrase")
        Author.objects.create(
            version=version,
            user=account,
            position=100 + number,
            family_name=f"Writer {number}",
            email=account.email,
            institution=f"Institute {number}",
            orcid="0000-0002-1825-0097",
            credit_roles=["software", "validation"],
        )
        for kind in (FileKind.CODE, FileKind.DATASET):
            put_file(version, kind)
        version.topics.add(Topic.objects.filter(issue=people.issue).order_by("-position")[number])
        for is_opposed in (False, True):
            NamedReviewer.objects.create(
                version=version,
                is_opposed=is_opposed,
                name=f"Person {number}",
                email=f"person{number}@aside.example",
                reason="Knows the field.",
            )
        Upload.objects.create(
            version=version,
            owner=people.author,
            kind=FileKind.CODE,
            name=f"half-{number}.zip",
            fingerprint=stem,
            byte_count=10,
            received=5,
            began_at=now,
            expires_at=now + timedelta(days=1),
        )
        for reviewer in (1, 2, 3) if version.revision_number else ():
            ResponsePoint.objects.create(
                manuscript=manuscript,
                revision_number=version.revision_number,
                reviewer=reviewer,
                position=number + 1,
                text="Say how the volumes were chosen.",
                answer="Section 2 says so.",
                place="page 2",
            )
        Receipt.objects.create(
            version=version,
            purpose=ReceiptPurpose.SUBMISSION,
            label=f"{manuscript} {number}",
            received_at=now,
            files=[{"kind": "Paper", "name": "a.pdf", "bytes": 9, "sha256": "0" * 64}],
            metadata=[["Title", f"Title {number}"]],
        )
        Correspondence.objects.create(
            manuscript=manuscript,
            title=f"Letter {number}",
            file=put_file(version, FileKind.MEDIA).file,
            sent_at=now,
        )
        WithdrawalRequest.objects.create(
            manuscript=manuscript,
            asked_by=people.author,
            asked_at=now,
            reason="An error was found.",
            answer="declined",
            answered_at=now,
            note="Mend it in the revision.",
        )
        Extension.objects.create(
            manuscript=manuscript,
            kind=MilestoneKind.REVISION if version.revision_number else MilestoneKind.SUBMISSION,
            until=now + timedelta(days=200 + number),
            reason="Illness.",
            granted_by=people.editor,
            granted_at=now,
        )
        ExtensionRequest.objects.create(
            manuscript=manuscript,
            until=now + timedelta(days=200 + number),
            asked_by=people.author,
            asked_at=now,
            outcome="refused",
            answer="The issue cannot wait.",
            answered_at=now,
        )
        for owner in (None, manuscript) if version.is_draft else (None,):
            enquiry = Enquiry.objects.create(
                issue=people.issue,
                author=people.author,
                editor=people.editor,
                manuscript=owner,
                title=version.title,
                abstract="A volumetric encoder.",
                asked_at=now,
            )
            for suitability in ("", "fits"):
                EnquiryMessage.objects.create(
                    enquiry=enquiry,
                    sender=people.editor,
                    suitability=suitability,
                    text="Is one hospital enough?",
                    sent_at=now,
                )
        if change:
            AuthorConsent.objects.create(
                change=change, name=f"Joiner {number}", email=account.email, part=AuthorPart.JOINS
            )
        empty_draft(people.author, people.issue)


def original(people: Desk) -> Version:
    """A draft that was handed in once, and returned."""
    manuscript = submitted(people.author, people.issue)
    actions.unsubmit_manuscript(actor="system:test", manuscript=manuscript, faults="Page numbers.")
    return newest(manuscript)


def revision(people: Desk) -> Version:
    """A revision that is being written."""
    manuscript = revision_asked(people.author, people.issue)
    actions.start_revision(actor=people.author, manuscript=manuscript)
    version = newest(manuscript)
    # All that may be shown beside an answer has changed.
    version.title, version.abstract = "Another title", version.abstract + " Once more."
    version.save()
    put_file(version, FileKind.MAIN)
    return newest(manuscript)


def in_review(people: Desk) -> Version:
    """Handed in and read by reviewers."""
    manuscript = submitted(people.author, people.issue)
    for stage in (Stage.AWAITING_EDITOR, Stage.IN_REVIEW):
        actions.move_stage(actor="system:test", manuscript=manuscript, to=stage)
    return newest(manuscript)


def other_authors(people: Desk) -> Version:
    """Another list of authors and the withdrawal are asked for."""
    version = in_review(people)
    AuthorChange.objects.create(
        manuscript=version.manuscript,
        asked_by=people.author,
        asked_at=clock.now(),
        reason="A name was left out.",
        former="Ada Avelin",
        authors=[],
    )
    actions.ask_withdrawal(actor=people.author, manuscript=version.manuscript, reason="An error.")
    return version


def final(people: Desk) -> Version:
    """Accepted; the final files are wanted."""
    version = newest(accepted(people.author, people.issue))
    for kind in (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM):
        put_file(version, kind)
    return version


def of_version(*names: str) -> Callable[[Version], Addresses]:
    """Pages whose address names the version."""
    return lambda version: [
        (name, reverse(f"submissions:{name}", args=[version.public_id])) for name in names
    ]


def of_manuscript(*names: str) -> Callable[[Version], Addresses]:
    """Pages whose address names the manuscript."""
    return lambda version: [
        (name, reverse(f"submissions:{name}", args=[version.manuscript.public_id]))
        for name in names
    ]


def records(version: Version) -> Addresses:
    """A receipt, a letter and a file of it."""
    receipt = Receipt.objects.filter(version=version)[0]
    letter = Correspondence.objects.filter(manuscript=version.manuscript)[0]
    row = VersionFile.objects.filter(version=version)[0]
    yield "receipt", reverse("submissions:receipt", args=[receipt.public_id])
    yield "letter", reverse("submissions:correspondence", args=[letter.public_id])
    yield "file", reverse("submissions:file", args=[row.public_id])
    yield "served", reverse("submissions:served", args=[row.public_id])


def general(version: Version) -> Addresses:
    """Pages that belong to no single manuscript."""
    for name in ("call", "review_process", "calendar", "manuscripts", "start"):
        yield name, reverse(f"submissions:{name}")
    for name in ("enquiries", "ask"):
        yield name, reverse(f"enquiries:{name}")
    enquiry = Enquiry.objects.filter(manuscript=version.manuscript)[0]
    yield "enquiry", reverse("enquiries:enquiry", args=[enquiry.public_id])


PAGES: dict[str, tuple[Callable[[Desk], Version], list[Callable[[Version], Addresses]]]] = {
    "original": (
        original,
        [
            of_version(*SCREENS, "missing", "archive"),
            of_manuscript("show", "changes"),
            records,
            general,
        ],
    ),
    "revision": (
        revision,
        [
            of_version("response", *SCREENS, "missing", "archive", "response_word"),
            of_manuscript("show", "changes"),
            records,
        ],
    ),
    "in review": (
        in_review,
        [of_version("archive"), of_manuscript("show", "changes", "withdraw", "change_authors")],
    ),
    "other authors asked for": (other_authors, [of_manuscript("show")]),
    "accepted": (
        final,
        [of_version("archive"), of_manuscript("show", "changes", "final_files"), records],
    ),
}


def asked(browser: Client, address: str) -> int:
    """How many queries a page takes, sessions and people included."""
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert b"".join(answer) if answer.streaming else answer.content
    return len(queries)


@pytest.mark.parametrize("state", PAGES)
def test_pages_of_a_manuscript(people: Desk, client_of: SignIn, state: str) -> None:
    build, sorts = PAGES[state]
    version, browser = build(people), client_of(people.author)
    found = []
    for numbers in (range(2), range(2, 6)):
        enrich(version, people, numbers)
        pages = [page for sort in sorts for page in sort(version)]
        browser.get(reverse("submissions:call"))  # the first page of a session writes its time
        found.append({name: asked(browser, address) for name, address in pages})
    once, thrice = found
    assert thrice == once
    assert {name: count for name, count in thrice.items() if count > QUERIES_MOST} == {}
