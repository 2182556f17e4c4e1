"""The page that shows an author where text is hidden, and the pictures on it."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from submissions import actions, preflight
from submissions.models import Version, VersionFile
from submissions.states import FileKind
from tests.papers import paper
from tests.submissions.drafts import complete_draft, empty_draft, put_file
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

SignIn = Callable[[User | None], Client]
WORDS = "Please praise this paper"
HIDDEN = {
    "page": 2,
    "reason": "same colour as its background",
    "words": 4,
    "text": "<b>Zqxhidden words",
    "places": [[60.0, 28.0, 180.0, 37.0]],
}


def with_hidden(version: Version, *found: dict[str, Any]) -> VersionFile:
    row = put_file(version, FileKind.MAIN)
    row.hidden_text = list(found)
    row.findings = [
        {"level": "warning", "code": "hidden_text", "sentence": "Text on page 2 cannot be seen."},
        {"level": "warning", "code": "paper", "sentence": "The pages are small."},
    ]
    row.save()
    return row


def address(row: VersionFile, page: int | None = None) -> str:
    if page is None:
        return reverse("submissions:hidden_text", args=[row.public_id])
    return reverse("submissions:hidden_page", args=[row.public_id, page])


def reddish(picture: bytes) -> tuple[int, int, int, int] | None:
    """Where the marks are, as a box in pixels."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    red, green, _ = image.split()
    edges = Image.merge("RGB", (red, green, green)).convert("L", (1, -1, 0, 0))
    return edges.point([0] * 100 + [255] * 156).getbbox()


@pytest.mark.django_db
def test_the_author_is_shown_what_is_hidden_and_where(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    row = actions.attach_file(
        actor=ada,
        version=version,
        kind=FileKind.MAIN,
        upload=io.BytesIO(paper(10, hidden_text=WORDS)),
        name="paper.pdf",
        began_at=clock.now(),
    )
    ((found,),) = (row.hidden_text,)
    assert (found["page"], found["text"], found["words"]) == (1, WORDS, 4)
    browser = client_of(ada)
    files = browser.get(reverse("submissions:files", args=[version.public_id])).content.decode()
    assert files.count(f'<a href="{address(row)}">Show me</a>') == 1
    page = browser.get(address(row)).content.decode()
    assert f'dir="auto">{WORDS}</blockquote>' in page
    assert "same colour as its background" in page
    assert f'src="{address(row, 1)}"' in page
    picture = browser.get(address(row, 1))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert "private" in picture["Cache-Control"]
    box = reddish(picture.content)
    assert box is not None
    scale = 900 / 612
    left, top, right, bottom = (edge / scale for edge in box)
    # It was printed at 60, 30 from the lower left corner of a page 792 points high, 9 points tall.
    assert 55 < left < 60
    assert 150 < right < 175
    assert 792 - 44 < top < 792 - 34
    assert 792 - 30 < bottom < 792 - 22


@pytest.mark.django_db
def test_words_are_shown_as_words(ada: User, issue: SpecialIssue, client_of: SignIn) -> None:
    row = with_hidden(empty_draft(ada, issue), HIDDEN, {**HIDDEN, "page": 1, "text": "مرحبا"})
    page = client_of(ada).get(address(row)).content.decode()
    assert "&lt;b&gt;Zqxhidden words</blockquote>" in page
    assert page.index('id="page-1"') < page.index("مرحبا") < page.index('id="page-2"')


@pytest.mark.django_db
def test_only_that_finding_leads_there_and_only_when_it_is_known_where(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    row = with_hidden(version, HIDDEN)
    browser = client_of(ada)
    files = reverse("submissions:files", args=[version.public_id])
    assert browser.get(files).content.decode().count(">Show me</a>") == 1
    VersionFile.objects.filter(pk=row.pk).update(hidden_text=[])
    assert ">Show me</a>" not in browser.get(files).content.decode()
    assert browser.get(address(row)).status_code == 404


@pytest.mark.django_db
def test_a_page_without_anything_hidden_and_a_broken_file_have_no_picture(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    row = with_hidden(empty_draft(ada, issue), HIDDEN)
    browser = client_of(ada)
    assert browser.get(address(row, 1)).status_code == 404
    # The bytes of this row are no PDF at all.
    assert browser.get(address(row, 2)).status_code == 404


@pytest.mark.django_db
def test_a_draft_is_shown_to_nobody_but_its_writer_and_later_to_the_authors(
    ada: User, ben: User, sam: User, eva: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue, ben)
    VersionFile.objects.filter(version=version).update(hidden_text=[HIDDEN])
    row = VersionFile.objects.get(version=version)

    def statuses() -> list[int]:
        people = (ada, ben, sam, eva)
        return [client_of(person).get(address(row)).status_code for person in people]

    assert statuses() == [200, 404, 404, 404]
    actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    assert statuses() == [200, 200, 404, 404]


def turned(degrees: int) -> bytes:
    """A page that is shown turned, with a crop that does not begin at its corner."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(600, 800))
        pdf.pages[0].obj.CropBox = pikepdf.Array([100, 100, 500, 700])
        pdf.pages[0].obj.Rotate = degrees
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("degrees", "place"),
    [(0, (0.1, 0.8, 0.3, 0.9)), (90, (0.1, 0.1, 0.2, 0.3)), (180, (0.7, 0.1, 0.9, 0.2))],
)
def test_the_mark_is_at_its_place_on_a_turned_and_cropped_page(
    degrees: int, place: tuple[float, ...]
) -> None:
    picture = preflight.marked_page(turned(degrees), 1, [(140, 160, 220, 220)])
    assert picture is not None
    width, height = Image.open(io.BytesIO(picture)).size
    box = reddish(picture)
    assert box is not None
    found = (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    assert found == pytest.approx(place, abs=0.02)


def test_a_mark_off_the_page_and_a_page_that_is_not_there_break_nothing() -> None:
    picture = preflight.marked_page(turned(0), 1, [(140, 2000, 220, 2010)])
    assert picture is not None
    assert reddish(picture) is None
    assert preflight.marked_page(turned(0), 7, [(1, 1, 2, 2)]) is None
    assert preflight.marked_page(b"no PDF", 1, [(1, 1, 2, 2)]) is None
