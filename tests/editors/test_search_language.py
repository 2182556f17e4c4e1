"""The search language: what a text means, and where it is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editors.search import All, Any, Not, SearchFault, Term, Tree, Word, parse


def bare(tree: Tree) -> object:
    """The tree without places, as nested lists: easier to read."""
    match tree:
        case Word(text):
            return text
        case Term(field, operator, value):
            return f"{field}:{operator}{value}"
        case Not(part):
            return ["not", bare(part)]
        case All(parts):
            return ["and", *map(bare, parts)]
        case Any(parts):
            return ["or", *map(bare, parts)]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", ["and"]),
        ("  \n ", ["and"]),
        ("ada", "ada"),
        ("ada transport", ["and", "ada", "transport"]),
        ("ada AND transport", ["and", "ada", "transport"]),
        ("a or b c or d", ["or", "a", ["and", "b", "c"], "d"]),
        ("(a or b) c", ["and", ["or", "a", "b"], "c"]),
        ("not a b", ["and", ["not", "a"], "b"]),
        ("not (a or b)", ["not", ["or", "a", "b"]]),
        ("-tag:late a", ["and", ["not", "tag:=late"], "a"]),
        ("anderson orlov nothing", ["and", "anderson", "orlov", "nothing"]),
        ("pre-trained", "pre-trained"),
        ('"optimal transport" x', ["and", "optimal transport", "x"]),
        ("reviews:<4", "reviews:<4"),
        ("score.originality:>=4", "score.originality:>=4"),
        ("Idle:>10d due:<2024-08-05", ["and", "idle:>10d", "due:<2024-08-05"]),
        ('editor:"Lindqvist, Eva"', "editor:=Lindqvist, Eva"),
        ("état naïve 医学", ["and", "état", "naïve", "医学"]),
        ("TMI-FM-2024-0012", "TMI-FM-2024-0012"),
    ],
)
def test_what_a_text_means(text: str, means: object) -> None:
    assert bare(parse(text)) == means


@pytest.mark.parametrize(
    ("text", "sentence", "where"),
    [
        ("(a", "This parenthesis is never closed.", "("),
        ("a) b", "This parenthesis was never opened.", ")"),
        ('x "y', "This quotation mark is never closed.", '"y'),
        ("a status:", "After “status:” a value is missing.", "status:"),
        ("a due:>= b", "After “due:>=” a value is missing.", "due:>="),
        ("a - b", "“-” is not expected here.", "-"),
        ("()", "“)” is not expected here.", ")"),
        ("(" * 50 + "a" + ")" * 50, "The parentheses are nested too deep.", "("),
    ],
)
def test_a_fault_points_at_its_word(text: str, sentence: str, where: str) -> None:
    with pytest.raises(SearchFault) as caught:
        parse(text)
    fault = caught.value
    assert (fault.sentence, text[fault.at : fault.end]) == (sentence, where)


def test_a_text_of_ten_thousand_characters_is_refused() -> None:
    with pytest.raises(SearchFault, match="has room for 1,000 characters; this one has 10,000"):
        parse("x" * 10_000)


def test_terms_know_where_they_stand() -> None:
    text = "ada reviews:<4"
    tree = parse(text)
    assert isinstance(tree, All)
    term = tree.parts[1]
    assert isinstance(term, Term)
    assert (text[term.at :], text[term.value_at :]) == ("reviews:<4", "4")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parse(text)
    except SearchFault as fault:
        assert 0 <= fault.at <= fault.end <= len(text)


@given(st.text(alphabet='ab:<>=()"- orandt.', max_size=30))
def test_the_letters_of_the_language_in_any_order(text: str) -> None:
    try:
        parse(text)
    except SearchFault as fault:
        assert 0 <= fault.at <= fault.end <= len(text)
