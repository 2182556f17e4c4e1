"""The score sheet written down, looked over and changed. Pure."""

from dataclasses import replace
from typing import Any

import pytest

from reviews.sheet import (
    BUILT_IN,
    FIXED,
    TMI_1,
    Change,
    Choice,
    Kind,
    Question,
    Sheet,
    added,
    changes_between,
    exchanged,
    from_json,
    moved,
    new_question,
    removed,
    reworded,
    sheet_faults,
    sheet_of,
    to_json,
)

OWN = new_question(
    Kind.CHOICE,
    label="Clinical use?",
    help_text="",
    is_required=True,
    author_sees=True,
    choices=["Yes", "No"],
    taken=(),
)


def test_the_journals_own_sheet_is_written_and_read_the_same() -> None:
    assert sheet_of(1, to_json(TMI_1.questions)) == TMI_1
    assert sheet_faults(TMI_1.questions) == []


def test_every_fixed_question_is_one_of_the_journal() -> None:
    assert set(BUILT_IN) >= FIXED


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("label", 3, "Question 1: “label” is not of the type str."),
        ("is_required", 1, "Question 1: “is_required” is not of the type bool."),
        ("kind", "song", "Question 1: there is no kind “song”."),
        ("headings", [1], "Question 1: a heading is text."),
        ("choices", [{"value": "1"}], "Question 1: an answer has not exactly the parts of one."),
        ("shown_when", "always", "Question 1: it is not clear when it is asked."),
        ("shown_when", ["a", []], "Question 1: it is not clear when it is asked."),
        ("colour", "red", "Question 1 has not exactly the parts of a question."),
    ],
)
def test_what_has_another_shape_is_told(part: str, value: Any, sentence: str) -> None:
    row = {**to_json(TMI_1.questions)[0], part: value}
    with pytest.raises(ValueError, match=r".") as told:
        from_json([row])
    assert str(told.value) == sentence


def test_questions_are_a_list() -> None:
    with pytest.raises(ValueError, match="are a list"):
        from_json({"questions": []})


@pytest.mark.parametrize("key", sorted(FIXED))
def test_a_fixed_question_may_not_go(key: str) -> None:
    left = tuple(q for q in TMI_1.questions if q.key != key)
    assert f"“{BUILT_IN[key].label}” is missing; every score sheet asks it." in sheet_faults(left)


@pytest.mark.parametrize("key", sorted(FIXED))
def test_a_fixed_question_keeps_its_kind_and_must(key: str) -> None:
    original = BUILT_IN[key]
    other = Kind.TEXT if original.kind is not Kind.TEXT else Kind.CHOICE
    for changed in (
        replace(original, kind=other),
        replace(original, author_sees=not original.author_sees),
        replace(original, is_required=not original.is_required),
    ):
        assert sheet_faults(exchanged(TMI_1.questions, changed)) != []


def test_a_fixed_question_may_be_put_in_other_words() -> None:
    level = replace(
        BUILT_IN["originality"],
        label="How new is it?",
        help="In your field.",
        choices=tuple(Choice(str(n), f"Level {n}") for n in range(1, 6)),
    )
    assert sheet_faults(exchanged(TMI_1.questions, level)) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"label": " "}, "The question “own_clinical_use” has no words."),
        ({"label": "x" * 201}, f"“{'x' * 60}…” has 201 characters; 200 are the most."),
        ({"key": "clinical"}, "The key “clinical” is not one of an added question."),
        ({"section": "verdict"}, "“Clinical use?” does not stand where its readers expect it."),
        ({"choices": ()}, "“Clinical use?” offers 0 answers; 2 to 12 are due."),
        (
            {"choices": (Choice("a", "Yes"), Choice("b", "yes"))},
            "“Clinical use?” offers the same answer twice.",
        ),
        (
            {"choices": (Choice("a", "Yes; no"), Choice("b", "No"))},
            (
                "“Clinical use?”: the answer “Yes; no” is one line of up to 100 characters "
                "without a semicolon or “ :: ”."
            ),
        ),
    ],
)
def test_an_added_question_is_looked_over(changed: dict[str, Any], sentence: str) -> None:
    questions = added(TMI_1.questions, OWN)
    assert sheet_faults(questions) == []
    faulty = tuple(replace(q, **changed) if q == OWN else q for q in questions)
    assert sentence in sheet_faults(faulty)


def test_authors_never_see_a_score() -> None:
    score = replace(OWN, kind=Kind.RATING, section="ratings", choices=BUILT_IN["impact"].choices)
    found = sheet_faults(added(TMI_1.questions, score))
    assert found == ["“Clinical use?” is a score, and the authors never see scores."]


def test_a_key_is_never_given_twice() -> None:
    again = new_question(
        Kind.TEXT,
        label="Clinical use?",
        help_text="",
        is_required=False,
        author_sees=False,
        choices=(),
        taken={OWN.key},
    )
    assert (OWN.key, again.key, again.section) == (
        "own_clinical_use",
        "own_clinical_use_2",
        "declarations",
    )


def test_with_a_question_goes_what_follows_it_up() -> None:
    left = removed(TMI_1.questions, "real_large_scale_validation")
    gone = {q.key for q in TMI_1.questions} - {q.key for q in left}
    assert gone == {"real_large_scale_validation", "validation_note"}
    assert sheet_faults(left) == []


def test_a_question_moves_within_its_section_only() -> None:
    up = moved(TMI_1.questions, "originality", up=True)
    keys = [q.key for q in up if q.section == "ratings"]
    assert keys[:2] == ["originality", "overall_evaluation"]
    assert moved(up, "originality", up=True) == up
    assert moved(up, "unknown", up=True) == up
    assert moved(TMI_1.questions, "coi_confirmed", up=False) == TMI_1.questions


def test_a_follow_up_may_not_stand_before_what_it_follows_up() -> None:
    turned = moved(TMI_1.questions, "ethics_note", up=True)
    told = (
        "“The ethical concern” stands before “Is there an ethical concern?”, whose answer it "
        "follows up."
    )
    assert sheet_faults(turned) == [told]


def test_an_answer_keeps_its_value_where_its_words_stay() -> None:
    other = reworded(
        OWN, label=OWN.label, help_text="", is_required=True, choices=["Perhaps", "Yes"]
    )
    assert other.choices == (Choice("perhaps", "Perhaps"), Choice("yes", "Yes"))


def test_differences_are_told_in_words() -> None:
    def version(*questions: Question) -> Sheet:
        return Sheet(2, "Score sheet", TMI_1.sections, questions)

    later = added(removed(TMI_1.questions, "english_quality"), OWN)
    later = exchanged(later, replace(BUILT_IN["impact"], label="Effect", is_required=False))
    assert changes_between(TMI_1, version(*later)) == [
        Change("changed", "Effect", ("Before: “Impact”.", "Now optional.")),
        Change(
            "added", "Clinical use?", ("Required, the authors read the answer; answers: Yes, No.",)
        ),
        Change("removed", "English"),
    ]
    assert changes_between(TMI_1, TMI_1) == []
