"""Judging an uploaded PDF by its facts (`domain.md` G.1, `security.md` 5)."""

from collections.abc import Iterator

from submissions.checks.findings import FileReport, Finding, Level, Screen
from submissions.checks.remarks import (
    MEGABYTE,
    NO_TEXT_BELOW_CHARACTERS,
    PdfRules,
    plural,
    plural_count,
    remarks,
)
from submissions.preflight.facts import EmbeddedFile, Facts

HARD_PAGE_LIMIT = 200
# LaTeX's tagging writes such files by itself; anything else inside a PDF is refused.
HARMLESS_ATTACHMENTS = frozenset({"xml", "mml", "tex", "bib", "csv", "txt"})
HARMLESS_CONTENT = frozenset({"text", "xml", "latex", "html", "svg", "empty", "unknown"})

FLAG_LABELS: dict[str, str] = {
    "metadata": "The file's properties name a person",
    "annotation_author": "A note in the file carries its writer's name",
    "no_text": "No text can be read from the file: it may be a scan",
    "hidden_text": "Text that cannot be seen on the page",
    "directed_phrase": "A phrase that addresses a machine reader",
    "embedded_file": "The file carries another file",
    "signature": "The file is signed",
    "remote_link": "A link leads to a file on some computer",
    "unseen": "The pages could not be drawn, so hidden text was not looked for",
}

_OTHER_KINDS: dict[str, str] = {
    "word": "a Word document. In Word choose “Save as PDF”",
    "old_office": "an old Office document (.doc). Open it in Word and choose “Save as PDF”",
    "office": "an Office document. Export it as PDF",
    "rtf": "a rich-text document. Open it and export it as PDF",
    "zip": "a ZIP archive. Take the PDF out of it",
    "archive": "an archive. Take the PDF out of it",
    "html": "a web page. Perhaps a sign-in page was saved in place of the paper; find the PDF",
    "svg": "an SVG drawing. Export the whole paper as PDF",
    "xml": "an XML file. Export the paper as PDF",
    "postscript": "a PostScript file. Convert it to PDF on your side",
    "image": "a picture. Export the whole paper as PDF",
    "latex": "LaTeX source. Compile it",
    "program": "a program. Find the PDF of your paper",
    "text": "plain text. Export the paper as PDF",
}


def examine_pdf(facts: Facts, rules: PdfRules, *, field: str = "main_file") -> FileReport:
    """Judge one file. A refused file has exactly one finding, the gravest reason."""
    refusal = next(_refusals(facts, rules), None)
    if refusal is not None:
        code, sentence = refusal
        return FileReport((Finding(Level.ERROR, code, sentence, Screen.FILES, field, True),))
    findings = tuple(
        Finding(level, code, sentence, Screen.FILES, field)
        for level, code, sentence in remarks(facts, rules)
    )
    order = {Level.ERROR: 0, Level.WARNING: 1, Level.OK: 2}
    return FileReport(
        tuple(sorted(findings, key=lambda finding: order[finding.level])), flags_of(facts)
    )


def flags_of(facts: Facts) -> tuple[str, ...]:
    """The codes that editors are shown; `FLAG_LABELS` says what each means."""
    raised = {
        "metadata": bool(facts.author_traces),
        "annotation_author": bool(facts.annotation_authors),
        "no_text": facts.text_characters < NO_TEXT_BELOW_CHARACTERS,
        "hidden_text": bool(facts.hidden_text),
        "directed_phrase": bool(facts.directed_phrases),
        "embedded_file": bool(facts.embedded_files),
        "signature": facts.has_signature,
        "remote_link": bool(facts.remote_links),
        "unseen": not facts.looked_for_hidden_text,
    }
    return tuple(code for code, is_raised in raised.items() if is_raised)


def _refusals(facts: Facts, rules: PdfRules) -> Iterator[tuple[str, str]]:
    """Reasons not to keep the file, the most telling first."""
    yield from _wrong_file(facts, rules)
    yield from _unreadable(facts, rules)
    yield from _dangerous(facts, rules)


def _wrong_file(facts: Facts, rules: PdfRules) -> Iterator[tuple[str, str]]:
    slot = rules.slot
    if facts.byte_count == 0:
        yield (
            "empty",
            f"{slot}: the file is empty (0 bytes). Check it on your disk and upload it again.",
        )
    if facts.byte_count > rules.byte_limit:
        yield (
            "too_large",
            (
                f"{slot}: the file has {_megabytes(facts.byte_count)}; the limit is "
                f"{_megabytes(rules.byte_limit)}. Compress the figures and export the PDF again."
            ),
        )
    is_debris = facts.has_pdf_parts and facts.kind in {"unknown", "text"}
    if facts.header_offset is None and not is_debris:
        kind = _OTHER_KINDS.get(facts.kind, "something else. Export the paper as PDF")
        yield "not_pdf", f"{slot}: this must be a PDF, but the file is {kind}, and upload the PDF."
    elif facts.header_offset and facts.kind in _OTHER_KINDS and facts.kind != "text":
        yield (
            "polyglot",
            (
                f"{slot}: the file is a PDF and something else at once: it begins like "
                f"{_OTHER_KINDS[facts.kind].partition('.')[0]}. Upload the PDF alone."
            ),
        )


def _unreadable(facts: Facts, rules: PdfRules) -> Iterator[tuple[str, str]]:
    slot = rules.slot
    if facts.trouble == "too_slow":
        yield (
            "too_slow",
            (
                f"{slot}: the file could not be checked within ten seconds. Upload it again; if "
                "this comes back, simplify large vector figures and export the PDF again."
            ),
        )
    elif facts.trouble:
        yield (
            "too_heavy",
            (
                f"{slot}: the file is too complicated to be checked safely. Export the PDF again "
                "with simpler figures."
            ),
        )
    if facts.encrypted:
        how = "needs a password to open" if facts.needs_password else "is protected (encrypted)"
        yield (
            "encrypted",
            (
                f"{slot}: the PDF {how}, so reviewers could not read or print it. Remove the "
                "security settings and upload the file again."
            ),
        )
    if not facts.opens:
        yield (
            "corrupt",
            (
                f"{slot}: the PDF is damaged and cannot be opened; perhaps the file was cut off. "
                "Export it again and check that it opens on your side."
            ),
        )
    if facts.header_offset is None:
        yield (
            "corrupt",
            (
                f"{slot}: the PDF is damaged: its beginning is missing. Export it again and check "
                "that it opens on your side."
            ),
        )
    elif facts.header_offset > 0 and facts.pages == facts.pages_by_poppler:
        yield (
            "header_offset",
            (
                f"{slot}: a PDF begins with “%PDF-”, but this file has {facts.header_offset} other "
                f"{plural(facts.header_offset, 'byte')} before it. Export the PDF again and "
                "upload the new file as it is."
            ),
        )
    if facts.pages == 0:
        yield "no_pages", f"{slot}: the PDF has no pages. Export it again."
    if (facts.pages or 0) > HARD_PAGE_LIMIT:
        yield (
            "too_many_pages",
            (
                f"{slot}: the PDF has {facts.pages} pages; more than {HARD_PAGE_LIMIT} are never "
                "taken. Upload the paper alone."
            ),
        )
    if facts.inflates_too_far:
        yield (
            "bomb",
            (
                f"{slot}: unpacked, the file grows beyond 200 MB. Reduce the resolution of the "
                "figures and export the PDF again."
            ),
        )


def _dangerous(facts: Facts, rules: PdfRules) -> Iterator[tuple[str, str]]:
    slot = rules.slot
    if facts.active_content:
        yield (
            "active_content",
            (
                f"{slot}: the PDF can run or fetch something when it is opened "
                f"({', '.join(facts.active_content)}). Export it again without scripts, forms that "
                "send data, sound and film, and upload the plain file."
            ),
        )
    harmful = [item for item in facts.embedded_files if not _is_harmless(item)]
    if harmful:
        names = ", ".join(f"“{item.name}”" for item in harmful[:3])
        yield (
            "embedded_file",
            (
                f"{slot}: the PDF carries {plural_count(len(harmful), 'other file')} ({names}). "
                "Remove the attachments; upload what reviewers need as a supporting file."
            ),
        )
    if facts.archive_appended:
        yield (
            "polyglot",
            f"{slot}: the file is a PDF and a ZIP archive at once. Upload the PDF alone.",
        )
    # Readers that disagree would show different papers to different people.
    if facts.pages_by_poppler is None:
        yield (
            "corrupt",
            (
                f"{slot}: the PDF is damaged: one of two readers cannot open it. Export it again "
                "and check that it opens on your side."
            ),
        )
    elif facts.pages_by_poppler != facts.pages:
        yield (
            "readers_disagree",
            (
                f"{slot}: the PDF is damaged: one reader finds {facts.pages} and another "
                f"{plural_count(facts.pages_by_poppler, 'page')}. Export it again."
            ),
        )


def _is_harmless(item: EmbeddedFile) -> bool:
    ending = item.name.rpartition(".")[2].lower() if "." in item.name else ""
    return ending in HARMLESS_ATTACHMENTS and item.looks_like in HARMLESS_CONTENT


def _megabytes(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB".replace(".0 MB", " MB")
