"""Notes: what the desk writes down about a manuscript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions
from editors.actions.notes import NOTES_MOST
from editors.models import EditorConflict, Note
from editors.queries.notes import readable_notes
from submissions.models import Manuscript
from tests.cast import Story
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
SHARED, PRIVATE = "Zqxshared words", "Zqxprivate words"


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def paper(story: Story) -> Manuscript:
    return story.handled()


def write(
    story: Story, paper: Manuscript, name: str, text: str, *, is_private: bool = False
) -> Note:
    return actions.write_note(
        actor=story.people[name], manuscript=paper, text=text, is_private=is_private
    )


def texts(story: Story, paper: Manuscript, name: str) -> list[str]:
    return [note.text for note in readable_notes(story.people[name], paper)]


def test_a_shared_note_is_for_the_desk_and_a_private_one_for_its_writer(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    mails = OutboxMessage.objects.count()
    write(story, paper, "eva", SHARED)
    write(story, paper, "eva", PRIVATE, is_private=True)
    assert {name: texts(story, paper, name) for name in ("eva", "kim", "ivo")} == {
        "eva": [SHARED, PRIVATE],
        "kim": [SHARED],
        "ivo": [SHARED],
    }
    here = reverse("desk:manuscript", args=[paper.public_id])
    pages = {n: client_of(story.people[n]).get(here).content.decode() for n in ("eva", "kim")}
    assert {n: (SHARED in p, PRIVATE in p) for n, p in pages.items()} == {
        "eva": (True, True),
        "kim": (True, False),
    }
    # Not even that somebody wrote for himself.
    assert "Note written" not in pages["kim"]
    assert OutboxMessage.objects.count() == mails


def test_no_author_reviewer_or_editor_in_conflict_reads_or_writes_one(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    story.invite(paper)
    story.agree(paper, "rui")
    note = write(story, paper, "eva", SHARED)
    for name in ("ada", "ben", "rui", "gus", "sam"):
        person, browser = story.people[name], client_of(story.people[name])
        for act in (
            lambda who=person: actions.write_note(
                actor=who, manuscript=paper, text="Mine", is_private=True
            ),
            lambda who=person: actions.strike_note(actor=who, note=note),
        ):
            with pytest.raises(Refusal) as refused:
                act()
            assert refused.value.status == 404
        strike = reverse("desk:strike_note", args=[paper.public_id, note.public_id])
        assert browser.post(strike).status_code == 404
        for where in (
            reverse("submissions:show", args=[paper.public_id]),
            reverse("reviews:show", args=[story.assignment(paper, "rui").public_id]),
            reverse("desk:manuscript", args=[paper.public_id]),
        ):
            assert SHARED not in browser.get(where).content.decode()
    assert Note.objects.count() == 1


def test_a_conflict_that_comes_later_takes_the_notes_out_of_sight(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    own = write(story, paper, "eva", PRIVATE, is_private=True)
    EditorConflict.objects.create(
        manuscript=paper, editor=story.eva, rule="F2", evidence="e", found_at=clock.now()
    )
    browser = client_of(story.eva)
    assert browser.get(reverse("desk:manuscript", args=[paper.public_id])).status_code == 404
    with pytest.raises(Refusal) as refused:
        actions.strike_note(actor=story.eva, note=own)
    assert refused.value.status == 404


def test_only_its_writer_strikes_a_note_and_it_stays(story: Story, paper: Manuscript) -> None:
    shared = write(story, paper, "eva", SHARED)
    private = write(story, paper, "eva", PRIVATE, is_private=True)
    codes = []
    for note in (shared, private):
        with pytest.raises(Refusal) as refused:
            actions.strike_note(actor=story.kim, note=note)
        codes.append(refused.value.code)
    assert codes == ["not_allowed", "not_found"]
    for _ in range(2):
        assert actions.strike_note(actor=story.eva, note=shared).struck_at == clock.now()
    assert texts(story, paper, "kim") == [SHARED]
    told = AuditEntry.objects.filter(verb__startswith="note.").order_by("sequence")
    assert [(e.verb, e.subject, e.facts) for e in told] == [
        ("note.written", shared.audit_key, {}),
        ("note.written", private.audit_key, {}),
        ("note.struck", shared.audit_key, {}),
    ]


def test_a_double_click_writes_once_and_there_is_an_end(story: Story, paper: Manuscript) -> None:
    first = write(story, paper, "eva", SHARED)
    assert write(story, paper, "eva", SHARED) == first
    assert write(story, paper, "eva", SHARED, is_private=True) != first
    Note.objects.bulk_create(
        Note(manuscript=paper, author=story.eva, text=str(n), written_at=clock.now())
        for n in range(NOTES_MOST - 2)
    )
    with pytest.raises(Refusal) as refused:
        write(story, paper, "eva", "One more")
    assert refused.value.code == "too_many_notes"
    write(story, paper, "kim", "Mine")


def test_the_page_writes_and_strikes_and_loses_no_words(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    browser, here = client_of(story.eva), reverse("desk:manuscript", args=[paper.public_id])
    write_url = reverse("desk:write_note", args=[paper.public_id])
    assert browser.get(write_url).status_code == 200
    empty = browser.post(write_url, {"text": "  ", "is_private": "on"})
    assert empty.status_code == 422
    assert "Your note is empty." in empty.content.decode()
    long = browser.post(write_url, {"text": "w" * 3001})
    assert (long.status_code, "w" * 3001 in long.content.decode()) == (422, True)
    sent = browser.post(write_url, {"text": "<b>See</b> {{ page }} 3", "is_private": "on"})
    assert sent["Location"] == f"{here}#notes"
    page = browser.get(here).content.decode()
    assert "&lt;b&gt;See&lt;/b&gt; {{ page }} 3" in page
    assert "only for you" in page
    note = Note.objects.get()
    browser.post(reverse("desk:strike_note", args=[paper.public_id, note.public_id]))
    assert "<s>&lt;b&gt;See" in browser.get(here).content.decode()
