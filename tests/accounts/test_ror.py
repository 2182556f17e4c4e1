"""The checksum of ROR ids and the forms in which people type them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from accounts import ror
from accounts.models import RorParent
from tmi_special_issue.models import AuditEntry

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# The guest editors' institutions (domain.md K) and one more.
VALID = ["05dxps055", "00te3t702", "030bhh786", "05apxxy63", "018906e22", "035b05819", "02qp3tb03"]

six_characters = st.text(alphabet=ALPHABET, min_size=6, max_size=6)


@pytest.mark.parametrize("bare", VALID)
def test_a_valid_id_is_kept_and_has_an_address(bare: str) -> None:
    assert ror.normalise(bare) == bare
    assert ror.address(bare) == f"https://ror.org/{bare}"


@pytest.mark.parametrize(
    "typed",
    ["05DXPS055", " 05dxps055 ", "ror.org/05dxps055", "http://ror.org/05dxps055/"],
)
def test_every_usual_way_of_typing_gives_the_same_id(typed: str) -> None:
    assert ror.normalise(typed) == "05dxps055"


def test_an_empty_text_stays_empty() -> None:
    assert ror.normalise("  ") == ""
    assert ror.address("") == ""


def test_wrong_check_digits_are_named_with_the_found_value() -> None:
    with pytest.raises(ror.NotAnRor) as caught:
        ror.normalise("05dxps056")
    assert str(caught.value) == (
        "ROR id 05dxps056 has a typing slip: its last two digits do not fit the characters "
        "before them. Compare it with ror.org, or leave the field empty."
    )


@pytest.mark.parametrize("typed", ["15dxps055", "05dxps05", "05dxpi055", "grid.5801.c", "x" * 60])
def test_another_form_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ror.NotAnRor) as caught:
        ror.normalise(typed)
    assert str(caught.value) == (
        f"ROR id is “{typed}”; it must be nine characters that begin with 0, "
        "such as 05dxps055. Copy it from ror.org, or leave the field empty."
    )


@given(six_characters)
def test_the_computed_check_digits_are_accepted(six: str) -> None:
    assert ror.normalise(f"0{six}{ror.check_digits(six)}")[1:7] == six


@given(six_characters, st.integers(0, 5), st.integers(1, 31))
def test_a_change_of_one_character_is_always_found(six: str, place: int, shift: int) -> None:
    changed = ALPHABET[(ALPHABET.index(six[place]) + shift) % 32]
    spoiled = six[:place] + changed + six[place + 1 :]
    with pytest.raises(ror.NotAnRor):
        ror.normalise(f"0{spoiled}{ror.check_digits(six)}")


@given(st.text(max_size=80))
def test_any_text_is_either_an_id_or_a_sentence(text: str) -> None:
    try:
        result = ror.normalise(text)
    except ror.NotAnRor as refused:
        assert str(refused).startswith("ROR id ")
    else:
        assert result == "" or ror.is_valid(result)


def record(own: str, **relations: list[str]) -> dict[str, object]:
    """An institution as the registry's file has it."""
    rows = [
        {"type": kind, "id": ror.ADDRESS + other, "label": "?"}
        for kind, others in relations.items()
        for other in others
    ]
    return {"id": ror.ADDRESS + own, "relationships": rows}


def test_parents_at_any_height_are_known_and_rings_end() -> None:
    a, b, c = "00te3t702", "030bhh786", "05apxxy63"
    chain = [record(a, child=[b], related=[c]), record(c, parent=[b])]
    assert ror.all_parents(chain) == {(b, a), (c, b), (c, a)}
    ring = [record(a, parent=[b]), record(b, parent=[a])]
    assert ror.all_parents(ring) == {(a, b), (b, a)}
    nonsense = [{"id": "nonsense", "relationships": None}, record(a, parent=["x"])]
    assert ror.all_parents(nonsense) == set()


@pytest.mark.django_db
def test_the_registrys_file_is_loaded_once(tmp_path: Path) -> None:
    file = tmp_path / "ror.json"
    file.write_text(json.dumps([record("030bhh786", parent=["00te3t702"])]))
    for _ in range(2):
        call_command("load_ror", str(file), stdout=StringIO())
    assert list(RorParent.objects.values_list("child", "parent")) == [("030bhh786", "00te3t702")]
    assert AuditEntry.objects.filter(verb="ror_parents.loaded").count() == 1
    file.write_text("{}")
    with pytest.raises(CommandError):
        call_command("load_ror", str(file), stdout=StringIO())
