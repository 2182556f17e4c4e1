"""The conflict clinic: what the rules say before anyone is told (F)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from editors import actions as desk
from editors.clinic import LINES_MOST, AskedPerson, read_people
from reviews.models import Assignment, ConflictCheck
from submissions.actions import save_named_reviewers
from submissions.actions.drafts import NamedReviewerEntry
from submissions.models import Manuscript
from tests.cast import Story, fresh, latest_version
from tests.people import Part, sign_up
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue

SignIn = Callable[[User | None], Client]


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


def asked(client: Client, paper: Manuscript, people: str) -> list[tuple[str, str, list[str]]]:
    """Name, whether in the pool, and the rules, of everybody that the page shows."""
    answer = client.post(reverse("desk:clinic", args=[paper.public_id]), {"people": people})
    assert answer.status_code == 200
    return [
        (
            finding.name,
            "pool" if finding.is_in_pool else "account" if finding.user else "stranger",
            [f"{c.rule} {c.level}" for c in finding.conflicts],
        )
        for line in answer.context["lines"]
        for finding in line.findings
    ]


# --- Reading the list -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rui@saolazaro.example", ("", "rui@saolazaro.example", "")),
        ("Rui Rezende <RUI@saolazaro.example>", ("Rui Rezende", "rui@saolazaro.example", "")),
        ("“Rezende, Rui” <rui@x.example>;", ("Rezende, Rui", "rui@x.example", "")),
        ("mailto:rui@x.example", ("", "rui@x.example", "")),
        ("https://orcid.org/0000-0000-0000-001X", ("", "", "0000-0000-0000-001X")),
        ("Ada Avelin 0000-0000-0000-001x", ("Ada Avelin", "", "0000-0000-0000-001X")),
        ("李 明", ("李 明", "", "")),
        ("  Sol   Sandvik ", ("Sol Sandvik", "", "")),
    ],
)
def test_a_line_is_read(line: str, expected: tuple[str, str, str]) -> None:
    [person] = read_people(line).people
    assert (person.name, person.email, person.orcid, person.fault) == (*expected, "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0000-0000-0000-0010", "typing slip"),
        ("rui@nowhere", "no whole address"),
        ("@@@", "cannot be read"),
        ("123 456", "no name"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, words: str) -> None:
    [person] = read_people(line).people
    assert words in person.fault


def test_lines_are_limited_and_repetitions_are_one() -> None:
    many = "\n".join(f"p{n}@x.example" for n in range(LINES_MOST + 7)) + "\np0@x.example"
    found = read_people(many)
    assert (len(found.people), found.left_count) == (LINES_MOST, 7)
    assert read_people("\n \r\n;,\n") == read_people("")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = read_people(text)
    assert len(found.people) <= LINES_MOST
    for person in found.people:
        assert isinstance(person, AskedPerson)
        assert bool(person.fault) != bool(person.name or person.email or person.orcid)
        assert "\x00" not in person.text


# --- The page ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_says_what_the_rules_say(story: Story, client_of: SignIn) -> None:
    paper = story.handled()
    found = asked(
        client_of(story.eva),
        paper,
        f"{story.rui.email}\nGus Gallo\nAda Avelin <{story.ada.email}>\nEva Engel\n"
        "New Person <new@cs.northgate.example>\nSomebody Else <else@gmail.com>\nUma Upadhyay",
    )
    assert found == [
        ("Rui Rezende", "pool", []),
        ("Gus Gallo", "account", ["F2 hard"]),
        ("Ada Avelin", "account", ["F1 hard"]),
        ("Eva Engel", "account", ["F11 hard"]),
        ("New Person", "stranger", ["F2 hard"]),
        ("Somebody Else", "stranger", []),
        ("Uma Upadhyay", "pool", []),
    ]


@pytest.mark.django_db
def test_nothing_is_kept_or_sent(story: Story, client_of: SignIn) -> None:
    paper = story.handled()

    def counts() -> tuple[int, ...]:
        kinds = (User, Assignment, ConflictCheck, AuditEntry, OutboxMessage)
        return tuple(kind.objects.count() for kind in kinds)

    client, before = client_of(story.eva), counts()
    asked(client, paper, "rui@saolazaro.example\nnobody@nowhere.example")
    assert counts() == before


@pytest.mark.django_db
def test_people_of_one_name_are_all_shown(
    story: Story, client_of: SignIn, issue: SpecialIssue
) -> None:
    paper = story.handled()
    sign_up("rui2", issue, Part("Rui", "Rezende", "Alder", "alder.example", "IL"))
    page = client_of(story.eva).post(
        reverse("desk:clinic", args=[paper.public_id]), {"people": "rui rezende"}
    )
    [line] = page.context["lines"]
    assert sorted(f.institution for f in line.findings) == [
        "Alder",
        "Sao Lazaro Teaching Hospital",
    ]
    assert "ambiguous" in page.content.decode()


@pytest.mark.django_db
def test_an_address_nobody_has_is_not_taken_for_a_namesake(story: Story, client_of: SignIn) -> None:
    paper = story.handled()
    found = asked(client_of(story.eva), paper, "Rui Rezende <other@elsewhere.example>")
    assert found == [("Rui Rezende", "stranger", [])]


@pytest.mark.django_db
def test_opposed_people_are_told_and_hostile_text_is_text(story: Story, client_of: SignIn) -> None:
    paper = story.draft()
    version = latest_version(paper)
    save_named_reviewers(
        actor=story.ada,
        version=version,
        people=[
            NamedReviewerEntry(
                name="Sol Sandvik", email=story.sol.email, is_opposed=True, reason="A quarrel."
            )
        ],
        edit_count=version.edit_count,
    )
    story.submit(fresh(paper), "ada")
    story.admit(paper)
    client = client_of(story.kim)
    found = asked(client, paper, f"{story.sol.email}")
    assert found == [("Sol Sandvik", "pool", ["F9 warn"])]
    page = client.post(
        reverse("desk:clinic", args=[paper.public_id]),
        {"people": "<script>alert(1)</script> <b@x.example>"},
    )
    assert "<script>alert(1)" not in page.content.decode()
    nul = client.post(reverse("desk:clinic", args=[paper.public_id]), {"people": "a\x00b"})
    assert nul.status_code == 422


@pytest.mark.django_db
def test_those_without_conflict_go_to_the_panel(story: Story, client_of: SignIn) -> None:
    paper = story.handled()
    client = client_of(story.eva)
    page = client.post(
        reverse("desk:clinic", args=[paper.public_id]),
        {"people": f"{story.sol.email}\n{story.gus.email}\nx@y.example"},
    )
    assert [f.user for f in page.context["free"]] == [story.sol]
    panel = client.get(reverse("desk:panel", args=[paper.public_id]), {"also": story.sol.public_id})
    assert story.sol.pk in {c.user.pk for c in panel.context["four"]}


@pytest.mark.django_db
def test_what_does_not_exist_for_the_editor_is_not_evidence(
    story: Story, client_of: SignIn
) -> None:
    """Eva writes with rui, and sol reviews theirs: to her neither may show here."""
    own = story.submitted("ada", ("eva", "rui"))
    story.admit(own)
    desk.assign_editor(actor=story.kim, manuscript=fresh(own), editor=story.kim)
    story.invite(own, ["sol"], editor="kim")
    paper = story.handled()
    number = fresh(own).number
    address = reverse("desk:clinic", args=[paper.public_id])
    for_eva = client_of(story.eva).post(address, {"people": f"{story.rui.email}"})
    assert str(number) not in for_eva.content.decode()
    [line] = for_eva.context["lines"]
    assert [c.rule for c in line.findings[0].conflicts] == []
    for_kim = client_of(story.kim).post(address, {"people": f"{story.rui.email}"})
    assert str(number) in for_kim.content.decode()


@pytest.mark.django_db
def test_only_who_handles_looks(story: Story, client_of: SignIn) -> None:
    paper = story.handled()
    address = reverse("desk:clinic", args=[paper.public_id])
    answers = {
        name: client_of(story.people[name]).get(address).status_code
        for name in ("ada", "rui", "gus", "ivo", "sam", "eva", "kim")
    }
    refused = dict.fromkeys(("ada", "rui", "gus", "ivo", "sam"), 404)
    assert answers == {**refused, "eva": 200, "kim": 200}
