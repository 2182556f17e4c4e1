"""Recruiting at the desk: whom one sees, the letters, who was asked; what it never tells."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import grant_role, open_account
from accounts.models import RoleName, User
from editors.actions import ask_people
from editors.actions.recruiting import Wish
from editors.models import EditorConflict
from editors.queries.desk import Viewer
from editors.queries.recruiting import authors_to_ask
from reviews.actions import decline_pool
from reviews.models import PoolRequest
from reviews.recruiting import ASK_AGAIN_AFTER, ASK_MOST, RequestState, Source
from submissions.models import Author, Manuscript, Version
from submissions.states import Confirmation, Stage
from tests.editors.building import add_version, make_manuscript
from tests.people import OPENING
from tests.reviews.test_actions import at_once
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

ClientOf = Callable[[User | None], Client]
QUERIES_MOST = 20
LIST, AUTHORS, LETTERS = "desk:recruiting", "desk:recruit_authors", "desk:recruit_confirm"


@pytest.fixture
def written(issue: SpecialIssue, ada: User, eva: User) -> Version:
    """A manuscript of ada's and two people without an account."""
    version = make_manuscript(issue, ada, editor=eva, stage=Stage.IN_REVIEW)
    add_author(version, "Noa", "Nyberg", "noa@nyberg.example", 8)
    add_author(version, "Wim", "Wolter", "wim@wolter.example", 9)
    return version


def add_author(version: Version, given: str, family: str, email: str, position: int) -> Author:
    return Author.objects.create(
        version=version,
        position=position,
        given_name=given,
        family_name=family,
        email=email,
        institution=f"{family} Institute",
    )


def page(browser: Client, name: str, **asked: str) -> str:
    answer = browser.get(reverse(name), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(content: str) -> str:
    return content.partition("<tbody>")[2].partition("</tbody>")[0]


def listed(issue: SpecialIssue, user: User) -> set[str]:
    roles = frozenset(user.roles.values_list("name", flat=True))
    return {a.email for a in authors_to_ask(Viewer(user=user, issue=issue, roles=roles))}


def mailed() -> list[str]:
    return sorted(OutboxMessage.objects.filter(kind="pool_asked").values_list("to", flat=True))


def test_two_authors_are_asked_with_two_ticks(
    written: Version, eva: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    content = page(browser, AUTHORS)
    for shown in ("Wolter Institute", "noa@nyberg.example", "Tick all on this page"):
        assert shown in content
    for hidden in (written.title, written.manuscript.number):
        assert hidden not in content
    ticks = re.findall(r'name="author" value="(\w+)"', content)
    wanted = list(
        Author.objects.filter(email__in=["noa@nyberg.example", "wim@wolter.example"]).values_list(
            "public_id", flat=True
        )
    )
    assert set(wanted) < set(ticks)
    letters = browser.post(reverse(LETTERS), {"author": wanted})
    text = letters.content.decode()
    assert "Ask these 2" in text
    assert "would like to be able to ask you for reviews" in text
    assert written.title not in text
    assert mailed() == []
    assert not PoolRequest.objects.exists()

    for _ in range(2):  # a double click
        assert browser.post(reverse(LIST), {"author": wanted})["Location"] == reverse(LIST)
    assert mailed() == ["noa@nyberg.example", "wim@wolter.example"]
    assert {(r.source, r.state) for r in PoolRequest.objects.all()} == {("authors", "asked")}
    assert written.title not in OutboxMessage.objects.filter(kind="pool_asked")[0].text
    assert "was asked on 20 Jun 2024" in rows_of(page(browser, AUTHORS))
    assert "as an author" in rows_of(page(browser, LIST))


def test_all_authors_are_asked_by_one_button(
    written: Version, eva: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    letters = browser.post(reverse(LETTERS), {"everybody": "authors", "who": "institute"})
    named = re.findall(r'name="author" value="(\w+)"', letters.content.decode())
    assert {Author.objects.get(public_id=key).family_name for key in named} == {"Nyberg", "Wolter"}


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.UNSUBMITTED, Stage.WITHDRAWN])
def test_authors_of_what_is_not_there_are_not_counted(
    stage: Stage, written: Version, issue: SpecialIssue, eva: User
) -> None:
    assert listed(issue, eva) > {"noa@nyberg.example", "wim@wolter.example"}
    Manuscript.objects.update(stage=stage)
    assert listed(issue, eva) == set()


def test_authors_of_a_version_that_is_not_handed_in_are_not_counted(
    written: Version, issue: SpecialIssue, eva: User
) -> None:
    draft = add_version(written.manuscript, 1, title="Revised")
    Version.objects.filter(pk=draft.pk).update(submitted_at=None)
    add_author(draft, "Zed", "Zander", "zed@zander.example", 9)
    assert "zed@zander.example" not in listed(issue, eva)


def test_reviewers_desk_and_those_who_dispute_are_not_listed(
    written: Version, issue: SpecialIssue, eva: User, gus: User, ivo: User, rui: User
) -> None:
    for place, person in enumerate((gus, ivo, rui), start=10):
        add_author(written, person.given_name, person.family_name, person.email.upper(), place)
    Author.objects.filter(email="wim@wolter.example").update(confirmation=Confirmation.DISPUTED)
    found = listed(issue, eva)
    assert "noa@nyberg.example" in found
    assert not {person.email.upper() for person in (gus, ivo, rui)} & found
    assert "wim@wolter.example" not in found


def test_an_editor_in_conflict_learns_of_no_author(
    written: Version, eva: User, gus: User, client_of: ClientOf
) -> None:
    hide(written, gus)
    keys = list(Author.objects.values_list("public_id", flat=True))
    browser = client_of(gus)
    assert "Nyberg" in page(client_of(eva), AUTHORS)
    for content in (
        page(browser, AUTHORS),
        browser.post(reverse(LETTERS), {"author": keys}).content.decode(),
        browser.post(reverse(LETTERS), {"everybody": "authors"}).content.decode(),
    ):
        assert "Nyberg" not in content
        assert "No author is left" in content or "Nobody can be asked." in content
    browser.post(reverse(LIST), {"author": keys})
    assert mailed() == []


def test_the_list_tells_an_editor_in_conflict_nothing_of_the_way(
    written: Version, issue: SpecialIssue, eva: User, gus: User, client_of: ClientOf
) -> None:
    """Whether somebody was asked as an author or by address: the same page."""
    hide(written, gus)
    ask(eva, issue, "noa@nyberg.example", Source.AUTHORS)
    first = rows_of(page(client_of(gus), LIST))
    assert "Noa" in first
    PoolRequest.objects.update(source=Source.TYPED)
    assert rows_of(page(client_of(gus), LIST)) == first
    assert "by address" in rows_of(page(client_of(eva), LIST))


def test_pasted_lines_are_read_and_faults_told(
    issue: SpecialIssue, eva: User, gus: User, sam: User, client_of: ClientOf
) -> None:
    lines = f"Noa Nyberg <noa@nyberg.example>\nOnly A. Name\nnot@whole\n{gus.email}\n{sam.email}"
    browser = client_of(eva)
    content = browser.post(reverse(LETTERS), {"people": lines}).content.decode()
    for told in (
        "Ask these 2",
        "has no address in this line",
        "is no whole address",
        "works at the desk of this issue",
        "Change the list",
    ):
        assert told in content
    browser.post(reverse(LIST), {"people": lines})
    assert mailed() == sorted(["noa@nyberg.example", sam.email])
    made = User.objects.get(email="noa@nyberg.example")
    assert (made.family_name, made.has_usable_password()) == ("Noa Nyberg", False)


def test_imported_people_are_ticked_in_the_list_of_reviewers(
    issue: SpecialIssue, eva: User, rui: User, client_of: ClientOf
) -> None:
    new = open_account(actor="system:test", email="new@pool.example", family_name="Newcomer")
    grant_role(actor="system:test", issue=issue, person=new, name=RoleName.REVIEWER.value)
    browser = client_of(eva)
    rows = rows_of(page(browser, "desk:reviewers", show="unasked"))
    assert "Newcomer" in rows
    assert rui.family_name not in rows  # whose address is confirmed
    letters = browser.post(reverse(LETTERS), {"everybody": "pool", "show": "unasked"})
    assert f'name="person" value="{new.public_id}"' in letters.content.decode()
    browser.post(reverse(LIST), {"person": [new.public_id]})
    assert mailed() == ["new@pool.example"]
    assert "asked to join" in rows_of(page(browser, "desk:reviewers"))
    assert "Newcomer" not in rows_of(page(browser, "desk:reviewers", show="unasked"))
    person = browser.get(reverse("desk:reviewer", args=[new.public_id])).content.decode()
    assert "asked to join" in person


def test_whoever_is_neither_in_the_pool_nor_asked_cannot_be_named_by_key(
    issue: SpecialIssue, eva: User, sam: User, client_of: ClientOf
) -> None:
    client_of(eva).post(reverse(LIST), {"person": [sam.public_id]})
    assert mailed() == []


def test_the_silent_are_asked_again_and_no_one_else(
    issue: SpecialIssue, eva: User, client_of: ClientOf
) -> None:
    silent = ask(eva, issue, "noa@nyberg.example")
    no = ask(eva, issue, "wim@wolter.example")
    decline_pool(actor=no.person, request=no, never_again=False)
    browser = client_of(eva)
    people = [silent.person.public_id, no.person.public_id]
    assert 'name="person"' not in rows_of(page(browser, LIST))
    browser.post(reverse(LIST), {"person": people, "again": "1"})
    assert len(mailed()) == 2
    with clock.frozen_at(OPENING + ASK_AGAIN_AFTER):
        ticks = re.findall(r'name="person" value="(\w+)"', page(browser, LIST))
        assert ticks == [silent.person.public_id]
        browser.post(reverse(LIST), {"person": people})  # without saying that it is again
        assert len(mailed()) == 2
        browser.post(reverse(LIST), {"person": people, "again": "1"})
    assert mailed() == ["noa@nyberg.example", "noa@nyberg.example", "wim@wolter.example"]


def test_counts_and_filters(issue: SpecialIssue, eva: User, client_of: ClientOf) -> None:
    requests = [ask(eva, issue, f"p{n}@pool.example") for n in range(4)]
    now = clock.now()
    for row, state in zip(requests, ("asked", "asked", "joined", "declined"), strict=True):
        answered = None if state == "asked" else now
        PoolRequest.objects.filter(pk=row.pk).update(state=state, answered_at=answered)
    PoolRequest.objects.filter(pk=requests[1].pk).update(answer_by=now - ASK_AGAIN_AFTER)
    browser = client_of(eva)
    shown = {
        show: set(re.findall(r"p\d@pool", rows_of(page(browser, LIST, show=show))))
        for show in ("", "waiting", "silent", "joined", "no")
    }
    assert shown == {
        "": {"p0@pool", "p1@pool", "p2@pool", "p3@pool"},
        "waiting": {"p0@pool"},
        "silent": {"p1@pool"},
        "joined": {"p2@pool"},
        "no": {"p3@pool"},
    }
    chips = re.findall(r'([A-Z][\w ]+) <b class="num">(\d+)</b>', page(browser, LIST))
    assert chips == [
        ("Asked", "4"),
        ("Waiting", "1"),
        ("No answer", "1"),
        ("Joined", "1"),
        ("Said no", "1"),
    ]


def test_the_act_refuses_strangers_nobody_and_crowds(
    issue: SpecialIssue, eva: User, sam: User, rui: User
) -> None:
    one = Wish("noa@nyberg.example", Source.TYPED)
    many = [Wish(f"p{n}@pool.example", Source.TYPED) for n in range(ASK_MOST + 1)]
    for actor, wishes, code in (
        (sam, [one], "not_allowed"),
        (rui, [one], "not_allowed"),
        (eva, [], "nobody_named"),
        (eva, many, "too_many"),
    ):
        with pytest.raises(Refusal) as refused:
            ask_people(actor=actor, issue=issue, wishes=wishes)
        assert refused.value.code == code
    assert mailed() == []
    assert not User.objects.filter(email="noa@nyberg.example").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_write_one_mail(issue: SpecialIssue, eva: User, kim: User) -> None:
    for number in range(5):
        wish = Wish(f"p{number}@pool.example", Source.TYPED)

        def act(which: int, wish: Wish = wish) -> None:
            ask_people(actor=(eva, kim)[which], issue=issue, wishes=[wish])

        assert at_once(2, act) == ["", ""]
        assert mailed().count(wish.email) == 1
    assert PoolRequest.objects.count() == 5


def test_pages_ask_the_database_the_same_for_one_and_for_many(
    written: Version, issue: SpecialIssue, eva: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    ask(eva, issue, "first@pool.example")
    page(browser, LIST)  # the first page of a session asks for more
    few = {name: queries(browser, name) for name in (LIST, AUTHORS, "desk:reviewers")}
    for number in range(40):
        ask(eva, issue, f"p{number}@pool.example")
        add_author(written, "A", f"B{number}", f"a{number}@author.example", 20 + number)
    many = {name: queries(browser, name) for name in few}
    assert many == few
    assert max(many.values()) <= QUERIES_MOST, many


def queries(browser: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        page(browser, name)
    return len(caught)


def hide(version: Version, editor: User) -> None:
    EditorConflict.objects.create(
        manuscript=version.manuscript,
        editor=editor,
        rule="F2",
        evidence="Same university.",
        found_at=OPENING,
    )


def ask(
    editor: User, issue: SpecialIssue, email: str, source: Source = Source.TYPED
) -> PoolRequest:
    name = "Noa" if email.startswith("noa") else email
    done = ask_people(actor=editor, issue=issue, wishes=[Wish(email, source, family_name=name)])
    assert done.requests[0].state == RequestState.ASKED
    return done.requests[0]
