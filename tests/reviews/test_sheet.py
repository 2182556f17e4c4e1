"""The score sheet as data (`domain.md` D)."""

from typing import Any

import pytest

from reviews.sheet import (
    TMI_1,
    Context,
    Kind,
    asked,
    faults,
    in_words,
    missing_answers,
    open_to_author,
)
from tests.reviews.conftest import COMPLETE

ORIGINAL = Context()
REVISION = Context(revision_number=1)
EXTENSION = Context(extends_conference_paper=True)


def missing(answers: dict[str, Any], context: Context = ORIGINAL) -> list[str]:
    return [row.key for row in missing_answers(TMI_1, answers, context)]


def test_keys_are_unique_and_every_section_is_on_the_page() -> None:
    keys = [q.key for q in TMI_1.questions]
    assert len(keys) == len(set(keys))
    assert {q.section for q in TMI_1.questions} == {key for key, _, _ in TMI_1.sections}
    assert TMI_1.key == "tmi-1"


def test_the_six_ratings_of_the_journal() -> None:
    assert {q.key for q in TMI_1.questions if q.kind is Kind.RATING} == {
        "scientific_merit",
        "originality",
        "impact",
        "practical_value",
        "reader_interest",
        "overall_evaluation",
    }


def test_what_the_author_sees_is_exactly_this() -> None:
    assert [q.key for q in TMI_1.questions if q.author_sees] == [
        "novelty_met",
        "quality_met",
        "appropriateness_met",
        "impact_met",
        "real_large_scale_validation",
        "validation_note",
        "reproducibility",
        "english_quality",
        "conference_extension_adequate",
        "comments_to_author",
        "remarks",
        "suggested_references",
    ]


def test_an_empty_sheet_lacks_every_required_answer() -> None:
    assert missing({}) == [q.key for q in TMI_1.questions if q.is_required and not q.shown_when]


def test_a_complete_sheet_lacks_nothing() -> None:
    assert missing(COMPLETE) == []
    assert faults(TMI_1, COMPLETE, ORIGINAL) == {}


@pytest.mark.parametrize("key", [q.key for q in TMI_1.questions if q.key in COMPLETE])
def test_each_answer_is_missed_alone(key: str) -> None:
    question = TMI_1.question(key)
    assert question is not None
    rest = {k: v for k, v in COMPLETE.items() if k != key}
    assert missing(rest) == ([key] if question.is_required else [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"comments_to_author": "x" * 499}, ["comments_to_author"]),
        ({"comments_to_author": "word " * 101}, []),
        ({"comments_to_author": ". " * 400}, ["comments_to_author"]),
        ({"comments_to_author": " " * 600}, ["comments_to_author"]),
        ({"ethics_concern": "concern"}, ["ethics_note"]),
        ({"ethics_concern": "concern", "ethics_note": "No board is named."}, []),
        ({"ai_use_declaration": "language"}, ["ai_use_note"]),
        ({"real_large_scale_validation": "no"}, []),
        ({"coi_confirmed": False}, ["coi_confirmed"]),
    ],
)
def test_conditions(change: dict[str, Any], expected: list[str]) -> None:
    assert missing({**COMPLETE, **change}) == expected


def test_a_conference_paper_brings_its_question() -> None:
    assert missing(COMPLETE, EXTENSION) == ["conference_extension_adequate"]
    assert "conference_extension_adequate" not in {q.key for q in asked(TMI_1, {}, ORIGINAL)}


@pytest.mark.parametrize(
    ("answers", "key", "says"),
    [
        ({"colour": "blue"}, "colour", "no question"),
        ({"originality": 6}, "originality", "from 1 to 5"),
        ({"originality": 0}, "originality", "from 1 to 5"),
        ({"originality": True}, "originality", "from 1 to 5"),
        ({"originality": "4"}, "originality", "from 1 to 5"),
        ({"novelty_met": "perhaps"}, "novelty_met", "Yes, Partly, No"),
        ({"recommendation": "burn"}, "recommendation", "not on offer"),
        ({"coi_confirmed": "on"}, "coi_confirmed", "a tick"),
        ({"comments_to_author": 7}, "comments_to_author", "text"),
        ({"comments_to_author": "x" * 20_001}, "comments_to_author", "20001 characters"),
        ({"suggested_references": "one"}, "suggested_references", "list"),
        ({"suggested_references": ["x" * 5001]}, "suggested_references", "limit is 5000"),
    ],
)
def test_what_the_sheet_cannot_hold(answers: dict[str, Any], key: str, says: str) -> None:
    [(where, sentence)] = faults(TMI_1, answers, ORIGINAL).items()
    assert where == key
    assert says in sentence


def test_a_revision_is_never_sent_through_a_second_major_revision() -> None:
    answers = {"recommendation": "reject_resubmit"}
    assert faults(TMI_1, answers, ORIGINAL) == {}
    assert list(faults(TMI_1, answers, REVISION)) == ["recommendation"]


def test_20_000_characters_are_taken() -> None:
    assert faults(TMI_1, {"comments_to_author": "ß" * 20_000}, ORIGINAL) == {}


def test_the_author_reads_words_and_nothing_confidential() -> None:
    answers = {**COMPLETE, "suggested_references": ["A, 2023", "B, 2024"], "co_reviewer": "Zed"}
    open_answers = {a.question.key: a.text for a in open_to_author(TMI_1, answers)}
    assert open_answers == {
        "novelty_met": "Yes",
        "quality_met": "Yes",
        "appropriateness_met": "Yes",
        "impact_met": "Partly",
        "real_large_scale_validation": "Yes",
        "reproducibility": "Partly",
        "english_quality": "Satisfactory",
        "comments_to_author": COMPLETE["comments_to_author"],
        "suggested_references": "A, 2023\nB, 2024",
    }


def test_a_note_whose_question_was_answered_otherwise_stays_unread() -> None:
    answers = {**COMPLETE, "validation_note": "Only phantoms."}
    assert "validation_note" not in {a.question.key for a in open_to_author(TMI_1, answers)}
    answers["real_large_scale_validation"] = "no"
    assert "validation_note" in {a.question.key for a in open_to_author(TMI_1, answers)}


def test_the_editor_reads_everything_in_words() -> None:
    words = {a.question.key: a.text for a in in_words(TMI_1, COMPLETE)}
    assert set(words) == set(COMPLETE)
    assert words["overall_evaluation"] == "Very good"
    assert words["recommendation"] == "Accept pending minor revision"
    assert words["coi_confirmed"] == "Yes"


def test_nothing_is_chosen_beforehand() -> None:
    assert all(not hasattr(q, "default") for q in TMI_1.questions)
    assert {q.kind for q in TMI_1.questions} == set(Kind)
