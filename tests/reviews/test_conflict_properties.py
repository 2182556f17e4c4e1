"""What must hold of the conflict rules whatever the facts are (F)."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.people import (
    PUBLIC_MAIL_DOMAINS,
    CoauthorFacts,
    Employment,
    PersonFacts,
    employment,
)
from reviews.conflicts import (
    HARD,
    NEVER_WAIVED,
    WARN_MONTHS,
    Conflict,
    NamedPerson,
    conflicts_between,
    in_order,
    own_issue_conflict,
    shared_domain,
    team_conflicts,
)

DAY = date(2024, 7, 1)
MONTHS = 36
LABELS = st.sampled_from(["a", "b", "cs", "ee", "med", "x"])
ENDINGS = st.sampled_from(["example", "ac.uk", "edu.cn", "co.jp", "nhs.uk", "de"])
DOMAINS = st.builds(
    lambda labels, ending: ".".join([*labels, ending]), st.lists(LABELS, max_size=3), ENDINGS
)
NAMES = st.sampled_from(["Wei Wang", "wei  wang", "W. Wang", "Ada Avelin", "Ben Ott", ""])
ORCIDS = st.sampled_from(["", "0000-0000-0000-001X", "0000-0000-0000-0028"])
RORS = st.sampled_from(["", "00te3t702", "030bhh786", "05apxxy63"])
DAYS = st.dates(date(2010, 1, 1), date(2026, 1, 1))
EMPLOYMENTS = st.builds(
    lambda name, ror, domain, start, end, parents: replace(
        employment(name, ror=ror, mail_domain=domain, started_on=start, ended_on=end),
        ror_parents=frozenset(parents),
    ),
    st.sampled_from(["", "General Hospital", "University of A", "Institute of B"]),
    RORS,
    st.one_of(st.just(""), DOMAINS, st.sampled_from(sorted(PUBLIC_MAIL_DOMAINS))),
    st.one_of(st.none(), DAYS),
    st.one_of(st.none(), DAYS),
    st.sets(st.sampled_from(["00te3t702", "030bhh786"]), max_size=2),
)
ADDRESSES = st.builds(lambda name, domain: f"{name}@{domain}", st.sampled_from("pqrs"), DOMAINS)
COAUTHORS = st.builds(
    CoauthorFacts,
    name=NAMES,
    email=st.one_of(st.just(""), ADDRESSES),
    orcid=ORCIDS,
    year=st.integers(1990, 2026),
)


@st.composite
def people(draw: st.DrawFn, key: str) -> PersonFacts:
    """Somebody with any facts and a key of their own."""
    return PersonFacts(
        key=key,
        name=draw(NAMES),
        emails=draw(st.frozensets(ADDRESSES, max_size=2)),
        orcid=draw(ORCIDS),
        affiliations=tuple(draw(st.lists(EMPLOYMENTS, max_size=3))),
        coauthors=tuple(draw(st.lists(COAUTHORS, max_size=3))),
        papers=draw(
            st.frozensets(
                st.tuples(st.sampled_from(["10.1/a", "10.1/b"]), st.integers(2000, 2026)),
                max_size=2,
            )
        ),
        is_verified=draw(st.booleans()),
    )


def judged(person: PersonFacts, *authors: PersonFacts, **options: object) -> list[Conflict]:
    values = {"at": DAY, "months": MONTHS, **options}
    return conflicts_between(person, authors, **values)  # type: ignore[arg-type]


@given(DOMAINS, DOMAINS)
def test_shared_domains_are_symmetric_and_lie_above_both(one: str, other: str) -> None:
    shared = shared_domain(one, other)
    assert shared == shared_domain(other, one)
    if shared:
        assert all(d == shared or d.endswith("." + shared) for d in (one, other))


@given(DOMAINS, LABELS)
def test_a_sub_domain_matches_its_parent(domain: str, label: str) -> None:
    if shared_domain(domain, domain):
        assert shared_domain(f"{label}.{domain}", domain) == domain


@given(st.sampled_from(sorted(PUBLIC_MAIL_DOMAINS)), st.sampled_from(sorted(PUBLIC_MAIL_DOMAINS)))
def test_open_mail_providers_never_match(one: str, other: str) -> None:
    first = PersonFacts("p", "P", frozenset({f"p@{one}"}), "", (employment("", mail_domain=one),))
    second = PersonFacts(
        "q", "Q", frozenset({f"q@{other}"}), "", (employment("", mail_domain=other),)
    )
    assert judged(first, second) == []


@given(people("p"), people("a"))
def test_f2_and_the_last_paper_are_the_same_from_either_side(
    one: PersonFacts, other: PersonFacts
) -> None:
    def rules(found: list[Conflict]) -> set[str]:
        return {c.rule for c in found} & {"F1", "F2", "F4"}

    assert rules(judged(one, other)) == rules(judged(other, one))


@given(people("p"), people("a"), people("b"))
def test_one_more_author_never_takes_a_conflict_away(
    person: PersonFacts, first: PersonFacts, second: PersonFacts
) -> None:
    alone, both = judged(person, first), judged(person, first, second)
    if any(c.rule == "F1" for c in both):
        assert len(both) == 1
    else:
        assert set(alone) <= set(both)


@given(people("p"), people("a"), EMPLOYMENTS, COAUTHORS)
def test_to_know_more_of_somebody_never_makes_a_hard_conflict_vanish(
    person: PersonFacts, author: PersonFacts, post: Employment, paper: CoauthorFacts
) -> None:
    more = replace(
        person,
        affiliations=(*person.affiliations, replace(post, ended_on=None)),
        coauthors=(*person.coauthors, paper),
    )
    if any(c.is_hard for c in judged(person, author)):
        assert any(c.is_hard for c in judged(more, author))


@given(people("p"), people("a"), st.integers(0, 120), st.integers(0, 120))
def test_longer_spans_find_no_less(
    person: PersonFacts, author: PersonFacts, months: int, more: int
) -> None:
    def hard(span: int) -> set[str]:
        found = judged(person, author, months=span, warn_months=WARN_MONTHS)
        return {c.rule for c in found if c.level == HARD}

    assert hard(min(months, more)) <= hard(max(months, more))


@given(people("p"), people("a"))
def test_findings_are_sound(person: PersonFacts, author: PersonFacts) -> None:
    found = judged(person, author, named=[NamedPerson(person.name, is_opposed=True)])
    assert found == in_order(found)
    assert len(found) == len(set(found))
    for conflict in found:
        assert conflict.evidence.endswith(".")
        assert len(conflict.evidence) > 10
        assert not (conflict.rule in NEVER_WAIVED and conflict.is_waivable)
        assert not (conflict.is_hard and conflict.rule in {"F5", "F9", "F14", "F16", "F17"})


@given(people("p"), people("a"), st.integers(0, 2000))
def test_what_left_long_before_the_submission_is_no_f3(
    person: PersonFacts, author: PersonFacts, days: int
) -> None:
    long_ago = DAY - timedelta(days=31 * (MONTHS + 1) + days)
    left = replace(
        person,
        emails=frozenset(),
        affiliations=tuple(
            replace(a, started_on=None, ended_on=long_ago) for a in person.affiliations
        ),
    )
    assert "F3" not in {c.rule for c in judged(left, author)}


def test_the_spans_count_from_the_submission_and_places_from_today() -> None:
    author = PersonFacts("a", "Ada", affiliations=(employment("A", mail_domain="a.example"),))
    left = employment("A", mail_domain="a.example", ended_on=date(2021, 8, 1))
    person = PersonFacts("p", "Rui", affiliations=(left,))
    in_autumn = date(2024, 11, 1)
    assert [c.rule for c in judged(person, author, at=in_autumn, submitted_at=DAY)] == ["F3"]
    assert judged(person, author, at=in_autumn) == []
    # Who has left since the submission is still somebody who left lately.
    late = replace(person, affiliations=(replace(left, ended_on=date(2024, 9, 1)),))
    assert [c.rule for c in judged(late, author, at=in_autumn, submitted_at=DAY)] == ["F3"]


def test_a_part_and_its_whole_are_one_institution_and_two_parts_are_not() -> None:
    whole = PersonFacts("a", "Ada", affiliations=(employment("University", ror="00te3t702"),))
    part = replace(employment("School", ror="030bhh786"), ror_parents=frozenset({"00te3t702"}))
    other = replace(employment("Hospital", ror="05apxxy63"), ror_parents=frozenset({"00te3t702"}))
    one = PersonFacts("p", "Rui", affiliations=(part,))
    two = PersonFacts("q", "Sol", affiliations=(other,))
    [found] = judged(one, whole)
    assert found.evidence == (
        "Same institution as Ada: School belongs to University (ROR 00te3t702)."
    )
    assert [c.rule for c in judged(whole, one)] == ["F2"]
    assert judged(one, two) == []


def test_one_doi_on_two_lists_is_a_paper_together() -> None:
    one = PersonFacts("p", "Rui", papers=frozenset({("10.1/a", 2023), ("10.1/b", 2010)}))
    two = PersonFacts("q", "Sol", papers=frozenset({("10.1/a", 2023), ("10.1/c", 2024)}))
    [found] = judged(one, two)
    assert (found.rule, found.is_waivable) == ("F4", False)
    assert found.evidence == "Published with Sol in 2023 (DOI 10.1/a)."


def test_a_namesake_may_be_cleared_and_says_so() -> None:
    one = PersonFacts("p", "Rui", coauthors=(CoauthorFacts(name="Wei Wang", year=2023),))
    [found] = judged(one, PersonFacts("q", "Wei Wang"))
    assert (found.rule, found.is_hard, found.is_waivable, found.needs_reason) == (
        "F4",
        True,
        True,
        True,
    )
    assert "by the name alone" in found.evidence


def test_a_suggested_reviewer_whom_nothing_identifies_needs_a_reason() -> None:
    unknown = PersonFacts("p", "Rui", emails=frozenset({"rui@gmail.com"}), is_identified=False)
    [found] = judged(unknown, named=[NamedPerson("Rui", "rui@gmail.com")])
    assert (found.rule, found.level, found.needs_reason) == ("F10", "warn", True)
    [known] = judged(
        replace(unknown, is_identified=True), named=[NamedPerson("Rui", "rui@gmail.com")]
    )
    assert known.needs_reason is False


def test_an_editors_own_manuscripts() -> None:
    levels = [
        [c.level for c in own_issue_conflict("Eva", count=n, cap=cap)]
        for n, cap in ((0, None), (1, None), (2, None), (1, 0), (2, 2), (3, 2))
    ]
    assert levels == [[], ["info"], ["warn"], ["hard"], ["warn"], ["hard"]]


def test_a_team_of_one_institution() -> None:
    eva = PersonFacts("e", "Eva", affiliations=(employment("O", mail_domain="o.example"),))
    lia = PersonFacts("l", "Lia", affiliations=(employment("O", mail_domain="o.example"),))
    kim = PersonFacts("k", "Kim", affiliations=(employment("W", mail_domain="w.example"),))
    found = team_conflicts([eva, lia, kim], at=DAY)
    assert [(c.rule, c.level, c.evidence) for c in found] == [
        ("F18", "info", "Eva and Lia are both at O (o.example).")
    ]
