"""The commands that open accounts and give roles."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Affiliation, User
from accounts.queries import editors, role_names
from tests.accounts.conftest import MakePerson, code_sent_to
from tmi_special_issue.models import ListedEditor, OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def listed(open_issue: SpecialIssue) -> list[str]:
    """Two invented guest editors, one with two institutions."""
    people: list[dict[str, Any]] = [
        {
            "given_name": "Eva",
            "family_name": "Lindqvist",
            "email": "Eva@Halvard.example",
            "affiliation": "Halvard Imaging Institute",
            "rors": ["018906e22", "035b05819"],
        },
        {
            "given_name": "Gus",
            "family_name": "Berg",
            "email": "gus@orrin.example",
            "affiliation": "Orrin School of Medicine",
        },
    ]
    for position, facts in enumerate(people, start=1):
        ListedEditor.objects.create(issue=open_issue, position=position, **facts)
    return [facts["email"] for facts in people]


def test_grant_role_gives_the_role_once(make_person: MakePerson, open_issue: SpecialIssue) -> None:
    rui = make_person("rui@kestrelbay.example")
    for _ in range(2):
        said = run("grant_role", "RUI@kestrelbay.example", "reviewer", "--issue", open_issue.key)
    assert said == "rui@kestrelbay.example has the role reviewer in foundation-models-2024."
    assert role_names(rui, open_issue) == {"reviewer"}


def test_grant_role_dry_run_changes_nothing(
    make_person: MakePerson, open_issue: SpecialIssue
) -> None:
    rui = make_person("rui@kestrelbay.example")
    said = run("grant_role", rui.email, "office", "--issue", open_issue.key, "--dry-run", "--json")
    assert json.loads(said) == {
        "email": rui.email,
        "role": "office",
        "issue": open_issue.key,
        "done": False,
    }
    assert role_names(rui, open_issue) == frozenset()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody@orrin.example", "reviewer", "--issue", "foundation-models-2024"], "no account"),
        (["nobody@orrin.example", "reviewer", "--issue", "other"], "there are: foundation-models"),
    ],
)
def test_grant_role_says_what_is_missing(
    open_issue: SpecialIssue, words: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("grant_role", *words)


def test_invite_editors_opens_accounts_and_mails_each_once(
    listed: list[str], open_issue: SpecialIssue
) -> None:
    for _ in range(2):
        run("invite_editors", "--issue", open_issue.key)
    eva, gus = User.objects.order_by("pk")
    assert [eva.email, gus.email] == [address.lower() for address in listed]
    assert not eva.has_usable_password()
    assert list(editors(open_issue)) == [gus, eva]
    assert list(
        Affiliation.objects.filter(user=eva).order_by("ror").values_list("institution", "ror")
    ) == [("Halvard Imaging Institute", "018906e22"), ("Halvard Imaging Institute", "035b05819")]
    assert sorted(OutboxMessage.objects.values_list("kind", "to")) == [
        ("editor_invited", "eva@halvard.example"),
        ("editor_invited", "gus@orrin.example"),
    ]
    assert "http://testserver/account/login/code/" in OutboxMessage.objects.first().text  # type: ignore[union-attr]


def test_an_invited_editor_signs_in_with_one_code(
    client: Client, listed: list[str], open_issue: SpecialIssue
) -> None:
    run("invite_editors", "--issue", open_issue.key)
    client.post("/account/login/code/", {"email": "gus@orrin.example"})
    answer = client.post(
        "/account/login/code/confirm/", {"code": code_sent_to("gus@orrin.example")}
    )
    assert answer["Location"] == "/account/"
    assert client.get("/account/")["Location"] == "/desk/"


def test_invite_editors_refuses_in_a_rehearsal(
    listed: list[str], open_issue: SpecialIssue, settings: Settings
) -> None:
    settings.REHEARSAL = True
    with pytest.raises(CommandError, match="the call names real people"):
        run("invite_editors", "--issue", open_issue.key)
    assert User.objects.count() == OutboxMessage.objects.count() == 0


def test_invite_editors_dry_run_names_them_and_changes_nothing(
    listed: list[str], open_issue: SpecialIssue
) -> None:
    said = json.loads(run("invite_editors", "--issue", open_issue.key, "--dry-run", "--json"))
    assert said == {"issue": open_issue.key, "editors": listed, "done": False}
    assert User.objects.count() == 0


def test_the_first_office_is_opened_once(client: Client, open_issue: SpecialIssue) -> None:
    said = run("create_first_office", "Ivo@tarnby.example")
    assert said == (
        "ivo@tarnby.example is the office of foundation-models-2024. "
        "Sign in at http://testserver/account/login/code/"
    )
    assert role_names(User.objects.get(), open_issue) == {"office"}
    with pytest.raises(CommandError, match="has an office already"):
        run("create_first_office", "sam@stranger.example")
    assert User.objects.count() == 1


def test_the_first_office_needs_an_address_and_an_issue(db: None) -> None:
    with pytest.raises(CommandError, match="is not an e-mail address"):
        run("create_first_office", "ivo")
    with pytest.raises(CommandError, match="There is no such issue"):
        run("create_first_office", "ivo@tarnby.example")
