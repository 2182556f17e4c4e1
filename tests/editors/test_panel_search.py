"""Somebody in particular for a panel: searched for in the whole pool, the ticks kept."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import RoleName, User
from reviews.models import Publication, ReviewerProfile
from submissions.models import Version
from submissions.states import Stage
from tests.editors.building import make_manuscript
from tmi_special_issue.models import SpecialIssue

Look = Callable[..., str]


@pytest.fixture
def version(issue: SpecialIssue, ada: User, eva: User) -> Version:
    return make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)


@pytest.fixture
def crowd(issue: SpecialIssue) -> list[User]:
    """Thirty people, the last twelve of whom are called Abel."""
    people = []
    for number in range(30):
        name = "Abel" if number >= 18 else "Berg"
        person = User.objects.create_user(
            f"p{number}@house{number}.example", None, given_name=f"P{number:02}", family_name=name
        )
        grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
        profile = ReviewerProfile.objects.create(user=person)
        Publication.objects.create(profile=profile, title=f"Encoder {number}", year=2023)
        people.append(person)
    return people


@pytest.fixture
def look(version: Version, eva: User, client_of: Callable[[User], Client]) -> Look:
    """``look(find="abel", pick=[…])``: the panel's page as asked for."""

    def _look(**asked: object) -> str:
        address = reverse("desk:panel", args=[version.manuscript.public_id])
        answer = client_of(eva).get(address, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return _look


def box(person: User, *, ticked: bool, name: str = "pick") -> str:
    checked = " checked" if ticked else ""
    return f'name="{name}" value="{person.public_id}"{checked}>'


def test_people_beyond_the_bench_are_found_and_can_be_ticked(look: Look, crowd: list[User]) -> None:
    text = look(find="abel")
    assert "12 of the pool fit these words; you see 1 to 10." in text
    assert [text.count(box(p, ticked=False)) for p in crowd[18:28]] == [1] * 10
    later = look(find="abel", page="2")
    assert "you see 11 to 12" in later
    assert [later.count(box(p, ticked=False)) for p in crowd[28:]] == [1, 1]


def test_the_ticks_stay_as_they_were(look: Look, crowd: list[User]) -> None:
    far, near, standing = crowd[29], crowd[3], crowd[4]
    text = look(
        find="abel", pick=[near.public_id, far.public_id], standby=[standing.public_id], page="2"
    )
    assert text.count(" checked") == 3
    for person in (far, near):
        assert text.count(box(person, ticked=True)) == 1
    assert text.count(box(standing, ticked=True, name="standby")) == 1


def test_nobody_ticked_stays_nobody_ticked(look: Look, crowd: list[User]) -> None:
    assert look().count('name="pick"') > 4
    assert look(find="").count(" checked") == 0


def test_whoever_may_not_be_asked_is_found_with_the_reason(
    look: Look, crowd: list[User], version: Version, ada: User, issue: SpecialIssue
) -> None:
    grant_role(actor="system:test", issue=issue, person=ada, name=RoleName.REVIEWER)
    text = look(find=ada.family_name)
    assert "1 of the pool fits these words." in text
    assert box(ada, ticked=False) not in text
    assert text.count(f"<b><bdi>{ada.full_name}</bdi></b>") >= 1


def test_words_that_nobody_has_and_a_page_that_is_not_there(look: Look, crowd: list[User]) -> None:
    assert "Nobody in the pool fits these words." in look(find="zzz")
    assert "you see 11 to 12" in look(find="abel", page="99")
    assert "you see 1 to 10" in look(find="abel", page="x")
    assert "Nobody in the pool fits these words." in look(find="z" * 10_000)
