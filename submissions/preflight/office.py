"""Word and Excel files (and OpenDocument): what acts in them, whom they name, a copy without.

These are ZIP archives of XML. Nothing here parses XML, so no entity is ever resolved; parts are
read as text and looked at with patterns. The archive itself has been judged before.
"""

import re
import zipfile
from pathlib import Path

from submissions.preflight.facts import Fault, Trace
from submissions.preflight.jpeg import without_jpeg_remarks

PART_BYTES_MOST = 100 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_XML = (".xml", ".rels", ".vml")

_MACRO_PART = re.compile(r"(?i)(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|Basic/|Scripts/)")
_MACRO_TYPE = re.compile(r"(?i)macroEnabled|ms-word\.vba|ms-office\.vba|ms-office\.activeX")
_ENTITY = re.compile(r"<!(DOCTYPE|ENTITY)\b", re.IGNORECASE)
_DECLARED = re.compile(r"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii"}
_EXTERNAL = re.compile(r"(?is)<Relationship\b(?=[^>]*\bTargetMode\s*=\s*[\"']External[\"'])[^>]*>")
_FIELD = re.compile(r"(?i)\bDDE(AUTO)?\b|\bINCLUDETEXT\b|\bINCLUDEPICTURE\b\s*(&quot;|\")?https?:")
_INSTRUCTION = re.compile(r"(?is)<w:instrText[^>]*>(.*?)</w:instrText>|w:instr=\"([^\"]*)\"")

_PEOPLE = re.compile(
    r"(?is)<((?:dc:creator|cp:lastModifiedBy|Manager|Company|meta:initial-creator)\b)[^>]*>"
    r"(.*?)</\s*\1\s*>"
)
# Whose note or change this is: Word, Excel, threaded comments of Excel, OpenDocument.
_WRITERS = (
    re.compile(r"(\bw(?:15)?:author=\")([^\"]*)(\")"),
    re.compile(r"(\bw:initials=\")([^\"]*)(\")"),
    re.compile(r"(<author\b[^>]*>)([^<]*)(</author>)"),
    re.compile(r"(<person\b[^>]*\bdisplayName=\")([^\"]*)(\")"),
    re.compile(r"(<person\b[^>]*\buserId=\")([^\"]*)(\")"),
    re.compile(
        r"(<office:annotation\b[^>]*>(?:(?!</office:annotation>).)*?<dc:creator>)"
        r"([^<]*)(</dc:creator>)",
        re.DOTALL,
    ),
    re.compile(
        r"(<office:change-info>(?:(?!</office:change-info>).)*?<dc:creator>)"
        r"([^<]*)(</dc:creator>)",
        re.DOTALL,
    ),
)
_NOBODY = "Author"
# Properties and thumbnails say who and where, and no reader needs them.
_PROPERTIES = re.compile(r"(?i)^docProps/|^meta\.xml$|^Thumbnails/|^word/people\.xml$")
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>'
)
_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>'
)
_PEOPLE_PART = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'
)
_META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
)
_EMPTIED = {
    "docprops/core.xml": _CORE,
    "docprops/app.xml": _APP,
    "docprops/custom.xml": _CUSTOM,
    "word/people.xml": _PEOPLE_PART,
    "meta.xml": _META,
}
# A note in Word: the marks in the text go, and the notes themselves become empty.
_WORD_NOTE_MARKS = re.compile(r"<w:(?:commentRangeStart|commentRangeEnd|commentReference)\b[^>]*/>")
_WORD_NOTE = re.compile(r"(?s)<w:comment\b.*?</w:comment>")


def office_fault(path: Path) -> Fault | None:
    """What in this document acts or fetches; None when nothing does."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if _MACRO_PART.search(member.filename):
                return Fault("active_content", f"a macro ({member.filename[:80]})")
            if not member.filename.lower().endswith(_XML):
                continue
            if member.file_size > PART_BYTES_MOST:
                return Fault("bomb", member.filename[:80])
            text = _text(archive.read(member))
            declared = _DECLARED.match(text)
            if declared and declared.group(1).lower() not in _ENCODINGS:
                return Fault("damaged", f"{member.filename[:80]} is in {declared.group(1)[:20]}")
            if _ENTITY.search(text):
                return Fault("active_content", f"an XML entity ({member.filename[:80]})")
            if member.filename == "[Content_Types].xml" and _MACRO_TYPE.search(text):
                return Fault("active_content", "macros are allowed in it")
            if fetched := _fetched(member.filename, text):
                return Fault("active_content", fetched)
    return None


def _fetched(name: str, text: str) -> str:
    """What is loaded from elsewhere when the document is opened; links to click are none."""
    if name.lower().endswith(".rels"):
        for relation in _EXTERNAL.findall(text):
            kind = re.search(r"Type\s*=\s*[\"'][^\"']*/(\w+)[\"']", relation)
            if kind is None or kind.group(1) != "hyperlink":
                target = re.search(r"Target\s*=\s*[\"']([^\"']*)", relation)
                what = kind.group(1) if kind else "something"
                return f"{what} from {(target.group(1) if target else 'elsewhere')[:80]}"
    for spoken, given in _INSTRUCTION.findall(text):
        if found := _FIELD.search(spoken or given):
            return f"a {found.group()[:20]} field"
    return ""


def people_in(path: Path) -> tuple[list[Trace], set[str]]:
    """The people whom the properties name, and the writers of notes and changes."""
    traces: list[Trace] = []
    writers: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.filename.lower().endswith(_XML):
                continue
            text = _text(archive.read(member))
            if _PROPERTIES.search(member.filename):
                traces += [
                    Trace(f"{member.filename} {place}", value.strip()[:200])
                    for place, value in _PEOPLE.findall(text)
                    if value.strip()
                ]
            for pattern in _WRITERS:
                writers |= {found[1].strip()[:200] for found in pattern.findall(text)}
    return traces, {writer for writer in writers if writer and writer != _NOBODY}


def clean_office(source: Path, target: Path) -> None:
    """A copy without properties, notes of Word, and names of who changed what.

    Equal input gives equal bytes. Changes that are marked stay marked, under nobody's name.
    """
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as out:
        for member in archive.infolist():
            content = _clean_part(member.filename, archive.read(member))
            if content is None:
                continue
            bare = zipfile.ZipInfo(member.filename, _EPOCH)
            bare.compress_type = (
                zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            )
            out.writestr(bare, content)


def _clean_part(name: str, content: bytes) -> bytes | None:
    lowered = name.lower()
    if lowered in _EMPTIED:
        return _EMPTIED[lowered]
    if lowered.endswith((".jpg", ".jpeg")):
        return without_jpeg_remarks(content)
    if not lowered.endswith(_XML):
        return content
    text = before = _text(content)
    for pattern in _WRITERS:
        text = pattern.sub(rf"\g<1>{_NOBODY}\g<3>", text)
    if lowered.startswith("word/"):
        text = _WORD_NOTE_MARKS.sub("", text)
        if re.search(r"(?i)^word/comments\w*\.xml$", name):
            text = _WORD_NOTE.sub("", text)
    return content if text == before else text.encode(_encoding(content))


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.startswith(b"<\0"):
        return "utf-16-le"
    if content.startswith(b"\0<"):
        return "utf-16-be"
    return "utf-8"


def _text(content: bytes) -> str:
    return content.decode(_encoding(content), "replace")
