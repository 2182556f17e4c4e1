"""Files: kept whole or not at all, sent so that they can do nothing."""

import hashlib
import json
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import HttpResponse
from django.test import RequestFactory

from tmi_special_issue import files
from tmi_special_issue.models import StoredFile
from tmi_special_issue.refusal import Refusal

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 40
CORPUS = Path(__file__).resolve().parents[3] / "shared/data/uploads/text/filenames.json"


class LosingStorage(FileSystemStorage):
    """A storage that says yes and keeps half."""

    def _save(self, name: str, content: Any) -> str:
        whole = content.read()
        return super()._save(name, ContentFile(whole[: len(whole) // 2]))


class DeadStorage(Storage):
    """A storage that cannot be reached, with an error of its own kind."""

    def _save(self, name: str, content: Any) -> str:
        raise RuntimeError("no route to the store")

    def _open(self, name: str, mode: str = "rb") -> Any:
        raise RuntimeError("no route to the store")

    def exists(self, name: str) -> bool:
        return False


class DeadToQuestions(DeadStorage):
    """It cannot even say whether a file is there."""

    def exists(self, name: str) -> bool:
        raise RuntimeError("no route to the store")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The private storage is an empty folder."""
    use(settings, "django.core.files.storage.FileSystemStorage", location=tmp_path)
    return tmp_path


def use(settings: Any, backend: str, **options: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": backend, "OPTIONS": options},
    }
    storages._storages = {}  # type: ignore[attr-defined]


def stored(content: bytes = CONTENT, media_type: str = "application/pdf") -> StoredFile:
    return files.store(content, name="paper.pdf", media_type=media_type)


def body(response: HttpResponse) -> bytes:
    return b"".join(response) if response.streaming else response.content


@pytest.mark.django_db
def test_a_file_is_kept_with_its_hash_and_size(noon: Any) -> None:
    row = files.store(BytesIO(CONTENT), name="../x/Paper.pdf", media_type="application/pdf")
    assert (row.sha256, row.byte_count, row.original_name, row.created_at) == (
        hashlib.sha256(CONTENT).hexdigest(),
        len(CONTENT),
        "Paper.pdf",
        noon,
    )
    assert files.read(row) == CONTENT


@pytest.mark.django_db
def test_a_stream_is_kept_from_its_beginning() -> None:
    stream = BytesIO(CONTENT)
    stream.read(100)
    assert files.read(files.store(stream, name="a.pdf", media_type="application/pdf")) == CONTENT


@pytest.mark.django_db
def test_the_name_in_storage_tells_nothing_of_the_file(folder: Path) -> None:
    row = files.store(CONTENT, name="Rui_review.pdf", media_type="application/pdf")
    assert "Rui" not in row.storage_key
    assert (folder / row.storage_key).read_bytes() == CONTENT


@pytest.mark.django_db
def test_the_same_bytes_twice_are_two_files() -> None:
    first, second = stored(), stored()
    assert first.sha256 == second.sha256
    assert first.storage_key != second.storage_key


@pytest.mark.django_db
@pytest.mark.parametrize("backend", ["LosingStorage", "DeadStorage"])
def test_a_storage_that_loses_bytes_is_refused(settings: Any, folder: Path, backend: str) -> None:
    options = {"location": folder} if backend == "LosingStorage" else {}
    use(settings, f"{__name__}.{backend}", **options)
    with pytest.raises(Refusal) as caught:
        stored()
    assert (caught.value.code, caught.value.status) == ("storage_unavailable", 503)
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_a_sentence(folder: Path) -> None:
    row = stored()
    (folder / row.storage_key).unlink()
    with pytest.raises(Refusal) as read:
        files.read(row)
    with pytest.raises(Refusal) as sent:
        files.respond(row, filename="paper.pdf")
    assert [read.value.code, sent.value.code] == ["file_unreadable", "file_unreadable"]


@pytest.mark.django_db
def test_a_file_is_sent_as_a_download_that_can_do_nothing() -> None:
    response = files.respond(stored(), filename="TMI-FM-2024-0001.pdf")
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert {name: response[name] for name in sorted(response.headers)} == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": (
            "attachment; filename=\"TMI-FM-2024-0001.pdf\"; filename*=UTF-8''TMI-FM-2024-0001.pdf"
        ),
        "Content-Length": str(len(CONTENT)),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/pdf", "inline"),
        ("image/png", "inline"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/zip", "attachment"),
    ],
)
def test_only_harmless_types_open_inside_a_page(media_type: str, kind: str) -> None:
    response = files.respond(stored(media_type=media_type), filename="a", inline=True)
    assert response["Content-Disposition"].split(";")[0] == kind
    assert ("sandbox" in response["Content-Security-Policy"]) is (kind == "attachment")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=10-10", 10, 10),
        ("bytes=0-99999999", 0, len(CONTENT) - 1),
    ],
)
def test_a_part_is_sent_when_asked(rf: RequestFactory, asked: str, first: int, last: int) -> None:
    response = files.respond(stored(), filename="a.pdf", request=rf.get("/", HTTP_RANGE=asked))
    assert (response.status_code, body(response)) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    ["", "bytes=", "bytes=5-2", "bytes=99999999-", "bytes=0-1,5-6", "items=0-5", "bytes=-5", "x"],
)
def test_a_part_that_cannot_be_sent_gives_the_whole(rf: RequestFactory, asked: str) -> None:
    response = files.respond(stored(), filename="a.pdf", request=rf.get("/", HTTP_RANGE=asked))
    assert (response.status_code, body(response)) == (200, CONTENT)


@pytest.mark.django_db
def test_others_get_the_cleaned_copy() -> None:
    own, cleaned = stored(), stored(b"%PDF-1.7 cleaned")
    assert own.for_others == own
    own.served = cleaned
    own.save()
    assert own.for_others == cleaned


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paper.pdf", "paper.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\x\\paper.pdf", "paper.pdf"),
        ("paper.pdf\r\nSet-Cookie: a=b", "paper.pdfSet-Cookie: a=b"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("paper.pdf. ", "paper.pdf"),
        ("...", "file"),
        ("", "file"),
        ("a/", "file"),
        ("CON.pdf", "_CON.pdf"),
        ("con", "_con"),
        ("lpt1.tar.gz", "_lpt1.tar.gz"),
        ("console.pdf", "console.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("\u8ad6" * 100 + ".pdf", "\u8ad6" * 38 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 118),
    ],
)
def test_plain_names(name: str, expected: str) -> None:
    assert files.plain_name(name) == expected


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("Müller-Łódź (final).pdf", "Muller-odz (final).pdf"),
        ("論文.pdf", "file.pdf"),
        ('a";filename="evil.html', "afilename=evil.html"),
        ("100%.pdf", "100.pdf"),
    ],
)
def test_old_browsers_get_a_plain_name(name: str, ascii_name: str) -> None:
    header = files.disposition("attachment", name)
    assert header.startswith(f'attachment; filename="{ascii_name}"; ')


def names() -> list[str]:
    return [row["name"] for row in json.loads(CORPUS.read_text("utf-8"))] if CORPUS.exists() else []


@pytest.mark.skipif(not CORPUS.exists(), reason=f"{CORPUS} is not there")
@pytest.mark.parametrize("name", names(), ids=range(len(names())))
def test_no_name_of_the_corpus_breaks_out_of_its_header(name: str) -> None:
    header = files.disposition("attachment", name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    parsed = EmailMessage()
    parsed["Content-Disposition"] = header.split("; filename*=")[0]
    assert parsed.get_content_disposition() == "attachment"
    shown = unquote(header.split("filename*=UTF-8''")[1])
    assert shown == files.plain_name(name)
    assert not set(shown) & set("/\\\0\r\n\u202e")
    assert 0 < len(shown.encode()) <= files.NAME_BYTES_MAX
