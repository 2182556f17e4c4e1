"""Remarks at places in the manuscript: kept as data, read as numbered comments."""

from typing import Any

import pytest
from django.http import QueryDict

from reviews.comments import Point
from reviews.fields import RemarksWidget
from reviews.forms import SheetForm
from reviews.points import points_of
from reviews.remarks import QUOTE_MAX, remarks_fault, shortened
from reviews.sheet import TMI_1, Context, faults, in_words, missing_answers, open_to_author
from tests.reviews.conftest import COMMENTS, COMPLETE

PLACES: list[dict[str, Any]] = [
    {
        "page": 3,
        "quote": "A reward model was trained.",
        "text": "On how many pairs?",
        "optional": False,
    },
    {"page": None, "quote": "", "text": "Tell the seed.", "optional": True},
]


def words_of(answers: dict[str, Any]) -> str:
    return next(a.text for a in open_to_author(TMI_1, answers) if a.question.key == "remarks")


def test_they_go_on_counting_after_the_list_in_the_comments() -> None:
    assert words_of({"comments_to_author": COMMENTS, "remarks": PLACES}) == (
        "4. (page 3, “A reward model was trained.”) On how many pairs?\n\n"
        "5. (optional) Tell the seed."
    )


@pytest.mark.parametrize("comments", ["", "Prose.\n\nMore prose."])
def test_without_a_list_they_begin_at_1(comments: str) -> None:
    assert words_of({"comments_to_author": comments, "remarks": PLACES}).startswith("1. (page 3")


def test_each_is_a_point_that_keeps_its_number() -> None:
    answers = {
        "comments_to_author": "A good start.\n\nMandatory changes\n1. Add it.\n2. Show it.",
        "remarks": PLACES,
        "confidential_comments_to_editor": "Weak.",
    }
    assert points_of(open_to_author(TMI_1, answers)) == [
        Point("Add it."),
        Point("Show it."),
        Point("(page 3, “A reward model was trained.”) On how many pairs?"),
        Point("Tell the seed.", must_answer=False),
        Point("A good start.", must_answer=False),
    ]


def test_prose_without_a_list_must_still_be_answered_and_comes_last() -> None:
    answers = {"comments_to_author": "One.\n\nTwo.", "remarks": PLACES[:1]}
    assert [(p.text[:7], p.must_answer) for p in points_of(open_to_author(TMI_1, answers))] == [
        ("(page 3", True),
        ("One.", True),
        ("Two.", True),
    ]


def test_a_remark_without_words_keeps_the_review_from_being_submitted() -> None:
    empty = [PLACES[0], {**PLACES[0], "text": "  "}]
    [row] = missing_answers(TMI_1, {**COMPLETE, "remarks": empty}, Context())
    assert row.key == "remarks"
    assert row.sentence == (
        "Remarks at places in the manuscript: remark 2 without a text: write what you say of the "
        "place, or remove."
    )
    assert missing_answers(TMI_1, {**COMPLETE, "remarks": PLACES}, Context()) == []


@pytest.mark.parametrize(
    ("kept", "part"),
    [
        ("text", "a list"),
        ([{"page": 1}], "other parts"),
        ([{**PLACES[0], "page": 0}], "page 0"),
        ([{**PLACES[0], "page": True}], "page True"),
        ([{**PLACES[0], "page": "3"}], "page '3'"),
        ([{**PLACES[0], "quote": "x" * (QUOTE_MAX + 1)}], "301 characters"),
        ([{**PLACES[0], "text": 7}], "no text"),
        ([{**PLACES[0], "optional": "yes"}], "optional or not"),
        ([PLACES[0]] * 201, "201 remarks"),
    ],
)
def test_what_cannot_be_kept_is_said(kept: Any, part: str) -> None:
    assert part in remarks_fault(kept)
    assert list(faults(TMI_1, {"remarks": kept}, Context())) == ["remarks"]


def test_a_long_quotation_is_cut_after_a_word() -> None:
    cut = shortened("word  \n" * 100)
    assert len(cut) <= QUOTE_MAX
    assert cut.endswith("word…")
    assert shortened(" a\n b ") == "a b"


# --- The form ---------------------------------------------------------------------------------


def posted(text: str) -> Any:
    return QueryDict(text)


def test_the_posted_numbers_make_the_order_and_ticks_take_away() -> None:
    rows = RemarksWidget().value_from_datadict(
        posted(
            "remarks-0-place=2&remarks-0-text=second&remarks-1-place=1&remarks-1-text=first"
            "&remarks-2-place=3&remarks-2-text=gone&remarks-2-gone=on"
            "&remarks-3-place=4&remarks-3-page=&remarks-3-text=%20&remarks-x-text=no"
            "&remarks-4-place=1.5&remarks-4-quote=between&other-5-text=no"
        ),
        None,
        "remarks",
    )
    assert [row.get("text") or row["quote"] for row in rows] == ["first", "between", "second"]


def test_the_form_gives_what_the_sheet_keeps_and_draws_it_again() -> None:
    form = SheetForm(
        TMI_1,
        Context(),
        data=posted(
            "revision=0&remarks-0-place=1&remarks-0-page=3"
            "&remarks-0-quote=A+reward%0D%0Amodel+was+trained.&remarks-0-text=On+how+many+pairs%3F"
            "&remarks-1-text=Tell+the+seed.&remarks-1-optional=on"
        ),
    )
    assert form.is_valid()
    assert form.answers() == {"remarks": PLACES}
    drawn = SheetForm(TMI_1, Context(), answers={"remarks": PLACES}).as_p()
    assert "A reward model was trained.</textarea>" in drawn
    assert 'name="remarks-1-optional" checked' in drawn
    assert 'name="remarks-2-text"' in drawn  # one more, for those without a script
    assert 'name="remarks-__index__-text"' in drawn  # and one for the script to copy


def test_a_page_in_words_is_told_and_the_words_stay() -> None:
    form = SheetForm(
        TMI_1, Context(), data=posted("revision=0&remarks-0-page=two&remarks-0-text=kept")
    )
    assert form.errors["remarks"] == [
        "Remark 1: the page is a whole number from 1 to 9999, or left empty, not “two”."
    ]
    assert "kept</textarea>" in form.as_p()


def test_hostile_words_are_shown_as_text() -> None:
    evil = [{"page": 1, "quote": "<script>", "text": "</textarea><script>", "optional": False}]
    assert "<script>" not in SheetForm(TMI_1, Context(), answers={"remarks": evil}).as_p()


def test_the_editor_reads_them_under_the_same_numbers() -> None:
    answers = {"comments_to_author": COMMENTS, "remarks": PLACES}
    text = {a.question.key: a.text for a in in_words(TMI_1, answers)}["remarks"]
    assert text == words_of(answers)
