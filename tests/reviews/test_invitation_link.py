"""The link of a mail: harmless to open, good for one person, dead when the assignment ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews import actions
from reviews.models import Assignment, InvitationLink
from reviews.tokens import hash_of
from tests.reviews.conftest import agree, deliver
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage

Invite = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]

AGREE = {
    "act": "agree",
    "has_conflict": "no",
    "accepts_confidentiality": "on",
    "accepts_ai_terms": "on",
}


def link_in(kind: str) -> str:
    """The path of the link in the latest mail of a kind."""
    text = OutboxMessage.objects.filter(kind=kind).latest("pk").text
    start = text.index("/reviews/invitation/")
    return text[start:].split()[0]


@pytest.fixture
def path(invite: Invite, rui: User) -> str:
    """The link in Rui's invitation."""
    invite(rui)
    return link_in("review_invited")


@pytest.fixture
def nobody(client_of: ClientOf) -> Client:
    """A browser in which nobody is signed in."""
    return client_of(None)


def test_the_page_tells_what_is_asked(path: str, nobody: Client) -> None:
    page = nobody.get(path)
    assert page.status_code == 200
    content = page.content.decode()
    for expected in (
        "Sentence-Level Preference Learning",
        "Ada Avelin",
        "Large language models can draft",
        "Agree to review",
        "Decline",
    ):
        assert expected in content
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]


def test_a_mail_scanner_changes_nothing(path: str, nobody: Client) -> None:
    entries = AuditEntry.objects.count()
    for method in (nobody.get, nobody.head):
        for query in ("", "?act=agree", "?act=decline"):
            assert method(path + query).status_code == 200
    assert Assignment.objects.get().state == "invited"
    assert AuditEntry.objects.count() == entries
    assert not Session.objects.exists()
    assert "session" not in nobody.cookies


def test_the_manuscript_stays_closed_before_agreement(path: str, nobody: Client) -> None:
    nobody.get(path)
    assignment = Assignment.objects.get()
    main = assignment.version.files.get(kind="main")
    answer = nobody.get(reverse("reviews:file", args=[assignment.public_id, main.public_id]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_agreeing_opens_this_one_review_without_an_account(
    path: str, nobody: Client, invite: Invite, sol: User
) -> None:
    other = agree(invite(sol))
    answer = nobody.post(path, AGREE)
    mine = Assignment.objects.get(reviewer__email__startswith="rui")
    assert mine.state == "agreed"
    assert answer["Location"] == reverse("reviews:show", args=[mine.public_id])
    assert answer["Referrer-Policy"] == "strict-origin"
    assert nobody.get(answer["Location"]).status_code == 200
    main = mine.version.files.get(kind="main")
    opened = nobody.get(reverse("reviews:file", args=[mine.public_id, main.public_id]))
    assert b"".join(opened) == b"%PDF-1.7 the manuscript"
    assert nobody.get(reverse("reviews:show", args=[other.public_id])).status_code == 404


def test_the_session_gets_a_new_id_when_it_gains_something(path: str, nobody: Client) -> None:
    session = nobody.session
    session["colour"] = "blue"
    session.save()
    before = session.session_key
    assert before
    nobody.cookies["session"] = before
    nobody.post(path, AGREE)
    assert nobody.session.session_key != before


@pytest.mark.parametrize("lacking", ["has_conflict", "accepts_confidentiality", "accepts_ai_terms"])
def test_agreeing_needs_every_declaration(path: str, nobody: Client, lacking: str) -> None:
    answer = nobody.post(path, {k: v for k, v in AGREE.items() if k != lacking})
    assert answer.status_code == 400
    assert "Please" in answer.content.decode()
    assert Assignment.objects.get().state == "invited"


def test_a_declared_conflict_keeps_the_files_closed(path: str, nobody: Client) -> None:
    words = {"has_conflict": "yes", "coi_statement": "I taught Ben ten years ago."}
    answer = nobody.post(path, {**AGREE, **words}, follow=True)
    assert "The editor reads your declaration" in answer.content.decode()
    assignment = Assignment.objects.get()
    assert assignment.state == "coi_hold"
    main = assignment.version.files.get(kind="main")
    url = reverse("reviews:file", args=[assignment.public_id, main.public_id])
    assert nobody.get(url).status_code == 404


def test_declining_by_the_link(path: str, nobody: Client) -> None:
    answer = nobody.post(path, {"act": "decline", "reason": "no_time", "note": "Until autumn."})
    assert answer.status_code == 200
    assert "Thank you for telling us" in answer.content.decode()
    assignment = Assignment.objects.get()
    assert (assignment.state, assignment.decline_note) == ("declined", "Until autumn.")
    page = nobody.get(path)
    assert page.status_code == 410
    assert "Sentence-Level" not in page.content.decode()
    assert nobody.post(path, AGREE).status_code == 410
    assert Assignment.objects.get().state == "declined"


@pytest.mark.parametrize("content", [{}, {"act": "open"}, {"act": "claim"}, {"reason": "away"}])
def test_a_post_that_says_neither_is_no_answer(
    path: str, nobody: Client, content: dict[str, str]
) -> None:
    entries = AuditEntry.objects.count()
    assert nobody.post(path, content).status_code == 200
    assert Assignment.objects.get().state == "invited"
    assert AuditEntry.objects.count() == entries


def test_answering_twice(path: str, nobody: Client, client_of: ClientOf) -> None:
    nobody.post(path, AGREE)
    entries = AuditEntry.objects.count()
    second = client_of(None)
    page = second.post(path, AGREE)
    assert page.status_code == 200
    assert "Open the review" in page.content.decode()
    assert second.post(path, {"act": "decline"}).status_code == 200
    assert Assignment.objects.get().state == "agreed"
    assert AuditEntry.objects.count() == entries


def test_on_another_device_a_button_opens_the_review_again(
    path: str, nobody: Client, client_of: ClientOf
) -> None:
    nobody.post(path, AGREE)
    phone = client_of(None)
    show = reverse("reviews:show", args=[Assignment.objects.get().public_id])
    assert phone.get(show).status_code == 302
    assert phone.post(path, {"act": "open"})["Location"] == show
    assert phone.get(show).status_code == 200


def test_every_mail_of_the_review_has_a_working_link(
    path: str, nobody: Client, rui: User, eva: User
) -> None:
    nobody.post(path, AGREE)
    assert nobody.get(link_in("review_agreed")).status_code == 200
    assignment = Assignment.objects.get()
    deliver(assignment)
    actions.send_back_review(actor=eva, assignment=assignment, reason="Please shorten it.")
    assert nobody.get(link_in("review_sent_back")).status_code == 200


@pytest.mark.parametrize("secret", ["x", "A" * 43, "a" * 500, "%00", "ü"])
def test_a_forged_link_gives_a_sentence(path: str, nobody: Client, secret: str) -> None:
    page = nobody.get(reverse("reviews:invitation", args=[secret]))
    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()
    assert nobody.post(reverse("reviews:invitation", args=[secret]), AGREE).status_code == 404


def test_the_hash_of_a_secret_is_no_secret(path: str, nobody: Client) -> None:
    [link] = InvitationLink.objects.all()
    assert nobody.get(reverse("reviews:invitation", args=[link.secret_hash])).status_code == 404
    assert nobody.get(reverse("reviews:invitation", args=[link.public_id])).status_code == 404
    assert hash_of(path.strip("/").split("/")[-1]) == link.secret_hash


def test_an_expired_link_says_so_before_and_after_the_schedule(path: str, nobody: Client) -> None:
    assignment = Assignment.objects.get()
    assert assignment.answer_by is not None
    with clock.frozen_at(assignment.answer_by + timedelta(seconds=1)):
        for answer in (nobody.get(path), nobody.post(path, AGREE)):
            assert answer.status_code == 410
            assert "The time to answer is over" in answer.content.decode()
        actions.expire_invitation(actor="system:test", assignment=assignment)
        assert nobody.get(path).status_code == 410
        assert nobody.post(path, AGREE).status_code == 410
    assert Assignment.objects.get().state == "expired"


@pytest.mark.parametrize(("seconds", "state"), [(-1, "agreed"), (0, "agreed"), (1, "invited")])
def test_the_time_to_answer_passes_while_the_page_is_open(
    path: str, nobody: Client, seconds: int, state: str
) -> None:
    answer_by = Assignment.objects.get().answer_by
    assert answer_by is not None
    with clock.frozen_at(answer_by - timedelta(seconds=1)):
        assert nobody.get(path).status_code == 200
    with clock.frozen_at(answer_by + timedelta(seconds=seconds)):
        answer = nobody.post(path, AGREE)
    assert Assignment.objects.get().state == state
    assert answer.status_code == (302 if state == "agreed" else 410)


def test_the_right_account_may_use_the_link(path: str, client_of: ClientOf, rui: User) -> None:
    browser = client_of(rui)
    assert browser.get(path).status_code == 200
    browser.post(path, AGREE)
    assert Assignment.objects.get().state == "agreed"
    assert "review_links" not in browser.session


def test_signing_in_as_another_ends_what_the_link_had_opened(
    path: str, nobody: Client, sol: User
) -> None:
    show = nobody.post(path, AGREE)["Location"]
    nobody.force_login(sol, backend="django.contrib.auth.backends.ModelBackend")
    assert nobody.get(show).status_code == 404


def test_link_and_session_die_when_the_reviewer_is_let_go(
    path: str, nobody: Client, eva: User
) -> None:
    show = nobody.post(path, AGREE)["Location"]
    assignment = Assignment.objects.get()
    actions.unassign_reviewer(actor=eva, assignment=assignment, reason="late")
    assert nobody.get(path).status_code == 404
    assert nobody.get(show).status_code == 404


def test_an_old_session_does_not_come_back_to_life_with_a_new_invitation(
    path: str, nobody: Client, invite: Invite, rui: User, eva: User
) -> None:
    show = nobody.post(path, AGREE)["Location"]
    actions.unassign_reviewer(actor=eva, assignment=Assignment.objects.get(), reason="late")
    agree(invite(rui))
    assert nobody.get(show).status_code == 404


def test_an_answer_needs_the_form_secret(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, AGREE).status_code == 403
    assert Assignment.objects.get().state == "invited"
