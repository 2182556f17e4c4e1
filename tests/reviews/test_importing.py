"""Files of people: each kind read, every fault told by line, nobody joined by guess."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from reviews.importing import (
    Coauthor,
    Fault,
    Index,
    Known,
    Newcomer,
    Outcome,
    Paper,
    Place,
    UnreadableFile,
    identify,
    name_key,
    place_keys,
    read_file,
)

ADA, BEN = "0000-0000-0000-001X", "0000-0000-0000-0028"
ROR = "05dxps055"


def people(text: str | bytes, **options: str) -> list[Newcomer]:
    """The people of a file without a fault."""
    _, reading = read_file(text.encode() if isinstance(text, str) else text, **options)
    assert reading.faults == []
    return reading.people


def faults(text: str, **options: str) -> list[Fault]:
    """The faults of a file."""
    return read_file(text.encode(), **options)[1].faults


def unreadable(content: bytes) -> str:
    """Why nothing of it is taken."""
    with pytest.raises(UnreadableFile) as refused:
        read_file(content)
    return str(refused.value)


# --- CSV --------------------------------------------------------------------------------------

WHOLE = (
    "email,given_name,family_name,orcid,country,institution,department,ror,mail_domain,"
    "started_on,ended_on,topics,expertise,senior,load_limit,"
    "paper_title,paper_year,paper_doi,paper_abstract,paper_coauthors\n"
    f"Rui@Halvard.example,Rui,Rezende,https://orcid.org/{ADA},no,Halvard Institute,Imaging,"
    f"https://ror.org/{ROR},@halvard.example,2021-09,,human-feedback; adaptation,MRI,yes,3,"
    '"One encoder, three modalities",2023,https://doi.org/10.5555/ONE,"Long.",Ada A; Ben B\n'
)


def test_a_row_of_csv_is_a_person_with_a_place_and_a_paper() -> None:
    assert people(WHOLE) == [
        Newcomer(
            line=2,
            given_name="Rui",
            family_name="Rezende",
            email="rui@halvard.example",
            orcid=ADA,
            country="NO",
            expertise="MRI",
            topics=("human-feedback", "adaptation"),
            is_senior=True,
            load_limit=3,
            places=(
                Place(
                    "Halvard Institute", "Imaging", "NO", ROR, "halvard.example", date(2021, 9, 1)
                ),
            ),
            papers=(
                Paper(
                    "One encoder, three modalities",
                    2023,
                    "10.5555/one",
                    "Long.",
                    (Coauthor("Ada A"), Coauthor("Ben B")),
                ),
            ),
        )
    ]


@pytest.mark.parametrize("divider", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_csv_in_many_ways(divider: str, encoding: str, end: str) -> None:
    lines = ["E-mail Surname First-Name", "ø@halvard.example Åström Zoë", ""]
    text = end.join(line.replace(" ", divider) for line in lines)
    assert people(text.encode(encoding)) == [
        Newcomer(line=2, given_name="Zoë", family_name="Åström", email="ø@halvard.example")
    ]


def test_several_rows_of_a_person_are_one_with_all_places_and_papers() -> None:
    _, reading = read_file(
        (
            "email,orcid,family_name,institution,paper_title,paper_year,paper_doi\n"
            f"a@x.example,,Ott,X,First,2020,\n"
            f"a@x.example,{ADA},,Y,First,2020,\n"
            f",{ADA},,Y,FIRST!,2020,10.5555/1\n"
            f",{ADA},,,Second,2021,\n"
        ).encode()
    )
    assert (reading.faults, reading.joined) == ([], 3)
    assert reading.people == [
        Newcomer(
            line=2,
            family_name="Ott",
            email="a@x.example",
            orcid=ADA,
            places=(Place("X"), Place("Y")),
            papers=(Paper("First", 2020), Paper("Second", 2021)),
        )
    ]


def test_a_row_may_join_two_earlier_ones() -> None:
    found = people(
        f"email,orcid,family_name\na@x.example,,Ott\n,{ADA},Ott\na@x.example,{ADA},Ott\n"
    )
    assert [(p.line, p.email, p.orcid) for p in found] == [(2, "a@x.example", ADA)]


HEAD = "email,given_name,family_name,orcid,institution,ror,started_on,ended_on,load_limit\n"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a@b,,Ott", "“a@b” is no e-mail address."),
        ("=cmd()@x.example,,Ott", "“=cmd()@x.example” is no e-mail address."),
        (",Ada,=1+1", "The family name begins with “=”, as a formula does. Write the name."),
        ("a@x.example,@SUM(A1),", "The given name begins with “@”, as a formula does."),
        ("a@x.example,,,,-2+3", "The institution begins with “-”, as a formula does."),
        (",Ada,", "The row has no address, no ORCID iD and no family name."),
        ("a@x.example,,Ott,0000-0000-0000-0098", "ORCID"),
        ("a@x.example,,Ott,,X,05dxps056", "ROR id 05dxps056"),
        ("a@x.example,,Ott,,X,,2021-13", "The first day is “2021-13”; write a day"),
        ("a@x.example,,Ott,,X,,2022,2021", "is before the first"),
        ("a@x.example,,Ott,,,,,,many", "The load limit is “many”; write a number from 0 to 20."),
        ("a@x.example,,Ott,,,,,,,,,", "The row has 12 cells, but there are 9 columns."),
    ],
)
def test_a_broken_row_is_told_by_line_and_the_others_are_taken(row: str, sentence: str) -> None:
    _, reading = read_file((HEAD + row + "\nben@x.example,Ben,Brandt\n").encode())
    assert [fault.line for fault in reading.faults] == [2]
    assert sentence in reading.faults[0].sentence
    assert [(p.line, p.email) for p in reading.people] == [(3, "ben@x.example")]


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    text = 'email,family_name,expertise\na@x.example,Ott,"one\ntwo\nthree"\nbroken,Ott,\n'
    assert faults(text) == [Fault(5, "“broken” is no e-mail address.")]


def test_one_address_with_two_orcid_ids_is_a_fault_of_the_later_row() -> None:
    text = f"email,orcid,family_name\na@x.example,{ADA},Ott\na@x.example,{BEN},Ott\n"
    assert faults(text) == [
        Fault(
            3,
            f"Ott has another ORCID iD here than in an earlier row: {ADA} and {BEN}. "
            "One of the two is wrong.",
        )
    ]


def test_unknown_columns_are_told_and_left_out() -> None:
    _, reading = read_file(b"email,shoe size\na@x.example,41\n")
    assert reading.faults == [Fault(1, "Columns that are not known were left out: shoe_size.")]
    assert [p.email for p in reading.people] == ["a@x.example"]


def test_a_paper_without_year_is_a_fault() -> None:
    assert faults("email,paper_title,paper_year\na@x.example,One,soon\n") == [
        Fault(2, "The year of “One” is “soon”; write four digits.")
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The first line must name the columns"),
        ("email,family_name\nx@y.example,\u00c5str\u00f6m\n".encode("latin-1"), "Line 2 is not"),
        (b"PK\x03\x04\x00\x00", "This is no text file."),
        (b"<html><body>", "This is a web page or XML."),
        (b"name;shoes\nAda;2\n", "The first line must name the columns"),
        (b"email,family_name\n", "has no row below them"),
        (b'{"results": [', "The file is broken JSON"),
        (b'{"a": 1}', "no record of OpenAlex, Crossref or ORCID"),
        (b"[]", "no record of OpenAlex, Crossref or ORCID"),
        (b"% only a comment\n", "no BibTeX entry"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    assert sentence in unreadable(content)


# --- BibTeX -----------------------------------------------------------------------------------

BIBTEX = r"""
@string{tmi = "Transactions"}
@comment{not an entry}
@article{one,
  title = {The {MRI} of {\"O}stersund},
  author = {Ott, Zo{\"e} and van der Berg, Jan},
  journal = tmi, year = 2021, doi = {https://doi.org/10.5555/X.1},
}
@inproceedings{broken,
  title = {No brace, year = 2020
}
@article{two, title = {Second}, year = {2022}, reviewer = {0000-0000-0000-0028}}
@article{three, title = {No year}}
"""


def test_bibtex_gives_papers_of_the_owner_and_of_whom_entries_name() -> None:
    _, reading = read_file(BIBTEX.encode(), owner="Zoe@X.example")
    assert reading.people == [
        Newcomer(
            line=4,
            email="zoe@x.example",
            papers=(
                Paper(
                    "The MRI of Östersund",
                    2021,
                    "10.5555/x.1",
                    coauthors=(Coauthor("Zoë Ott"), Coauthor("Jan van der Berg")),
                ),
            ),
        ),
        Newcomer(line=12, orcid=BEN, papers=(Paper("Second", 2022),)),
    ]
    assert [fault.line for fault in reading.faults] == [9, 13]
    assert "cannot be read" in reading.faults[0].sentence
    assert reading.faults[1].sentence == "The year of “No year” is “”; write four digits."


def test_bibtex_without_an_owner_says_what_is_missing() -> None:
    found = faults("@article{one, title = {One}, year = 2020}")
    assert [fault.line for fault in found] == [1]
    assert "does not say whose publication it is" in found[0].sentence


# --- JSON -------------------------------------------------------------------------------------

AUTHOR = {
    "id": "https://openalex.org/A1",
    "orcid": f"https://orcid.org/{ADA}",
    "display_name": "Ada Avelin",
    "works_count": 3,
    "affiliations": [
        {
            "institution": {
                "ror": f"https://ror.org/{ROR}",
                "display_name": "Northgate University",
                "country_code": "GB",
            },
            "years": [2024, 2022],
        },
        {"institution": {"display_name": "Old College", "country_code": "NO"}, "years": [2019]},
    ],
    "last_known_institutions": [{"ror": f"https://ror.org/{ROR}"}],
}
WORK = {
    "title": "One encoder",
    "publication_year": 2023,
    "doi": "https://doi.org/10.5555/ONE",
    "abstract_inverted_index": {"Models": [0], "fail": [1, 3], "or": [2]},
    "authorships": [
        {
            "author": {"display_name": "Ada Avelin", "orcid": f"https://orcid.org/{ADA}"},
            "institutions": [{"display_name": "Northgate University", "country_code": "GB"}],
        },
        {"author": {"display_name": "Ben Brandt", "orcid": None}, "institutions": []},
    ],
}
CROSSREF = {
    "DOI": "10.5555/TWO",
    "title": ["Second"],
    "abstract": "<jats:p>Short.</jats:p>",
    "published": {"date-parts": [[2022, 5]]},
    "author": [
        {
            "given": "Ben",
            "family": "Brandt",
            "ORCID": f"http://orcid.org/{BEN}",
            "affiliation": [{"name": "Halvard"}],
        },
        {"name": "The Consortium"},
    ],
}
RECORD = {
    "orcid-identifier": {"path": ADA},
    "person": {
        "name": {"given-names": {"value": "Ada"}, "family-name": {"value": "Avelin"}},
        "emails": {"email": [{"email": "Ada@northgate.example"}]},
        "addresses": {"address": [{"country": {"value": "GB"}}]},
    },
    "activities-summary": {
        "employments": {
            "affiliation-group": [
                {
                    "summaries": [
                        {
                            "employment-summary": {
                                "department-name": "Imaging",
                                "start-date": {"year": {"value": "2020"}, "month": None},
                                "end-date": None,
                                "organization": {
                                    "name": "Northgate University",
                                    "address": {"country": "GB"},
                                    "disambiguated-organization": {
                                        "disambiguated-organization-identifier": (
                                            f"https://ror.org/{ROR}"
                                        ),
                                        "disambiguation-source": "ROR",
                                    },
                                },
                            }
                        }
                    ]
                }
            ]
        },
        "works": {
            "group": [
                {
                    "work-summary": [
                        {
                            "title": {"title": {"value": "One encoder"}},
                            "publication-date": {"year": {"value": "2023"}},
                            "external-ids": {
                                "external-id": [
                                    {"external-id-type": "doi", "external-id-value": "10.5555/ONE"}
                                ]
                            },
                        }
                    ]
                },
                {"work-summary": [{"title": {"title": {"value": "Undated"}}}]},
            ]
        },
    },
}


def test_an_author_of_openalex_has_dated_places() -> None:
    assert people(json.dumps({"results": [AUTHOR]})) == [
        Newcomer(
            line=1,
            given_name="Ada",
            family_name="Avelin",
            orcid=ADA,
            country="GB",
            places=(
                Place("Northgate University", "", "GB", ROR, "", date(2022, 1, 1)),
                Place("Old College", "", "NO", "", "", date(2019, 1, 1), date(2019, 12, 31)),
            ),
        )
    ]


def test_a_work_of_openalex_is_a_paper_of_each_author() -> None:
    ada, ben = people(json.dumps(WORK))
    assert (ada.family_name, ada.orcid, ben.family_name, ben.orcid) == ("Avelin", ADA, "Brandt", "")
    assert ada.papers == (
        Paper("One encoder", 2023, "10.5555/one", "Models fail or fail", (Coauthor("Ben Brandt"),)),
    )
    assert ben.papers[0].coauthors == (Coauthor("Ada Avelin", orcid=ADA),)
    assert ada.places[0].ended_on == date(2023, 12, 31)


def test_a_work_of_crossref() -> None:
    assert people(json.dumps({"status": "ok", "message": {"items": [CROSSREF]}})) == [
        Newcomer(
            line=1,
            given_name="Ben",
            family_name="Brandt",
            orcid=BEN,
            places=(Place("Halvard", started_on=date(2022, 1, 1), ended_on=date(2022, 12, 31)),),
            papers=(Paper("Second", 2022, "10.5555/two", "Short."),),
        )
    ]


def test_a_record_of_orcid() -> None:
    assert people(json.dumps(RECORD)) == [
        Newcomer(
            line=1,
            given_name="Ada",
            family_name="Avelin",
            email="ada@northgate.example",
            orcid=ADA,
            country="GB",
            places=(Place("Northgate University", "Imaging", "GB", ROR, "", date(2020, 1, 1)),),
            papers=(Paper("One encoder", 2023, "10.5555/one"),),
        )
    ]


def test_one_record_a_line_and_a_broken_line() -> None:
    text = "\n".join([json.dumps(RECORD), "{broken", json.dumps(WORK), '{"strange": 1}'])
    _, reading = read_file(text.encode())
    assert [p.full_name for p in reading.people] == ["Ada Avelin", "Ben Brandt"]
    assert [f.sentence for f in reading.faults] == [
        "Line 2 is no JSON.",
        "Entry 3 is no record of OpenAlex, Crossref or ORCID.",
    ]


@pytest.mark.parametrize("key", ["authorships", "publication_year", "title"])
@pytest.mark.parametrize("value", [7, "x", [1], {"a": 1}, None])
def test_strange_values_are_faults_and_never_a_crash(key: str, value: Any) -> None:
    text = json.dumps([{**WORK, key: value}, RECORD])
    _, reading = read_file(text.encode())
    assert "Avelin" in {p.family_name for p in reading.people}


# --- Who is who -------------------------------------------------------------------------------


def known(key: int, name: str = "Ada Avelin", orcid: str = "", place: str = "X") -> Known:
    return Known(key, name, orcid, True, place_keys([Place(place)]))


def index(*everybody: tuple[Known, str]) -> Index:
    made = Index()
    for one, address in everybody:
        made.by_address[address] = one
        if one.orcid:
            made.by_orcid[one.orcid] = one
        made.by_name.setdefault(name_key("", one.name), []).append(one)
    return made


ONE = index((known(1, orcid=ADA), "ada@x.example"), (known(2, "Ben Brandt"), "ben@x.example"))


@pytest.mark.parametrize(
    ("person", "outcome", "key", "evidence"),
    [
        (Newcomer(1, orcid=ADA), Outcome.KNOWN, 1, "ORCID iD"),
        (Newcomer(1, email="ada@x.example"), Outcome.KNOWN, 1, "address"),
        (Newcomer(1, email="ada@x.example", orcid=ADA), Outcome.KNOWN, 1, "ORCID iD and address"),
        (
            Newcomer(1, "Ada", "AVELIN", places=(Place("x"),)),
            Outcome.KNOWN,
            1,
            "name and institution",
        ),
        (Newcomer(1, "Ada", "Avelin", places=(Place("Y"),)), Outcome.NO_ADDRESS, None, ""),
        (Newcomer(1, "Ada", "Avelin"), Outcome.NO_ADDRESS, None, ""),
        (
            Newcomer(1, "Ada", "Avelin", orcid=BEN, places=(Place("X"),)),
            Outcome.NO_ADDRESS,
            None,
            "",
        ),
        (Newcomer(1, email="new@x.example"), Outcome.NEW, None, ""),
        (Newcomer(1, email="ben@x.example", orcid=ADA), Outcome.FAULT, None, ""),
        (Newcomer(1, email="ada@x.example", orcid=BEN), Outcome.FAULT, None, ""),
    ],
)
def test_by_which_evidence_somebody_is_known(
    person: Newcomer, outcome: Outcome, key: int | None, evidence: str
) -> None:
    found = identify(person, ONE)
    assert (found.outcome, found.key, found.evidence) == (outcome, key, evidence)


def test_a_namesake_with_an_address_of_their_own_is_added_and_not_joined() -> None:
    person = Newcomer(1, "Ada", "Avelin", "other@x.example", places=(Place("X"),))
    found = identify(person, ONE)
    assert (found.outcome, found.key) == (Outcome.NEW, None)
    assert "May be the same" in found.sentence


def test_two_namesakes_at_one_place_are_not_told_apart_by_guess() -> None:
    both = index((known(1), "a@x.example"), (known(2), "b@x.example"))
    found = identify(Newcomer(1, "Ada", "Avelin", places=(Place("X"),)), both)
    assert found.outcome == Outcome.FAULT


def test_a_closed_account_takes_nobody_in() -> None:
    closed = index((Known(1, "Ada Avelin", ADA, is_open=False), "ada@x.example"))
    assert identify(Newcomer(1, orcid=ADA), closed).outcome == Outcome.FAULT
