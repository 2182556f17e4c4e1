"""Title, abstract and authors are offered from page 1, and taken only when the author presses."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, queries
from submissions.actions.drafts import AuthorEntry
from submissions.models import Author, Version, VersionFile
from submissions.preflight.facts import Facts, storable
from submissions.proposals import FrontPage, Offer, place_of, same_words
from submissions.states import FileKind
from tests.papers import paper
from tests.submissions.drafts import complete_draft, empty_draft, entry, newest, put_file, submitted
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]
TITLE = "A Title That Page One Prints"
ABSTRACT = "One encoder serves every scanner of the abdomen. " * 20
NAMES = ["Ben Ott", "Ada Avelin", "Rui van der Rezende"]
PAGE = {"title": TITLE, "abstract": ABSTRACT, "authors": NAMES}

needs_rows = pytest.mark.django_db


@pytest.fixture
def draft(ada: User, issue: SpecialIssue) -> Version:
    """A draft in which nothing is typed, with a PDF of which page 1 was read."""
    version = empty_draft(ada, issue)
    offered(version, PAGE)
    return version


def offered(version: Version, page: dict[str, Any]) -> None:
    row = put_file(version, FileKind.MAIN)
    row.front_page = page
    row.save()


def offers(version: Version) -> list[Offer]:
    return [proposal.offer for proposal in queries.proposals_of(newest(version.manuscript))]


def names_of(version: Version) -> list[str]:
    return [author.full_name for author in Author.objects.filter(version=version)]


def fill(person: User, version: Version, offer: Offer | None = None, **changes: Any) -> Any:
    values = {"edit_count": newest(version.manuscript).edit_count} | changes
    return actions.fill_draft(actor=person, version=version, offer=offer, **values)


# --- Rules on plain values -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "family", "place"),
    [
        ("Ada", "Avelin", 1),
        ("A.", "Avelin", 1),
        ("ADA", "AVELIN", 1),
        ("Àda", "Avélin", 1),
        ("Rui", "van der Rezende", 2),
        ("Eda", "Avelin", None),
        ("Ada", "Ott", None),
        ("", "Ada", None),
    ],
)
def test_a_person_is_found_among_the_printed_names(
    given: str, family: str, place: int | None
) -> None:
    assert place_of(given, family, NAMES) == place


def test_of_two_that_fit_nobody_is_taken() -> None:
    assert place_of("Ada", "Avelin", ["Ada Avelin", "Anna Avelin"]) is None


def test_what_is_read_is_kept_in_lengths_that_a_draft_takes() -> None:
    page = FrontPage.read_from(
        Facts(title_guess="t" * 400, abstract_guess="a" * 30_000, authors_guess=("Ada Avelin",))
    )
    assert (len(page.title), len(page.abstract)) == (300, 20_000)
    assert FrontPage.from_json(page.as_json()) == page
    assert FrontPage.read_from(Facts()).as_json() == {}
    assert FrontPage.from_json({}) == FrontPage()


def test_spaces_make_no_other_words() -> None:
    assert same_words("One  encoder\r\nfor all", " One encoder for all ")
    assert not same_words("One encoder", "One Encoder")


def test_what_no_database_keeps_is_left_out_of_the_facts() -> None:
    read = {"title_guess": "A\0 title \ud800with 𝕏", "authors_guess": ["Ada\0 Avelin"], "pages": 3}
    assert storable(read) == {
        "title_guess": "A title with 𝕏",
        "authors_guess": ["Ada Avelin"],
        "pages": 3,
    }


# --- What is offered -------------------------------------------------------------------------


@needs_rows
def test_an_examined_pdf_offers_what_its_first_page_says(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    row = actions.attach_file(
        actor=ada,
        version=version,
        kind=FileKind.MAIN,
        upload=BytesIO(paper(10, TITLE, authors=("Ada Avelin", "Ben Ott"), abstract=ABSTRACT)),
        name="paper.pdf",
        began_at=clock.now(),
    )
    assert row.front_page == {
        "title": TITLE,
        "abstract": ABSTRACT.strip(),
        "authors": ["Ada Avelin", "Ben Ott"],
    }
    assert row.hidden_text == []
    letter = actions.attach_file(
        actor=ada,
        version=version,
        kind=FileKind.COVER_LETTER,
        upload=BytesIO(paper(1)),
        name="letter.pdf",
        began_at=clock.now(),
    )
    assert letter.front_page == {}


@needs_rows
def test_nothing_is_offered_without_a_pdf_or_by_another_file(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    assert offers(version) == []
    VersionFile.objects.filter(pk=put_file(version, FileKind.CONFERENCE_PAPER).pk).update(
        front_page=PAGE
    )
    assert offers(version) == []


@needs_rows
def test_what_the_draft_says_already_is_not_offered(ada: User, draft: Version) -> None:
    assert offers(draft) == [Offer.TITLE, Offer.ABSTRACT, Offer.AUTHORS]
    actions.save_draft(
        actor=ada,
        version=draft,
        values={"title": f"  {TITLE}", "abstract": ABSTRACT.replace(" ", "\n")},
        edit_count=0,
    )
    assert offers(draft) == [Offer.AUTHORS]


@needs_rows
def test_authors_are_offered_only_while_the_submitter_is_alone(
    ada: User, ben: User, issue: SpecialIssue, draft: Version
) -> None:
    actions.save_authors(
        actor=ada,
        version=draft,
        authors=[entry(ada, is_corresponding=True), AuthorEntry(family_name="Somebody")],
        edit_count=0,
    )
    assert Offer.AUTHORS not in offers(draft)
    only_ben = newest(draft.manuscript)
    actions.save_authors(
        actor=ada,
        version=only_ben,
        authors=[entry(ben, is_corresponding=True)],
        edit_count=only_ben.edit_count,
    )
    assert Offer.AUTHORS not in offers(draft)


@needs_rows
def test_a_page_that_names_the_submitter_alone_offers_no_authors(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    offered(version, {**PAGE, "authors": [f"{ada.given_name} {ada.family_name}"]})
    assert offers(version) == [Offer.TITLE, Offer.ABSTRACT]


@needs_rows
def test_a_settled_list_of_authors_is_left_alone(ada: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue)
    version = newest(actions.take_back_manuscript(actor=ada, manuscript=manuscript).manuscript)
    VersionFile.objects.filter(version=version).update(front_page=PAGE)
    assert offers(version) == [Offer.TITLE, Offer.ABSTRACT]


# --- What is taken ---------------------------------------------------------------------------


@needs_rows
def test_all_that_is_empty_is_filled_in_the_order_of_the_paper(ada: User, draft: Version) -> None:
    own = Author.objects.get(version=draft)
    taken = fill(ada, draft)
    assert [proposal.offer for proposal in taken] == list(Offer)
    version = newest(draft.manuscript)
    assert (version.title, version.abstract) == (TITLE, ABSTRACT)
    assert names_of(version) == ["Ben Ott", "Ada Avelin", "Rui van der Rezende"]
    rows = list(Author.objects.filter(version=version))
    assert rows[2].family_name == "van der Rezende"
    assert [row.email for row in rows] == ["", ada.email, ""]
    assert [row.is_corresponding for row in rows] == [False, True, False]
    assert (rows[1].pk, rows[1].user, rows[1].orcid) == (own.pk, ada, own.orcid)
    missing = [finding.field for finding in queries.missing(version)]
    assert {"authors-0-email", "authors-2-email"} <= set(missing)
    assert "authors-1-email" not in missing
    facts = AuditEntry.objects.get(verb="draft.filled").facts
    assert facts["parts"] == ["title", "abstract", "authors"]
    assert offers(draft) == []


@needs_rows
def test_a_submitter_whom_the_page_does_not_name_stays_first(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    offered(version, {**PAGE, "authors": ["Ben Ott", "Rui Rezende"]})
    fill(ada, version, Offer.AUTHORS)
    assert names_of(version) == ["Ada Avelin", "Ben Ott", "Rui Rezende"]


@needs_rows
def test_what_was_typed_is_never_overwritten_but_by_its_own_button(
    ada: User, draft: Version
) -> None:
    actions.save_draft(actor=ada, version=draft, values={"title": "My own title"}, edit_count=0)
    taken = fill(ada, draft)
    assert [proposal.offer for proposal in taken] == [Offer.ABSTRACT, Offer.AUTHORS]
    assert newest(draft.manuscript).title == "My own title"
    assert offers(draft) == [Offer.TITLE]
    with pytest.raises(Refusal) as caught:
        fill(ada, draft)
    assert caught.value.code == "nothing_offered"
    fill(ada, draft, Offer.TITLE)
    assert newest(draft.manuscript).title == TITLE


@needs_rows
def test_one_part_alone_leaves_the_others(ada: User, draft: Version) -> None:
    fill(ada, draft, Offer.ABSTRACT)
    version = newest(draft.manuscript)
    assert (version.title, version.abstract) == ("", ABSTRACT)
    assert names_of(version) == ["Ada Avelin"]
    with pytest.raises(Refusal) as caught:
        fill(ada, draft, Offer.ABSTRACT)
    assert caught.value.code == "nothing_offered"


@needs_rows
def test_a_page_that_was_loaded_before_another_save_takes_nothing(
    ada: User, draft: Version
) -> None:
    actions.save_draft(actor=ada, version=draft, values={"cover_letter": "It fits."}, edit_count=0)
    with pytest.raises(Refusal) as caught:
        fill(ada, draft, edit_count=0)
    assert caught.value.code == "stale_edit"
    assert newest(draft.manuscript).title == ""


@needs_rows
def test_others_and_frozen_versions_are_refused(
    ada: User, ben: User, sam: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue, ben)
    VersionFile.objects.filter(version=version).update(front_page=PAGE)
    for person in (ben, sam):
        with pytest.raises(Refusal) as caught:
            fill(person, version, Offer.TITLE)
        assert caught.value.status == 404
    actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    with pytest.raises(Refusal) as caught:
        fill(ada, version, Offer.TITLE)
    assert caught.value.code == "submitted_already"
    assert newest(version.manuscript).title != TITLE


# --- As a browser without scripts sees it ----------------------------------------------------


def press(browser: Client, version: Version, use: str, revision: int | None = None) -> Any:
    counted = newest(version.manuscript).edit_count if revision is None else revision
    return browser.post(
        reverse("submissions:fill", args=[version.public_id]), {"use": use, "revision": counted}
    )


def files_page(browser: Client, version: Version) -> str:
    return browser.get(reverse("submissions:files", args=[version.public_id])).content.decode()


@needs_rows
def test_the_page_offers_and_a_button_fills(ada: User, draft: Version, client_of: SignIn) -> None:
    browser = client_of(ada)
    page = files_page(browser, draft)
    assert "Found in your PDF" in page
    assert [f"<bdi>{name}</bdi>" in page for name in NAMES] == [True] * 3
    answer = press(browser, draft, "title")
    assert answer["Location"].startswith(reverse("submissions:files", args=[draft.public_id]))
    page = files_page(browser, draft)
    assert "Taken over from your PDF: title." in page
    assert 'value="title"' not in page
    answer = press(browser, draft, "empty")
    assert answer["Location"] == reverse("submissions:manuscript", args=[draft.public_id])
    page = browser.get(answer["Location"]).content.decode()
    assert "Taken over from your PDF: abstract and 3 authors." in page
    assert "E-mail addresses and institutions of the authors are still missing." in page
    assert TITLE in page
    assert "Found in your PDF" not in files_page(browser, draft)


@needs_rows
def test_the_page_says_why_nothing_was_taken(ada: User, draft: Version, client_of: SignIn) -> None:
    browser = client_of(ada)
    for use, revision, words in (
        ("title", 7, "The draft was changed since you opened this page"),
        ("cover_letter", None, "Choose what to take over from the PDF."),
    ):
        assert press(browser, draft, use, revision).status_code == 302
        assert words in files_page(browser, draft)
    assert newest(draft.manuscript).title == ""


@needs_rows
def test_what_the_pdf_says_is_shown_as_words_and_not_as_markup(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    offered(version, {**PAGE, "title": "<script>alert(1)</script>", "authors": ["<b>Ben Ott"]})
    page = files_page(client_of(ada), version)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "<bdi>&lt;b&gt;Ben Ott</bdi>" in page
