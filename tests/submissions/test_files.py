"""Uploads in earnest: examined, cleaned, kept; or refused, and nothing is left behind."""

import io
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import User
from submissions import actions
from submissions.models import Version, VersionFile
from submissions.states import FileKind
from tests.papers import packed, paper
from tests.submissions.drafts import accepted, empty_draft, newest, submitted
from tmi_special_issue import clock, files
from tmi_special_issue.models import AuditEntry, SpecialIssue, StoredFile
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)


def attach(
    actor: User,
    version: Version,
    kind: FileKind,
    content: bytes,
    *,
    name: str = "upload.pdf",
    began_at: datetime | None = None,
) -> VersionFile:
    return actions.attach_file(
        actor=actor,
        version=version,
        kind=kind,
        upload=BytesIO(content),
        name=name,
        description="  what   it shows ",
        began_at=began_at or clock.now(),
    )


def refusal_of(*args: object, **options: object) -> Refusal:
    """The refusal of an upload, after making sure that nothing of it stays."""
    rows, entries = StoredFile.objects.count(), AuditEntry.objects.count()
    files_before = VersionFile.objects.count()
    with pytest.raises(Refusal) as caught:
        attach(*args, **options)  # type: ignore[arg-type]
    assert StoredFile.objects.count() == rows
    assert VersionFile.objects.count() == files_before
    assert AuditEntry.objects.count() == entries
    return caught.value


@pytest.mark.slow
def test_a_paper_is_kept_byte_for_byte_and_served_clean(ada: User, issue: SpecialIssue) -> None:
    content = paper(10, author_property="Mara Canary")
    version = empty_draft(ada, issue)
    row = attach(ada, version, FileKind.MAIN, content, name="../canary:paper.pdf")
    assert files.read(row.file) == content
    served = files.read(row.file.for_others)
    assert b"Canary" not in served
    assert served.startswith(b"%PDF-")
    assert row.file.for_others.original_name == "main.pdf"
    assert (row.page_count, row.description) == (10, "what it shows")
    assert "metadata" in row.flags
    assert row.thumbnail is not None
    assert files.read(row.thumbnail).startswith(b"\x89PNG")
    again = attach(ada, version, FileKind.MAIN, paper(9))
    assert list(VersionFile.objects.filter(version=version)) == [again]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 not a paper", "not_pdf"),
        (b"%PDF-1.4 cut off", "corrupt"),
    ],
)
def test_what_is_no_readable_pdf_leaves_nothing(
    ada: User, issue: SpecialIssue, content: bytes, code: str
) -> None:
    refusal = refusal_of(ada, empty_draft(ada, issue), FileKind.MAIN, content)
    assert (refusal.code, refusal.field, refusal.status) == (code, "main_file", 422)


def test_a_script_in_a_pdf_is_refused(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    refusal = refusal_of(ada, version, FileKind.MAIN, paper(2, javascript="open"))
    assert refusal.code == "active_content"
    assert "JavaScript" in refusal.sentence


def test_a_file_above_the_limit_is_refused_before_it_is_opened(
    ada: User, issue: SpecialIssue
) -> None:
    issue.main_file_bytes_max = 1000
    issue.save()
    refusal = refusal_of(ada, empty_draft(ada, issue), FileKind.MAIN, b"%PDF-" + b"x" * 1000)
    assert refusal.code == "too_large"


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (FileKind.VIDEO, b"%PDF-1.7 text", "belong in the manuscript itself"),
        (FileKind.CODE, b"MZ\x90\x00 program", "is a program"),
        (FileKind.DATASET, b"", "is empty"),
        (FileKind.GRAPHICAL_ABSTRACT, b"\x89PNG\r\n\x1a\n broken", "cannot be opened"),
        (FileKind.VIDEO, b"a,b\n1,2\n", "a film as MP4"),
    ],
)
def test_supporting_files_of_a_wrong_kind_are_refused(
    ada: User, issue: SpecialIssue, kind: FileKind, content: bytes, words: str
) -> None:
    assert words in refusal_of(ada, empty_draft(ada, issue), kind, content).sentence


def test_several_data_sets_stand_side_by_side(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    attach(ada, version, FileKind.DATASET, b"a,b\n1,2\n", name="one.csv")
    attach(ada, version, FileKind.DATASET, b"a,b\n3,4\n", name="two.csv")
    names = VersionFile.objects.filter(version=version).values_list(
        "file__original_name", flat=True
    )
    assert list(names) == ["one.csv", "two.csv"]


def test_a_pictures_hidden_words_are_not_served(ada: User, issue: SpecialIssue) -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[315] = "Mara Canary"
    Image.new("RGB", (40, 30), "teal").save(made, "JPEG", exif=exif)
    row = attach(ada, empty_draft(ada, issue), FileKind.GRAPHICAL_ABSTRACT, made.getvalue())
    assert b"Canary" in files.read(row.file)
    assert b"Canary" not in files.read(row.file.for_others)


def test_others_and_wrong_kinds_are_refused(ada: User, sam: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    assert refusal_of(sam, version, FileKind.DATASET, b"a,b\n").status == 404
    assert refusal_of(ada, version, FileKind.RESPONSE, b"%PDF-").code == "kind_not_wanted"
    frozen = newest(submitted(ada, issue))
    assert refusal_of(ada, frozen, FileKind.DATASET, b"a,b\n").code == "submitted_already"


@pytest.mark.parametrize(
    ("began", "ends", "is_kept"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(0), timedelta(minutes=15), True),
        (timedelta(0), timedelta(minutes=15, seconds=1), False),
        (timedelta(seconds=1), timedelta(seconds=1), False),
    ],
)
def test_an_upload_begun_in_time_may_end_within_the_grace(
    ada: User, issue: SpecialIssue, began: timedelta, ends: timedelta, is_kept: bool
) -> None:
    version = empty_draft(ada, issue)
    with clock.frozen_at(CLOSING + ends):
        if is_kept:
            row = attach(
                ada, version, FileKind.DATASET, b"a,b\n", name="d.csv", began_at=CLOSING + began
            )
            assert (row.upload_began_at, row.uploaded_at) == (CLOSING + began, CLOSING + ends)
        else:
            refusal = refusal_of(ada, version, FileKind.DATASET, b"a,b\n", began_at=CLOSING + began)
            assert refusal.code == "deadline_passed"


def test_a_file_is_removed_once(ada: User, sam: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    row = attach(ada, version, FileKind.DATASET, b"a,b\n", name="d.csv")
    with pytest.raises(Refusal):
        actions.remove_file(actor=sam, file=row)
    actions.remove_file(actor=ada, file=row)
    actions.remove_file(actor=ada, file=row)
    assert not VersionFile.objects.filter(version=version).exists()
    assert AuditEntry.objects.filter(verb="file.removed").count() == 1


def test_final_files_come_after_acceptance(ada: User, issue: SpecialIssue) -> None:
    version = newest(accepted(ada, issue))
    archive = packed({"paper.tex": b"\\documentclass{article}"})
    row = attach(ada, version, FileKind.SOURCES, archive, name="s.zip")
    assert row.kind == FileKind.SOURCES
    assert refusal_of(ada, version, FileKind.DATASET, b"a,b\n").code == "submitted_already"


def test_a_file_is_described_and_called_another_kind(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    row = attach(ada, version, FileKind.DATASET, b"a,b\n1,2\n", name="net.py")
    told = actions.describe_file(
        actor=ada, file=row, kind=FileKind.DATASET, description=" the   weights "
    )
    assert (told.pk, told.description) == (row.pk, "the weights")
    code = actions.describe_file(actor=ada, file=told, kind=FileKind.CODE, description="the net")
    assert list(VersionFile.objects.filter(version=version)) == [code]
    assert (code.kind, code.description, code.file.original_name) == ("code", "the net", "net.py")
    with pytest.raises(Refusal) as caught:
        actions.describe_file(actor=ada, file=code, kind=FileKind.VIDEO, description="")
    assert caught.value.code == "wrong_kind"
    assert list(VersionFile.objects.filter(version=version)) == [code]


def test_a_cover_letter_and_sources_may_lie_beside_the_paper(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    attach(ada, version, FileKind.COVER_LETTER, paper(1), name="letter.pdf")
    refusal = refusal_of(ada, version, FileKind.SOURCES, b"%PDF-1.4 no source")
    assert refusal.code == "wrong_kind"
    refusal = refusal_of(ada, version, FileKind.COVER_LETTER, b"PK\x03\x04 word")
    assert refusal.code == "not_pdf"
