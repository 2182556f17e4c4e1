"""Around the deadline of a revision: what stays open, what closes, and what is never lost."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.models import RoleName, User
from reviews.models import Assignment
from submissions import actions
from submissions.models import Receipt, Version
from submissions.states import FileKind
from tests.cast import Story, latest_version
from tests.people import give_second_factor, grant_role
from tests.submissions.drafts import fresh, newest, put_file, revision_asked
from tests.submissions.test_kept_text import sign_in
from tests.submissions.test_responses import point, revising
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]

DUE = datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GRACE = timedelta(minutes=15)
TYPED = "We now report every result by patient, and say how the volumes were chosen."


def screen(name: str, version: Version) -> str:
    return reverse(f"submissions:{name}", args=[version.public_id])


def answers(version: Version, words: str = TYPED) -> dict[str, str]:
    """The response as its page posts it."""
    fields = {f"answer_{key}": words for key in ("2_1", "2_2", "4_1")}
    places = {f"place_{key}": "page 3" for key in ("2_1", "2_2", "4_1")}
    revision = str(newest(version.manuscript).edit_count)
    return {**fields, **places, "response_summary": "", "revision": revision, "act": "next"}


def ready(ada: User, issue: SpecialIssue) -> Version:
    """A revision that lacks nothing."""
    version = revising(ada, issue)
    put_file(version, FileKind.MAIN)
    actions.save_answers(
        actor=ada,
        version=version,
        answers=[
            actions.responses.AnswerEntry(point(version, label).public_id, TYPED, "page 3")
            for label in ("R2.1", "R2.2", "R4.1")
        ],
        edit_count=version.edit_count,
    )
    return newest(version.manuscript)


# --- The deadline passes while the form is open ------------------------------------------------


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, True), (1, False)])
def test_submit_a_revision(
    ada: User, issue: SpecialIssue, client_of: SignIn, seconds: int, is_taken: bool
) -> None:
    version = ready(ada, issue)
    browser = client_of(ada)
    with clock.frozen_at(DUE - SECOND):
        assert "Submit the revision" in browser.get(screen("check", version)).content.decode()
    with clock.frozen_at(DUE + seconds * SECOND):
        told = browser.post(screen("submit", version), follow=True).content.decode()
    assert newest(version.manuscript).is_draft is not is_taken
    sentence = (
        "The time to submit ended on 1 Oct 2024, 23:59 AoE (2 Oct 2024, 11:59 UTC). By the "
        "server&#x27;s clock your click came at 2 Oct 2024, 12:00:00 UTC."
    )
    assert (sentence in told) is not is_taken
    assert Receipt.objects.filter(version=version).exists() is is_taken


def test_after_the_deadline_all_of_it_is_readable_and_goes_along(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = ready(ada, issue)
    browser = client_of(ada)
    with clock.frozen_at(DUE + GRACE + SECOND):
        for name in ("response", "files", "manuscript", "authors", "declarations", "check"):
            page = browser.get(screen(name, version))
            assert page.status_code == 200
            assert "The time to submit is over." in page.content.decode()
        assert "Submit the revision" not in page.content.decode()
        assert TYPED in browser.get(screen("response", version)).content.decode()
        word = browser.get(screen("response_word", version))
        archive = zipfile.ZipFile(BytesIO(b"".join(browser.get(screen("archive", version)))))
    assert word.content.startswith(b"PK")
    assert "files/01-avelin-main.pdf" in archive.namelist()


@pytest.mark.parametrize(("late", "is_taken"), [(GRACE, True), (GRACE + SECOND, False)])
def test_a_file_that_began_in_time_takes_the_revision_along(
    ada: User, issue: SpecialIssue, late: timedelta, is_taken: bool, client_of: SignIn
) -> None:
    version = ready(ada, issue)
    main = version.files.get(kind=FileKind.MAIN)
    main.upload_began_at, main.uploaded_at = DUE - SECOND, DUE + SECOND
    main.save()
    with clock.frozen_at(DUE + late):
        client_of(ada).post(screen("submit", version))
    assert newest(version.manuscript).is_draft is not is_taken


# --- Two tabs, two clicks, the button back -----------------------------------------------------


def test_the_second_tab_keeps_its_words_on_the_page(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = revising(ada, issue)
    browser = client_of(ada)
    first, second = answers(version, "From the first tab."), answers(version, TYPED)
    assert browser.post(screen("response", version), first).status_code == 302
    told = browser.post(screen("response", version), second)
    assert told.status_code == 409
    assert TYPED in told.content.decode()
    assert "Not saved." in told.content.decode()
    assert point(version, "R2.1").answer == "From the first tab."


def test_a_double_click_gives_one_receipt(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = ready(ada, issue)
    browser = client_of(ada)
    for _ in range(2):
        told = browser.post(screen("submit", version))
        its_page = reverse("submissions:show", args=[version.manuscript.public_id])
        assert (told.status_code, told["Location"]) == (302, its_page)
    assert Receipt.objects.filter(version=version).count() == 1
    assert OutboxMessage.objects.filter(kind="revision_received").count() == 1


def test_back_after_the_hand_in_nothing_can_be_changed(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = ready(ada, issue)
    browser = client_of(ada)
    former = answers(version, "Too late.")
    browser.post(screen("submit", version))
    its_page = reverse("submissions:show", args=[version.manuscript.public_id])
    for name in ("response", "files", "manuscript", "authors", "declarations", "check"):
        assert browser.get(screen(name, version))["Location"] == its_page
    assert browser.post(screen("response", version), former)["Location"] == its_page
    saved = browser.post(screen("save", version), {**former, "screen": "response"})
    assert saved.status_code >= 400
    assert point(version, "R2.1").answer == TYPED


# --- The session ends in the middle of a form --------------------------------------------------


def end_session(browser: Client) -> None:
    session = browser.session
    session[SEEN_AT] = session[SIGNED_IN_AT] = int(time.time()) - 15 * 24 * 3600
    session.save()


def rows(number: int, **values: str) -> dict[str, str]:
    head = {"authors-TOTAL_FORMS": str(number), "authors-INITIAL_FORMS": str(number)}
    return {**head, **values}


def test_words_typed_into_any_form_come_back_after_the_sign_in(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = revising(ada, issue)
    manuscript = version.manuscript
    named: dict[str, Any] = {
        screen("response", version): answers(version),
        screen("declarations", version): {
            **{
                f"{prefix}-{name}_FORMS": "1" if name == "TOTAL" else "0"
                for prefix in ("funders", "suggested", "opposed")
                for name in ("TOTAL", "INITIAL")
            },
            "cover_letter": TYPED,
            "revision": "0",
        },
        reverse("submissions:ask_extension", args=[manuscript.public_id]): {
            "until": "2024-10-20",
            "reason": TYPED,
        },
        reverse("submissions:withdraw", args=[manuscript.public_id]): {"reason": TYPED},
        reverse("submissions:change_authors", args=[manuscript.public_id]): rows(
            1, **{"authors-0-family_name": "Avelin", "reason": TYPED, "act": "ask"}
        ),
    }
    for address, typed in named.items():
        browser = client_of(ada)
        end_session(browser)
        led_to = browser.post(address, typed)["Location"]
        assert led_to == f"{reverse('account_login')}?next={address}"
        sign_in(browser, ada, address)
        page = browser.get(address)
        assert page.status_code == 200, address
        assert TYPED in page.content.decode(), address
        assert "You were signed out before this could be" in page.content.decode(), address
    assert not OutboxMessage.objects.filter(kind__in=["withdrawal_asked", "extension_asked"])


def test_nothing_of_it_is_shown_to_the_next_person(
    ada: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = revision_asked(ada, issue)
    address = reverse("submissions:ask_extension", args=[manuscript.public_id])
    browser = client_of(ada)
    end_session(browser)
    browser.post(address, {"until": "2024-10-20", "reason": TYPED})
    sign_in(browser, sam, address)
    assert browser.get(address).status_code == 404
    absent = reverse("submissions:ask_extension", args=["0" * 16])
    stranger = client_of(None)
    stranger.post(absent, {"reason": TYPED})
    assert "kept_text" not in stranger.session


# --- An author with another part in the issue --------------------------------------------------


@pytest.mark.parametrize("role", [RoleName.REVIEWER, RoleName.GUEST_EDITOR])
def test_an_author_with_another_role_sees_it_by_the_authors_door_alone(
    issue: SpecialIssue, client_of: SignIn, role: RoleName
) -> None:
    story = Story(issue)
    grant_role(actor=story.ivo, issue=issue, person=story.ada, name=role)
    give_second_factor(story.ada)
    paper = story.reviewed("reject_resubmit")
    story.decide(paper, "reject_resubmit")
    paper = fresh(paper)
    browser = client_of(story.ada)
    own_page = browser.get(reverse("submissions:show", args=[paper.public_id]))
    assert own_page.status_code == 200
    assert paper.number in browser.get(reverse("submissions:manuscripts")).content.decode()
    assignment = Assignment.objects.filter(version__manuscript=paper)[0]
    closed = [
        reverse("desk:manuscript", args=[paper.public_id]),
        reverse("desk:decide", args=[paper.public_id]),
        reverse("reviews:show", args=[assignment.public_id]),
    ]
    for address in closed:
        assert browser.get(address).status_code == 404, address
    wrong_door = "desk:desk" if role == RoleName.GUEST_EDITOR else "reviews:assignments"
    listed = browser.get(reverse(wrong_door)).content.decode()
    assert paper.number not in listed
    assert latest_version(paper).title not in listed
