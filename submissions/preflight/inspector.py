"""The inspector: `python -m submissions.preflight.inspector FILE` prints one JSON object.

It confines itself first and opens the file after. It always prints an answer when it still can;
when it cannot (killed, out of time), the parent makes the answer.
"""

import dataclasses
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from submissions.preflight import kinds
from submissions.preflight.facts import Facts
from submissions.preflight.sandbox import confine, run_reader

PAGE_CAP = 200
FLATE_STREAM_BYTES = 220 * 1024 * 1024
PAGE_ONE_CHARACTERS = 20_000
# Of the time that an author waits; what was not drawn by then is told as not seen.
LOOKING_ENDS_AFTER = 6.0
HIDDEN_WORDS_WORTH_TELLING = 3
HIDDEN_KEPT = 50
_BEGUN = time.monotonic()


def inspect_file(path: Path) -> Facts:
    """All facts of the file. May raise on a hostile file; `main` turns that into an answer."""
    content = path.read_bytes()
    facts = Facts(
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        kind=kinds.kind_of(content),
        header_offset=kinds.header_offset(content),
        has_pdf_parts=kinds.has_pdf_parts(content),
    )
    if facts.header_offset is None and not facts.has_pdf_parts:
        return facts
    facts = dataclasses.replace(facts, archive_appended=kinds.has_archive_appended(content))
    del content
    return _read_structure(path, facts)


def _read_structure(path: Path, facts: Facts) -> Facts:
    import pikepdf

    from submissions.preflight import inflate, object_walk, poppler

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=FLATE_STREAM_BYTES,
        png_max_memory=FLATE_STREAM_BYTES,
        run_length_max_memory=FLATE_STREAM_BYTES,
        dct_max_memory=FLATE_STREAM_BYTES,
    )
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError:
        return dataclasses.replace(facts, encrypted=True, needs_password=True)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        return facts
    with pdf:
        try:
            pages = len(pdf.pages)
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            return facts
        facts = dataclasses.replace(
            facts, opens=True, encrypted=pdf.is_encrypted or "/Encrypt" in pdf.trailer, pages=pages
        )
        if facts.encrypted or not 1 <= pages <= PAGE_CAP:
            return facts
        if facts.header_offset != 0:
            # Refused in any case; only the reason is still to be found.
            return dataclasses.replace(facts, pages_by_poppler=poppler.page_count(path))
        try:
            facts = dataclasses.replace(facts, inflated_bytes=inflate.inflated_bytes(pdf))
            walked = object_walk.walk(pdf)
        except inflate.InflatesTooFar:
            return dataclasses.replace(facts, inflates_too_far=True)
        except object_walk.TooComplex:
            return dataclasses.replace(facts, trouble="too_complex")
        facts = dataclasses.replace(
            facts,
            active_content=tuple(sorted(walked.active)),
            embedded_files=tuple(walked.embedded[:50]),
            remote_links=tuple(sorted(walked.remote))[:20],
            has_form=walked.has_form,
            has_signature=walked.has_signature,
            author_traces=tuple(dict.fromkeys(walked.traces))[:20],
            annotation_authors=tuple(sorted(walked.annotation_authors))[:20],
            fonts_not_embedded=tuple(object_walk.fonts_not_embedded(pdf))[:40],
            paper_sizes=tuple(object_walk.paper_sizes(pdf))[:5],
            repaired=bool(pdf.get_warnings()),
        )
    return _read_words(path, facts)


def _read_words(path: Path, facts: Facts) -> Facts:
    from submissions.preflight import poppler, reading

    counted = poppler.page_count(path)
    facts = dataclasses.replace(facts, pages_by_poppler=counted)
    if counted != facts.pages:
        return facts
    texts = poppler.page_texts(path, last_page=PAGE_CAP)
    first = texts[0] if texts else ""
    sample = poppler.page_texts(path, layout=True, last_page=2)
    facts = dataclasses.replace(
        facts,
        text_characters=sum(1 for text in texts[:3] for c in text if not c.isspace()),
        word_count=sum(len(text.split()) for text in texts),
        first_page_text=first[:PAGE_ONE_CHARACTERS],
        abstract_guess=reading.abstract_guess(first),
        has_line_numbers=any(reading.has_line_numbers(page) for page in sample),
    )
    facts, hidden = _look_at_pages(path, facts)
    # Poppler leaves out what stands outside the page, so the hidden words are read as well.
    for found in hidden:
        text = str(found["text"])
        if found["page"] <= len(texts) and text not in " ".join(texts[found["page"] - 1].split()):
            texts[found["page"] - 1] += f"\n{text}"
    return dataclasses.replace(facts, directed_phrases=tuple(reading.directed_phrases(texts)))


def _look_at_pages(path: Path, facts: Facts) -> tuple[Facts, list[dict[str, Any]]]:
    """Draw the pages in a process of their own: a picture that breaks it breaks only it."""
    left = LOOKING_ENDS_AFTER - (time.monotonic() - _BEGUN)
    answer = run_reader(
        [sys.executable, "-m", "submissions.preflight.visible_text", str(path)],
        wall_seconds=max(left, 0.5),
        may_be_cut=True,
    )
    lines = (answer or b"").split(b"\n")
    # Whatever follows the last line end was cut off.
    pages: list[dict[str, Any]] = [json.loads(line) for line in lines[:-1]]
    is_whole = bool(pages) and pages[-1] == {}
    pages = [page for page in pages if page]
    if not pages:
        return facts, []
    hidden = [found for page in pages for found in page["hidden"]]
    told = [found for found in hidden if found["words"] >= HIDDEN_WORDS_WORTH_TELLING]
    facts = dataclasses.replace(
        facts,
        looked_for_hidden_text=is_whole,
        title_guess=pages[0]["title"],
        authors_guess=tuple(pages[0]["authors"]),
        columns=_columns([page["columns"] for page in pages]),
        hidden_text=Facts.from_json({"hidden_text": told[:HIDDEN_KEPT]}).hidden_text,
    )
    return facts, hidden


def _columns(votes: list[list[int]]) -> int | None:
    one, two = sum(vote[0] for vote in votes), sum(vote[1] for vote in votes)
    if one + two < 20:
        return None
    return 2 if two > 2 * one else 1 if one > 2 * two else None


def main(arguments: list[str]) -> int:
    """Inspect the one named file; the exit status is 0 whenever an answer was printed."""
    confine()
    path = Path(arguments[0])
    try:
        facts = inspect_file(path)
    except MemoryError:
        facts = _cut_short(path, "too_heavy")
    except Exception as error:  # whatever a hostile file makes a reader raise is an answer
        memory = "bad_alloc" in str(error) or "memory" in str(error).lower()
        sys.stderr.write(f"{type(error).__name__}: {error}"[:2000])
        facts = _cut_short(path, "too_heavy" if memory else "crashed")
    sys.stdout.write(json.dumps(facts.as_json(), ensure_ascii=True))
    return 0


def _cut_short(path: Path, trouble: str) -> Facts:
    content = path.read_bytes()
    return Facts(
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        kind=kinds.kind_of(content),
        header_offset=kinds.header_offset(content),
        trouble=trouble,
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
