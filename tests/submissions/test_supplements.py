"""Archives, documents and pictures beside the manuscript: refused, or kept and cleaned."""

import gzip
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from PIL import Image

from accounts.models import User
from submissions.models import Version
from submissions.preflight import Supplement, look_at_supplement
from submissions.states import FileKind
from tests.papers import packed
from tests.submissions.drafts import accepted, empty_draft, newest
from tests.submissions.test_files import attach, refusal_of
from tmi_special_issue import files
from tmi_special_issue.models import SpecialIssue

Look = Callable[[str, bytes], Supplement]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def answer(family: str, content: bytes) -> Supplement:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return look_at_supplement(path, family, tmp_path / "copy", tmp_path / "small")

    return answer


def locked(content: bytes) -> bytes:
    """The same archive, marked as encrypted in its list and before each member."""
    marked = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[content.index(mark) + offset] |= 1
    return bytes(marked)


def lying(content: bytes) -> bytes:
    """An archive whose list says that its only member has one byte."""
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + (1).to_bytes(4, "little") + content[place + 4 :]


ZEROS = b"\0" * (60 * 1024 * 1024)


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


ARCHIVES = {
    "plain": (packed({"data/a.csv": b"a,b\n1,2\n", "code/run.py": b"print(1)\n"}), ""),
    "stored": (packed({"a.csv": b"a,b\n"}, method=zipfile.ZIP_STORED), ""),
    "bzip2": (packed({"a.csv": b"a,b\n"}, method=zipfile.ZIP_BZIP2), ""),
    "gzip": (gzipped(b"a,b\n1,2\n" * 1000), ""),
    "two gzip streams": (gzipped(b"a") + gzipped(b"b"), ""),
    "a bomb that stays closed": (packed({"inner.zip": packed({"zeros": ZEROS})}), ""),
    "zip bomb": (packed({"zeros": ZEROS}), "bomb"),
    "gzip bomb": (gzipped(ZEROS), "bomb"),
    "climbs": (packed({"../up": b"x"}), "path_traversal"),
    "absolute": (packed({"/etc/x": b"x"}), "path_traversal"),
    "climbs in Windows": (packed({"..\\up": b"x"}), "path_traversal"),
    "a drive": (packed({"C:\\x": b"x"}), "path_traversal"),
    "a link": (packed({"link": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), "path_traversal"),
    "too many": (packed({f"{n}": b"" for n in range(5001)}), "too_many_members"),
    "locked": (locked(packed({"a.csv": b"a,b\n"})), "encrypted"),
    "lies of its size": (lying(packed({"a.csv": b"a,b\n" * 100})), "damaged"),
    "cut off": (packed({"a.csv": b"a,b\n" * 100})[:-30], "damaged"),
    "gzip cut off": (gzipped(b"a,b\n")[:6], "damaged"),
    "a program": (packed({"tools/setup.exe": b"MZ"}), "program"),
    "rare packing": (packed({"a.csv": b"a,b\n"}, method=zipfile.ZIP_LZMA), "packing"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_is_counted_and_never_unpacked(look: Look, name: str) -> None:
    content, code = ARCHIVES[name]
    fault = look("archive", content).fault
    assert (fault.code if fault else "") == code


def word_file(*, notes: bool = True) -> bytes:
    document = docx.Document()
    document.core_properties.author = "Mara Canary"
    document.core_properties.last_modified_by = "Otto Canary"
    paragraph = document.add_paragraph("The encoder keeps its accuracy.")
    if notes:
        document.add_comment(paragraph.runs, text="is it so? canary", author="Nils Canary")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel_file() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = "Mara Canary"
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 42
    sheet["A1"].comment = openpyxl.comments.Comment("checked", "Nils Canary")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def everything_in(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) + name.encode() for name in archive.namelist())


def test_a_word_file_is_served_without_names_and_notes(look: Look, tmp_path: Path) -> None:
    found = look("word", word_file())
    assert found.fault is None
    assert {trace.value for trace in found.traces} == {"Mara Canary", "Otto Canary"}
    assert found.writers == ("Nils Canary",)
    copy = (tmp_path / "copy").read_bytes()
    assert b"anary" not in everything_in(copy)
    document = docx.Document(io.BytesIO(copy))
    assert [p.text for p in document.paragraphs] == ["The encoder keeps its accuracy."]
    look("word", word_file())
    assert (tmp_path / "copy").read_bytes() == copy


def test_an_excel_file_is_served_without_names(look: Look, tmp_path: Path) -> None:
    found = look("office", excel_file())
    assert found.writers == ("Nils Canary",)
    copy = (tmp_path / "copy").read_bytes()
    assert b"anary" not in everything_in(copy)
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert sheet is not None
    assert sheet["A1"].value == 42


def changed(content: bytes, name: str, replaced: bytes, by: bytes) -> bytes:
    """The document with one part changed, or added when `replaced` is empty."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.namelist():
            part = source.read(member)
            target.writestr(member, part.replace(replaced, by) if member == name else part)
        if name not in source.namelist():
            target.writestr(name, by)
    return out.getvalue()


RELATION = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/%s" Target="http://beacon.example/t" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "replaced", "by", "is_refused"),
    [
        ("word/vbaProject.bin", b"", b"\xd0\xcf", True),
        ("word/activeX/activeX1.xml", b"", b"<x/>", True),
        ("word/document.xml", b"<w:document ", b'<!DOCTYPE d [<!ENTITY x "y">]><w:document ', True),
        ("word/extra.xml", b"", "<!DOCTYPE d [<!ENTITY x 'y'>]><d/>".encode("utf-16"), True),
        ("word/extra.xml", b"", b'<?xml version="1.0" encoding="UTF-7"?><d/>', True),
        (
            "word/_rels/document.xml.rels",
            b"</Relationships>",
            RELATION % b"attachedTemplate",
            True,
        ),
        ("word/_rels/document.xml.rels", b"</Relationships>", RELATION % b"image", True),
        ("word/_rels/document.xml.rels", b"</Relationships>", RELATION % b"hyperlink", False),
        (
            "word/document.xml",
            b"</w:body>",
            b"<w:instrText>DDEAUTO c x</w:instrText></w:body>",
            True,
        ),
        ("word/document.xml", b"</w:body>", b"<w:instrText>PAGE</w:instrText></w:body>", False),
    ],
)
def test_a_word_file_that_acts_is_refused(
    look: Look, name: str, replaced: bytes, by: bytes, is_refused: bool
) -> None:
    fault = look("word", changed(word_file(notes=False), name, replaced, by)).fault
    assert (fault is not None) is is_refused, fault


def picture(form: str, **extra: object) -> bytes:
    exif = Image.Exif()
    exif[315] = "Mara Canary"
    made = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(made, form, exif=exif, **extra)
    return made.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_a_picture_loses_its_remarks_and_no_pixel(look: Look, tmp_path: Path, form: str) -> None:
    original = picture(form)
    found = look("image", original + (b"\nhidden canary" if form == "PNG" else b""))
    assert [trace.value for trace in found.traces] == ["Mara Canary"]
    copy = (tmp_path / "copy").read_bytes()
    assert b"anary" not in copy
    assert Image.open(io.BytesIO(copy)).tobytes() == Image.open(io.BytesIO(original)).tobytes()
    assert (tmp_path / "small").read_bytes().startswith(b"\x89PNG")


def test_a_turned_picture_stands_upright_in_the_copy(look: Look, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    made = io.BytesIO()
    Image.new("RGB", (40, 20)).save(made, "JPEG", exif=exif)
    look("image", made.getvalue())
    with Image.open(tmp_path / "copy") as copy:
        assert copy.size == (20, 40)
        assert dict(copy.getexif()) == {}


def test_a_picture_with_too_many_pixels_is_not_drawn(look: Look) -> None:
    made = io.BytesIO()
    Image.new("1", (8000, 8000)).save(made, "PNG")
    fault = look("image", made.getvalue()).fault
    assert fault is not None
    assert (fault.code, fault.found) == ("picture_too_large", "8000 × 8000 pixels")


@pytest.mark.django_db
def test_a_refused_archive_leaves_nothing_and_says_why(ada: User, issue: SpecialIssue) -> None:
    content = packed({"../climbs": b"x"})
    refusal = refusal_of(ada, empty_draft(ada, issue), FileKind.CODE, content, name="code.zip")
    assert (refusal.code, refusal.status) == ("path_traversal", 422)
    assert refusal.sentence.startswith("Code: “code.zip” has a member that points outside")


def test_a_large_document_is_known_for_what_it_is(look: Look) -> None:
    import os

    large = changed(word_file(notes=False), "word/media/a.bin", b"", os.urandom(5 * 1024 * 1024))
    assert look("archive", large).family == "word"
    macro = changed(large, "word/vbaProject.bin", b"", b"\xd0\xcf")
    assert look("archive", macro).fault is not None


@pytest.mark.django_db
def test_sources_in_word_are_served_clean_and_flagged(ada: User, issue: SpecialIssue) -> None:
    version: Version = newest(accepted(ada, issue))
    row = attach(ada, version, FileKind.SOURCES, word_file(), name="paper.docx")
    assert row.flags == ["metadata", "annotation_author"]
    assert row.file.for_others.original_name == "sources.docx"
    assert b"anary" in everything_in(files.read(row.file))
    assert b"anary" not in everything_in(files.read(row.file.for_others))
