"""Anybody may ask whether a letter is real; nobody learns by it what a letter says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions
from editors.models import Letter
from editors.queries import current_letter
from submissions.models import Version
from tests.cast import Story
from tests.editors.building import reviewed
from tests.editors.test_letters import text_of
from tmi_special_issue import clock
from tmi_special_issue.identifiers import printed_code
from tmi_special_issue.models import SpecialIssue

SignIn = Callable[[User | None], Client]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"')


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    cache.clear()
    return Story(issue)


@pytest.fixture
def ready(story: Story) -> Version:
    people = [story.rui, story.sol, story.tea, story.uma]
    return reviewed(story.issue, story.ada, story.eva, people, coauthors=[story.ben])


def drafted(story: Story, ready: Version, reasons: str = "Zqxreasons.") -> Letter:
    decision = actions.draft_decision(
        actor=story.eva, manuscript=ready.manuscript, kind="reject", reasons=reasons
    )
    letter = current_letter(decision)
    assert letter is not None
    return actions.render_letter(letter=letter)


def out(story: Story, ready: Version) -> Letter:
    letter = drafted(story, ready)
    actions.release_decision(actor=story.eva, decision=letter.decision, letter=letter)
    return Letter.objects.select_related("file").get(pk=letter.pk)


def asked(code: str | None, checksum: str = "") -> tuple[int, str]:
    answer = Client().post(reverse("letters:verify"), {"code": code or "", "checksum": checksum})
    return answer.status_code, TOKEN.sub("", answer.content.decode())


def test_a_letter_that_is_out_is_found_and_tells_nothing_of_itself(
    story: Story, ready: Version
) -> None:
    letter = out(story, ready)
    assert letter.code is not None
    printed = printed_code(letter.code)
    assert printed in text_of(letter)
    for typed in (printed, printed.lower().replace("-", " "), letter.code):
        status, page = asked(typed)
        assert status == 200
        assert "A letter with this code was issued." in page
        assert story.issue.title in page
        assert "hecksum is" not in page
    for secret in (
        ready.label,
        ready.title,
        letter.number,
        story.ada.family_name,
        story.ben.family_name,
        story.eva.family_name,
        "Reject",
        "Zqxreasons",
        letter.file.sha256 if letter.file else "-",
    ):
        assert secret not in page


def test_a_checksum_is_compared(story: Story, ready: Version) -> None:
    letter = out(story, ready)
    assert letter.file is not None
    same = letter.file.sha256.upper()
    assert "The checksum is that of the letter." in asked(letter.code, f" {same} ")[1]
    other = ("1" if same[0] != "1" else "2") + same[1:]
    assert "The checksum is not that of the letter." in asked(letter.code, other)[1]
    assert asked(letter.code, "zz")[0] == 422


def test_what_is_not_out_answers_the_same_bytes_as_nothing(story: Story, ready: Version) -> None:
    unknown = asked("0000-0000-0000-0000", "a" * 64)
    assert unknown[0] == 404
    replaced = drafted(story, ready)
    letter = drafted(story, ready, "Other words.")
    assert letter.file is not None
    for code in (replaced.code, letter.code, "no code at all", letter.number, letter.public_id):
        assert asked(code, letter.file.sha256) == unknown
    actions.release_decision(
        actor=story.eva,
        decision=letter.decision,
        letter=letter,
        release_at=clock.now() + timedelta(hours=1),
    )
    assert asked(letter.code, letter.file.sha256) == unknown


def test_codes_are_not_tried_without_end(story: Story, ready: Version) -> None:
    letter = out(story, ready)
    answers = [asked("0000-0000-0000-0000")[0] for _ in range(30)]
    assert set(answers) == {404}
    assert asked(letter.code)[0] == 429
