"""A review as a text file: exact there and back, and every fault by its line."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.pasting import plain_text
from reviews.sheet import TMI_1, Context, Kind, Question
from reviews.textfile import LineFault, read, write
from tests.reviews.conftest import COMPLETE

LABEL = "TMI-FM-2024-0001"
NASTY = "# no note\n== impact ==\n-- page 2\n> quoted\n\\back\n\n  indented\ttext\n\n"
REMARKS: list[dict[str, Any]] = [
    {"page": 3, "quote": "A reward model", "text": NASTY.strip(), "optional": False},
    {"page": None, "quote": "", "text": "> not a quotation\nof it", "optional": True},
    {"page": 12, "quote": "> odd", "text": "", "optional": False},
]
FULL = {
    **COMPLETE,
    "comments_to_author": NASTY,
    "remarks": REMARKS,
    "suggested_references": ["# Numbered, 2020.", "Plain, 2021. https://doi.org/10.1000/x"],
    "co_reviewer": "== O. Nyman ==",
}


def there_and_back(answers: dict[str, Any], context: Context = Context()) -> dict[str, Any]:  # noqa: B008
    text = write(TMI_1, answers, context, label=LABEL)
    found = read(text, TMI_1, context, label=LABEL)
    assert found.faults == []
    return found.onto({})


def test_a_full_review_comes_back_as_it_was() -> None:
    assert there_and_back(FULL) == FULL
    assert there_and_back({}) == {}


def test_line_ends_and_the_mark_of_windows_change_nothing() -> None:
    text = write(TMI_1, FULL, Context(), label=LABEL)
    found = read("\ufeff" + text.replace("\n", "\r\n"), TMI_1, Context(), label=LABEL)
    assert found.onto({}) == FULL


def is_answer(text: str) -> bool:
    return bool(text.strip()) and plain_text(text) == text


texts = st.text(max_size=300).filter(is_answer)
lines = st.lists(
    st.sampled_from(["#", "==", "== impact ==", "-- page 3", "> q", "\\", "\\#", "", " ", "word"]),
    min_size=1,
).map("\n".join)


def answer_to(question: Question) -> st.SearchStrategy[Any]:
    if question.kind in {Kind.RATING, Kind.CONFIDENCE}:
        return st.integers(1, 5)
    if question.kind is Kind.TICK:
        return st.just(True)
    if question.kind is Kind.SETTLED:
        label = st.builds(lambda a, b: f"R{a}.{b}", st.integers(1, 9), st.integers(1, 99))
        values = st.sampled_from([choice.value for choice in question.choices])
        return st.dictionaries(label, values, min_size=1, max_size=4)
    if question.choices:
        return st.sampled_from([choice.value for choice in question.choices])
    if question.kind is Kind.REFERENCES:
        one = texts.map(lambda text: " ".join(text.split())).filter(is_answer)
        return st.lists(one, min_size=1, max_size=4)
    if question.kind is Kind.REMARKS:
        return st.lists(
            st.fixed_dictionaries(
                {
                    "page": st.none() | st.integers(1, 9999),
                    "quote": texts.map(lambda text: " ".join(text.split())[:300].strip()),
                    "text": (texts | lines).map(str.strip),
                    "optional": st.booleans(),
                }
            ),
            min_size=1,
            max_size=4,
        )
    if question.kind is Kind.LONG_TEXT:
        return (texts | lines).filter(is_answer)
    return texts.map(str.strip).filter(is_answer)


any_answers = st.fixed_dictionaries({}, optional={q.key: answer_to(q) for q in TMI_1.questions})


@settings(max_examples=60, deadline=None)
@given(any_answers)
def test_any_review_comes_back_as_it_was(answers: dict[str, Any]) -> None:
    everything = Context(extends_conference_paper=True, has_own_points=True)
    assert there_and_back(answers, everything) == answers


def test_what_is_not_in_the_file_stays_and_what_is_emptied_goes() -> None:
    text = f"== manuscript ==\n{LABEL}\n\n== originality ==\nGood\n\n== impact ==\n# nothing\n"
    found = read(text, TMI_1, Context(), label=LABEL)
    assert found.answers == {"originality": 3, "impact": None}
    assert found.onto({"impact": 2, "practical_value": 4}) == {
        "originality": 3,
        "practical_value": 4,
    }


@pytest.mark.parametrize(
    ("lines_", "fault"),
    [
        ("hello", LineFault(3, "“hello” stands before the first heading.")),
        ("== mood ==\n", LineFault(3, "The sheet has no question “mood”.")),
        ("== impact\n2", LineFault(3, "“== impact” is no heading such as “== impact ==”.")),
        (
            "== impact ==\n2\n== impact ==\n3",
            LineFault(5, "“impact” stands here again; see line 3."),
        ),
        (
            "== impact ==\n# note\n\nsix",
            LineFault(6, "“six” is not on offer here; choose one of: 1, 2, 3, 4, 5."),
        ),
        ("== coi_confirmed ==\nperhaps", LineFault(4, "“perhaps” is neither yes nor no.")),
        (
            "== remarks ==\nOn page 3",
            LineFault(4, "A remark begins with a line such as “-- page 3”."),
        ),
        ("== remarks ==\n-- p. 3", LineFault(4, "“-- p. 3” is no line such as “-- page 3”.")),
        (
            f"== co_reviewer ==\n{'x' * 301}",
            LineFault(
                3,
                "Who helped you with this review has 301 characters; the limit is 300. Shorten it.",
            ),
        ),
        (
            "== sheet ==\nold",
            LineFault(3, "The file is for the sheet “old”, this page for “tmi-1”."),
        ),
    ],
)
def test_every_fault_has_its_line_and_nothing_is_taken(lines_: str, fault: LineFault) -> None:
    before = "# notes\n# more\n"
    text = f"{before}{lines_}\n\n== manuscript ==\n{LABEL}\n== originality ==\n4\n"
    found = read(text, TMI_1, Context(), label=LABEL)
    assert found.faults[:1] == [fault]
    assert found.answers == {}


def test_the_file_of_another_manuscript_or_of_nothing_is_refused() -> None:
    other = write(TMI_1, FULL, Context(), label="TMI-FM-2024-0002")
    [one] = read(other, TMI_1, Context(), label=LABEL).faults
    assert "“TMI-FM-2024-0002”, this page for “TMI-FM-2024-0001”" in one.sentence
    assert [f.line for f in read("", TMI_1, Context(), label=LABEL).faults] == [1]


def test_a_choice_of_the_first_round_is_not_on_offer_in_the_second() -> None:
    text = f"== manuscript ==\n{LABEL}\n== recommendation ==\nreject_resubmit\n"
    assert read(text, TMI_1, Context(), label=LABEL).faults == []
    assert [f.line for f in read(text, TMI_1, Context(1), label=LABEL).faults] == [4]
