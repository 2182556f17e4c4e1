"""What a reviewer carries away: a calendar that may leak, a certificate that anybody may check."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pikepdf import Pdf

from accounts.models import User
from reviews import actions, schedule, tasks
from reviews.models import Assignment, CalendarFeed, ServiceCertificate
from submissions.models import Version
from tests.reviews.conftest import REVIEW_BEGINS, agree, deliver
from tmi_special_issue import clock, files
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]
CHECK = "/reviews/certificates/"
NOT_TOLD = ("Sentence-Level", "Avelin", "Brandt", "TMI-FM-2024-0001")


@pytest.fixture(autouse=True)
def _now(version: Version) -> Any:
    cache.clear()
    with clock.frozen_at(REVIEW_BEGINS):
        yield


# --- Calendar ---------------------------------------------------------------------------------


def feed_path(person: User) -> str:
    feed = CalendarFeed.objects.get(user=person)
    return reverse("reviews:calendar", args=[feed.token])


def events(path: str, browser: Client) -> list[tuple[str, datetime]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in found]


def test_events_move_when_dates_move(
    invite: Invite, rui: User, eva: User, client_of: ClientOf
) -> None:
    browser, program = client_of(rui), client_of(None)
    assert browser.get("/reviews/calendar/new/").status_code == 405
    browser.post("/reviews/calendar/new/")
    path = feed_path(rui)
    assert path in browser.get("/reviews/").content.decode()
    assert events(path, program) == []
    assignment = invite(rui)
    assert events(path, program) == [
        ("Answer the invitation: TMI-FM-2024-0001", assignment.answer_by)
    ]
    assignment = agree(assignment)
    assert events(path, program) == [("Review due: TMI-FM-2024-0001", assignment.due_at)]
    later = assignment.due_at + timedelta(days=1)
    actions.extend_assignment(actor=eva, assignment=assignment, until=later)
    assert events(path, program) == [("Review due: TMI-FM-2024-0001", later)]
    first, second = program.get(path), program.get(path)
    assert first.content == second.content
    deliver(assignment)
    assert events(path, program) == []


def test_the_feed_holds_the_own_dates_and_no_titles(
    invite: Invite, rui: User, sol: User, client_of: ClientOf
) -> None:
    agree(invite(rui))
    other = agree(invite(sol))
    actions.renew_feed(actor=rui)
    answer = client_of(None).get(feed_path(rui))
    text = answer.content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 1
    for secret in ("Sentence-Level", "Avelin", "Brandt", "Rezende", rui.email, other.public_id):
        assert secret not in text
    assert "no-store" in answer["Cache-Control"]


def test_an_address_dies_when_it_is_replaced_or_switched_off(
    rui: User, client_of: ClientOf
) -> None:
    browser, program = client_of(rui), client_of(None)
    browser.post("/reviews/calendar/new/")
    first = feed_path(rui)
    browser.post("/reviews/calendar/new/")
    second = feed_path(rui)
    assert first != second
    assert [program.get(p).status_code for p in (first, second)] == [404, 200]
    browser.post("/reviews/calendar/off/")
    assert program.get(second).status_code == 404
    verbs = [e.verb for e in AuditEntry.objects.filter(verb__startswith="calendar_feed")]
    assert verbs == ["calendar_feed.renewed", "calendar_feed.renewed", "calendar_feed.closed"]


def test_the_identifier_alone_opens_nothing(rui: User, client_of: ClientOf) -> None:
    feed = actions.renew_feed(actor=rui)
    program = client_of(None)
    key, signature = feed.token.split(".")
    for token in (key, f"{key}.{signature[:-1]}", f"{key}.", f"0{key[1:]}.{signature}", "x", "ü."):
        assert program.get(reverse("reviews:calendar", args=[token])).status_code == 404
    rui.is_active = False
    rui.save()
    assert program.get(feed_path(rui)).status_code == 404


def test_the_calendar_is_switched_by_its_owner_alone(rui: User, client_of: ClientOf) -> None:
    actions.renew_feed(actor=rui)
    nobody = client_of(None)
    for path in ("/reviews/calendar/new/", "/reviews/calendar/off/"):
        assert nobody.post(path).status_code == 302
    assert CalendarFeed.objects.count() == 1


# --- Certificate ------------------------------------------------------------------------------


@pytest.fixture
def served(invite: Invite, rui: User) -> Assignment:
    """Rui has delivered a review."""
    assignment = agree(invite(rui))
    deliver(assignment)
    return assignment


def ask(issue: SpecialIssue, rui: User) -> ServiceCertificate:
    certificate = actions.ask_certificate(actor=rui, issue=issue, year=2024)
    return actions.render_certificate(certificate=certificate)


def words_of(content: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def test_the_paper_names_journal_issue_year_and_code_alone(
    served: Assignment, issue: SpecialIssue, rui: User
) -> None:
    certificate = ask(issue, rui)
    assert certificate.file is not None
    content = files.read(certificate.file)
    words = " ".join(words_of(content).split())
    for expected in (
        "Rui Rezende",
        issue.journal,
        "in 2024",
        certificate.printed_code,
        "/reviews/certificates/",
    ):
        assert expected in words
    with Pdf.open(BytesIO(content)) as document:
        about = str(dict(document.docinfo)) if "/Info" in document.trailer else ""
    for secret in (*NOT_TOLD, rui.email):
        assert secret not in words
        assert secret not in about


def test_asked_twice_it_is_the_same_paper(
    served: Assignment, issue: SpecialIssue, rui: User
) -> None:
    first, second = ask(issue, rui), ask(issue, rui)
    assert (first.pk, first.file_id, first.code) == (second.pk, second.file_id, second.code)
    assert AuditEntry.objects.filter(verb="certificate.rendered").count() == 1


def test_no_certificate_without_a_delivered_review(
    invite: Invite, issue: SpecialIssue, rui: User, sol: User, eva: User
) -> None:
    agreed = agree(invite(rui))
    for person, year in ((rui, 2024), (sol, 2024), (rui, 2023)):
        with pytest.raises(Refusal) as caught:
            actions.ask_certificate(actor=person, issue=issue, year=year)
        assert caught.value.code == "no_review_delivered"
    deliver(agreed)
    actions.send_back_review(actor=eva, assignment=agreed, reason="Please shorten it.")
    with pytest.raises(Refusal):
        actions.ask_certificate(actor=rui, issue=issue, year=2024)


def test_the_year_is_that_of_the_issues_zone(
    invite: Invite, issue: SpecialIssue, rui: User
) -> None:
    assignment = agree(invite(rui))
    deliver(assignment)
    Assignment.objects.update(returned_at=datetime(2025, 1, 1, 11, tzinfo=UTC))
    assert actions.ask_certificate(actor=rui, issue=issue, year=2024).year == 2024


def test_from_the_page_to_the_file(
    served: Assignment, issue: SpecialIssue, rui: User, sol: User, client_of: ClientOf
) -> None:
    browser = client_of(rui)
    assert "Make the certificate for 2024" in browser.get("/reviews/").content.decode()
    browser.post("/reviews/certificates/ask/", {"issue": issue.key, "year": "2024"})
    certificate = ServiceCertificate.objects.get()
    path = reverse("reviews:certificate", args=[certificate.public_id])
    assert browser.get(path).status_code == 404
    assert "is being made" in browser.get("/reviews/").content.decode()
    tasks.render_certificate(certificate.public_id)
    tasks.render_certificate("0000000000000000")
    answer = browser.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert path in browser.get("/reviews/").content.decode()
    assert client_of(sol).get(path).status_code == 404
    assert client_of(None).get(path).status_code == 302
    for wrong in ({"year": "2024"}, {"issue": issue.key, "year": "MMXXIV"}, {}):
        page = browser.post("/reviews/certificates/ask/", wrong, follow=True)
        assert "Choose a year in which" in page.content.decode()
    assert ServiceCertificate.objects.count() == 1


def test_a_lost_ring_is_rung_again_and_failures_end(
    served: Assignment, issue: SpecialIssue, rui: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = actions.ask_certificate(actor=rui, issue=issue, year=2024)
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr("tmi_special_issue.doorbell.ring", lambda *words: rung.append(words))
    schedule.call_for_certificates()
    assert rung == [("reviews.tasks.render_certificate", certificate.public_id)]
    ServiceCertificate.objects.update(attempts=3)
    schedule.call_for_certificates()
    assert len(rung) == 1


# --- The check --------------------------------------------------------------------------------


def test_anybody_may_check_and_learns_what_the_paper_says(
    served: Assignment, issue: SpecialIssue, rui: User, client_of: ClientOf
) -> None:
    certificate = ask(issue, rui)
    nobody = client_of(None)
    assert nobody.get(CHECK).status_code == 200
    for typed in (
        certificate.printed_code,
        certificate.code,
        f"  {certificate.printed_code.lower().replace('-', ' ')} ",
        certificate.printed_code.replace("0", "O").replace("1", "l"),
    ):
        page = nobody.post(CHECK, {"code": typed})
        assert page.status_code == 200
    content = page.content.decode()
    for expected in ("This certificate is real", "Rui Rezende", issue.journal, "2024"):
        assert expected in content
    for secret in (*NOT_TOLD, rui.email, rui.public_id, certificate.public_id):
        assert secret not in content


def test_forged_guessed_and_senseless_codes_get_one_answer(
    served: Assignment, issue: SpecialIssue, rui: User, client_of: ClientOf
) -> None:
    certificate = ask(issue, rui)
    wrong = f"{'0' if certificate.code[0] != '0' else '2'}{certificate.code[1:]}"
    answers = set()
    for code in (wrong, "0" * 16, "", "-", "'; DROP", "x" * 5000, certificate.public_id, "ü\x00"):
        page = client_of(None).post(CHECK, {"code": code})
        answers.add((page.status_code, _plain(page.content)))
    assert len(answers) == 1
    [(status, content)] = answers
    assert (status, b"No certificate has this code" in content) == (404, True)


def test_checks_are_limited(client_of: ClientOf) -> None:
    nobody = client_of(None)
    statuses = [nobody.post(CHECK, {"code": "0" * 16}).status_code for _ in range(32)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    assert "A little slower" in nobody.post(CHECK, {"code": "0" * 16}).content.decode()
    assert nobody.get(CHECK).status_code == 200


def _plain(content: bytes) -> bytes:
    """A page without the secret that every answer carries anew."""
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)


# --- More time from the list --------------------------------------------------------------------


def test_some_days_more_by_a_number(invite: Invite, rui: User, client_of: ClientOf) -> None:
    assignment = agree(invite(rui))
    browser = client_of(rui)
    path = reverse("reviews:time", args=[assignment.public_id])
    assert f'action="{path}"' in browser.get("/reviews/").content.decode()
    page = browser.post(path, {"days": "3", "from": "list"}, follow=True)
    assert page.redirect_chain[-1][0] == "/reviews/"
    before, assignment = assignment.due_at, Assignment.objects.get()
    assert before is not None
    assert assignment.due_at == before + timedelta(days=3)
    browser.post(path, {"days": "30", "from": "list"})
    assert Assignment.objects.get().asked_until == assignment.due_at + timedelta(days=30)
    assert "the editor answers by mail" in browser.get("/reviews/").content.decode()


@pytest.mark.parametrize("days", ["0", "-3", "61", "many", ""])
def test_a_number_out_of_range_is_named(
    invite: Invite, rui: User, client_of: ClientOf, days: str
) -> None:
    assignment = agree(invite(rui))
    path = reverse("reviews:time", args=[assignment.public_id])
    page = client_of(rui).post(path, {"days": days, "from": "list"}, follow=True)
    assert page.status_code == 200
    after = Assignment.objects.get()
    assert (after.due_at, after.asked_until) == (assignment.due_at, None)


def test_a_link_shows_no_calendar_and_no_certificate(
    invite: Invite, rui: User, client_of: ClientOf
) -> None:
    from tests.reviews.test_invitation_link import AGREE, link_in

    invite(rui)
    nobody = client_of(None)
    nobody.post(link_in("review_invited"), AGREE)
    page = nobody.get("/reviews/")
    assert page.status_code == 200
    assert "calendar address" not in page.content.decode()
