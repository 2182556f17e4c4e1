"""Review care: advice before filing, never a block."""

from typing import Any

import pytest

from reviews.care import Advice, Writer, advice_on
from reviews.sheet import TMI_1, Context
from tests.reviews.conftest import COMMENTS, COMPLETE

RUI = Writer(
    given_name="Rui",
    family_name="Sá",
    addresses=("rui@halvard.example", "halvard.example"),
    institutions=("Halvard Imaging Institute",),
    publications=(
        ("Physics Tokens for Volumetric Encoders", "10.1000/tokens"),
        ("Short", ""),
    ),
)
LONG = f"{COMMENTS}\n\n{'The figures are readable and the tables complete. ' * 20}"
GOOD: dict[str, Any] = {**COMPLETE, "comments_to_author": LONG}


def advice(writer: Writer = RUI, **changes: Any) -> list[Advice]:
    return advice_on(TMI_1, {**GOOD, **changes}, Context(), writer)


def test_a_careful_review_gets_none() -> None:
    assert advice() == []


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("Signed, R. Sá.", "Sá"),
        ("Signed, R. Sa.", "Sá"),
        ("Write to rui@halvard.example.", "rui@halvard.example"),
        ("At halvard imaging  institute we see more.", "Halvard Imaging Institute"),
        ("Compare with our 2023 paper.", "our 2023 paper"),
        ("As in my own previous work on this.", "my own previous work"),
    ],
)
def test_what_tells_who_wrote_it(words: str, quoted: str) -> None:
    found = advice(comments_to_author=f"{LONG}\n{words}")
    assert [a.key for a in found] == ["comments_to_author"] * len(found)
    assert f"“{quoted}” stands in what the authors read" in found[0].sentence


def test_a_name_that_is_a_word_is_no_name_in_small_letters() -> None:
    good = Writer(family_name="Good")
    assert advice(good, comments_to_author=f"{LONG} A good start, and goods.") == []
    assert advice(good, comments_to_author=f"{LONG} Yours, Good.") != []


def test_remarks_count_and_their_quotations_do_not() -> None:
    place = {"page": 1, "quote": "our 2023 paper", "text": "Which one?", "optional": False}
    assert advice(remarks=[place]) == []
    told = advice(remarks=[{**place, "text": "It repeats my earlier article."}])
    assert [a.key for a in told] == ["remarks"]


def test_what_only_the_editors_read_may_name_the_writer() -> None:
    assert advice(confidential_comments_to_editor="Sá here, of Halvard Imaging Institute.") == []


def test_confidential_words_in_the_open_box() -> None:
    secret = "I doubt that the second data set exists at all, frankly."
    found = advice(
        confidential_comments_to_editor=secret, comments_to_author=f"{LONG}\n{secret.upper()}"
    )
    [one] = found
    assert one.sentence == (
        "“i doubt that the second data set…” stands in your confidential comments and also in what "
        "the authors read."
    )


def test_the_recommendation_in_the_open_box() -> None:
    [one] = advice(comments_to_author=f"{LONG} I therefore recommend that it be rejected.")
    assert "“recommend that it be rejected” tells the authors your recommendation" in one.sentence
    assert advice(comments_to_author=f"{LONG} I recommend a second vendor.") == []


RATINGS = (
    "overall_evaluation",
    "originality",
    "scientific_merit",
    "impact",
    "practical_value",
    "reader_interest",
)


@pytest.mark.parametrize(
    ("recommendation", "rating", "sentences"),
    [
        ("accept", 2, ["You recommend acceptance, and your ratings are 2.0 of 5 in the mean."]),
        (
            "minor_revision",
            1,
            ["You recommend acceptance, and your ratings are 1.0 of 5 in the mean."],
        ),
        ("accept", 3, []),
        ("reject", 4, ["You recommend rejection, and your ratings are 4.0 of 5 in the mean."]),
        (
            "reject_other_journal",
            5,
            ["You recommend rejection, and your ratings are 5.0 of 5 in the mean."],
        ),
        ("reject", 3, []),
        ("reject_resubmit", 1, []),
    ],
)
def test_scores_that_say_the_opposite(
    recommendation: str, rating: int, sentences: list[str]
) -> None:
    ratings: dict[str, Any] = dict.fromkeys(RATINGS, rating)
    found = advice(recommendation=recommendation, **ratings)
    assert [a.sentence for a in found] == sentences
    assert all(a.url == "#id_recommendation" for a in found)


def test_accept_with_a_criterion_not_met() -> None:
    [one] = advice(recommendation="accept", novelty_met="no")
    assert one.sentence == (
        "You recommend to accept, and answer “No” to: Is the novelty sufficient for the journal?"
    )


@pytest.mark.parametrize(
    "line",
    [
        "A. Nyman, Physics tokens for volumetric encoders, 2022.",
        "https://doi.org/10.1000/TOKENS",
        "R. Sá and O. Nyman, Another one, 2021.",
    ],
)
def test_own_work_among_the_references(line: str) -> None:
    [one] = advice(suggested_references=["O. Nyman, Short, 2020.", line])
    assert one.key == "suggested_references"
    assert one.sentence.startswith("1 of 2 suggested references may be your own")


def test_little_to_act_on() -> None:
    [one] = advice(comments_to_author="Fine. " * 100)
    assert one.sentence == "The authors get 100 words. Is it enough to act on, or to learn from?"


def test_a_heading_with_nothing_beneath() -> None:
    text = f"Writing\n\nContent and results\n{LONG}\n\nOptional suggestions (numbered)"
    assert [a.sentence for a in advice(comments_to_author=text)] == [
        "Nothing stands under the heading “Writing”.",
        "Nothing stands under the heading “Optional suggestions (numbered)”.",
    ]


def test_a_major_revision_without_a_list() -> None:
    prose = "The figures are readable and the tables complete. " * 20
    [one] = advice(recommendation="reject_resubmit", comments_to_author=prose)
    assert "without a numbered list" in one.sentence
    place = {"page": 1, "quote": "", "text": "Why?", "optional": False}
    assert advice(recommendation="reject_resubmit", comments_to_author=prose, remarks=[place]) == []


def test_an_empty_sheet_gets_no_advice() -> None:
    assert advice_on(TMI_1, {}, Context(), RUI) == []
    assert advice_on(TMI_1, GOOD, Context(), Writer()) == []
