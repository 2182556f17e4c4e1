"""The words of letters: versions, places checked on save, drafts begun from them, nothing run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions
from editors.first_words import FIRST_WORDS
from editors.models import Decision, EditorConflict, LetterTemplate
from editors.queries import current_letter
from editors.queries.wording import all_words, present_words
from editors.states import DecisionKind
from editors.wording import blocks, typed_places, unfilled, wording_faults
from submissions.models import Version
from tests.cast import Story
from tests.editors.building import reviewed
from tests.editors.test_letters import text_of
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]
REJECT = DecisionKind.REJECT
OTHER = "Thank you, {author}, for {title}.\n\n{reasons}\n\n## Later\n- one\n- two"


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def eva(story: Story) -> User:
    return story.eva


@pytest.fixture
def ready(story: Story) -> Version:
    reviewers = [story.rui, story.sol, story.tea, story.uma]
    return reviewed(story.issue, story.ada, story.eva, reviewers, coauthors=[story.ben])


@pytest.mark.parametrize("kind", DecisionKind)
def test_the_first_words_are_words_of_a_letter(kind: DecisionKind) -> None:
    assert wording_faults(FIRST_WORDS[kind], kind) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{reasons}\n\nDear {authr}", ["Line 3, sign 6: “{authr}” is no place of a letter."]),
        ("{reasons}\n\nBy {due}", ["Line 3, sign 4: “{due}” is not known for this outcome."]),
        ("Only this", ["Line 1, sign 1: “{reasons}” is missing in the text."]),
        ("{reasons}\n\n{reasons}", ["Line 3, sign 1: “{reasons}” stands here a second time."]),
        ("See {reasons}", ["Line 1, sign 5: “{reasons}” stands alone."]),
        ("Word\n{reasons}", ["Line 2, sign 1: “{reasons}” stands alone."]),
        ("{reasons}\n\n{write: }", ["Line 3, sign 1: the gap does not say what to write."]),
        ("{reasons}\n\na } b", ["Line 3, sign 3: “}” opens or closes no place."]),
        (
            "{reasons}\n\n{{ title }}",
            [
                "Line 3, sign 1: “{” opens or closes no place.",
                "Line 3, sign 2: “{ title }” is no place of a letter.",
                "Line 3, sign 11: “}” opens or closes no place.",
            ],
        ),
        ("{reasons}\n\n{author.x}", ["Line 3, sign 1: “{author.x}” is no place of a letter."]),
        ("{reasons}\n\n{% load x %}", ["Line 3, sign 1: “{% load x %}” is no place of a letter."]),
    ],
)  # fmt: skip
def test_unknown_and_malformed_places_are_named(text: str, told: list[str]) -> None:
    assert [str(fault) for fault in wording_faults(text, REJECT)] == told


def test_a_text_too_long_is_told() -> None:
    faults = wording_faults("{reasons}\n\n" + "x" * 9_000, REJECT)
    assert [fault.sentence for fault in faults] == [
        "the text has 9,011 characters; the limit is 8,000."
    ]


def test_what_fills_a_place_is_never_read_again() -> None:
    values = {
        "title": "{author} ## <b>x</b> {{ y }}",
        "author": "- A",
        "reasons": "{title}\n\n## z",
    }
    assert blocks("## {title}\n{author}\n\n{reasons}\n\n- {title}", values) == [
        {"look": "heading", "text": values["title"], "items": []},
        {"look": "text", "text": "- A", "items": []},
        {"look": "comments", "text": "{title}", "items": []},
        {"look": "comments", "text": "## z", "items": []},
        {"look": "list", "text": "", "items": [values["title"]]},
    ]


def test_what_is_left_to_fill() -> None:
    text = "{due} {title} {write: the point}\n\n{page_charge}"
    assert unfilled(text, {"title": "T"}) == ["{due}", "{write: the point}"]
    assert typed_places("{{ issue }} {due} {x} {write: y}") == ["{due}", "{write: y}"]


def changed(who: User, issue: SpecialIssue, text: str = OTHER, number: int = 1) -> LetterTemplate:
    return actions.change_letter_words(
        actor=who, issue=issue, kind=REJECT, text=text, number=number
    )


def test_each_change_is_a_version_on_record(story: Story) -> None:
    changed(story.kim, story.issue)
    second = changed(story.kim, story.issue, OTHER + "\n- three", 2)
    assert [w.number for w in all_words(story.issue)[REJECT]] == [3, 2, 1]
    assert present_words(story.issue, REJECT).text == OTHER + "\n- three"
    assert present_words(story.issue, DecisionKind.ACCEPT).number == 1
    facts = AuditEntry.objects.filter(subject=second.audit_key).values_list("verb", "facts")
    assert list(facts) == [
        ("letter_words.changed", {"kind": "reject", "number": 2}),
        ("letter_words.changed", {"kind": "reject", "number": 3}),
    ]


@pytest.mark.parametrize("who", ["ivo", "eva", "gus", "ada", "sam"])
def test_others_may_not_change_them(story: Story, who: str) -> None:
    with pytest.raises(Refusal) as told:
        changed(story.people[who], story.issue)
    assert (told.value.code, LetterTemplate.objects.count()) == ("not_allowed", 0)


@pytest.mark.parametrize(
    ("text", "number", "code"),
    [
        (OTHER, 7, "stale_edit"),
        ("{reasons}\n\n{x}", 1, "words_refused"),
        (FIRST_WORDS[REJECT], 1, "nothing_changed"),
    ],
)
def test_what_is_not_kept(story: Story, text: str, number: int, code: str) -> None:
    with pytest.raises(Refusal) as told:
        changed(story.kim, story.issue, text, number)
    assert (told.value.code, LetterTemplate.objects.count()) == (code, 0)


def test_the_second_editor_is_told_and_keeps_what_was_typed(
    story: Story, client_of: SignIn
) -> None:
    changed(story.kim, story.issue)
    address = reverse("desk:edit_letter_words", args=["reject"])
    given = {"text": "{reasons}\n\nMy own words.", "number": 1}
    answer = client_of(story.kim).post(address, given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"{story.kim.full_name} changed these words after you opened the page." in text
    assert "My own words." in text
    assert 'name="number" value="2"' in text
    assert client_of(story.kim).post(address, {**given, "number": 2}).status_code == 302


def test_trying_keeps_nothing_and_shows_the_manuscript(
    story: Story, ready: Version, client_of: SignIn
) -> None:
    address = reverse("desk:edit_letter_words", args=["reject"])
    sent = {"text": OTHER + "\n\n{write: why}", "number": 1, "try": "1"}
    answer = client_of(story.kim).post(address, sent)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert f"<p>Thank you, Ada Avelin, for {ready.title}.</p>" in page
    assert "{write: why}" in page
    assert LetterTemplate.objects.count() == 0
    faulty = client_of(story.kim).post(address, {**sent, "text": "{reasons}\n\n{x}"})
    assert faulty.status_code == 422
    assert "Line 3, sign 1" in faulty.content.decode()


def test_a_manuscript_that_is_hidden_is_not_tried_on(
    story: Story, ready: Version, client_of: SignIn
) -> None:
    EditorConflict.objects.create(
        manuscript=ready.manuscript,
        editor=story.kim,
        rule="F2",
        evidence="Same institution.",
        found_at=clock.now(),
    )
    address = reverse("desk:edit_letter_words", args=["reject"])
    page = client_of(story.kim).get(address, {"paper": ready.manuscript.public_id})
    assert page.status_code == 200
    for secret in (ready.title, ready.label, ready.manuscript.public_id):
        assert secret not in page.content.decode()


def drafted(eva: User, ready: Version, kind: DecisionKind = REJECT, **how: str) -> Decision:
    return actions.draft_decision(
        actor=eva, manuscript=ready.manuscript, kind=kind, reasons=how.pop("reasons", "R."), **how
    )


def test_a_draft_keeps_the_version_it_was_begun_with(
    story: Story, ready: Version, eva: User
) -> None:
    changed(story.kim, story.issue)
    decision = drafted(eva, ready)
    assert (decision.wording, decision.template_number) == (OTHER, 2)
    changed(story.kim, story.issue, "{reasons}\n\nNewer.", 2)
    again = drafted(eva, ready, wording=OTHER + "\n- mine")
    assert (again.wording, again.template_number) == (OTHER + "\n- mine", 2)
    letter = current_letter(again)
    assert letter is not None
    assert letter.template_version == "2024.2/2"
    assert [b["items"] for b in letter.content["body"] if b["look"] == "list"] == [
        ["one", "two", "mine"]
    ]
    afresh = drafted(eva, ready, wording="")
    assert (afresh.wording, afresh.template_number) == ("{reasons}\n\nNewer.", 3)


def test_untouched_words_follow_the_outcome_and_changed_ones_are_not_thrown_away(
    ready: Version, eva: User
) -> None:
    decision = drafted(eva, ready)
    other = drafted(eva, ready, DecisionKind.ACCEPT, wording=decision.wording)
    assert other.wording == FIRST_WORDS[DecisionKind.ACCEPT]
    mine = drafted(eva, ready, DecisionKind.ACCEPT, wording=other.wording + "\n\nMine.")
    with pytest.raises(Refusal) as told:
        drafted(eva, ready, wording=mine.wording)
    assert (told.value.code, told.value.field) == ("words_of_other_outcome", "wording")
    assert Decision.objects.get().wording == mine.wording


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({"wording": "{reasons}\n\n{write: the first point}"}, "{write: the first point}"),
        ({"reasons": "Please send it by {due}."}, "{due}"),
    ],
)
def test_what_nobody_filled_is_not_released(
    ready: Version, eva: User, how: dict[str, str], left: str, client_of: SignIn
) -> None:
    decision = drafted(eva, ready, **how)
    letter = current_letter(decision)
    assert letter is not None
    actions.render_letter(letter=letter)
    with pytest.raises(Refusal) as told:
        actions.release_decision(actor=eva, decision=decision, letter=letter)
    assert told.value.code == "places_unfilled"
    assert left in told.value.sentence
    assert not OutboxMessage.objects.filter(kind="decision_released").exists()
    page = client_of(eva).get(reverse("desk:decide", args=[ready.manuscript.public_id]))
    assert "Left to fill" in page.content.decode()


def test_signs_of_a_template_in_data_stay_text_in_letter_and_mail(
    ready: Version, eva: User
) -> None:
    title = "<b>{title}</b> {{ issue }} {% now 'Y' %}"
    Version.objects.filter(pk=ready.pk).update(title=title)
    decision = drafted(
        eva, ready, wording="On {title}\n\n{reasons}", reasons="{% include 'x' %} {{ secret }} <i>"
    )
    letter = current_letter(decision)
    assert letter is not None
    letter = actions.render_letter(letter=letter)
    said = " ".join(text_of(letter).split())
    assert f"On {title}" in said
    assert "{% include 'x' %} {{ secret }} <i>" in said
    actions.release_decision(actor=eva, decision=decision, letter=letter)
    sent = OutboxMessage.objects.get(kind="decision_released").text
    assert f"On {title}\n\n{{% include 'x' %}} {{{{ secret }}}} <i>\n" in sent


def test_the_page_shows_what_was_changed_against_the_template(
    ready: Version, eva: User, client_of: SignIn
) -> None:
    decision = drafted(eva, ready)
    address = reverse("desk:decide", args=[ready.manuscript.public_id])
    assert "Changed against the template" not in client_of(eva).get(address).content.decode()
    drafted(eva, ready, wording=decision.wording + "\n\nOne more.")
    page = client_of(eva).get(address).content.decode()
    assert "Changed against the template" in page
    assert re.findall(r"<ins><span[^>]*>added: </span>\s*(.*?)<", page) == ["One more."]
