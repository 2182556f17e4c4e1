"""The list of authors under its buttons, the paste box and the pointer; roles and ORCID state."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, queries
from submissions.actions.drafts import AuthorEntry
from submissions.author_list import arranged, told, with_pasted
from submissions.credit import CREDIT_ROLES
from submissions.models import Author, Version
from submissions.name_list import PastedList, read_names
from submissions.states import RevisionKind
from tests.submissions.drafts import DECIDING, at_stage, complete_draft, newest, revision_asked
from tests.submissions.test_views import author_rows, text_of
from tmi_special_issue.models import SpecialIssue

SignIn = Callable[[User | None], Client]
PEOPLE = [AuthorEntry(family_name=name, email=f"{name}@x.example") for name in "abcd"]


def names(entries: list[AuthorEntry]) -> str:
    return "".join(entry.family_name for entry in entries)


@pytest.mark.parametrize(
    ("act", "order"),
    [
        ("up-2", "acbd"),
        ("up-0", "abcd"),
        ("down-0", "bacd"),
        ("down-3", "abcd"),
        ("remove-1", "acd"),
        ("move-3-0", "dabc"),
        ("move-0-3", "bcda"),
        ("move-1-1", "abcd"),
        ("move-0-4", "abcd"),
        ("move-9-0", "abcd"),
        ("move-0", "abcd"),
        ("remove-", "abcd"),
        ("remove--1", "abcd"),
        ("up-٢", "abcd"),
        ("up-9999999", "abcd"),
        ("next", "abcd"),
    ],
)
def test_every_button_gives_its_order(act: str, order: str) -> None:
    assert names(arranged(PEOPLE, act)) == order


def test_pasted_people_come_behind_and_nobody_comes_twice() -> None:
    listed = [AuthorEntry(family_name="Avelin", email="ADA@x.example"), AuthorEntry()]
    pasted = read_names("Ada Avelin, ada@x.example, Northgate; Ben Ott, ben@y.example")
    result = with_pasted(listed, pasted)
    assert [(e.family_name, e.email, e.institution) for e in result] == [
        ("Avelin", "ADA@x.example", "Northgate"),
        ("Ott", "ben@y.example", ""),
    ]
    assert [e.is_corresponding for e in with_pasted([], pasted)] == [True, False]
    assert with_pasted(result, pasted) == result


def test_what_came_of_a_paste_is_told() -> None:
    read = read_names("Ben Ott, ben@y.example\n@@@")
    assert told(1, 2, read) == "1 author added. Not read: “@@@”. Add these by hand."
    assert told(1, 1, read_names("Ben Ott")).startswith("Nobody was added: everybody")
    assert told(1, 1, PastedList(unread=("@@@",))) == (
        "Nobody was added. These lines could not be read: “@@@”."
    )


# --- On the page ------------------------------------------------------------------------------


def rows_of(version: Version, **changes: object) -> dict[str, object]:
    """The form as the page shows it."""
    rows = list(Author.objects.filter(version=version))
    fields = ("public_id", "given_name", "family_name", "email", "orcid", "institution", "country")
    data: dict[str, object] = dict(author_rows(*({f: getattr(r, f) for f in fields} for r in rows)))
    for number, row in enumerate(rows):
        data[f"authors-{number}-credit_roles"] = row.credit_roles
    corresponding = next((n for n, row in enumerate(rows) if row.is_corresponding), "")
    return {**data, "corresponding": corresponding, "revision": newest_count(version), **changes}


def newest_count(version: Version) -> int:
    return newest(version.manuscript).edit_count


def address(version: Version) -> str:
    return reverse("submissions:authors", args=[version.public_id])


@pytest.mark.django_db
def test_a_pasted_list_gives_rows_without_scripts(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue)
    browser = client_of(ada)
    text = "Ben van den Ott <ben@y.example>\nChi Li, chi@z.example, Institute of Z"
    for act in ("paste", "next"):  # a list left in its box when going on is not lost either
        answer = browser.post(address(version), rows_of(version, pasted=text, act=act), follow=True)
        assert answer.redirect_chain[-1][0].startswith(address(version))
    rows = Author.objects.filter(version=version)
    assert [(r.given_name, r.family_name, r.email, r.institution) for r in rows] == [
        ("Ada", "Avelin", ada.email, "Northgate University"),
        ("Ben", "van den Ott", "ben@y.example", ""),
        ("Chi", "Li", "chi@z.example", "Institute of Z"),
    ]
    assert [row.is_corresponding for row in rows] == [True, False, False]


@pytest.mark.django_db
def test_saving_as_one_types_leaves_the_paste_box_alone(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue)
    saved = client_of(ada).post(
        reverse("submissions:save", args=[version.public_id]),
        rows_of(version, pasted="Ben Ott, ben@y.exam", screen="authors"),
    )
    assert saved.status_code == 200
    assert Author.objects.filter(version=version).count() == 1


@pytest.mark.django_db
def test_in_a_revision_nobody_is_pasted_in(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = actions.start_revision(actor=ada, manuscript=revision_asked(ada, issue))
    answer = client_of(ada).post(
        address(version), rows_of(version, pasted="Ben Ott, ben@y.example", act="paste")
    )
    assert answer.status_code == 409
    assert "nobody can be added or taken off" in text_of(answer)
    assert Author.objects.filter(version=version).count() == 1


@pytest.mark.django_db
def test_roles_are_kept_shown_and_taken_into_the_next_version(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    assert len(CREDIT_ROLES) == 14
    version = complete_draft(ada, issue)
    browser = client_of(ada)
    roles = ["software", "conceptualization"]
    changes = {"authors-0-credit_roles": roles, "act": "stay"}
    assert browser.post(address(version), rows_of(version, **changes)).status_code == 302
    unknown = {"authors-0-credit_roles": ["sitting-by"], "act": "stay"}
    assert browser.post(address(version), rows_of(version, **unknown)).status_code == 422
    author = Author.objects.get(version=version)
    assert sorted(author.credit_roles) == sorted(roles)
    check = browser.get(reverse("submissions:check", args=[version.public_id]))
    assert "Conceptualization, Software" in text_of(check)
    actions.submit_manuscript(actor=ada, version=version, began_at=version.saved_at)
    manuscript = at_stage(version.manuscript, *DECIDING)
    actions.request_revision(actor="system:test", manuscript=manuscript, kind=RevisionKind.MAJOR)
    revision = actions.start_revision(actor=ada, manuscript=manuscript)
    assert sorted(Author.objects.get(version=revision).credit_roles) == sorted(roles)


@pytest.mark.django_db
def test_an_orcid_that_was_typed_stays_unverified(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue, ben)
    Author.objects.filter(version=version, email=ben.email).update(orcid="0000-0002-1825-0097")
    assert [a.is_orcid_confirmed for a in queries.listed_authors(version)] == [True, False]
    words = text_of(client_of(ada).get(address(version)))
    assert words.count("confirmed by ORCID") == 1
    assert words.count("only its owner can confirm it") == 1
    ada.orcid_verified = False
    ada.save()
    assert [a.is_orcid_confirmed for a in queries.listed_authors(version)] == [False, False]
    check = client_of(ada).get(reverse("submissions:check", args=[version.public_id]))
    assert text_of(check).count("ORCID iD unverified") == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("orcid", "0000-0002-1825-0098", "typing slip"),
        ("ror", "05dxps054", "typing slip"),
        ("ror", "https://ror.org/x", "nine characters"),
    ],
)
def test_a_slip_in_an_identifier_is_told_and_the_text_stays(
    ada: User, issue: SpecialIssue, client_of: SignIn, field: str, typed: str, words: str
) -> None:
    version = complete_draft(ada, issue)
    changes = {f"authors-0-{field}": typed, "authors-0-city": "Typed but not lost"}
    page = client_of(ada).post(address(version), rows_of(version, **changes, act="next"))
    assert page.status_code == 422
    assert words in text_of(page)
    assert f'value="{typed}"' in page.content.decode()
    assert 'value="Typed but not lost"' in page.content.decode()
