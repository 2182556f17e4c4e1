"""Shingles, resemblance, and the sketch by which alike texts are found."""

from __future__ import annotations

import random

import pytest

from submissions.similarity import (
    ABSTRACT,
    PARTS,
    TITLE,
    Part,
    abstract_shingles,
    resemblance,
    sketch,
    title_shingles,
    words_of,
)

VOCABULARY = [f"word{number}" for number in range(400)]


def text(seed: int, words: int = 200) -> str:
    return " ".join(random.Random(seed).choices(VOCABULARY, k=words))


def with_changes(original: str, share: float, seed: int = 1) -> str:
    """The text with this share of its words replaced."""
    chance = random.Random(seed)
    return " ".join(
        f"other{chance.randrange(999)}" if chance.random() < share else word
        for word in original.split()
    )


def test_words_forget_case_accents_and_punctuation() -> None:
    assert words_of("Ångström-Scale “Models”: a Study!") == [
        "angstrom", "scale", "models", "a", "study",
    ]  # fmt: skip


def test_resemblance_of_the_same_nothing_and_half() -> None:
    assert resemblance({"a", "b"}, {"a", "b"}) == 1
    assert resemblance({"a", "b"}, {"c"}) == 0
    assert resemblance({"a", "b", "c"}, {"b", "c", "d"}) == 0.5
    assert resemblance(set(), set()) == 0


@pytest.mark.parametrize("empty", ["", "  ", "...", "an"])
def test_a_text_too_short_has_no_shingles_and_no_sketch(empty: str) -> None:
    assert title_shingles(empty) == abstract_shingles(empty) == frozenset()
    assert [sketch(part, empty) for part in PARTS] == [[], []]


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("One Encoder for Three Modalities", "One encoder, for three modalities.", True),
        ("One Encoder for Three Modalities", "An Encoder for Three Modalities", True),
        (
            "Foundation Models for Cardiac Image Segmentation",
            "Foundation Models for Retinal Image Registration",
            False,
        ),
        ("One Encoder for Three Modalities", "Distilling a Model for Ultrasound", False),
    ],
)
def test_titles_almost_the_same(one: str, other: str, is_alike: bool) -> None:
    found = resemblance(title_shingles(one), title_shingles(other))
    assert (found >= TITLE.alike_from) == is_alike


@pytest.mark.parametrize(("share", "is_alike"), [(0.0, True), (0.1, True), (0.5, False)])
def test_abstracts_almost_the_same(share: float, is_alike: bool) -> None:
    original = text(7)
    changed = abstract_shingles(with_changes(original, share))
    found = resemblance(abstract_shingles(original), changed)
    assert (found >= ABSTRACT.alike_from) == is_alike


def test_the_sketch_is_the_same_in_every_process() -> None:
    """Stored numbers must be found again for ever; a change needs every version sketched anew."""
    assert sketch(TITLE, "One Encoder for Three Modalities")[:2] == FIXED
    assert len(sketch(ABSTRACT, text(1))) == ABSTRACT.bands


FIXED = [4871565585512362426, 1462361534313886723]


def test_numbers_fit_into_the_column_and_kinds_never_meet() -> None:
    titles, abstracts = set(sketch(TITLE, text(3))), set(sketch(ABSTRACT, text(3)))
    assert all(0 <= number < 1 << 63 for number in titles | abstracts)
    assert not titles & abstracts


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_what_is_almost_the_same_shares_a_number(part: Part) -> None:
    """Of two hundred changed copies all that are alike are found, and few of the strangers."""
    missed = alike = 0
    for seed in range(200):
        original = text(seed, 160)
        copy = with_changes(original, 0.06, seed)
        if resemblance(part.shingles(original), part.shingles(copy)) >= part.alike_from:
            alike += 1
            missed += not set(sketch(part, original)) & set(sketch(part, copy))
    assert alike > 100
    assert missed <= 2
    strangers = sum(
        bool(set(sketch(ABSTRACT, text(seed))) & set(sketch(ABSTRACT, text(seed + 1000))))
        for seed in range(200)
    )
    assert strangers <= 2
