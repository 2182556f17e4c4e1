"""Joining the pool: who may be asked, the page behind the link, the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.actions import grant_role, open_account
from accounts.models import Affiliation, Role, RoleName, User
from accounts.queries import is_confirmed
from reviews.actions import ask_person, begin_import, confirm_import, merge_people, undo_merge
from reviews.actions.imports import read_import, write_import
from reviews.models import PoolRequest, Publication, ReviewerProfile
from reviews.queries import reviewer_pool
from reviews.recruiting import (
    ANSWER_DAYS,
    ASK_AGAIN_AFTER,
    RequestState,
    Source,
    Standing,
    may_ask_again,
    obstacle,
)
from tests.cast import Story
from tests.people import OPENING
from tmi_special_issue import audit, clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue, Topic
from tmi_special_issue.refusal import Refusal

ClientOf = Callable[[User | None], Client]
MOMENT = timedelta(seconds=1)

ANSWERS = {
    "act": "join",
    "given_name": "Wim",
    "family_name": "Wolter",
    "institution": "Wolter Clinic",
    "country": "NL",
    "is_senior": "on",
    "expertise": "Cardiac MR",
    "load_limit": "2",
    "interval_days": "10",
    "paused_from": "2024-08-01",
    "paused_until": "2024-08-14",
    "paper-1-title": "Cardiac encoders",
    "paper-1-year": "2022",
    "paper-1-doi": "https://doi.org/10.1000/Wolter",
    "paper-1-abstract": "We encode hearts.",
}


def codes(standing: Standing, now: datetime, *, is_again: bool) -> str:
    found = obstacle(standing, now=now, is_again=is_again)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("standing", "after", "first", "again"),
    [
        (Standing(), timedelta(), "", ""),
        (Standing(is_closed=True), timedelta(), "closed", "closed"),
        (Standing(is_at_desk=True), timedelta(), "at_desk", "at_desk"),
        (Standing(never_again=True), timedelta(), "said_never", "said_never"),
        (Standing(state=RequestState.JOINED), timedelta(99), "joined", "joined"),
        (Standing(state=RequestState.DECLINED), timedelta(99), "said_no", "said_no"),
        (
            Standing(state=RequestState.ASKED, asked_at=OPENING),
            ASK_AGAIN_AFTER - MOMENT,
            "asked_lately",
            "asked_lately",
        ),
        (
            Standing(state=RequestState.ASKED, asked_at=OPENING),
            ASK_AGAIN_AFTER,
            "asked_before",
            "",
        ),
    ],
)
def test_who_may_be_asked(standing: Standing, after: timedelta, first: str, again: str) -> None:
    now = OPENING + after
    assert codes(standing, now, is_again=False) == first
    assert codes(standing, now, is_again=True) == again
    is_silent = standing.state == RequestState.ASKED and not again
    assert may_ask_again(standing, now=now) is is_silent


@pytest.fixture
def wim(issue: SpecialIssue) -> User:
    """Somebody from outside, known by address alone."""
    return open_account(actor="system:test", email="wim@wolter.example", family_name="Wim Wolter")


@pytest.fixture
def asked(issue: SpecialIssue, eva: User, wim: User) -> PoolRequest:
    return ask_person(actor=eva, issue=issue, person=wim, source=Source.TYPED)


def link_to(person: User) -> str:
    """The path in the latest mail."""
    text = OutboxMessage.objects.filter(kind="pool_asked", to=person.email).latest("pk").text
    found = re.search(r"/reviews/pool/\S+", text)
    assert found
    return found[0]


def answers(issue: SpecialIssue, **changes: str) -> dict[str, object]:
    topic = Topic.objects.get(issue=issue, code="human-feedback")
    return {**ANSWERS, "topics": [topic.pk], **changes}


def test_asking_writes_one_mail_and_no_role(asked: PoolRequest, wim: User, eva: User) -> None:
    assert asked.state == RequestState.ASKED
    assert asked.answer_by > OPENING + timedelta(days=ANSWER_DAYS - 1)
    mail = OutboxMessage.objects.get(kind="pool_asked")
    assert mail.to == wim.email
    assert "say no, for this issue or for good" in mail.text
    secret = link_to(wim).rstrip("/").rpartition("/")[2]
    assert secret not in asked.secret_hash
    assert secret not in str(list(AuditEntry.objects.values()))
    assert not Role.objects.filter(user=wim).exists()
    with pytest.raises(Refusal) as refused:
        ask_person(actor=eva, issue=asked.issue, person=wim, source=Source.AUTHORS)
    assert refused.value.code == "asked_lately"
    assert OutboxMessage.objects.filter(kind="pool_asked").count() == 1
    assert PoolRequest.objects.get().source == Source.TYPED


def test_asking_again_ends_the_former_link(
    asked: PoolRequest, wim: User, eva: User, client_of: ClientOf
) -> None:
    former = link_to(wim)
    with clock.frozen_at(OPENING + ASK_AGAIN_AFTER):
        ask_person(actor=eva, issue=asked.issue, person=wim, source=Source.POOL, is_again=True)
        assert PoolRequest.objects.get().asked_count == 2
        assert client_of(None).get(former).status_code == 404
        assert client_of(None).get(link_to(wim)).status_code == 200


@pytest.mark.parametrize("name", ["gus", "ivo", "kim"])
def test_nobody_of_the_desk_is_asked(
    name: str, issue: SpecialIssue, eva: User, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refusal) as refused:
        ask_person(
            actor=eva,
            issue=issue,
            person=request.getfixturevalue(name),
            source=Source.TYPED,
        )
    assert refused.value.code == "at_desk"
    assert not OutboxMessage.objects.filter(kind="pool_asked").exists()


def test_a_mail_scanner_changes_nothing(asked: PoolRequest, wim: User, client_of: ClientOf) -> None:
    nobody, path = client_of(None), link_to(wim)
    entries = AuditEntry.objects.count()
    for method in (nobody.get, nobody.head):
        for query in ("", "?act=join", "?act=decline"):
            answer = method(path + query)
            assert answer.status_code == 200
    assert nobody.post(path).status_code == 200  # some programs post nothing
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    assert PoolRequest.objects.get().state == RequestState.ASKED
    assert AuditEntry.objects.count() == entries
    assert not Session.objects.exists()


def test_joining_keeps_everything_and_shows_it_again(
    asked: PoolRequest, wim: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    profile = ReviewerProfile.objects.create(user=wim)
    mine = Publication.objects.create(profile=profile, title="Mine", year=2020)
    other = Publication.objects.create(profile=profile, title="Of a namesake", year=2021)
    nobody, path = client_of(None), link_to(wim)
    content = nobody.get(path).content.decode()
    assert "Of a namesake (2021)" in content
    late = Publication.objects.create(profile=profile, title="Came meanwhile", year=2023)
    sent = answers(issue, shown=[mine.pk, other.pk], papers=[mine.pk])  # type: ignore[arg-type]
    answer = nobody.post(path, sent)
    assert (answer.status_code, answer["Location"]) == (302, path)

    wim.refresh_from_db()
    profile.refresh_from_db()
    assert (wim.given_name, wim.family_name, wim.country) == ("Wim", "Wolter", "NL")
    assert is_confirmed(wim)
    assert [p.institution for p in Affiliation.objects.filter(user=wim)] == ["Wolter Clinic"]
    assert (profile.is_senior, profile.load_limit, profile.interval_days) == (True, 2, 10)
    assert [topic.code for topic in profile.topics.all()] == ["human-feedback"]
    assert str(profile.paused_until) == "2024-08-14"
    papers = {p.title: p for p in Publication.objects.filter(profile=profile)}
    assert set(papers) == {mine.title, late.title, "Cardiac encoders"}
    assert papers["Cardiac encoders"].doi == "10.1000/wolter"
    assert wim in reviewer_pool(issue)
    assert PoolRequest.objects.get().state == RequestState.JOINED
    entry = AuditEntry.objects.get(verb="pool_request.joined")
    assert entry.facts["papers_removed"] == ["Of a namesake"]
    assert list(audit.verify()) == []

    again = nobody.get(path).content.decode()
    assert "You have joined." in again
    assert "Wolter Clinic" in again
    assert "Cardiac encoders (2022)" in again
    changed = answers(
        issue,
        load_limit="1",
        shown=[p.pk for p in papers.values()],  # type: ignore[arg-type]
        papers=[p.pk for p in papers.values()],  # type: ignore[arg-type]
    )
    assert nobody.post(path, changed).status_code == 302
    profile.refresh_from_db()
    assert profile.load_limit == 1
    # The same paper typed twice is one, and the same place is one.
    assert Publication.objects.filter(profile=profile).count() == 3
    assert Affiliation.objects.filter(user=wim).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("family_name", "", "Family name is empty"),
        ("institution", "", "Say where you work"),
        ("load_limit", "99", "a whole number from 0 to 20"),
        ("interval_days", "soon", "a whole number from 0 to 365"),
        ("paused_until", "2024-07-01", "before it begins"),
        ("paused_from", "tomorrow", "written like 2024-08-08"),
        ("paper-1-year", "22", "four digits"),
        ("paper-1-year", "", "The year is missing"),
        ("paper-1-title", "", "The title is missing"),
        ("paper-1-doi", "my paper", "is no DOI"),
    ],
)
def test_bad_input_is_told_and_loses_nothing(
    field: str,
    value: str,
    sentence: str,
    asked: PoolRequest,
    wim: User,
    issue: SpecialIssue,
    client_of: ClientOf,
) -> None:
    nobody, path = client_of(None), link_to(wim)
    answer = nobody.post(path, answers(issue, **{field: value}))
    content = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in content
    for kept in ("Cardiac MR", "We encode hearts.", "Wim"):
        assert kept in content
    assert PoolRequest.objects.get().state == RequestState.ASKED
    assert not Role.objects.filter(user=wim).exists()
    assert not Publication.objects.exists()


@pytest.mark.parametrize("reach", ["issue", "never"])
def test_a_no_is_kept_and_nobody_asks_again(
    reach: str, asked: PoolRequest, wim: User, eva: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    grant_role(actor="system:test", issue=issue, person=wim, name=RoleName.REVIEWER.value)
    nobody, path = client_of(None), link_to(wim)
    assert nobody.post(path, {"act": "decline"}).status_code == 400
    assert nobody.post(path, {"act": "decline", "reach": reach}).status_code == 302
    row = PoolRequest.objects.get()
    assert (row.state, row.never_again) == (RequestState.DECLINED, reach == "never")
    assert wim not in reviewer_pool(issue)
    with clock.frozen_at(OPENING + timedelta(days=200)), pytest.raises(Refusal) as refused:
        ask_person(actor=eva, issue=issue, person=wim, source=Source.POOL, is_again=True)
    assert refused.value.code == ("said_never" if reach == "never" else "said_no")
    # A second thought of the person's own is no obstacle while the link works.
    assert nobody.post(path, answers(issue)).status_code == 302
    assert wim in reviewer_pool(issue)


def test_a_no_for_good_holds_in_another_issue(
    asked: PoolRequest, wim: User, eva: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    client_of(None).post(link_to(wim), {"act": "decline", "reach": "never"})
    issue.pk, issue.key = None, "another"
    issue.save()
    with pytest.raises(Refusal) as refused:
        ask_person(actor=eva, issue=issue, person=wim, source=Source.TYPED)
    assert refused.value.code == "said_never"


def test_a_file_does_not_bring_back_who_said_no(
    asked: PoolRequest, wim: User, ivo: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    client_of(None).post(link_to(wim), {"act": "decline", "reach": "issue"})
    content = b"email,family_name\nwim@wolter.example,Wolter\nnew@pool.example,Newcomer\n"
    file = begin_import(actor=ivo, issue=issue, content=content, name="people.csv")
    file = read_import(actor="system:import", pool_import=file)
    confirm_import(actor=ivo, pool_import=file)
    write_import(actor="system:import", pool_import=file)
    assert [user.email for user in reviewer_pool(issue)] == ["new@pool.example"]


def test_after_its_time_the_link_only_says_so(
    asked: PoolRequest, wim: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    nobody, path = client_of(None), link_to(wim)
    with clock.frozen_at(asked.answer_by):
        assert nobody.get(path).status_code == 200
    with clock.frozen_at(asked.answer_by + MOMENT):
        assert nobody.get(path).status_code == 410
        assert nobody.post(path, answers(issue)).status_code == 410
    assert PoolRequest.objects.get().state == RequestState.ASKED


def test_another_account_takes_the_question_over(
    asked: PoolRequest, wim: User, sam: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    profile = ReviewerProfile.objects.create(user=wim)
    Publication.objects.create(profile=profile, title="Zqx of wim", year=2020)
    browser, path = client_of(sam), link_to(wim)
    first = browser.get(path).content.decode()
    assert "Answer with this account" in first
    for secret in ("Zqx of wim", "wim@wolter.example", "Wolter"):
        assert secret not in first
    # Without the claim nothing of the answer is taken, neither for the one nor for the other.
    assert browser.post(path, answers(issue)).status_code == 200
    assert PoolRequest.objects.get().state == RequestState.ASKED
    claimed = browser.post(path, {"act": "claim"})
    assert PoolRequest.objects.get().person == sam
    # The link of the former address opens nothing of the account that took the request over.
    for holder in (browser, client_of(None), client_of(wim)):
        assert holder.get(path).status_code == 404
        assert holder.post(path, answers(issue)).status_code == 404
    assert sam not in reviewer_pool(issue)
    path = link_to(sam)
    assert claimed["Location"] == path
    assert browser.post(path, answers(issue)).status_code == 302
    assert sam in reviewer_pool(issue)
    assert wim not in reviewer_pool(issue)
    assert [p.title for p in Publication.objects.filter(profile=profile)] == ["Zqx of wim"]


def test_the_desk_takes_no_question_over(
    asked: PoolRequest, wim: User, gus: User, client_of: ClientOf
) -> None:
    browser, path = client_of(gus), link_to(wim)
    assert browser.get(path).status_code == 403
    assert browser.post(path, {"act": "claim"}).status_code == 403
    assert PoolRequest.objects.get().person == wim


def test_who_comes_to_the_desk_afterwards_cannot_join(
    asked: PoolRequest, wim: User, issue: SpecialIssue, client_of: ClientOf
) -> None:
    grant_role(actor="system:test", issue=issue, person=wim, name=RoleName.GUEST_EDITOR.value)
    answer = client_of(None).post(link_to(wim), answers(issue))
    assert answer.status_code == 403
    assert wim not in reviewer_pool(issue)


def test_a_no_goes_with_joined_accounts_and_comes_back(
    asked: PoolRequest, wim: User, ivo: User, eva: User, sam: User, client_of: ClientOf
) -> None:
    client_of(None).post(link_to(wim), {"act": "decline", "reach": "never"})
    ask_person(actor=eva, issue=asked.issue, person=sam, source=Source.TYPED)
    merge = merge_people(actor=ivo, kept=sam, gone=wim)
    with clock.frozen_at(OPENING + ASK_AGAIN_AFTER), pytest.raises(Refusal) as refused:
        ask_person(actor=eva, issue=asked.issue, person=sam, source=Source.POOL, is_again=True)
    assert refused.value.code == "said_never"
    undo_merge(actor=ivo, merge=merge)
    assert PoolRequest.objects.get(person=wim).never_again


def test_only_accepted_manuscripts_are_offered_as_publications(
    issue: SpecialIssue, client_of: ClientOf
) -> None:
    story = Story(issue)
    paper = story.reviewed("accept")
    ask_person(actor=story.eva, issue=issue, person=story.ben, source=Source.AUTHORS)
    nobody, path = client_of(None), link_to(story.ben)
    title = "One Volumetric Encoder for Three Modalities"
    assert title not in nobody.get(path).content.decode()
    story.decide(paper, "accept")
    content = nobody.get(path).content.decode()
    assert title in content
    sent = answers(issue, own=[paper.pk])  # type: ignore[arg-type]
    assert nobody.post(path, sent).status_code == 302
    found = Publication.objects.get(title=title)
    assert [entry["name"] for entry in found.coauthors] == ["Ada Avelin"]
    assert title not in re.findall(r'name="own"[^>]*>', nobody.get(path).content.decode())


def test_an_unknown_link_is_no_page(db: None, client_of: ClientOf) -> None:
    answer = client_of(None).get(reverse("reviews:join", args=["nothing"]))
    assert answer.status_code == 404
