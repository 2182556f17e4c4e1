"""The deadline passes while a form is open: the click decides, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import mails
from submissions.models import Author, Version
from tests.submissions.drafts import complete_draft, newest, revision_asked, submitted
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)
REVISION_CLOSING = datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AROUND = [(-1, True), (0, True), (1, False)]
SignIn = Callable[[User | None], Client]


def screen(name: str, version: Version) -> str:
    return reverse(f"submissions:{name}", args=[version.public_id])


@pytest.mark.parametrize(("seconds", "is_taken"), AROUND)
def test_submit(
    ada: User, issue: SpecialIssue, client_of: SignIn, seconds: int, is_taken: bool
) -> None:
    version = complete_draft(ada, issue)
    browser = client_of(ada)
    with clock.frozen_at(CLOSING - SECOND):
        assert "Submit the manuscript" in browser.get(screen("check", version)).content.decode()
    with clock.frozen_at(CLOSING + seconds * SECOND):
        answer = browser.post(screen("submit", version), follow=True).content.decode()
    kept = newest(version.manuscript)
    assert kept.is_draft is not is_taken
    assert ("The time to submit ended on" in answer) is not is_taken
    assert (kept.title, kept.abstract) == (version.title, version.abstract)
    assert OutboxMessage.objects.filter(kind="manuscript_submitted").exists() is is_taken


@pytest.mark.parametrize("seconds", [-1, 0, 1, 3600])
def test_what_is_typed_meanwhile_is_kept_on_either_side(
    ada: User, issue: SpecialIssue, client_of: SignIn, seconds: int
) -> None:
    version = complete_draft(ada, issue)
    browser = client_of(ada)
    with clock.frozen_at(CLOSING - SECOND):
        page = browser.get(screen("manuscript", version)).content.decode()
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    typed = {"title": "A title typed at the last second", "revision": revision[1]}
    with clock.frozen_at(CLOSING + seconds * SECOND):
        browser.post(
            screen("save", version),
            {**typed, "screen": "manuscript"},
            headers={"X-Requested-With": "autosave"},
        )
    assert newest(version.manuscript).title == "A title typed at the last second"


@pytest.mark.parametrize(("seconds", "is_taken"), AROUND)
def test_begin_a_revision(
    ada: User, issue: SpecialIssue, client_of: SignIn, seconds: int, is_taken: bool
) -> None:
    manuscript = revision_asked(ada, issue)
    browser = client_of(ada)
    address = reverse("submissions:show", args=[manuscript.public_id])
    with clock.frozen_at(REVISION_CLOSING - SECOND):
        assert "Begin the revision" in browser.get(address).content.decode()
    with clock.frozen_at(REVISION_CLOSING + seconds * SECOND):
        answer = browser.post(
            reverse("submissions:revise", args=[manuscript.public_id]), follow=True
        ).content.decode()
    assert newest(manuscript).is_draft is is_taken
    assert ("The time for the revision" in answer) is not is_taken


# --- The co-author's link ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "status"), [(mails.AUTHORSHIP_DAYS - 1, 200), (mails.AUTHORSHIP_DAYS + 1, 404)]
)
def test_a_co_authors_link_grows_old(
    ada: User,
    ben: User,
    issue: SpecialIssue,
    client_of: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    status: int,
) -> None:
    author = Author.objects.get(version__manuscript=submitted(ada, issue, ben), email=ben.email)
    address = reverse("submissions:authorship", args=[mails.authorship_token(author)])
    later = signing.time.time() + days * 24 * 3600  # type: ignore[attr-defined]
    monkeypatch.setattr(signing.time, "time", lambda: later)  # type: ignore[attr-defined]
    browser = client_of(None)
    for answer in (browser.get(address), browser.post(address, {"answer": "dispute"})):
        assert answer.status_code in {status, 302 if status == 200 else status}
    author.refresh_from_db()
    assert author.confirmation == ("disputed" if status == 200 else "pending")


def test_a_co_authors_link_with_another_row_in_it_is_refused(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = submitted(ada, issue, ben)
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    other = Author.objects.get(version__manuscript=manuscript, email=ada.email)
    value, rest = mails.authorship_token(author).split(":", 1)
    foreign, _ = mails.authorship_token(other).split(":", 1)
    assert value != foreign
    browser = client_of(None)
    answer = browser.get(reverse("submissions:authorship", args=[f"{foreign}:{rest}"]))
    assert answer.status_code == 404
    assert "Brandt" not in answer.content.decode()
