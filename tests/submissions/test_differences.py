"""What changed between two texts, in words, whatever is thrown at it."""

from time import monotonic

import pytest

from submissions.differences import Part, compared, differences


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("one two", "one two", [Part("same", "one two")]),
        ("", "one", [Part("new", "one")]),
        ("one", "", [Part("gone", "one")]),
        ("", "", []),
        (
            "tested in two centres",
            "tested in four large centres",
            [
                Part("same", "tested in"),
                Part("gone", "two"),
                Part("new", "four large"),
                Part("same", "centres"),
            ],
        ),
        (
            "alpha\nbeta",
            "beta\nalpha",
            [
                Part("new", "beta\n"),
                Part("same", "alpha"),
                Part("gone", "\nbeta"),
            ],
        ),
    ],
)
def test_words_stay_go_and_come(before: str, after: str, parts: list[Part]) -> None:
    assert list(compared(before, after)) == parts


def test_both_texts_can_be_read_out_of_the_parts() -> None:
    before = "Ada Avelin, Northgate\nBen Brandt, Halvard\nand more"
    after = "Ben Brandt, Halvard\nAda Avelin, Elsewhere\nand less"
    parts = compared(before, after)
    old = " ".join(part.text for part in parts if part.change != "new").split()
    new = " ".join(part.text for part in parts if part.change != "gone").split()
    assert (old, new) == (before.split(), after.split())


def test_only_what_differs_is_told_in_the_order_of_the_later_text() -> None:
    before = [("Title", "A"), ("Funding", "None"), ("Old", "gone")]
    after = [("Abstract", "new"), ("Title", "B"), ("Funding", " None ")]
    assert [found.label for found in differences(before, after)] == ["Abstract", "Title", "Old"]


def test_a_text_made_to_be_slow_is_shown_as_a_whole() -> None:
    before, after = "a " * 10_000, "a b " * 10_000
    began = monotonic()
    parts = compared(before, after)
    assert monotonic() - began < 1
    assert [part.change for part in parts] == ["gone", "new"]
