"""How much stood in the conference paper already: sections, shares, passages, on made texts."""

from random import Random

import pytest

from submissions.overlap import (
    FRONT,
    PASSAGES_KEPT,
    Section,
    SectionOverlap,
    overlap,
    sections_of,
)

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"]


def prose(seed: int, count: int) -> str:
    random = Random(seed)
    return " ".join(random.choice(WORDS) for _ in range(count))


def one(paper: str, earlier: str) -> SectionOverlap:
    [found] = overlap([Section("A", paper)], [Section("B", earlier)])
    return found


# --- Sections ---------------------------------------------------------------------------------


def test_a_paper_is_cut_at_its_headings_without_its_references() -> None:
    pages = [
        "A Title\nAda Avelin\nAbstract— A method is\nshown.\nI. I NTRODUCTION\nImages are many.",
        "II. RELATED WORK\nOthers did\nless.\nACKNOWLEDGMENT\nThanks.\nREFERENCES\n[1] A. Avelin.",
    ]
    assert sections_of(pages) == [
        Section(FRONT, "A Title Ada Avelin"),
        Section("Abstract", "A method is shown."),
        Section("I. Introduction", "Images are many."),
        Section("II. Related work", "Others did less."),
        Section("Acknowledgment", "Thanks."),
    ]


def test_a_word_parted_at_the_end_of_a_line_is_whole_again() -> None:
    assert sections_of(["Introduction\nSeg-\nmentation of\nlong-\ntailed data"]) == [
        Section("Introduction", "Segmentation of long-tailed data")
    ]


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        ("1 Introduction\na\n2 Our Net\nb", ["1 Introduction", "2 Our Net"]),
        ("T\nX\n1\n\nIntroduction\na\n2\nOur Net\nb\nc", ["1 Introduction", "2 Our Net"]),
        ("1. Introduction\na\n1. Methods\nb", ["1. Introduction"]),
        ("1. We propose a new loss.\na", []),
        ("1. we propose a loss\na", []),
        ("2 Methods\na", ["2 Methods"]),
        ("2 Our Net\na", []),
        ("II. METHOD\na\nI. INTRODUCTION\nb", ["II. Method"]),
        ("IV. DATA\na", ["IV. Data"]),
        ("IV. OUR NET\na", []),
        ("1 Seven and one more words are no heading here\na", []),
        ("12 patients were left out\na", []),
        ("Materials and Methods\na", ["Materials and Methods"]),
        ("The results\na", []),
    ],
)
def test_what_counts_as_a_heading(lines: str, headings: list[str]) -> None:
    found = [section.heading for section in sections_of([lines])]
    assert [heading for heading in found if heading != FRONT] == headings


def test_the_number_of_a_page_is_no_heading() -> None:
    assert sections_of(["1\nA Long Title\nAda Avelin\nI. INTRODUCTION\nWords."]) == [
        Section(FRONT, "A Long Title Ada Avelin"),
        Section("I. Introduction", "Words."),
    ]


def test_what_is_printed_on_every_page_is_left_out() -> None:
    pages = [f"JOURNAL OF TESTS, PAGE {n}\n{prose(n, 12)}" for n in range(4)]
    [section] = sections_of(pages)
    assert section.text == " ".join(prose(n, 12) for n in range(4))


# --- Shares and passages ----------------------------------------------------------------------


def test_the_same_text_is_shared_wholly_and_another_not_at_all() -> None:
    same = one(prose(1, 200), prose(1, 200))
    other = one(prose(1, 200), prose(2, 200))
    assert (same.percent, same.longest, len(same.passages)) == (100, 200, 1)
    assert (other.percent, other.longest, other.passages) == (0, 0, ())


def test_the_share_counts_runs_of_seven_words() -> None:
    """100 own words and then 50 of the earlier paper: 44 of 144 runs are shared."""
    found = one(f"{prose(1, 100)} {prose(2, 50)}", f"{prose(3, 80)} {prose(2, 50)}")
    assert found.share == round(44 / 144, 4)
    assert (found.words, found.longest) == (150, 50)


def test_six_words_in_common_are_nothing_and_seven_are_a_passage() -> None:
    six, seven = prose(5, 6), prose(5, 7)
    assert one(f"{prose(1, 20)} {six} {prose(2, 20)}", f"{prose(3, 9)} {six}").passages == ()
    [passage] = one(f"{prose(1, 20)} {seven} {prose(2, 20)}", f"{prose(3, 9)} {seven}").passages
    assert (passage.words, passage.here, passage.earlier) == (7, seven, seven)


def test_case_accents_and_points_count_for_nothing_but_are_shown_as_printed() -> None:
    here = "We train, as Müller did, one encoder for all scanners."
    there = "we train as Muller did one encoder: for all SCANNERS"
    [passage] = one(here, there).passages
    assert (passage.here, passage.earlier, passage.words) == (here, there, 10)


def test_a_passage_stands_between_its_words_in_both_papers() -> None:
    shared = prose(9, 12)
    paper = [Section("I. Introduction", prose(1, 40)), Section("II. Method", f"a b {shared} c d")]
    earlier = [Section("1 Intro", prose(2, 40)), Section("2 Net", f"x {shared} y")]
    intro, method = overlap(paper, earlier)
    assert (intro.heading, intro.percent) == ("I. Introduction", 0)
    [passage] = method.passages
    assert (passage.before, passage.here, passage.after) == ("a b", shared, "c d")
    assert passage.earlier_section == "2 Net"
    assert passage.earlier_before.split()[-1] == "x"
    assert (passage.earlier, passage.earlier_after) == (shared, "y")


def test_the_longest_passages_come_first_and_the_rest_is_counted_only() -> None:
    parts = [prose(100 + n, 8 + n) for n in range(PASSAGES_KEPT + 5)]
    paper = " ".join(f"{part} own{n}" for n, part in enumerate(parts))
    earlier = " ".join(f"{part} was{n}" for n, part in enumerate(parts))
    found = one(paper, earlier)
    lengths = [passage.words for passage in found.passages]
    assert lengths == sorted(lengths, reverse=True)
    assert len(lengths) == PASSAGES_KEPT
    assert found.longest == lengths[0] == 8 + PASSAGES_KEPT + 4


def test_short_and_empty_sections_have_no_share() -> None:
    assert one("six words are not enough here", prose(1, 50)).share == 0
    assert overlap([], [Section("B", prose(1, 50))]) == []
    assert one(prose(1, 50), "").share == 0


def test_what_is_kept_as_json_comes_back_whole() -> None:
    found = one(f"{prose(1, 30)} {prose(2, 30)}", prose(2, 30))
    assert SectionOverlap.from_json(found.as_json()) == found


def test_a_text_made_to_be_slow_is_measured_all_the_same() -> None:
    found = one("again and " * 20_000, "again and " * 20_000)
    assert (found.percent, found.words) == (100, 40_000)
