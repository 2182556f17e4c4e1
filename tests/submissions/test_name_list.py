"""What authors paste, and what others paste to see what breaks."""

import json
import time
from pathlib import Path

import pytest

from submissions.name_list import (
    NAME_CHARACTERS,
    PEOPLE_MOST,
    PastedPerson,
    read_names,
    split_name,
)

TEXT = Path(__file__).resolve().parents[3] / "shared/data/uploads/text"
ADA = PastedPerson("Ada", "Avelin", "ada@x.example")
BEN = PastedPerson("Ben", "Ott", "ben@y.example")


@pytest.mark.parametrize(
    "text",
    [
        "Ada Avelin <ada@x.example>; Ben Ott, ben@y.example",
        "Ada Avelin <ada@x.example>, Ben Ott <ben@y.example>",
        "Ada Avelin ada@x.example\nBen Ott ben@y.example\n\n",
        '"Avelin, Ada" <ADA@X.example>;\r\n"Ott, Ben" <ben@y.example>',
        "1. Ada Avelin (ada@x.example)\n2. Ben Ott (ben@y.example)",
        "• Ada Avelin\tada@x.example\n• Ben Ott\tben@y.example",
        "Ada Avelin¹,² <mailto:ada@x.example>\nBen Ott* – ben@y.example".replace(" –", ","),
        "Ada Avelin <ada@x.example>; Ben Ott <ben@y.example>; Ada Avelin <ada@x.example>",
    ],
)
def test_the_usual_ways_of_writing_a_list_of_people(text: str) -> None:
    assert read_names(text).people == (ADA, BEN)
    assert read_names(text).unread == ()


def test_behind_the_address_stands_the_institution() -> None:
    read = read_names("Ben Ott, ben@y.example, Institute of Imaging, Halvard; Ada <ada@x.example>")
    assert read.people == (
        PastedPerson("Ben", "Ott", "ben@y.example", "Institute of Imaging, Halvard"),
        PastedPerson("", "Ada", "ada@x.example"),
    )


def test_names_alone_give_rows_without_address() -> None:
    assert read_names("Ada Avelin, Ben Ott, Chi Li").people == (
        PastedPerson("Ada", "Avelin"),
        PastedPerson("Ben", "Ott"),
        PastedPerson("Chi", "Li"),
    )
    assert read_names("Avelin, Ada").people == (PastedPerson("Ada", "Avelin"),)


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Marleen van den Berg", "Marleen", "van den Berg"),
        ("Ana de la Cruz", "Ana", "de la Cruz"),
        ("van Gogh", "van", "Gogh"),
        ("José Ortega y Gasset", "José Ortega", "y Gasset"),
        ("王小明", "", "王小明"),
        ("نور الأمين", "نور", "الأمين"),
        ("Madonna", "", "Madonna"),
        ("O’Neil, Tip", "Tip", "O’Neil"),
        ("JEAN-LUC PICARD", "JEAN-LUC", "PICARD"),
        ("Zoe\u0308 Müller", "Zoë", "Müller"),
        ("12345", "", ""),
        ("", "", ""),
    ],
)
def test_where_the_family_name_begins(name: str, given: str, family: str) -> None:
    people = read_names(name).people
    assert people == ((PastedPerson(given, family),) if family else ())
    if "\u0308" not in name:
        assert split_name(name) == (given, family)


@pytest.mark.parametrize("line", ["@", "a@b", "ada@", "12345", "@x.example", "<>", "a@@b.example"])
def test_what_cannot_be_read_is_given_back(line: str) -> None:
    read = read_names(line)
    assert read.people == ()
    assert read.unread in {(line,), ()}
    assert read.unread or not line.strip("<>")


def test_direction_marks_and_controls_do_not_come_in() -> None:
    read = read_names("Ada\u202e Ave\x00lin\u2066 <ada@x.example>\x07")
    assert read.people == (ADA,)
    joiner = "می\u200cخواهم رضا"  # a joiner belongs to the script
    assert read_names(joiner).people == (PastedPerson("می\u200cخواهم", "رضا"),)


def test_more_than_a_hundred_are_given_back() -> None:
    read = read_names("\n".join(f"Given F{n}x <p{n}@x.example>" for n in range(103)))
    assert len(read.people) == PEOPLE_MOST
    assert read.unread == ("Given F100x", "Given F101x", "Given F102x")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "@" * 100_000,
        "a@" * 50_000,
        "<" * 100_000 + "a@b.example",
        "a.b@" + "c." * 50_000,
        "1," * 50_000,
        ";" * 100_000,
        "\n".join(["x"] * 100_000),
    ],
)
def test_no_text_makes_it_slow_or_large(text: str) -> None:
    began = time.process_time()
    read = read_names(text)
    assert time.process_time() - began < 2
    assert len(read.people) <= PEOPLE_MOST
    assert all(len(p.given_name) <= NAME_CHARACTERS for p in read.people)
    assert all(len(p.family_name) <= NAME_CHARACTERS for p in read.people)


def test_naughty_strings_are_read_without_a_fall() -> None:
    corpus = TEXT / "blns.json"
    strings = json.loads(corpus.read_text("utf-8")) if corpus.exists() else ["<script>", "\0"]
    for text in strings:
        for person in read_names(f"{text}\n{text} <a@b.example>").people:
            assert "\n" not in person.given_name + person.family_name + person.institution
            assert "\0" not in person.given_name + person.family_name + person.institution
