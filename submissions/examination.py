"""The examination of an upload before anything of it is kept (`security.md` 5.3).

Whatever opens the file does so in a confined process. No row is written here; what comes out is
what `actions.attach_file` keeps.
"""

import shutil
import time
from dataclasses import dataclass, field
from io import SEEK_END
from typing import IO, Any

import structlog

from submissions import preflight, supporting
from submissions.checks import Level, PdfRules, examine_pdf
from submissions.models import Version
from submissions.proposals import FrontPage
from submissions.queries.gate import page_limit
from submissions.states import FILE_KIND_LABELS, PDF_KINDS, FileKind
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload that may be kept: its bytes, the copy for others, what was found."""

    content: bytes | IO[bytes]
    media_type: str
    served: bytes | None = None
    served_type: str = ""
    thumbnail: bytes | None = None
    page_count: int | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    front_page: dict[str, Any] = field(default_factory=dict)
    hidden_text: list[dict[str, Any]] = field(default_factory=list)


def examine(
    version: Version, kind: FileKind, name: str, upload: IO[bytes], byte_limit: int
) -> Examined:
    """Judge one upload, and make the copy for others. Raises Refusal with the reason."""
    label = FILE_KIND_LABELS[kind].removesuffix(" (PDF)")
    byte_count = upload.seek(0, SEEK_END)
    upload.seek(0)
    if byte_count > byte_limit:
        sentence = supporting.too_large(label, byte_count, byte_limit)
        raise _refused(kind, "too_large", sentence)
    if kind in PDF_KINDS or kind in supporting.LETTER_KINDS:
        return _examine_pdf(version, kind, label, upload.read(), byte_limit)
    return _examine_supplement(kind, label, name, upload)


def _refused(kind: FileKind, code: str, sentence: str) -> Refusal:
    """One line in the log for each refused file; its name and content stay out of it."""
    log.info("file_refused", kind=kind.value, code=code)
    field_name = "main_file" if kind == FileKind.MAIN else kind.value
    return Refusal(code, sentence, field=field_name, status=422)


def _examine_pdf(
    version: Version, kind: FileKind, label: str, content: bytes, limit: int
) -> Examined:
    ends_at = time.monotonic() + preflight.ANSWER_SECONDS
    rules = PdfRules(
        slot=label,
        page_limit=page_limit(version) if kind == FileKind.MAIN else None,
        advised_pages=12 if kind in {FileKind.MAIN, FileKind.FINAL_PDF} else None,
        byte_limit=limit,
        is_paper=kind in supporting.PAPER_KINDS,
        wants_abstract=kind == FileKind.MAIN,
    )
    field_name = "main_file" if kind == FileKind.MAIN else kind.value
    with preflight.workspace() as folder:
        path = folder / "upload.pdf"
        path.write_bytes(content)
        facts = preflight.inspect(path)
        report = examine_pdf(facts, rules, field=field_name)
        if report.refusal:
            raise _refused(kind, report.refusal.code, report.refusal.sentence)
        try:
            served = preflight.clean_copy(content, seconds=max(3.0, ends_at - time.monotonic()))
        except preflight.CleaningFailed as failed:
            raise _refused(kind, "not_cleanable", f"{label}: {failed}") from failed
        thumbnail = preflight.thumbnail(path, seconds=max(0.5, ends_at - time.monotonic()))
    return Examined(
        content,
        PDF,
        served,
        PDF,
        thumbnail,
        facts.pages,
        [finding.as_json() for finding in report.findings],
        list(report.flags),
        FrontPage.read_from(facts).as_json() if kind == FileKind.MAIN else {},
        list(facts.as_json()["hidden_text"]),
    )


def _examine_supplement(kind: FileKind, label: str, name: str, upload: IO[bytes]) -> Examined:
    judged = supporting.judge(kind, label, name, upload.read(supporting.START_BYTES))
    upload.seek(0)
    if judged.refusal:
        raise _refused(kind, "wrong_kind", judged.refusal)
    if judged.family not in supporting.OPENED_FAMILIES:
        return Examined(upload, judged.media_type)
    with preflight.workspace() as folder:
        path, copy, small = folder / "upload", folder / "copy", folder / "small.png"
        with path.open("wb") as file:
            shutil.copyfileobj(upload, file)
        upload.seek(0)
        found = preflight.look_at_supplement(path, judged.family, copy, small)
        if found.fault:
            sentence = supporting.fault_sentence(label, name, found.fault)
            raise _refused(kind, found.fault.code, sentence)
        media_type = supporting.DOCUMENT_TYPES.get(found.family, judged.media_type)
        findings = list(supporting.remarks(kind, found))
        return Examined(
            upload,
            media_type,
            copy.read_bytes() if found.has_copy else None,
            media_type,
            small.read_bytes() if found.has_thumbnail else None,
            findings=[finding.as_json() for finding in findings],
            flags=[finding.code for finding in findings if finding.level is not Level.OK],
        )
