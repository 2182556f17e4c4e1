"""The conflict rules as a table: who, what is known, which finding (`domain.md` F, L.6)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.people import CoauthorFacts, Employment, PersonFacts, employment, mail_domain_of
from reviews.conflicts import (
    DECLARED_RULES,
    Conflict,
    DeclaredPerson,
    NamedPerson,
    conflicts_between,
    handling_conflict,
    load_conflict,
    own_submission_conflict,
    panel_conflicts,
    shared_domain,
    suggestion_conflict,
)
from submissions.states import CONFLICT_LABELS, ConflictKind

AT = datetime(2024, 7, 5, 9, tzinfo=UTC)
MONTHS = 36


def person(key: str, *affiliations: Employment, **known: Any) -> PersonFacts:
    """Somebody with a name of their own and whatever is said."""
    values: dict[str, Any] = {"name": key.title(), "affiliations": affiliations, **known}
    return PersonFacts(key=key, **values)


def at_home(domain: str, **dates: Any) -> Employment:
    return employment(f"House of {domain}", mail_domain=domain, **dates)


def found(
    reviewer: PersonFacts, *authors: PersonFacts, named: tuple[NamedPerson, ...] = ()
) -> list[tuple[str, str]]:
    rows = conflicts_between(reviewer, authors, at=AT, months=MONTHS, named=named)
    return [(row.rule, row.level) for row in rows]


RUI = person("rui", at_home("saolazaro.example"), emails=frozenset({"rui@saolazaro.example"}))
ADA = person("ada", at_home("northgate.example"), emails=frozenset({"ada@northgate.example"}))


def coauthor(year: int, **known: str) -> CoauthorFacts:
    return CoauthorFacts(year=year, **known)


@pytest.mark.parametrize(
    ("reviewer", "author", "expected"),
    [
        pytest.param(RUI, ADA, [], id="strangers"),
        # F1
        pytest.param(ADA, ADA, [("F1", "hard")], id="same account"),
        pytest.param(
            person("x", emails=frozenset({"ada@northgate.example"})),
            ADA,
            [("F1", "hard")],
            id="same address",
        ),
        pytest.param(
            person("x", orcid="0000-0000-0000-001X"),
            person("y", orcid="0000-0000-0000-001X"),
            [("F1", "hard")],
            id="same ORCID iD",
        ),
        pytest.param(person("x"), person("y"), [], id="two without ORCID iD are two"),
        # F2
        pytest.param(
            person("x", employment("A", ror="00te3t702")),
            person("y", employment("Another name", ror="https://ror.org/00te3t702")),
            [("F2", "hard")],
            id="same ROR id in two spellings",
        ),
        pytest.param(
            person("x", at_home("ece.northgate.example")),
            ADA,
            [("F2", "hard")],
            id="L.6 department",
        ),
        pytest.param(
            person("x", at_home("cs.northgate.example")),
            person("y", at_home("ece.northgate.example")),
            [("F2", "hard")],
            id="two departments",
        ),
        pytest.param(
            person("x", at_home("a.ac.uk")), person("y", at_home("b.ac.uk")), [], id="ac.uk"
        ),
        pytest.param(
            person("x", emails=frozenset({"x@gmail.com"})),
            person("y", emails=frozenset({"y@gmail.com"})),
            [],
            id="L.6 two gmail users",
        ),
        pytest.param(
            person("x", employment("A", mail_domain="qq.com")),
            person("y", employment("B", mail_domain="qq.com")),
            [],
            id="public domain typed as an affiliation",
        ),
        pytest.param(
            person("x", emails=frozenset({"x@northgate.example"})),
            ADA,
            [("F2", "hard")],
            id="by the address alone",
        ),
        pytest.param(
            person("x", employment("Northgate  university")),
            person("y", employment("Northgate University")),
            [("F2", "hard")],
            id="same name, nothing else known",
        ),
        pytest.param(
            person("x", employment("General Hospital", ror="00te3t702")),
            person("y", employment("General Hospital", ror="02qp3tb03")),
            [],
            id="one name, two ROR ids",
        ),
        pytest.param(
            person("x", at_home("northgate.example", started_on=date(2025, 1, 1))),
            ADA,
            [],
            id="will go there next year",
        ),
        # F3
        pytest.param(
            person("x", at_home("northgate.example", ended_on=date(2022, 1, 31))),
            ADA,
            [("F3", "hard")],
            id="left 30 months ago",
        ),
        pytest.param(
            person("x", at_home("northgate.example", ended_on=date(2021, 7, 5))),
            ADA,
            [("F3", "hard")],
            id="left 36 months ago to the day",
        ),
        pytest.param(
            person("x", at_home("northgate.example", ended_on=date(2021, 7, 4))),
            ADA,
            [],
            id="left 36 months and a day ago",
        ),
        pytest.param(
            person(
                "x",
                at_home("northgate.example", ended_on=date(2020, 1, 1)),
                emails=frozenset({"x@northgate.example"}),
            ),
            ADA,
            [],
            id="an old address that was never changed",
        ),
        pytest.param(
            RUI,
            person("y", at_home("saolazaro.example", ended_on=date(2023, 1, 1))),
            [],
            id="the author left; only the present of authors counts",
        ),
        # F4, F5
        pytest.param(
            person("x", coauthors=(coauthor(2022, email="ada@northgate.example"),)),
            ADA,
            [("F4", "hard")],
            id="paper two years ago",
        ),
        pytest.param(
            person("x", coauthors=(coauthor(2021, email="ada@northgate.example"),)),
            ADA,
            [("F4", "hard")],
            id="paper of 2021: within 36 months of its year's end",
        ),
        pytest.param(
            person("x", coauthors=(coauthor(2020, email="ada@northgate.example"),)),
            ADA,
            [("F5", "warn")],
            id="paper of 2020 warns",
        ),
        pytest.param(
            person("x", coauthors=(coauthor(2018, email="ada@northgate.example"),)),
            ADA,
            [],
            id="paper of 2018 is past",
        ),
        pytest.param(
            person("x", coauthors=(coauthor(2023, name="ADA"),)),
            ADA,
            [("F4", "hard")],
            id="by the name where nothing better is known",
        ),
        pytest.param(
            person("x", coauthors=(coauthor(2023, name="Ada", orcid="0000-0000-0000-0028"),)),
            person("y", name="Ada", orcid="0000-0000-0000-001X"),
            [],
            id="one name, two ORCID iDs",
        ),
        pytest.param(
            person("x", orcid="0000-0000-0000-0028"),
            person("y", coauthors=(coauthor(2023, orcid="0000-0000-0000-0028"),)),
            [("F4", "hard")],
            id="known from the author's side only",
        ),
        pytest.param(
            person(
                "x",
                at_home("northgate.example"),
                coauthors=(coauthor(2023, email="ada@northgate.example"),),
            ),
            ADA,
            [("F2", "hard"), ("F4", "hard")],
            id="both rules are told",
        ),
        # F17
        pytest.param(person("x", is_verified=False), ADA, [("F17", "warn")], id="unverified"),
    ],
)
def test_rules_between_a_person_and_an_author(
    reviewer: PersonFacts, author: PersonFacts, expected: list[tuple[str, str]]
) -> None:
    assert found(reviewer, author) == expected


def test_an_author_gets_f1_and_nothing_else() -> None:
    me = person("ada", at_home("northgate.example"), is_verified=False)
    assert found(me, person("ben", at_home("northgate.example")), ADA) == [("F1", "hard")]


def test_every_finding_says_what_was_found() -> None:
    reviewer = person("x", at_home("ece.northgate.example"))
    assert conflicts_between(reviewer, [ADA], at=AT, months=MONTHS) == [
        Conflict(
            "F2",
            "hard",
            "Same institution as Ada: House of ece.northgate.example (northgate.example).",
        )
    ]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (NamedPerson("Somebody", "rui@saolazaro.example", is_opposed=True), [("F9", "warn")]),
        (NamedPerson("Somebody", "RUI@saolazaro.example"), [("F10", "warn")]),
        (NamedPerson("rui"), [("F10", "warn")]),
        (NamedPerson("Rui", "rui@elsewhere.example"), []),
        (NamedPerson("", ""), []),
    ],
)
def test_people_whom_the_authors_named(named: NamedPerson, expected: list[tuple[str, str]]) -> None:
    assert found(RUI, ADA, named=(named,)) == expected


def test_an_opposed_reviewer_needs_a_reason_and_a_suggested_one_does_not() -> None:
    rows = conflicts_between(
        RUI,
        [ADA],
        at=AT,
        months=MONTHS,
        named=[NamedPerson("Rui", is_opposed=True, reason="A quarrel."), NamedPerson("Rui")],
    )
    assert [(row.rule, row.needs_reason) for row in rows] == [("F9", True), ("F10", False)]
    assert "A quarrel." in rows[0].evidence


def test_the_handling_editor_is_never_a_reviewer() -> None:
    [row] = handling_conflict(RUI, "rui")
    assert (row.rule, row.level, row.is_waivable) == ("F11", "hard", False)
    assert handling_conflict(RUI, "eva") == []


@pytest.mark.parametrize(
    ("rule", "is_waivable"),
    [("F1", False), ("F2", False), ("F3", True), ("F4", False), ("F11", False), ("F15", False)],
)
def test_only_a_former_institution_can_be_waived(rule: str, is_waivable: bool) -> None:
    assert Conflict(rule, "hard", "").is_waivable is is_waivable


def test_one_suggested_reviewer_at_most() -> None:
    sol = person("sol", emails=frozenset({"sol@tarnby.example"}))
    named = [NamedPerson("Rui"), NamedPerson("S.", "sol@tarnby.example")]
    assert suggestion_conflict(RUI, named, [sol]) == [
        Conflict(
            "F10",
            "hard",
            "The authors suggested Rui and also Sol, who is on the panel already; one suggested "
            "reviewer is the most.",
        )
    ]
    assert suggestion_conflict(RUI, named, [RUI]) == []
    assert suggestion_conflict(RUI, named[1:], [sol]) == []


def test_two_reviewers_of_one_manuscript() -> None:
    colleague = person("col", at_home("radiology.saolazaro.example"))
    partner = person("par", coauthors=(coauthor(2023, email="rui@saolazaro.example"),))
    rows = panel_conflicts(RUI, [RUI, colleague, partner, ADA], at=AT, months=MONTHS)
    assert [(row.rule, row.level) for row in rows] == [("F14", "warn"), ("F14", "warn")]


@pytest.mark.parametrize(
    ("own", "mutual", "expected"),
    [
        ([], [], []),
        (["TMI-FM-2024-0007"], [], [("F15", "warn")]),
        (["TMI-FM-2024-0007"], ["TMI-FM-2024-0007"], [("F15", "hard")]),
    ],
)
def test_own_submission(own: list[str], mutual: list[str], expected: list[tuple[str, str]]) -> None:
    rows = own_submission_conflict(RUI, own_numbers=own, mutual_numbers=mutual)
    assert [(row.rule, row.level) for row in rows] == expected


@pytest.mark.parametrize(
    ("count", "limit", "expected"), [(2, 3, 0), (3, 3, 1), (4, 3, 1), (0, 0, 1)]
)
def test_load(count: int, limit: int, expected: int) -> None:
    assert len(load_conflict(RUI, open_count=count, limit=limit)) == expected


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("a.example", "a.example", "a.example"),
        ("x.a.example", "a.example", "a.example"),
        ("a.example", "x.a.example", "a.example"),
        ("x.a.example", "y.a.example", "a.example"),
        ("xa.example", "a.example", ""),
        ("a.example", "b.example", ""),
        ("x.edu.cn", "y.edu.cn", ""),
        ("m.x.edu.cn", "n.x.edu.cn", "x.edu.cn"),
        ("", "a.example", ""),
        ("", "", ""),
    ],
)
def test_shared_domain(one: str, other: str, shared: str) -> None:
    assert shared_domain(one, other) == shared


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@B.Example", "b.example"),
        ("a@gmail.com", ""),
        ("a@GMAIL.com.", ""),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_mail_domain(address: str, domain: str) -> None:
    assert mail_domain_of(address) == domain


# --- What the authors declare (F2 to F8) ------------------------------------------------------


def declared(*rows: DeclaredPerson) -> list[Conflict]:
    return conflicts_between(RUI, [ADA], at=AT, months=MONTHS, declared=rows)


@pytest.mark.parametrize(
    ("kind", "rule", "is_waivable"),
    [
        ("institution", "F2", False),
        ("former_institution", "F3", True),
        ("collaborator", "F4", False),
        ("adviser", "F6", False),
        ("family", "F7", False),
        ("interest", "F8", False),
        ("similar_work", "F8", False),
    ],
)
def test_a_declared_conflict_is_hard_under_its_rule(
    kind: str, rule: str, is_waivable: bool
) -> None:
    [found] = declared(DeclaredPerson(ConflictKind(kind), "Her thesis.", key="rui"))
    assert (found.rule, found.level, found.is_declared) == (rule, "hard", True)
    assert found.is_waivable is is_waivable
    label = CONFLICT_LABELS[ConflictKind(kind)]
    assert found.evidence.endswith(f"{label}. Their words: Her thesis.")


def test_every_kind_that_can_be_declared_has_a_rule() -> None:
    assert set(DECLARED_RULES) == set(ConflictKind)


@pytest.mark.parametrize(
    ("who", "is_meant"),
    [
        ({"key": "rui"}, True),
        ({"key": "eva", "name": "Rui"}, False),
        ({"name": "somebody", "email": "RUI@saolazaro.example"}, True),
        ({"name": "Rui", "email": "another@saolazaro.example"}, False),
        ({"name": "rui"}, True),
        ({"name": "rui b"}, False),
    ],
)
def test_a_conflict_is_declared_with_an_account_an_address_or_a_whole_name(
    who: dict[str, str], is_meant: bool
) -> None:
    found = declared(DeclaredPerson(ConflictKind.FAMILY, "A cousin.", **who))
    assert [c.rule for c in found] == (["F7"] if is_meant else [])
