"""Who sees what on the desk: lists, counts and search share one scope (F1, F2)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import role_names
from editors.actions import admit_manuscript, screen_conflicts
from editors.models import EditorConflict
from editors.queries import editor_choices, visible_to
from editors.queries.desk import Viewer
from editors.search import Context, find
from submissions.models import Author, DeclaredConflict, Manuscript
from submissions.states import Stage
from tests.editors.building import add_review, make_manuscript
from tests.people import GUEST_EDITOR, Part, sign_up
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.queries import milestones


def seen(user: User, issue: SpecialIssue) -> set[str | None]:
    return set(visible_to(user, issue).values_list("number", flat=True))


def numbers_for(user: User, issue: SpecialIssue, text: str) -> list[str | None]:
    """The numbers that this person finds for a text."""
    viewer = Viewer(user, issue, role_names(user, issue))
    found = find(visible_to(user, issue), text, Context(viewer, clock.now(), milestones(issue)))
    return list(found.manuscripts.order_by("number").values_list("number", flat=True))


@pytest.fixture
def three(issue: SpecialIssue, ada: User, ben: User, sam: User) -> list[Manuscript]:
    """Ada's, Ben's and Sam's manuscripts in review."""
    return [
        make_manuscript(issue, person, stage=Stage.IN_REVIEW, title=title).manuscript
        for person, title in [
            (ada, "Quiet Encoders"),
            (ben, "Loud Decoders"),
            (sam, "Plain Transformers"),
        ]
    ]


def test_a_stranger_and_a_reviewer_see_nothing(
    three: list[Manuscript], issue: SpecialIssue, sam: User, rui: User
) -> None:
    assert (seen(sam, issue), seen(rui, issue)) == (set(), set())


def test_editors_office_and_chief_see_all(
    three: list[Manuscript], issue: SpecialIssue, eva: User, kim: User, ivo: User
) -> None:
    numbers = {m.number for m in three}
    assert [seen(person, issue) for person in (eva, kim, ivo)] == [numbers] * 3


@pytest.mark.parametrize("by", ["user", "email", "second address", "orcid", "submitter"])
def test_an_author_among_the_editors_sees_nothing_of_it(
    by: str, three: list[Manuscript], issue: SpecialIssue, eva: User
) -> None:
    own = three[0]
    author = Author.objects.get(version__manuscript=own)
    other = {"user": None, "email": "x@nowhere.example", "orcid": ""}
    if by == "user":
        Author.objects.filter(pk=author.pk).update(**{**other, "user": eva})
    elif by == "email":
        Author.objects.filter(pk=author.pk).update(**{**other, "email": eva.email.upper()})
    elif by == "second address":
        EmailAddress.objects.create(user=eva, email="eva@home.example", verified=True)
        Author.objects.filter(pk=author.pk).update(**{**other, "email": "eva@home.example"})
    elif by == "orcid":
        User.objects.filter(pk=eva.pk).update(orcid="0000-0000-0000-0028")
        eva.refresh_from_db()
        Author.objects.filter(pk=author.pk).update(**{**other, "orcid": "0000-0000-0000-0028"})
    else:
        Manuscript.objects.filter(pk=own.pk).update(submitter=eva)
    assert seen(eva, issue) == {m.number for m in three[1:]}
    assert numbers_for(eva, issue, "Quiet") == []


def test_an_unconfirmed_address_proves_nothing(
    three: list[Manuscript], issue: SpecialIssue, eva: User
) -> None:
    EmailAddress.objects.create(user=eva, email="ada@northgate.example", verified=False)
    assert seen(eva, issue) == {m.number for m in three}


def test_a_shared_institution_hides_the_manuscript(
    issue: SpecialIssue, ada: User, gus: User, eva: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    assert screen_conflicts(manuscript=version.manuscript, version=version) == 1
    assert screen_conflicts(manuscript=version.manuscript, version=version) == 0
    row = EditorConflict.objects.get()
    assert (row.editor, row.rule) == (gus, "F2")
    assert (seen(gus, issue), seen(eva, issue)) == (set(), {version.manuscript.number})


def test_guest_editors_see_an_original_only_once_admitted(
    issue: SpecialIssue, ada: User, eva: User, gus: User, kim: User, ivo: User
) -> None:
    version = make_manuscript(issue, ada)
    number = version.manuscript.number
    assert [seen(p, issue) for p in (eva, gus, kim, ivo)] == [set(), set(), {number}, {number}]
    admit_manuscript(actor=ivo, manuscript=version.manuscript)
    assert [seen(p, issue) for p in (eva, gus, kim, ivo)] == [{number}, set(), {number}, {number}]


def test_drafts_are_on_nobodys_desk(issue: SpecialIssue, ada: User, ivo: User) -> None:
    make_manuscript(issue, ada, stage=Stage.DRAFT)
    assert seen(ivo, issue) == set()


def test_search_finds_number_title_and_author_and_needs_every_word(
    three: list[Manuscript], issue: SpecialIssue, eva: User
) -> None:
    def found(text: str) -> list[str | None]:
        return numbers_for(eva, issue, text)

    assert found("quiet") == [three[0].number]
    assert found("brandt") == [three[1].number]
    assert found(str(three[2].number)) == [three[2].number]
    assert found("encoders ada") == [three[0].number]
    assert found("encoders nobody") == []
    assert found("x" * 10_000) == []
    assert found("%") == []


def test_editors_in_conflict_are_not_offered_and_the_reason_is_told(
    issue: SpecialIssue, ada: User, eva: User, gus: User, kim: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    choices = {c.editor: c for c in editor_choices(version.manuscript, version)}
    assert {person for person, choice in choices.items() if choice.is_open} == {eva, kim}
    assert "Northgate" in choices[gus].reason


def test_a_declared_conflict_hides_the_manuscript_and_a_wish_is_proposed(
    issue: SpecialIssue, ada: User, eva: User, gus: User, kim: User, ivo: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    part = Part("Lia", "Lindahl", "Birch Polytechnic", "birch.example", "SE")
    lia = sign_up("lia", issue, part, GUEST_EDITOR)
    version.preferred_editor = lia
    version.save()
    DeclaredConflict.objects.create(
        version=version, editor=eva, kind="family", evidence="A cousin of the first author."
    )
    assert seen(eva, issue) == {version.manuscript.number}
    choices = editor_choices(version.manuscript, version)
    assert [(c.editor, c.is_preferred) for c in choices if c.is_open] == [(lia, True), (kim, False)]
    assert "A cousin" in next(c.reason for c in choices if c.editor == eva)
    screen_conflicts(manuscript=version.manuscript, version=version)
    screen_conflicts(manuscript=version.manuscript, version=version)
    assert seen(eva, issue) == set()
    assert seen(lia, issue) == {version.manuscript.number}
    assert EditorConflict.objects.filter(editor=eva).values_list("rule", flat=True).get() == "F7"


def test_a_wish_for_an_editor_in_conflict_counts_for_nothing(
    issue: SpecialIssue, ada: User, eva: User, gus: User, kim: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    version.preferred_editor = gus
    version.save()
    choices = {c.editor: c for c in editor_choices(version.manuscript, version)}
    assert (choices[gus].is_open, choices[gus].is_preferred) == (False, False)


@pytest.fixture
def desk_of_eva(client_of: object, eva: User) -> Client:
    browser = client_of(eva)  # type: ignore[operator]
    assert isinstance(browser, Client)
    return browser


def test_the_desk_asks_the_same_number_of_queries_at_any_size(
    issue: SpecialIssue, ada: User, ben: User, eva: User, rui: User, sol: User, desk_of_eva: Client
) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert desk_of_eva.get(path).status_code == 200
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
            add_review(version, rui, number=1)
            add_review(version, sol, number=2)
            make_manuscript(issue, ben, stage=Stage.AWAITING_FINAL_FILES, editor=eva)
        make_manuscript(issue, ben, stage=Stage.MAJOR_REVISION, editor=eva)

    pages = [
        "/desk/",
        "/desk/?show=my-turn",
        "/desk/?show=accepted",
        "/desk/?sort=idle",
        "/desk/?q=encoder",
    ]
    add(2)
    count("/desk/")
    few = [count(page) for page in pages]
    add(9)
    many = [count(page) for page in pages]
    assert many == few
    assert max(many) <= 20


def test_the_counts_leave_out_what_must_not_be_seen(
    three: list[Manuscript], issue: SpecialIssue, eva: User, desk_of_eva: Client
) -> None:
    before = desk_of_eva.get("/desk/").content
    assert b"Quiet Encoders" in before
    EditorConflict.objects.create(
        manuscript=three[0],
        editor=eva,
        rule="declared",
        evidence="a secret friendship",
        found_at=three[0].created_at,
    )
    page = desk_of_eva.get("/desk/")
    assert b"Quiet Encoders" not in page.content
    assert next(c for c in page.context["chips"] if c["label"] == "All")["count"] == 2
    assert desk_of_eva.get(f"/desk/{three[0].public_id}/").status_code == 404


def test_another_issue_does_not_cross(
    three: list[Manuscript], issue: SpecialIssue, eva: User
) -> None:
    SpecialIssue.objects.filter(pk=issue.pk).update(key="first")
    other = SpecialIssue.objects.get(pk=issue.pk)
    other.pk, other.key = None, "other"
    other.save()
    stranger = sign_up("zoe", other, Part("Zoe", "Z", "Zed", "zed.example", "FI"), "guest_editor")
    assert (seen(stranger, issue), seen(eva, other)) == (set(), set())
