"""The pool at the desk: who sees what of whom, search, limits, grades."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import Affiliation, RoleName, User
from editors.models import EditorConflict
from editors.views import imports
from reviews.models import (
    Assignment,
    PeopleMerge,
    PoolImport,
    Publication,
    ReviewerProfile,
    ReviewGrade,
)
from submissions.models import Version
from tests.editors.building import reviewed
from tmi_special_issue.models import SpecialIssue, Topic

ClientOf = Callable[[User | None], Client]
QUERIES_MOST = 20


@pytest.fixture
def ready(issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User) -> Version:
    """A manuscript of ada's under review by rui and sol; rui knows one topic."""
    profile = ReviewerProfile.objects.create(user=rui, is_senior=True)
    profile.topics.add(Topic.objects.get(issue=issue, code="human-feedback"))
    Publication.objects.create(profile=profile, title="Reward models in radiology", year=2023)
    return reviewed(issue, ada, eva, [rui, sol])


def page(browser: Client, name: str, *args: str, **asked: str) -> str:
    answer = browser.get(reverse(name, args=args), asked)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def names_on(content: str) -> set[str]:
    family = ("Rezende", "Sandvik", "Tomasic", "Avelin")
    return {name for name in family if name in content}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"Rezende", "Sandvik", "Tomasic"}),
        ({"who": "rez"}, {"Rezende"}),
        ({"who": "tarnby technical"}, {"Sandvik"}),
        ({"who": "sol@tarnby"}, {"Sandvik"}),
        ({"who": "reward radiology"}, {"Rezende"}),
        ({"who": "rez tarnby"}, set()),
        ({"who": "Avelin"}, set()),
        ({"who": "100%"}, set()),
        ({"show": "senior"}, {"Rezende"}),
        ({"topic": "human-feedback"}, {"Rezende"}),
        ({"country": "NZ"}, {"Tomasic"}),
        ({"show": "away"}, set()),
    ],
)
def test_search_and_filters(
    asked: dict[str, str],
    expected: set[str],
    ready: Version,
    tea: User,
    eva: User,
    client_of: ClientOf,
) -> None:
    content = page(client_of(eva), "desk:reviewers", **asked)
    rows = content.partition("<tbody>")[2].partition("</tbody>")[0]
    assert names_on(rows) == expected


def test_the_list_and_a_person_tell_what_happened(
    ready: Version, rui: User, eva: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    assert "asked 1" in page(browser, "desk:reviewers")
    content = page(browser, "desk:reviewer", rui.public_id)
    assert ready.label in content
    assert "Reward models in radiology" in content
    assert "Sao Lazaro Teaching Hospital" in content


def test_an_editor_in_conflict_learns_nothing_of_what_is_hidden(
    ready: Version, rui: User, gus: User, eva: User, client_of: ClientOf
) -> None:
    EditorConflict.objects.create(
        manuscript=ready.manuscript,
        editor=gus,
        rule="F2",
        evidence="Same university.",
        found_at=ready.saved_at,
    )
    assignment = Assignment.objects.get(reviewer=rui)
    ReviewGrade.objects.create(
        review=assignment.review,
        editor=eva,
        quality=2,
        timeliness=3,
        note="Zqx the note",
        graded_at=ready.saved_at,
    )
    ReviewerProfile.objects.filter(user=rui).update(interval_days=300)
    seen = page(client_of(eva), "desk:reviewer", rui.public_id)
    hidden = page(client_of(gus), "desk:reviewer", rui.public_id)
    for secret in (ready.label, "Zqx the note", "asked 1", "resting until"):
        assert secret in seen
        assert secret not in hidden
    assert "Not asked yet." in hidden
    listed = page(client_of(gus), "desk:reviewers")
    assert "asked 1" not in listed
    assert "resting" not in listed


def test_only_people_of_the_pool_have_a_page(
    ready: Version, ada: User, kim: User, client_of: ClientOf
) -> None:
    for name in ("desk:reviewer", "desk:limits"):
        answer = client_of(kim).get(reverse(name, args=[ada.public_id]))
        assert answer.status_code == 404


def test_the_office_keeps_limits(ready: Version, rui: User, ivo: User, client_of: ClientOf) -> None:
    address = reverse("desk:limits", args=[rui.public_id])
    typed = {"load_limit": "2", "interval_days": "45", "paused_until": "2024-08-01"}
    assert client_of(ivo).post(address, typed).status_code == 302
    profile = ReviewerProfile.objects.get(user=rui)
    assert (profile.is_senior, profile.load_limit, profile.interval_days) == (False, 2, 45)
    answer = client_of(ivo).post(address, {"paused_from": "2024-08-02", **typed})
    assert answer.status_code == 422
    assert "before it begins" in answer.content.decode()


def test_a_grade_is_given_on_the_desk(
    ready: Version, rui: User, eva: User, client_of: ClientOf
) -> None:
    assignment = Assignment.objects.get(reviewer=rui)
    address = reverse("desk:grade", args=[ready.manuscript.public_id, assignment.public_id])
    assert client_of(eva).post(address, {"quality": "4"}).status_code == 422
    answer = client_of(eva).post(address, {"quality": "4", "timeliness": "5", "note": "Good."})
    assert answer.status_code == 302
    assert "quality 4 of 5" in page(client_of(eva), "desk:reviewer", rui.public_id)


def add_people(issue: SpecialIssue, count: int, *, first: int = 0) -> None:
    topic = Topic.objects.filter(issue=issue).first()
    assert topic is not None
    for number in range(first, first + count):
        person = User.objects.create_user(f"p{number}@pool.example", family_name=f"P{number:04d}")
        Affiliation.objects.create(user=person, institution=f"Institute {number}")
        profile = ReviewerProfile.objects.create(user=person, interval_days=10)
        profile.topics.add(topic)
        Publication.objects.create(profile=profile, title=f"Paper {number}", year=2020)
        grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)


def test_the_pages_ask_as_much_of_sixty_as_of_two(
    ready: Version, issue: SpecialIssue, rui: User, eva: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    addresses = [
        reverse("desk:reviewers"),
        reverse("desk:reviewers") + "?who=inst&show=senior",
        reverse("desk:reviewer", args=[rui.public_id]),
    ]
    add_people(issue, 2)
    browser.get(addresses[0])
    counts = []
    for former, size in ((2, 2), (2, 60)):
        add_people(issue, size - former, first=former)
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                browser.get(address)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= QUERIES_MOST


# --- Files of people --------------------------------------------------------------------------

FILE = (
    "email,given_name,family_name,orcid,institution\n"
    "new@pool.example,Nia,Newcomer,,Halvard\n"
    ",=SUM(1),Formula,,\n"
    ",Nobody,Known,,\n"
)


def send(browser: Client, content: str | bytes, name: str = "people.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return browser.post(reverse("desk:pool_imports"), {"file": file, "owner": ""})


def test_a_file_is_shown_confirmed_and_written(
    issue: SpecialIssue, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    answer = send(browser, FILE)
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    for words in ("Nia Newcomer", "begins with “=”, as a formula does", "Write 1 people into"):
        assert words in shown
    assert not User.objects.filter(email="new@pool.example").exists()
    browser.post(f"{answer['Location']}confirm/")
    done = browser.get(answer["Location"]).content.decode()
    assert "1 new, 0 completed." in done
    assert "Nia Newcomer" in page(browser, "desk:reviewers", who="newcomer")


def test_faults_are_shown_alone_and_by_line(
    issue: SpecialIssue, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    address = send(browser, FILE)["Location"]
    shown = browser.get(address, {"show": "fault"}).content.decode()
    rows = shown.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.count("<tr>") == 1
    assert "as a formula does" in rows


def test_people_without_address_come_back_as_a_file(
    issue: SpecialIssue, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    address = send(browser, FILE)["Location"]
    answer = browser.get(f"{address}without-address.csv")
    assert answer.content.decode("utf-8-sig") == (
        "email,given_name,family_name,orcid,institution,country\r\n,Nobody,Known,,,\r\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), ("åä".encode("latin-1"), "Line 1 is not written in UTF-8.")],
)
def test_a_bad_file_is_answered_with_a_sentence(
    content: bytes, sentence: str, issue: SpecialIssue, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    answer = send(browser, content)
    if answer.status_code == 302:
        answer = browser.get(answer["Location"])
    assert sentence in answer.content.decode()


def test_a_file_over_the_limit_is_not_read_to_its_end(
    issue: SpecialIssue, ivo: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BYTES_MOST", 1024 * 1024)
    answer = send(client_of(ivo), b"x" * (2 * 1024 * 1024))
    assert answer.status_code == 422
    assert "more than 1 MB" in answer.content.decode()


def test_guest_editors_import_nobody(issue: SpecialIssue, eva: User, client_of: ClientOf) -> None:
    assert send(client_of(eva), FILE).status_code == 404


def test_the_post_needs_the_secret_of_the_form(issue: SpecialIssue, ivo: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ivo, backend="django.contrib.auth.backends.ModelBackend")
    assert send(browser, FILE).status_code == 403


def test_a_file_at_work_shows_how_far_it_is(
    issue: SpecialIssue, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    address = send(browser, FILE)["Location"]
    PoolImport.objects.update(state="writing", done_count=500, total_count=10000)
    shown = browser.get(address).content.decode()
    assert "500 of 10000 people" in shown
    assert 'hx-trigger="every 2s"' in shown


# --- Duplicates -------------------------------------------------------------------------------


@pytest.fixture
def twin(issue: SpecialIssue, sol: User) -> User:
    """A second account of sol's."""
    person = User.objects.create_user(
        "s@tarnby.example", given_name=sol.given_name, family_name=sol.family_name
    )
    Affiliation.objects.create(user=person, institution="Tarnby Technical University")
    grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
    return person


def test_a_pair_is_shown_compared_joined_and_parted(
    sol: User, twin: User, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    assert "By name and institution" in page(browser, "desk:duplicates")
    shown = page(browser, "desk:merge", sol.public_id, gone=twin.public_id)
    assert "Join them" in shown
    address = reverse("desk:merge", args=[sol.public_id])
    assert browser.post(address, {"gone": twin.public_id}).status_code == 302
    twin.refresh_from_db()
    assert not twin.is_active
    assert "Part them again" in page(browser, "desk:reviewer", sol.public_id)
    merge = PeopleMerge.objects.get()
    browser.post(reverse("desk:undo_merge", args=[merge.public_id]))
    twin.refresh_from_db()
    assert twin.is_active


def test_two_people_are_told_apart(sol: User, twin: User, ivo: User, client_of: ClientOf) -> None:
    browser = client_of(ivo)
    browser.post(reverse("desk:apart", args=[sol.public_id]), {"gone": twin.public_id})
    assert "Nobody looks like somebody else" in page(browser, "desk:duplicates")


def test_who_is_in_conflict_with_a_manuscript_joins_nobody(
    ready: Version, sol: User, twin: User, kim: User, client_of: ClientOf
) -> None:
    """What stands against it would tell who reviews the hidden manuscript."""
    asked = {"gone": twin.public_id}
    address = reverse("desk:merge", args=[sol.public_id])
    assert client_of(kim).get(address, asked).status_code == 200
    EditorConflict.objects.create(
        manuscript=ready.manuscript,
        editor=kim,
        rule="F2",
        evidence="Same university.",
        found_at=ready.saved_at,
    )
    assert client_of(kim).get(address, asked).status_code == 404
    assert client_of(kim).post(address, asked).status_code == 404
    assert client_of(kim).get(reverse("desk:duplicates")).status_code == 404


def test_the_pairs_of_sixty_ask_as_much_as_those_of_two(
    issue: SpecialIssue, sol: User, twin: User, ivo: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    counts = []
    for first, count in ((0, 2), (2, 58)):
        add_people(issue, count, first=first)
        browser.get(reverse("desk:duplicates"))
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("desk:duplicates"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= QUERIES_MOST
