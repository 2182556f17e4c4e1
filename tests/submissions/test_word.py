"""The Word file goes out and comes in with its numbers; what is doubtful is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from accounts.models import User
from submissions import actions, queries, word
from submissions.models import Version
from submissions.word import Row
from tests.people import OPENING
from tests.submissions.drafts import newest
from tests.submissions.test_responses import answer, point, refused, revising
from tmi_special_issue import audit, clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]

ROWS = [
    Row("R2.1", "Report results by patient."),
    Row("R2.2", "A figure would help.", must_answer=False, answer="Done.", place="page 9"),
    Row("R4.1", "State how many\nruns there were.", answer="Five.\nSee there.", place="page 3"),
]
GROUPS = [("Reviewer 2", ROWS[:2]), ("Reviewer 4", ROWS[2:])]


def made(groups: Any = GROUPS) -> bytes:
    return word.written("One Encoder", "TMI-FM-2024-0001.R1", groups, OPENING)


def edited(change: Callable[[Any], None], content: bytes | None = None) -> BytesIO:
    """The file after somebody worked in it."""
    document = Document(BytesIO(content or made()))
    change(document)
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return out


def write(table: int, row: int, column: int, text: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        document.tables[table].rows[row].cells[column].text = text

    return change


def rezipped(content: bytes, change: dict[str, bytes]) -> BytesIO:
    """The archive with parts put in or replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, None) or old.read(name))
        for name, part in change.items():
            new.writestr(name, part)
    out.seek(0)
    return out


def test_the_round_trip_keeps_numbers_and_answers() -> None:
    found = word.read(BytesIO(made()), ROWS)
    assert found.answers == {row.label: (row.answer, row.place) for row in ROWS}
    assert (found.with_pictures, found.made_at) == ((), OPENING)


def test_what_is_written_in_word_comes_in() -> None:
    found = word.read(edited(write(0, 1, 2, "By patient now.")), ROWS)
    assert found.answers["R2.1"] == ("By patient now.", "")


def test_tracked_changes_count_as_accepted_and_controls_are_read() -> None:
    def track(document: Any) -> None:
        cell = document.tables[0].rows[1].cells[2]
        cell.text = ""
        paragraph = cell.paragraphs[0]._p
        for piece in (
            "<w:ins {} w:id='1' w:author='x'><w:r><w:t>New words</w:t></w:r></w:ins>",
            "<w:del {} w:id='2' w:author='x'><w:r><w:delText>old</w:delText></w:r></w:del>",
            (
                "<w:sdt {}><w:sdtContent><w:r><w:t xml:space='preserve'> in a control</w:t></w:r>"
                "</w:sdtContent></w:sdt>"
            ),
        ):
            paragraph.append(parse_xml(piece.format(nsdecls("w"))))

    assert word.read(edited(track), ROWS).answers["R2.1"][0] == "New words in a control"


def test_a_picture_in_an_answer_is_told() -> None:
    def draw(document: Any) -> None:
        run = document.tables[1].rows[1].cells[2].paragraphs[0].add_run()
        run._r.append(parse_xml(f"<w:drawing {nsdecls('w')}/>"))

    assert word.read(edited(draw), ROWS).with_pictures == ("R4.1",)


def drop(table: int, row: int) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        found = document.tables[table].rows[row]._tr
        found.getparent().remove(found)

    return change


def swap(document: Any) -> None:
    write(0, 1, 0, "R2.2")(document)
    write(0, 2, 0, "R2.1")(document)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (write(0, 1, 0, "R2.9"), "number_changed", "table 1, row 2: “R2.9” is not the number"),
        (write(0, 1, 0, ""), "number_changed", "row 2: no number is not the number of a point. By"),
        (
            write(0, 1, 0, "R2.2"),
            "number_changed",
            "the number reads R2.2. By its words it is R2.1",
        ),
        (write(1, 1, 0, "R2.1"), "number_twice", "table 2, row 2: the number R2.1 stands in table"),
        (swap, "number_changed", "By its words it is R2.1"),
        (drop(0, 1), "number_missing", "the row of R2.1 cannot be found"),
        (
            lambda d: [drop(0, 2)(d), drop(0, 1)(d)],
            "number_missing",
            "the rows of R2.1, R2.2 cannot be found",
        ),
    ],
)
def test_a_changed_doubled_or_missing_number_is_refused_with_its_row(
    change: Callable[[Any], None], code: str, words: str
) -> None:
    told = refused(word.read, upload=edited(change), expected=ROWS)
    assert told.code == code
    assert words in told.sentence


def test_rows_may_be_moved_and_comments_shortened() -> None:
    def move(document: Any) -> None:
        first, second = (row._tr for row in document.tables[0].rows[1:3])
        second.addnext(first)
        write(0, 1, 1, "shortened by the author")(document)

    assert word.read(edited(move), ROWS).answers["R2.2"] == ("Done.", "page 9")


BOMB = b"<a>" + b" " * (word.XML_MOST + 1) + b"</a>"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (BytesIO(b""), "not_word"),
        (BytesIO(b"%PDF-1.7"), "not_word"),
        (BytesIO(made()[:2000]), "not_word"),
        (BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100), "not_word"),
        (BytesIO(b"x" * (word.BYTES_MOST + 1)), "too_large"),
        (rezipped(made(), {"word/vbaProject.bin": b"x"}), "word_program"),
        (rezipped(made(), {"[Content_Types].xml": b"<x>macroEnabled</x>"}), "word_program"),
        (rezipped(made(), {"word/document.xml": ENTITIES}), "word_entities"),
        (
            rezipped(made(), {"word/document.xml": ENTITIES.decode().encode("utf-16")}),
            "word_entities",
        ),
        (rezipped(made(), {"word/media/a.xml": BOMB}), "word_too_big"),
        (rezipped(made(), {"word/media/a.png": b"\0" * (word.INFLATED_MOST + 1)}), "word_too_big"),
        (rezipped(made(), {f"word/{n}": b"" for n in range(word.ENTRIES_MOST)}), "word_too_big"),
        (rezipped(made(), {"word/document.xml": b"<broken"}), "word_broken"),
    ],
)
def test_what_is_no_harmless_word_file_is_refused(upload: BytesIO, code: str) -> None:
    assert refused(word.read, upload=upload, expected=ROWS).code == code


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    content = made([("Reviewer 1", [Row("R1.1", "A\x0bform\x00feed \ud800.", answer="\x1bx")])])
    assert word.read(BytesIO(content), [Row("R1.1", "Aformfeed .")]).answers == {"R1.1": ("x", "")}


# --- Through the action and the page ---------------------------------------------------------


def downloaded(version: Version, client: Client) -> bytes:
    return client.get(reverse("submissions:response_word", args=[version.public_id])).content


@pytest.mark.django_db
def test_the_page_gives_and_takes_the_file(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = revising(ada, issue)
    version = answer(version, ada, r4_1="Five.")
    browser = client_of(ada)
    content = downloaded(version, browser)
    back = edited(write(0, 1, 2, "By patient now."), content)
    posted = browser.post(
        reverse("submissions:import_word", args=[version.public_id]),
        {"file": SimpleUploadedFile("response.docx", back.read(), word.MEDIA_TYPE)},
        follow=True,
    )
    assert "2 answers read in from the Word file." in posted.content.decode()
    assert point(version, "R2.1").answer == "By patient now."
    assert point(version, "R4.1").answer == "Five."
    assert newest(version.manuscript).edit_count == version.edit_count + 1
    entry = audit.entries_about(version.manuscript.audit_key).get(verb="answers.imported")
    assert entry.facts == {"version": 1, "given": 2, "changed": 1}


@pytest.mark.django_db
def test_an_empty_cell_takes_nothing_away(ada: User, issue: SpecialIssue) -> None:
    version = answer(revising(ada, issue), ada, r4_1="Five.")
    rows = actions.responses.word_rows(queries.points_of(version))
    content = word.written("T", "L", [("Reviewer 2", rows[:2]), ("Reviewer 4", rows[2:])], OPENING)
    done = actions.import_answers(
        actor=ada, version=version, upload=edited(write(1, 1, 2, ""), content)
    )
    assert done.left_alone == ("R4.1",)
    assert point(version, "R4.1").answer == "Five."


@pytest.mark.django_db
def test_newer_answers_on_the_page_are_not_replaced_unasked(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = answer(revising(ada, issue), ada, r2_1="Old.")
    content = downloaded(version, client_of(ada))
    with clock.frozen_at(OPENING + timedelta(hours=1)):
        version = answer(newest(version.manuscript), ada, r2_1="Newer, on the page.")
    upload = edited(write(0, 1, 2, "Written in Word."), content)
    told = refused(actions.import_answers, actor=ada, version=version, upload=upload)
    assert told.code == "changed_since"
    assert told.sentence.startswith("R2.1: answered on this page after")
    assert point(version, "R2.1").answer == "Newer, on the page."
    upload.seek(0)
    actions.import_answers(actor=ada, version=version, upload=upload, replaces=True)
    assert point(version, "R2.1").answer == "Written in Word."


@pytest.mark.django_db
def test_a_refused_file_changes_nothing(ada: User, sam: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    rows = actions.responses.word_rows(queries.points_of(version))
    content = word.written("T", "L", [("Reviewer 2", rows)], OPENING)

    def half(document: Any) -> None:
        write(0, 1, 2, "Good.")(document)
        write(0, 3, 0, "R9.9")(document)

    with pytest.raises(Refusal, match=r"row 4: “R9\.9”"):
        actions.import_answers(actor=ada, version=version, upload=edited(half, content))
    assert [p.answer for p in queries.points_of(version)] == ["", "", ""]
    told = refused(actions.import_answers, actor=sam, version=version, upload=BytesIO(content))
    assert told.status == 404
