"""Searches kept by name, and the columns of the desk."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors.actions import choose_columns, forget_search, save_search
from editors.models import DeskLayout, SavedSearch
from submissions.states import Stage
from tests.editors.building import make_manuscript
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


def test_a_search_is_kept_under_its_name_and_again_replaces_it(
    issue: SpecialIssue, eva: User, kim: User
) -> None:
    save_search(actor=eva, issue=issue, name="  My   late ones ", text="late:yes", sort="idle")
    save_search(actor=eva, issue=issue, name="My late ones", text="late:yes editor:me")
    save_search(actor=kim, issue=issue, name="My late ones", text="late:yes")
    kept = SavedSearch.objects.filter(owner=eva)
    assert [(s.name, s.text, s.sort) for s in kept] == [("My late ones", "late:yes editor:me", "")]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (" ", "late:yes", "name_needed"),
        ("x" * 61, "late:yes", "name_too_long"),
        ("Slip", "(late:yes", "search_faulty"),
        ("Long", "x" * 10_000, "search_faulty"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    name: str, text: str, code: str, issue: SpecialIssue, eva: User
) -> None:
    with pytest.raises(Refusal) as refused:
        save_search(actor=eva, issue=issue, name=name, text=text)
    assert refused.value.code == code
    assert not SavedSearch.objects.exists()


def test_there_is_room_for_forty(issue: SpecialIssue, eva: User) -> None:
    for number in range(40):
        save_search(actor=eva, issue=issue, name=f"Search {number}", text="")
    with pytest.raises(Refusal) as refused:
        save_search(actor=eva, issue=issue, name="One more", text="")
    assert refused.value.code == "too_many_searches"
    save_search(actor=eva, issue=issue, name="Search 7", text="late:yes")


def test_strangers_and_others_keep_and_forget_nothing(
    issue: SpecialIssue, eva: User, kim: User, sam: User
) -> None:
    own = save_search(actor=eva, issue=issue, name="Mine", text="")
    with pytest.raises(Refusal):
        save_search(actor=sam, issue=issue, name="Mine", text="")
    with pytest.raises(Refusal):
        choose_columns(actor=sam, issue=issue, columns=["stage"])
    with pytest.raises(Refusal):
        forget_search(actor=kim, search=own)
    forget_search(actor=eva, search=own)
    assert not SavedSearch.objects.exists()


def test_the_desk_keeps_a_search_and_columns(
    client: Client, issue: SpecialIssue, eva: User, kim: User, ada: User
) -> None:
    make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva, title="Quiet Encoders")
    client.force_login(eva)
    desk = reverse("desk:desk")
    given = {"q": "encoders", "show": "assigning", "sort": "idle", "name": "Quiet ones"}
    answer = client.post(reverse("desk:save_search"), given, follow=True)
    address, _ = answer.redirect_chain[-1]
    assert address == f"{desk}?q=encoders&show=assigning&sort=idle"
    assert "Quiet ones" in client.get(desk).content.decode()
    answer = client.post(
        reverse("desk:choose_columns"), {"columns": ["next", "stage", "nonsense"], "q": ""}
    )
    assert (answer.status_code, answer["Location"]) == (302, desk)
    assert DeskLayout.objects.get(owner=eva).columns == ["stage", "next"]
    page = client.get(desk).content.decode()
    assert 'data-label="Next date"' in page
    assert 'data-label="Turn"' not in page
    client.force_login(kim)
    page = client.get(desk).content.decode()
    assert "Quiet ones" not in page
    assert 'data-label="Turn"' in page
    forget = reverse("desk:forget_search", args=[SavedSearch.objects.get().public_id])
    assert client.post(forget).status_code == 404


def test_a_kept_search_whose_field_is_gone_tells_so(
    client: Client, issue: SpecialIssue, eva: User, ada: User
) -> None:
    make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    kept = save_search(actor=eva, issue=issue, name="Old", text="colour:red")
    client.force_login(eva)
    page = client.get(reverse("desk:desk"), {"q": kept.text})
    assert page.status_code == 200
    assert "There is no field “colour:”." in page.content.decode()


def test_a_huge_search_is_told_and_finds_nothing(
    client: Client, issue: SpecialIssue, eva: User, ada: User
) -> None:
    make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    client.force_login(eva)
    page = client.get(reverse("desk:desk"), {"q": "x" * 10_000})
    assert page.status_code == 200
    assert "A search has room for 1,000 characters; this one has 10,000." in page.content.decode()
