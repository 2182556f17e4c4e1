"""What the author is told of a PDF that is kept: each check once, passed or not.

A sentence says what was found, what is asked for, and how to mend it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from submissions.checks.findings import Level
from submissions.checks.metadata import ABSTRACT_WORDS, word_count
from submissions.preflight.facts import Facts

MEGABYTE = 1024 * 1024
NO_TEXT_BELOW_CHARACTERS = 20
HIDDEN_TOLD = 5
PHRASES_TOLD = 3

Remark = tuple[Level, str, str]


@dataclass(frozen=True, slots=True)
class PdfRules:
    """What this slot asks for in this round.

    `page_limit` blocks submission (ten pages, references included, for a first submission; None
    afterwards), `advised_pages` only warns. `slot` is the name that the author reads.
    """

    slot: str = "Main manuscript"
    page_limit: int | None = None
    advised_pages: int | None = 12
    byte_limit: int = 20 * MEGABYTE
    is_paper: bool = True
    wants_abstract: bool = True


def remarks(facts: Facts, rules: PdfRules) -> Iterator[Remark]:
    """Level, code and sentence of every check."""
    yield _pages(facts, rules)
    yield _paper(facts)
    yield _fonts(facts)
    if facts.repaired:
        yield _warning(
            "repaired",
            "The PDF has small faults that readers mend by themselves. A fresh export is safer.",
        )
    yield _ok("encrypted", "Opens without a password.")
    yield _ok("active_content", "Nothing in it runs by itself.")
    yield from _names(facts)
    yield from _things_carried(facts)
    yield from _text(facts, rules)
    yield from _unseen(facts)


def plural(count: int, noun: str) -> str:
    """The noun in the number that the count asks for."""
    return noun if count == 1 else f"{noun}s"


def plural_count(count: int, noun: str) -> str:
    """The count and its noun."""
    return f"{count:,} {plural(count, noun)}"


def _ok(code: str, sentence: str) -> Remark:
    return Level.OK, code, sentence


def _warning(code: str, sentence: str) -> Remark:
    return Level.WARNING, code, sentence


def _pages(facts: Facts, rules: PdfRules) -> Remark:
    pages = facts.pages or 0
    limit = rules.page_limit
    if limit is not None and pages > limit:
        sentence = (
            f"{rules.slot} has {plural_count(pages, 'page')}; the limit is {limit}, "
            f"references included. Shorten it by {plural_count(pages - limit, 'page')} and "
            "replace the file."
        )
        return Level.ERROR, "page_limit", sentence
    if rules.advised_pages is not None and pages > rules.advised_pages:
        return _warning(
            "many_pages",
            f"{rules.slot} has {pages} pages. Charges for pages beyond ten apply on "
            f"publication; papers above {rules.advised_pages} pages are rare.",
        )
    known = f" (limit {limit}, references included)" if limit is not None else ""
    return _ok("pages", f"{plural_count(pages, 'page')}{known}.")


def _paper(facts: Facts) -> Remark:
    sizes = facts.paper_sizes
    if len(sizes) > 1:
        return _warning(
            "paper", f"Pages of different sizes ({', '.join(sizes)}). Use one size throughout."
        )
    if sizes and sizes[0] not in ("US Letter", "A4"):
        return _warning("paper", f"The pages measure {sizes[0]}. The template uses US Letter.")
    return _ok("paper", f"{sizes[0] if sizes else 'Paper of one size'}.")


def _fonts(facts: Facts) -> Remark:
    if not facts.fonts_not_embedded:
        return _ok("fonts", "All fonts embedded.")
    names = ", ".join(facts.fonts_not_embedded[:4])
    return _warning(
        "fonts",
        f"Fonts that are not embedded: {names}. Print may differ from what you see; turn "
        "on “embed all fonts” when you export.",
    )


def _names(facts: Facts) -> Iterator[Remark]:
    if facts.author_traces:
        named = ", ".join(dict.fromkeys(f"“{trace.value}”" for trace in facts.author_traces[:3]))
        yield _warning(
            "metadata",
            f"The file's properties name {named}. We remove properties from the copy that "
            "reviewers get.",
        )
    else:
        yield _ok("metadata", "Its properties name nobody.")
    if facts.annotation_authors:
        named = ", ".join(f"“{name}”" for name in facts.annotation_authors[:3])
        yield _warning(
            "annotation_author",
            f"Notes in the file carry the name {named}. We remove notes from the copy that "
            "reviewers get; is this the clean version of your paper?",
        )
    else:
        yield _ok("annotation_author", "No notes that are signed.")


def _things_carried(facts: Facts) -> Iterator[Remark]:
    if facts.has_signature:
        yield _warning(
            "signature",
            "The PDF is digitally signed. The copy that reviewers get carries no signature.",
        )
    if facts.embedded_files:
        names = ", ".join(f"“{item.name}”" for item in facts.embedded_files[:3])
        yield _warning(
            "embedded_file",
            f"The PDF carries {names}. We remove attachments from the copy that reviewers get.",
        )
    else:
        yield _ok("embedded_file", "No files inside.")
    if facts.remote_links:
        yield _warning(
            "remote_link",
            f"A link leads to a file on some computer (“{facts.remote_links[0]}”). It will not "
            "work for others; upload the file as supporting material.",
        )


def _text(facts: Facts, rules: PdfRules) -> Iterator[Remark]:
    if facts.text_characters < NO_TEXT_BELOW_CHARACTERS:
        yield _warning(
            "no_text",
            "No text can be read from the first pages: the file looks like a scan. Export the "
            "paper from your editor, so that it can be searched and read aloud.",
        )
        return
    yield _ok("text", f"Text can be searched ({plural_count(facts.word_count, 'word')}).")
    if not rules.is_paper:
        return
    if facts.columns == 1 and (facts.pages or 0) > 2:
        yield _warning(
            "columns", "The paper seems to be set in one column. The template has two columns."
        )
    numbered = "numbered" if facts.has_line_numbers else "not numbered, which is fine"
    yield _ok("line_numbers", f"Lines are {numbered}.")
    if rules.wants_abstract:
        yield _abstract(facts)


def _abstract(facts: Facts) -> Remark:
    least, most = ABSTRACT_WORDS
    count = word_count(facts.abstract_guess)
    if not count:
        return _warning(
            "abstract",
            "No abstract was found on page 1. Begin it with the word “Abstract”, as the template "
            "does.",
        )
    if count > most:
        return _warning(
            "abstract",
            f"The abstract on page 1 seems to have {count} words; the limit is {most}. Shorten it "
            f"by {count - most}.",
        )
    if count < least:
        return _warning(
            "abstract",
            f"The abstract on page 1 seems to have {count} words; at least {least} are needed. "
            f"Add {least - count}.",
        )
    return _ok("abstract", f"Abstract of {count} words ({least} to {most}).")


def _unseen(facts: Facts) -> Iterator[Remark]:
    for hidden in facts.hidden_text[:HIDDEN_TOLD]:
        yield _warning(
            "hidden_text",
            f"Text on page {hidden.page} cannot be seen ({hidden.reason}, "
            f"{plural_count(hidden.words, 'word')}). Editors will be shown it; remove it if "
            "it is there by mistake.",
        )
    if not facts.looked_for_hidden_text:
        yield _warning(
            "unseen",
            "Not all pages could be drawn within our limits. Check that no figure is far "
            "larger than it needs to be.",
        )
    elif not facts.hidden_text:
        yield _ok("hidden_text", "No hidden text.")
    for phrase in facts.directed_phrases[:PHRASES_TOLD]:
        yield _warning(
            "directed_phrase",
            f"Page {phrase.page} has words that address a machine reader: “{phrase.excerpt}”. "
            "Editors will be shown them.",
        )
    if not facts.directed_phrases:
        yield _ok("directed_phrase", "No words that address a machine reader.")
