"""PDF files beside a review: cleaned, neutral, and seen by whom their writer says."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors.models import Handling
from reviews import actions
from reviews.models import Assignment, ReviewAttachment
from tests.papers import paper
from tests.reviews.conftest import deliver
from tests.reviews.test_views import url
from tmi_special_issue import clock, files
from tmi_special_issue.models import AuditEntry, StoredFile
from tmi_special_issue.refusal import Refusal

Agreed = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]


def attach(
    assignment: Assignment, content: bytes, *, author_sees: bool = False
) -> ReviewAttachment:
    return actions.attach_to_review(
        actor=assignment.reviewer,
        assignment=assignment,
        upload=io.BytesIO(content),
        author_sees=author_sees,
    )


@pytest.fixture
def mine(agreed: Agreed, rui: User) -> Assignment:
    """Rui writes a review."""
    return agreed(rui)


def row_of(assignment: Assignment) -> ReviewAttachment:
    """An attachment without the seconds of its examination."""
    stored = files.store(b"%PDF-1.7 clean", name="attachment-1.pdf", media_type="application/pdf")
    return ReviewAttachment.objects.create(
        assignment=assignment,
        number=1,
        file=stored,
        page_count=1,
        author_sees=False,
        attached_at=clock.now(),
    )


@pytest.mark.slow
def test_nothing_of_its_writer_is_kept(mine: Assignment, rui: User) -> None:
    content = paper(2, author_property="Rui Canary", note_author="Rui Canary")
    before = set(StoredFile.objects.values_list("pk", flat=True))
    row = attach(mine, content, author_sees=True)
    [stored] = StoredFile.objects.exclude(pk__in=before)  # no uncleaned copy beside it
    kept = files.read(stored)
    assert (row.file, row.number, row.page_count) == (stored, 1, 2)
    assert stored.original_name == "attachment-1.pdf"
    assert b"Canary" not in kept
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert "/Info" not in pdf.trailer
        assert "/Metadata" not in pdf.Root
        assert all("/Annots" not in page.obj for page in pdf.pages)
    assert AuditEntry.objects.filter(verb="review.attached").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"GIF89a", b"%PDF-1.4 nothing", b""])
def test_what_is_no_pdf_leaves_nothing(content: bytes, mine: Assignment) -> None:
    before = StoredFile.objects.count()
    with pytest.raises(Refusal):
        attach(mine, content)
    assert (StoredFile.objects.count(), ReviewAttachment.objects.count()) == (before, 0)


def test_a_submitted_review_gets_and_loses_no_file(mine: Assignment) -> None:
    row = row_of(mine)
    deliver(mine)
    mine.refresh_from_db()
    for act in (
        lambda: attach(mine, b"%PDF-1.7"),
        lambda: actions.remove_attachment(actor=mine.reviewer, attachment=row),
        lambda: actions.show_attachment(actor=mine.reviewer, attachment=row, author_sees=True),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.code == "review_closed"
    assert list(ReviewAttachment.objects.values_list("author_sees", flat=True)) == [False]


def test_nobody_else_touches_it(mine: Assignment, sol: User) -> None:
    row = row_of(mine)
    with pytest.raises(Refusal) as caught:
        actions.remove_attachment(actor=sol, attachment=row)
    assert caught.value.status == 404
    assert ReviewAttachment.objects.count() == 1


def test_the_pages_of_its_writer(mine: Assignment, client_of: ClientOf, rui: User) -> None:
    browser = client_of(rui)
    row = row_of(mine)

    def address(name: str) -> str:
        return reverse(f"reviews:{name}", args=[mine.public_id, row.public_id])

    page = browser.get(url("show", mine)).content.decode()
    assert "for the editors only" in page
    assert address("attachment") in page
    answer = browser.get(address("attachment"))
    assert answer["Content-Disposition"].startswith(
        'inline; filename="TMI-FM-2024-0001-review-attachment-1.pdf"'
    )
    browser.post(address("show_attachment"), {"author_sees": "yes"})
    assert ReviewAttachment.objects.get().author_sees
    browser.post(address("detach"))
    assert not ReviewAttachment.objects.exists()
    assert browser.get(address("attachment")).status_code == 404
    told = browser.post(url("attach", mine), follow=True).content.decode()
    assert "Choose the PDF" in told
    upload = SimpleUploadedFile("x.pdf", b"no pdf")
    browser.post(url("attach", mine), {"file": upload})
    assert not ReviewAttachment.objects.exists()


def test_the_desk_reads_it_once_the_review_is_in(
    mine: Assignment, client_of: ClientOf, eva: User, sam: User, ada: User
) -> None:
    row = row_of(mine)
    manuscript = mine.version.manuscript
    Handling.objects.create(
        manuscript=manuscript, editor=eva, assigned_by=eva, assigned_at=clock.now()
    )
    address = reverse("desk:review_file", args=[manuscript.public_id, row.public_id])
    assert client_of(eva).get(address).status_code == 404
    deliver(mine)
    assert client_of(eva).get(address).status_code == 200
    page = client_of(eva).get(reverse("desk:manuscript", args=[manuscript.public_id]))
    assert address in page.content.decode()
    deciding = client_of(eva).get(reverse("desk:decide", args=[manuscript.public_id]))
    assert (deciding.status_code, address in deciding.content.decode()) == (200, True)
    for stranger in (sam, ada):
        assert client_of(stranger).get(address).status_code == 404
