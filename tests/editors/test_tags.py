"""Tags: words of the desk on a manuscript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.queries import role_names
from editors import actions
from editors.models import Tag
from editors.queries.desk import Viewer
from editors.queries.tags import Tags, tags_about
from editors.tags import TAG_LENGTH, TAGS_MOST, fault_of, tag_name
from submissions.models import Manuscript
from tests.cast import Story
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Statistics", "statistics"),
        ("  needs   a statistician ", "needs-a-statistician"),
        ("- twice -- joined-", "twice-joined"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "café"),
        ("统计 2", "统计-2"),
        ("\t\n", ""),
    ],
)
def test_a_tag_is_kept_in_one_form(text: str, name: str) -> None:
    assert tag_name(text) == name
    assert tag_name(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("statistics", ""),
        ("x" * TAG_LENGTH, ""),
        ("x" * (TAG_LENGTH + 1), "has 41 characters"),
        ("", "the field is empty"),
        ("a:b", "“:” cannot stand"),
        ("<b>", "“<” cannot stand"),
        ("a\x00", "cannot stand"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "cannot stand"),
    ],
)
def test_what_cannot_be_a_tag_is_said_in_a_sentence(name: str, said: str) -> None:
    assert said in fault_of(name)
    assert bool(said) == bool(fault_of(name))


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def paper(story: Story) -> Manuscript:
    return story.handled()


def words(manuscript: Manuscript) -> list[str]:
    return list(Tag.objects.filter(manuscript=manuscript).values_list("name", flat=True))


def seen_by(story: Story, name: str, manuscript: Manuscript) -> Tags:
    person = story.people[name]
    return tags_about(Viewer(person, story.issue, role_names(person, story.issue)), manuscript)


@pytest.mark.django_db
def test_whoever_sees_it_on_the_desk_tags_it_and_nobody_else(
    story: Story, paper: Manuscript
) -> None:
    for name in ("eva", "kim", "ivo"):
        actions.add_tag(actor=story.people[name], manuscript=paper, name=f"of {name}")
    for name in ("ada", "ben", "rui", "gus", "sam"):
        for act in (actions.add_tag, actions.remove_tag):
            with pytest.raises(Refusal) as refused:
                act(actor=story.people[name], manuscript=paper, name="of eva")
            assert (refused.value.code, refused.value.status) == ("not_found", 404)
    assert words(paper) == ["of-eva", "of-ivo", "of-kim"]


@pytest.mark.django_db
def test_the_same_word_twice_is_one_and_is_recorded_once(story: Story, paper: Manuscript) -> None:
    first = actions.add_tag(actor=story.eva, manuscript=paper, name="Statistics")
    again = actions.add_tag(actor=story.kim, manuscript=paper, name=" statistics ")
    assert (first, first.added_by) == (again, story.eva)
    for _ in range(2):
        actions.remove_tag(actor=story.kim, manuscript=paper, name="statistics")
    assert words(paper) == []
    told = AuditEntry.objects.filter(verb__startswith="tag.").order_by("sequence")
    assert [(e.verb, e.subject, e.actor, e.facts) for e in told] == [
        ("tag.added", paper.audit_key, story.eva.audit_key, {"tag": "statistics"}),
        ("tag.removed", paper.audit_key, story.kim.audit_key, {"tag": "statistics"}),
    ]


@pytest.mark.django_db
def test_a_manuscript_carries_so_many_and_not_one_more(story: Story, paper: Manuscript) -> None:
    for number in range(TAGS_MOST):
        actions.add_tag(actor=story.eva, manuscript=paper, name=f"word{number}")
    actions.add_tag(actor=story.eva, manuscript=paper, name="word0")
    with pytest.raises(Refusal) as refused:
        actions.add_tag(actor=story.eva, manuscript=paper, name="another")
    assert refused.value.code == "too_many_tags"
    actions.remove_tag(actor=story.eva, manuscript=paper, name="word0")
    actions.add_tag(actor=story.eva, manuscript=paper, name="another")
    assert len(words(paper)) == TAGS_MOST


@pytest.mark.django_db
def test_only_words_of_manuscripts_in_sight_are_offered(story: Story, paper: Manuscript) -> None:
    story.sam.orcid = "0000-0002-1825-0097"
    other = story.handled("sam", ())
    for manuscript in (paper, other):
        actions.add_tag(actor=story.eva, manuscript=manuscript, name="common")
    actions.add_tag(actor=story.eva, manuscript=paper, name="zqxsecret")
    actions.add_tag(actor=story.eva, manuscript=other, name="open")
    assert seen_by(story, "gus", other) == Tags(["common", "open"], [])
    assert seen_by(story, "eva", other) == Tags(["common", "open"], ["zqxsecret"])
    assert seen_by(story, "eva", paper) == Tags(["common", "zqxsecret"], ["open"])


@pytest.mark.django_db
def test_the_page_adds_and_takes_off_without_scripts(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    browser, here = client_of(story.eva), reverse("desk:manuscript", args=[paper.public_id])
    add, remove = (reverse(f"desk:{n}", args=[paper.public_id]) for n in ("add_tag", "remove_tag"))
    assert browser.post(add, {"name": "Needs statistics"})["Location"] == f"{here}#tags"
    page = browser.get(here).content.decode()
    assert "<bdi>needs-statistics</bdi>" in page
    assert "Tag added" in page
    browser.post(add, {"name": "a:b"})
    assert "cannot stand in a tag" in browser.get(here).content.decode()
    browser.post(remove, {"name": "needs-statistics"})
    assert words(paper) == []


@pytest.mark.django_db
def test_no_author_or_reviewer_reads_a_tag(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    story.invite(paper)
    story.agree(paper, "rui")
    actions.add_tag(actor=story.eva, manuscript=paper, name="zqxsecret")
    doors = [
        (story.ada, reverse("submissions:show", args=[paper.public_id])),
        (story.ben, reverse("submissions:show", args=[paper.public_id])),
        (story.rui, reverse("reviews:show", args=[story.assignment(paper, "rui").public_id])),
        (story.eva, reverse("desk:manuscript", args=[paper.public_id])),
    ]
    shown = [b"zqxsecret" in client_of(who).get(where).content for who, where in doors]
    assert shown == [False, False, False, True]
