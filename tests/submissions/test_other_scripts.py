"""Titles and names that run from right to left or carry combining marks: page, mail, archive."""

import io
import json
import unicodedata
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions
from submissions.actions.drafts import AuthorEntry
from submissions.models import Author, Version
from submissions.states import FileKind
from tests.submissions.drafts import complete_draft, entry, newest
from tmi_special_issue import clock, files
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.templatetags.isolation import isolated

SignIn = Callable[[User | None], Client]
TITLE = "تعلّم التمثيلات (MRI) للدماغ"
# As typed on some keyboards: the marks are characters of their own.
COMBINING = unicodedata.normalize("NFD", "Nguyễn Thị Hồng")
FILE_NAME = "بحث אחד.pdf"


@pytest.fixture
def draft(ada: User, issue: SpecialIssue) -> Version:
    """Complete but for being submitted; its authors write in three scripts."""
    version = complete_draft(ada, issue)
    version = actions.save_draft(
        actor=ada, version=version, values={"title": TITLE}, edit_count=version.edit_count
    )
    given, _, family = COMBINING.rpartition(" ")
    others = [
        AuthorEntry("حسن", "الأمين", "hasan@nahr.example", institution="جامعة النهر"),
        AuthorEntry("נועה", "לוי", "noa@gal.example", institution="Gal Institute"),
        AuthorEntry(given, family, "hong@song.example", institution="Song Clinic"),
    ]
    actions.save_authors(
        actor=ada,
        version=version,
        authors=[entry(ada, is_corresponding=True), *others],
        edit_count=version.edit_count,
    )
    stored = version.files.get(kind=FileKind.MAIN).file
    stored.original_name = FILE_NAME
    stored.save()
    return newest(version.manuscript)


def page_of(browser: Client, name: str, public_id: str) -> str:
    return browser.get(reverse(f"submissions:{name}", args=[public_id])).content.decode()


@pytest.mark.django_db
def test_on_a_page_each_stands_for_itself(ada: User, draft: Version, client_of: SignIn) -> None:
    browser = client_of(ada)
    check = page_of(browser, "check", draft.public_id)
    assert f"<bdi>{TITLE}</bdi>" in check
    assert f"<bdi>{FILE_NAME}</bdi>" in check
    for name in ("حسن الأمين", "נועה לוי", COMBINING):
        assert f"<bdi>{name}</bdi>" in check
    actions.submit_manuscript(actor=ada, version=draft, began_at=clock.now())
    shown = page_of(browser, "show", draft.manuscript.public_id)
    assert f"<h1><bdi>{TITLE}</bdi></h1>" in shown
    listed = browser.get(reverse("submissions:manuscripts")).content.decode()
    assert f"<bdi>{TITLE}</bdi></a>" in listed


@pytest.mark.django_db
def test_in_a_mail_each_is_kept_apart_from_the_sentence(ada: User, draft: Version) -> None:
    actions.submit_manuscript(actor=ada, version=draft, began_at=clock.now())
    receipt = OutboxMessage.objects.get(kind="manuscript_submitted", to=ada.email).text
    assert f"Title: \u2068{TITLE}\u2069\n" in receipt
    assert f": \u2068{FILE_NAME}\u2069, " in receipt
    asked = OutboxMessage.objects.get(kind="authorship_asked", to="hasan@nahr.example").text
    assert asked.startswith("Dear \u2068حسن الأمين\u2069,\n")
    assert f"“\u2068{TITLE}\u2069”" in asked
    combining = OutboxMessage.objects.get(kind="authorship_asked", to="hong@song.example").text
    assert combining.startswith(f"Dear {COMBINING},\n")


@pytest.mark.django_db
def test_the_archive_keeps_every_character(ada: User, draft: Version, client_of: SignIn) -> None:
    answer = client_of(ada).get(reverse("submissions:archive", args=[draft.public_id]))
    content = b"".join(answer) if answer.streaming else answer.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        values = json.loads(archive.read("manuscript.json"))
        text = archive.read("manuscript.txt").decode()
        (member,) = [m for m in archive.infolist() if m.filename.startswith("files/")]
        kept = archive.read(member)
    assert values["title"] == TITLE
    names = [f"{a['given_name']} {a['family_name']}" for a in values["authors"]]
    assert names == ["Ada Avelin", "حسن الأمين", "נועה לוי", COMBINING]
    assert TITLE in text
    assert all(name in text for name in names)
    assert member.filename == f"files/01-{FILE_NAME}"
    assert member.flag_bits & 0x800  # the name is in UTF-8 and says so
    assert kept == files.read(draft.files.get(kind=FileKind.MAIN).file)
    assert [author.full_name for author in Author.objects.filter(version=draft)] == names


@pytest.mark.parametrize("text", ["Ada Avelin", COMBINING, "", "2024 (MRI)"])
def test_what_runs_from_left_to_right_stays_as_it_is(text: str) -> None:
    assert isolated(text) == text


@pytest.mark.parametrize("text", ["حسن", "נועה", f"On {TITLE}"])
def test_what_runs_from_right_to_left_is_isolated(text: str) -> None:
    assert isolated(text) == f"\u2068{text}\u2069"
