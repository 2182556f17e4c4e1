"""A review is cut into points; its words stay as they are."""

from __future__ import annotations

import pytest

from reviews.comments import Point, split_comments
from reviews.points import points_of
from reviews.sheet import TMI_1, open_to_author

QUESTION = TMI_1.question("comments_to_author")
assert QUESTION is not None
HEADINGS = QUESTION.headings

GUIDED = """Significance and innovation
The idea is simple.

Design and technical approach
The split is made by image.

Mandatory changes (numbered)
1. Report results
by patient.
2. State the runs.

They are nowhere given.

Optional suggestions:
1. A figure of failures.
2) A table."""


def test_the_guided_headings_give_numbered_points() -> None:
    assert split_comments(GUIDED, HEADINGS) == [
        Point("Report results\nby patient."),
        Point("State the runs.\n\nThey are nowhere given."),
        Point("A figure of failures.", must_answer=False),
        Point("A table.", must_answer=False),
        Point(
            "Significance and innovation\nThe idea is simple.\n\n"
            "Design and technical approach\nThe split is made by image.",
            must_answer=False,
        ),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("One.\n\nTwo\nlines.", [Point("One."), Point("Two\nlines.")]),
        ("Writing\nGood.\r\n\r\nMore.", [Point("Writing\nGood."), Point("More.")]),
        ("1. a\n2. b (optional)", [Point("a"), Point("b (optional)", must_answer=False)]),
        (
            "I like it.\n\nMajor comments:\n- a\n- b\n\nMinor comments\n1) c",
            [Point("a"), Point("b"), Point("c"), Point("I like it.", must_answer=False)],
        ),
        ("1. a\n- inner\n- second\n2. b", [Point("a\n- inner\n- second"), Point("b")]),
        ("Mandatory changes\nPlease:\n1. a\n2. b", [Point("Please:\na"), Point("b")]),
        ("Mandatory changes\nDo this.\n\nDo that.", [Point("Do this."), Point("Do that.")]),
        ("2023 was a year.\n3.5 mm is thin.", [Point("2023 was a year.\n3.5 mm is thin.")]),
        ("Required is a proof.\n\nNo more.", [Point("Required is a proof."), Point("No more.")]),
        ("Comment 1: a\nComment 2: b", [Point("a"), Point("b")]),
    ],
)
def test_lists_and_paragraphs(text: str, found: list[Point]) -> None:
    assert split_comments(text, HEADINGS) == found


def test_no_word_is_lost() -> None:
    """But the signs of lists and the headings of the two lists."""
    words = " ".join(point.text for point in split_comments(GUIDED, HEADINGS)).split()
    left = [w for w in GUIDED.split() if w not in words]
    signs = "Mandatory changes (numbered) 1. 2. Optional suggestions: 1. 2)"
    assert left == signs.split()


def test_only_what_the_authors_read_becomes_a_point() -> None:
    answers = {
        "real_large_scale_validation": "no",
        "validation_note": "A second centre.",
        "comments_to_author": "1. Add it.",
        "suggested_references": ["A paper, 2023."],
        "confidential_comments_to_editor": "Between us: weak.",
        "ethics_concern": "concern",
        "ethics_note": "Consent is missing.",
    }
    assert points_of(open_to_author(TMI_1, answers)) == [
        Point("Add it."),
        Point("What is missing in the validation: A second centre."),
        Point("References that the authors should consider:\nA paper, 2023.", must_answer=False),
    ]
