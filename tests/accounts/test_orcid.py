"""The checksum of ORCID iDs and the forms in which people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import orcid

VALID = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]

fifteen_digits = st.text(alphabet="0123456789", min_size=15, max_size=15)


@pytest.mark.parametrize("bare", VALID)
def test_a_valid_id_is_kept_and_has_an_address(bare: str) -> None:
    assert orcid.normalise(bare) == bare
    assert orcid.address(bare) == f"https://orcid.org/{bare}"


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1694-233X",
        " 0000-0002-1694-233x ",
        "000000021694233X",
        "0000 0002 1694 233X",
        "orcid.org/0000-0002-1694-233X",
        "http://orcid.org/0000-0002-1694-233X",
        "https://orcid.org/0000-0002-1694-233X",
        "https://www.orcid.org/0000-0002-1694-233X/",
    ],
)
def test_every_usual_way_of_typing_gives_the_same_id(typed: str) -> None:
    assert orcid.normalise(typed) == "0000-0002-1694-233X"


def test_an_empty_text_stays_empty() -> None:
    assert orcid.normalise("  ") == ""
    assert orcid.address("") == ""


def test_a_wrong_check_character_is_named_with_the_found_value() -> None:
    with pytest.raises(orcid.NotAnOrcid) as caught:
        orcid.normalise("0000-0002-1825-0098")
    assert str(caught.value) == (
        "ORCID iD 0000-0002-1825-0098 has a typing slip: its last character does not fit the "
        "fifteen before it. Compare it with your ORCID page."
    )


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825",
        "0000-0002-1825-009Y",
        "X000-0002-1825-0097",
        "https://example.org/0000-0002-1825-0097",
        "https://orcid.org/",
        "٠٠٠٠-٠٠٠٢-١٨٢٥-٠٠٩٧",
        "0000-0002-1825-0097 0000-0001-5109-3700",
    ],
)
def test_another_form_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(orcid.NotAnOrcid) as caught:
        orcid.normalise(typed)
    assert str(caught.value) == (
        f"ORCID iD is “{typed}”; it must be sixteen characters in four groups, "
        "such as 0000-0002-1825-0097. Copy it from your ORCID page."
    )


def test_an_id_need_not_begin_with_four_zeros() -> None:
    first = "000900012345678"
    whole = first + orcid.check_character(first)
    assert orcid.is_valid(orcid.normalise(whole))


@given(fifteen_digits)
def test_the_computed_check_character_is_accepted(digits: str) -> None:
    compact = digits + orcid.check_character(digits)
    assert orcid.normalise(compact).replace("-", "") == compact


@given(fifteen_digits, st.integers(0, 14), st.integers(1, 9))
def test_a_change_of_one_digit_is_always_found(digits: str, place: int, shift: int) -> None:
    changed = str((int(digits[place]) + shift) % 10)
    spoiled = digits[:place] + changed + digits[place + 1 :] + orcid.check_character(digits)
    with pytest.raises(orcid.NotAnOrcid):
        orcid.normalise(spoiled)


@given(fifteen_digits, st.integers(0, 13))
def test_a_swap_of_two_neighbours_is_always_found(digits: str, place: int) -> None:
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped == digits:
        return
    with pytest.raises(orcid.NotAnOrcid):
        orcid.normalise(swapped + orcid.check_character(digits))


@given(st.text(max_size=80))
def test_any_text_is_either_an_id_or_a_sentence(text: str) -> None:
    try:
        result = orcid.normalise(text)
    except orcid.NotAnOrcid as refused:
        assert str(refused).startswith("ORCID iD ")
    else:
        assert result == "" or orcid.is_valid(result)
