"""Uploads in parts: begun, cut, gone on with, finished once, given up, swept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, schedule
from submissions.actions.uploads import LIFETIME, PART_BYTES_LEAST, PART_BYTES_MOST
from submissions.models import Upload, Version, VersionFile
from submissions.states import FileKind
from tests.papers import paper
from tests.people import OPENING
from tests.submissions.drafts import complete_draft, empty_draft
from tmi_special_issue import clock, files, parts
from tmi_special_issue.models import SpecialIssue, StoredFile
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)
SignIn = Callable[[User | None], Client]
PART = PART_BYTES_LEAST
TABLE = b"case,volume\n" + b"1,2.5\n" * 50_000  # three hundred thousand bytes


@pytest.fixture(autouse=True)
def _no_parts_of_others() -> None:
    """The storage is not rolled back with the database."""
    for folder in parts.folders():
        parts.drop(folder)


def begin(
    actor: User,
    version: Version,
    content: bytes,
    kind: FileKind = FileKind.DATASET,
    **changes: Any,
) -> Upload:
    values: dict[str, Any] = {
        "name": "table.csv",
        "byte_count": len(content),
        "fingerprint": "f" * 64,
    }
    return actions.begin_upload(actor=actor, version=version, kind=kind, **values | changes)


def send(upload: Upload, content: bytes, until: int | None = None) -> Upload:
    """Send what is not here yet, up to a byte."""
    until = len(content) if until is None else until
    while upload.received < until:
        offset = upload.received
        upload = actions.receive_part(
            actor=upload.owner,
            upload=upload,
            offset=offset,
            content=content[offset : min(offset + PART, until)],
        )
    return upload


def kept_parts(upload: Upload) -> list[str]:
    try:
        return sorted(storages["private"].listdir(f"parts/{upload.public_id}")[1])
    except FileNotFoundError:
        return []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_upload_cut_anywhere_goes_on_and_ends_byte_for_byte(
    ada: User,
    issue: SpecialIssue,
    share: float,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    version = empty_draft(ada, issue)
    cut_at = max(PART, int(len(TABLE) * share) // PART * PART)
    first = send(begin(ada, version, TABLE), TABLE, until=cut_at)
    again = begin(ada, version, TABLE)
    assert (again.pk, again.received, again.began_at) == (first.pk, cut_at, first.began_at)
    row = actions.finish_upload(actor=ada, upload=send(again, TABLE), kind=FileKind.DATASET)
    assert files.read(row.file) == TABLE
    assert (row.file.original_name, row.upload_began_at) == ("table.csv", first.began_at)
    assert (Upload.objects.count(), kept_parts(first)) == (0, [])


def test_nothing_is_taken_in_before_all_of_it_is_here(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    upload = send(begin(ada, version, TABLE), TABLE, until=PART)
    with pytest.raises(Refusal) as caught:
        actions.finish_upload(actor=ada, upload=upload, kind=FileKind.DATASET)
    assert caught.value.code == "upload_incomplete"
    assert f"{PART} of {len(TABLE)} bytes" in caught.value.sentence
    assert (VersionFile.objects.count(), len(kept_parts(upload))) == (0, 1)


def test_of_two_tabs_the_slower_one_is_told_where_to_go_on(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    slow = begin(ada, version, TABLE)
    send(begin(ada, version, TABLE), TABLE, until=PART)
    with pytest.raises(Refusal) as caught:
        actions.receive_part(actor=ada, upload=slow, offset=0, content=TABLE[:PART])
    assert (caught.value.code, caught.value.status) == ("wrong_offset", 409)
    assert f"Go on from byte {PART}." in caught.value.sentence
    assert len(kept_parts(slow)) == 1


def test_two_finishing_clicks_make_one_file(ada: User, issue: SpecialIssue) -> None:
    upload = send(begin(ada, empty_draft(ada, issue), TABLE), TABLE)
    stale = Upload.objects.get(pk=upload.pk)
    content = parts.joined(upload.public_id, upload.parts)
    with content as whole:
        actions.finish_upload(actor=ada, upload=upload, kind=FileKind.DATASET)
        with pytest.raises(Refusal) as caught:
            actions.attach_file(
                actor=ada,
                version=stale.version,
                kind=FileKind.DATASET,
                upload=whole,
                name=stale.name,
                began_at=stale.began_at,
                ends=stale,
            )
    assert caught.value.code == "upload_ended"
    assert VersionFile.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"byte_count": 0}, "empty"),
        ({"byte_count": 1024**3}, "too_large"),
        ({"kind": FileKind.MAIN, "byte_count": 20 * 1024**2 + 1}, "too_large"),
        ({"kind": FileKind.COPYRIGHT_FORM}, "kind_not_wanted"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_the_first_byte(
    ada: User, issue: SpecialIssue, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        begin(ada, empty_draft(ada, issue), TABLE, **changes)
    assert caught.value.code == code
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(
    ("offset", "size", "code"),
    [
        (0, PART_BYTES_MOST + 1, "part_size"),
        (0, 0, "part_size"),
        (0, PART - 1, "part_small"),
        (PART, PART, "wrong_offset"),
        (0, len(TABLE) + 1, "wrong_offset"),
    ],
)
def test_a_part_that_does_not_fit_leaves_nothing(
    ada: User, issue: SpecialIssue, offset: int, size: int, code: str
) -> None:
    upload = begin(ada, empty_draft(ada, issue), TABLE)
    with pytest.raises(Refusal) as caught:
        actions.receive_part(actor=ada, upload=upload, offset=offset, content=b"x" * size)
    assert caught.value.code == code
    assert (Upload.objects.get().received, kept_parts(upload)) == (0, [])


def test_a_refused_file_leaves_nothing(
    ada: User, issue: SpecialIssue, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    content = b"%PDF-1.4 cut off" + b" " * PART
    upload = send(begin(ada, empty_draft(ada, issue), content, FileKind.MAIN), content)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refusal) as caught:
        actions.finish_upload(actor=ada, upload=upload, kind=FileKind.MAIN)
    assert caught.value.code == "corrupt"
    assert (Upload.objects.count(), StoredFile.objects.count(), kept_parts(upload)) == (0, 0, [])


def test_while_the_storage_is_away_the_parts_stay(
    ada: User, issue: SpecialIssue, settings: Any
) -> None:
    upload = send(begin(ada, empty_draft(ada, issue), TABLE), TABLE)
    folder = Path(storages["private"].path(f"parts/{upload.public_id}"))
    away = folder.with_name("away")
    folder.rename(away)
    with pytest.raises(Refusal) as caught:
        actions.finish_upload(actor=ada, upload=upload, kind=FileKind.DATASET)
    assert (caught.value.code, caught.value.status) == ("storage_unavailable", 503)
    away.rename(folder)
    assert actions.finish_upload(actor=ada, upload=upload, kind=FileKind.DATASET).pk


def test_begun_before_the_deadline_it_may_end_within_the_grace(
    ada: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue)
    with clock.frozen_at(CLOSING - timedelta(seconds=5)):
        upload = send(begin(ada, version, TABLE), TABLE, until=PART)
    with clock.frozen_at(CLOSING + timedelta(minutes=10)):
        with pytest.raises(Refusal) as late:
            begin(ada, version, TABLE, fingerprint="e" * 64)
        assert late.value.code == "deadline_passed"
        row = actions.finish_upload(actor=ada, upload=send(upload, TABLE), kind=FileKind.DATASET)
        assert row.upload_began_at == CLOSING - timedelta(seconds=5)
        handed_in = actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
        assert handed_in.submitted_at == clock.now()


def test_after_the_grace_nothing_is_taken_in(ada: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue)
    with clock.frozen_at(CLOSING - timedelta(seconds=5)):
        upload = send(begin(ada, version, TABLE), TABLE, until=PART)
    with clock.frozen_at(CLOSING + timedelta(minutes=15, seconds=2)):
        with pytest.raises(Refusal) as caught:
            actions.finish_upload(actor=ada, upload=send(upload, TABLE), kind=FileKind.DATASET)
        assert caught.value.code == "deadline_passed"
    assert set(VersionFile.objects.values_list("kind", flat=True)) == {FileKind.MAIN}


def test_the_schedule_sweeps_what_nobody_went_on_with(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    old = send(begin(ada, version, TABLE), TABLE, until=PART)
    with clock.frozen_at(OPENING + timedelta(hours=20)):
        fresh = send(begin(ada, version, TABLE, fingerprint="e" * 64), TABLE, until=PART)
    parts.keep("orphan", b"bytes that no row knows")
    schedule.run(OPENING + LIFETIME + timedelta(seconds=1))
    assert list(Upload.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert (kept_parts(old), len(kept_parts(fresh))) == ([], 1)
    assert parts.folders() == [fresh.public_id]


def test_one_person_has_twenty_unfinished_uploads_at_most(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    for number in range(20):
        begin(ada, version, TABLE, fingerprint=f"{number:064d}")
    with pytest.raises(Refusal) as caught:
        begin(ada, version, TABLE)
    assert caught.value.code == "too_many_uploads"


# --- By the addresses that the script asks ----------------------------------------------------


def address(name: str, thing: Version | Upload) -> str:
    return reverse(f"submissions:{name}", args=[thing.public_id])


def announced(browser: Client, version: Version, content: bytes, **changes: Any) -> Any:
    values = {"kind": "dataset", "name": "t.csv", "byte_count": len(content), "fingerprint": "a"}
    return browser.post(address("begin_upload", version), values | changes)


def post_part(browser: Client, url: str, offset: int, content: bytes, **headers: Any) -> Any:
    return browser.generic(
        "POST", url, content, "application/octet-stream", HTTP_UPLOAD_OFFSET=str(offset), **headers
    )


def test_the_script_sends_asks_and_finishes(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    begun = announced(browser, version, TABLE).json()
    assert (begun["received"], begun["of"]) == (0, len(TABLE))
    answer = post_part(browser, begun["part_url"], 0, TABLE[:PART])
    assert (answer.status_code, answer.json()["received"]) == (200, PART)
    assert browser.get(begun["part_url"]).json()["received"] == PART
    again = post_part(browser, begun["part_url"], 0, TABLE[:PART])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_offset")
    assert post_part(browser, begun["part_url"], PART, TABLE[PART:]).status_code == 200
    done = browser.post(begun["finish_url"], {"kind": "code"})
    assert done.json()["told"] == "Code: “t.csv”"
    assert VersionFile.objects.get().kind == FileKind.CODE
    assert browser.get(begun["part_url"]).status_code == 404


def test_a_part_that_broke_off_is_not_kept(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    browser = client_of(ada)
    begun = announced(browser, empty_draft(ada, issue), TABLE).json()
    came = BytesIO(TABLE[: PART // 2])  # what a server reads from a connection that breaks
    cut = post_part(browser, begun["part_url"], 0, TABLE[:PART], **{"wsgi.input": came})
    assert (cut.status_code, cut.json()["code"]) == (400, "part_cut")
    assert browser.get(begun["part_url"]).json()["received"] == 0


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "٣", "9" * 16])
def test_an_offset_that_is_no_number_is_refused(
    ada: User, issue: SpecialIssue, client_of: SignIn, offset: str
) -> None:
    browser = client_of(ada)
    begun = announced(browser, empty_draft(ada, issue), TABLE).json()
    answer = browser.generic(
        "POST",
        begun["part_url"],
        TABLE[:PART],
        "application/octet-stream",
        HTTP_UPLOAD_OFFSET=offset.encode().decode("latin-1"),
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_number")


def test_only_the_owner_knows_of_an_upload(
    ada: User, ben: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    upload = begin(ada, version, TABLE)
    for person in (ben, sam):
        browser = client_of(person)
        assert announced(browser, version, TABLE).status_code == 404
        assert browser.get(address("upload_part", upload)).status_code == 404
        assert post_part(browser, address("upload_part", upload), 0, b"x").status_code == 404
        for name in ("finish_upload", "cancel_upload"):
            assert browser.post(address(name, upload)).status_code == 404
    assert Upload.objects.get().received == 0


def test_giving_up_removes_every_byte(
    ada: User,
    issue: SpecialIssue,
    client_of: SignIn,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    version = empty_draft(ada, issue)
    upload = send(begin(ada, version, TABLE), TABLE, until=PART)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(ada).post(address("cancel_upload", upload))
    assert answer["Location"] == address("files", version)
    assert (Upload.objects.count(), kept_parts(upload)) == (0, [])


def test_an_interrupted_upload_is_shown_with_how_to_go_on(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    send(begin(ada, version, TABLE, name="<b>حسن.csv"), TABLE, until=3 * PART)
    page = client_of(ada).get(address("files", version)).content.decode()
    assert "&lt;b&gt;حسن.csv" in page
    assert "65 % is here" in page


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_connection_that_is_cut_loses_nothing_but_the_part_under_way(
    ada: User, issue: SpecialIssue, client_of: SignIn, share: float
) -> None:
    version, cut_at = empty_draft(ada, issue), int(len(TABLE) * share)
    browser = client_of(ada)
    part_url = announced(browser, version, TABLE).json()["part_url"]
    whole_until = cut_at // PART * PART
    for offset in range(0, whole_until, PART):
        sent = post_part(browser, part_url, offset, TABLE[offset : offset + PART])
        assert sent.status_code == 200
    came = BytesIO(TABLE[whole_until:cut_at])
    part = TABLE[whole_until : whole_until + PART]
    cut = post_part(browser, part_url, whole_until, part, **{"wsgi.input": came})
    assert (cut.status_code, cut.json()["code"]) == (400, "part_cut")
    # The browser is started anew and the same file is chosen once more.
    browser = client_of(ada)
    begun = announced(browser, version, TABLE).json()
    assert (begun["part_url"], begun["received"]) == (part_url, whole_until)
    for offset in range(whole_until, len(TABLE), PART):
        sent = post_part(browser, part_url, offset, TABLE[offset : offset + PART])
        assert sent.status_code == 200
    assert browser.post(begun["finish_url"]).status_code == 200
    assert files.read(VersionFile.objects.get().file) == TABLE


@pytest.mark.parametrize("kind", ["main", "dataset"])
def test_an_empty_file_is_refused_in_a_sentence_and_leaves_nothing(
    ada: User, issue: SpecialIssue, client_of: SignIn, kind: str
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    address_of_kind = reverse("submissions:upload", args=[version.public_id, kind])
    for content in (SimpleUploadedFile("paper.pdf", b""), ""):
        told = browser.post(address_of_kind, {"file": content}, follow=True)
        assert told.status_code == 200
        words = " ".join(told.content.decode().split())
        assert ("is empty (0 bytes)" in words) is bool(content)
        assert ("no file was chosen" in words) is not bool(content)
    answer = announced(browser, version, b"", kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "empty")
    assert (VersionFile.objects.count(), StoredFile.objects.count()) == (0, 0)


TEXT = Path(__file__).resolve().parents[3] / "shared/data/uploads/text"
FEW_NAMES = [
    "../../etc/passwd.pdf",
    "paper.pdf\r\nSet-Cookie: a=b",
    "invoice\u202efdp.exe",
    "CON.pdf",
]


def hostile_names() -> list[Any]:
    """Names that broke other sites: a few of ours, and the corpus beside the checkout."""
    corpus = TEXT / "filenames.json"
    if not corpus.exists():
        reason = f"../shared has no {corpus.name}: the names of the corpus are not tried"
        return [*FEW_NAMES, pytest.param("", marks=pytest.mark.skip(reason=reason))]
    listed = [entry["name"] for entry in json.loads(corpus.read_text("utf-8"))]
    return list(dict.fromkeys([*FEW_NAMES, *listed]))


@pytest.mark.parametrize("name", hostile_names())
def test_any_name_is_taken_and_can_do_nothing(
    ada: User, issue: SpecialIssue, client_of: SignIn, name: str
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    begun = announced(browser, version, TABLE, name=name)
    assert begun.status_code == 200
    post_part(browser, begun.json()["part_url"], 0, TABLE)
    assert browser.post(begun.json()["finish_url"]).status_code == 200
    row = VersionFile.objects.get()
    kept = row.file.original_name
    assert kept == files.plain_name(name)
    assert not set(kept) & set("/\\\r\n\0\u202e")
    page = browser.get(address("files", version))
    assert page.status_code == 200
    sent = browser.get(reverse("submissions:file", args=[row.public_id]))
    assert sent["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.slow
def test_a_paper_in_parts_is_examined_as_a_whole(ada: User, issue: SpecialIssue) -> None:
    content = paper(10)
    upload = send(begin(ada, empty_draft(ada, issue), content, FileKind.MAIN), content)
    row = actions.finish_upload(actor=ada, upload=upload, kind=FileKind.MAIN)
    assert (row.page_count, files.read(row.file)) == (10, content)
