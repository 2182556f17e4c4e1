"""The metadata gate of a submission (`domain.md` G.1 and G.2), on plain values.

Names of fields are those of `submissions.models`, so that a page can link a finding to its
input.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from submissions.checks.findings import Finding, Level, Screen
from submissions.checks.revision import PointValues, placeless, unanswered, unexplained
from submissions.states import FileKind, RevisionKind

TITLE_CHARACTERS = 300
ABSTRACT_WORDS = (150, 250)
COVER_LETTER_WORDS = 250
INDEX_TERMS_LEAST = 2
INDEX_TERMS_USUAL = (3, 10)
# Fewer words do not say what is new (`domain.md` G.1, prior publications).
NEWS_WORDS_LEAST = 5
SUGGESTED_MOST = 5
OPPOSED_MOST = 3
CONFLICTS_MOST = 10

DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S{1,200}")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+")
_NOTHING = re.compile(r"(?i)(?:none|no|not applicable|n/?a|nil)\.?")
_REFERENCE_MARK = re.compile(r"\[\d+(?:\s*[,–-]\s*\d+)*\]")
_DISPLAY_MATHS = re.compile(r"\$\$|\\\[|\\begin\{(?:equation|align|table|tabular)")
_MATHS = re.compile(r"\$[^$]+\$|\\[a-zA-Z]+")
_FOOTNOTE = re.compile(r"\\footnote|\\thanks|[†‡]")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z][A-Za-z0-9]*\b")
_KNOWN_TO_ALL = frozenset({"MRI", "CT", "PET", "AI", "DNA", "RNA", "US", "UK", "EU", "USA", "GPU"})
_MACHINES = re.compile(
    r"(?i)\b(?:chatgpt|gpt-?\d\w*|openai|claude|gemini|copilot|deepseek|llama|mistral|bard)\b"
)


@dataclass(frozen=True, slots=True)
class AuthorValues:
    """One author in order. `name` is what the page calls the author in a sentence."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    institution: str = ""
    country: str = ""
    orcid: str = ""
    is_corresponding: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class NamedReviewerValues:
    """A reviewer whom the authors suggest or oppose."""

    name: str = ""
    email: str = ""
    reason: str = ""
    is_opposed: bool = False


@dataclass(frozen=True, slots=True)
class ConflictValues:
    """A conflict that the authors declare. `editor` is the name of the guest editor chosen."""

    editor: str = ""
    name: str = ""
    email: str = ""
    kind: str = ""
    evidence: str = ""
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class FunderValues:
    """Who paid for the work, and under which number."""

    funder: str = ""
    award: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionValues:
    """A draft's values as `submissions.models.Version` has them, with its files and people.

    `main_pages` is None while there is no main file; `page_limit` is that of this round.
    """

    title: str = ""
    abstract: str = ""
    index_terms: tuple[str, ...] = ()
    topic_count: int = 0
    is_original_research: bool = False
    validation_statement: str = ""
    cover_letter: str = ""
    extends_conference_paper: bool = False
    conference_citation: str = ""
    conference_doi: str = ""
    conference_new_method: str = ""
    conference_new_data: str = ""
    conference_new_validation: str = ""
    conference_new_analysis: str = ""
    was_rejected: bool = False
    rejected_by: str = ""
    rejected_changes: str = ""
    concurrent_submissions: str = ""
    human_subjects: str = ""
    ethics_board: str = ""
    ethics_protocol: str = ""
    data_availability: str = ""
    code_availability: str = ""
    ai_use: str = ""
    ai_system: str = ""
    ai_sections: str = ""
    ai_extent: str = ""
    has_no_funding: bool = False
    funders: tuple[FunderValues, ...] = ()
    competing_interests: str = ""
    declares_unpublished: bool = False
    declares_all_agree: bool = False
    declares_charges: bool = False
    response_summary: str = ""
    revision_number: int = 0
    revision_kind: str = ""
    main_pages: int | None = None
    page_limit: int | None = None
    file_kinds: frozenset[str] = frozenset()
    authors: tuple[AuthorValues, ...] = ()
    named_reviewers: tuple[NamedReviewerValues, ...] = ()
    declared_conflicts: tuple[ConflictValues, ...] = ()
    points: tuple[PointValues, ...] = ()
    changed: tuple[str, ...] = ()
    metadata_reason: str = ""

    @property
    def lacks_response(self) -> bool:
        """Does a revision answer its reviewers neither point by point nor in a file?"""
        by_points = any(point.must_answer or point.is_answered for point in self.points)
        return (
            self.revision_number > 0 and FileKind.RESPONSE not in self.file_kinds and not by_points
        )


def missing_for_submission(values: SubmissionValues) -> list[Finding]:
    """Everything that blocks the submission, in the order of the screens; empty = may submit."""
    return [finding for finding in _findings(values) if finding.level is Level.ERROR]


def missing_authors(authors: tuple[AuthorValues, ...]) -> list[Finding]:
    """What is wrong with a list of authors alone, by the same rules as at the submission."""
    values = SubmissionValues(authors=authors)
    return [finding for finding in _author_rules(values) if finding.level is Level.ERROR]


def advice_for_submission(values: SubmissionValues) -> list[Finding]:
    """What is worth a second look and blocks nothing."""
    return [finding for finding in _findings(values) if finding.level is Level.WARNING]


def word_count(text: str) -> int:
    """Words as a person counts them: runs without a space that have a letter or digit."""
    return sum(1 for token in text.split() if any(c.isalnum() for c in token))


def _findings(values: SubmissionValues) -> Iterator[Finding]:
    rules: tuple[Callable[[SubmissionValues], Iterator[Finding]], ...] = (
        _response_rules,
        _file_rules,
        _title_rules,
        _abstract_rules,
        _term_rules,
        _scope_rules,
        _change_rules,
        _author_rules,
        _letter_rules,
        _rejection_rules,
        _conference_rules,
        _ethics_rules,
        _statement_rules,
        _named_reviewer_rules,
        _conflict_rules,
        _declaration_rules,
    )
    for rule in rules:
        yield from rule(values)


def _on(screen: Screen) -> tuple[Callable[..., Finding], Callable[..., Finding]]:
    def error(field: str, code: str, sentence: str) -> Finding:
        return Finding(Level.ERROR, code, sentence, screen, field)

    def warning(field: str, code: str, sentence: str) -> Finding:
        return Finding(Level.WARNING, code, sentence, screen, field)

    return error, warning


def _response_rules(v: SubmissionValues) -> Iterator[Finding]:
    yield from unanswered(v.points)
    yield from placeless(v.points)


def _file_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.FILES)
    if v.main_pages is None:
        yield error("main_file", "main_file_missing", "Main manuscript: no PDF yet. Upload it.")
    elif v.page_limit is not None and v.main_pages > v.page_limit:
        yield error(
            "main_file",
            "page_limit",
            f"Main manuscript has {v.main_pages} pages; the limit is {v.page_limit}, references "
            "included. Shorten it and replace the file.",
        )
    if v.extends_conference_paper and FileKind.CONFERENCE_PAPER not in v.file_kinds:
        yield error(
            "conference_paper",
            "conference_paper_missing",
            "Conference paper: you said that this work extends one, and its PDF is not here. "
            "Upload it, or untick the box.",
        )
    if v.lacks_response:
        # Reviewers of the second round read this file; a text in a box would not reach them.
        yield error(
            "response_to_reviewers",
            "response_missing",
            "Response to reviewers: a revision needs one, and none is here. Upload it as PDF.",
        )
    if v.revision_kind == RevisionKind.MAJOR and FileKind.MARKED_COPY not in v.file_kinds:
        yield warning(
            "marked_up_copy",
            "marked_copy_missing",
            "Marked-up copy: a PDF with the changes marked helps the reviewers. None is here.",
        )


def _title_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.MANUSCRIPT)
    title = v.title.strip()
    if not title:
        yield error("title", "title_missing", "Title: it is empty. Write the title of the paper.")
        return
    if len(title) > TITLE_CHARACTERS:
        yield error(
            "title",
            "title_long",
            f"Title has {len(title)} characters; the limit is {TITLE_CHARACTERS}. Shorten it.",
        )
    if "\n" in title or "\r" in title:
        yield error("title", "title_lines", "Title has a line break; write it in one line.")
    letters = [c for c in title if c.isalpha() and c.lower() != c.upper()]
    if len(letters) > 5 and all(c.isupper() for c in letters):
        yield error(
            "title",
            "title_capitals",
            "Title is all in capitals; write capitals only where a sentence has them.",
        )
    if _MATHS.search(title):
        yield warning(
            "title",
            "title_maths",
            "Title has LaTeX code; lists and mails show it without. Check that it reads well.",
        )


def _abstract_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.MANUSCRIPT)
    text = v.abstract.strip()
    least, most = ABSTRACT_WORDS
    count = word_count(text)
    if count == 0:
        yield error(
            "abstract",
            "abstract_missing",
            f"Abstract: it is empty. Write one paragraph of {least} to {most} words.",
        )
        return
    if count > most:
        yield error(
            "abstract",
            "abstract_long",
            f"Abstract has {count} words; the limit is {most}. Shorten it by {count - most}.",
        )
    if count < least:
        yield error(
            "abstract",
            "abstract_short",
            f"Abstract has {count} words; at least {least} are needed. Add {least - count}.",
        )
    paragraphs = len([part for part in re.split(r"\n[ \t\r]*\n", text) if part.strip()])
    if paragraphs > 1:
        yield error(
            "abstract",
            "abstract_paragraphs",
            f"Abstract has {paragraphs} paragraphs; it must be one. Remove the empty lines.",
        )
    for pattern, code, what in (
        (_REFERENCE_MARK, "abstract_references", "a reference mark"),
        (_DISPLAY_MATHS, "abstract_maths", "a displayed equation or a table"),
        (_FOOTNOTE, "abstract_footnote", "a footnote"),
    ):
        if match := pattern.search(text):
            yield warning(
                "abstract",
                code,
                f"Abstract has {what} (“{match.group()}”); abstracts stand alone. Take it out.",
            )
    if undefined := undefined_abbreviations(text):
        yield warning(
            "abstract",
            "abstract_abbreviations",
            f"Abstract uses {', '.join(undefined[:5])} without saying what it stands for. Write "
            "it out at first use.",
        )


def undefined_abbreviations(text: str) -> list[str]:
    """Abbreviations that are never put in brackets after, or before, their long form."""
    defined = set(re.findall(r"\(([A-Z][A-Za-z0-9-]+?)s?\)", text))
    defined |= set(re.findall(r"\b([A-Z][A-Za-z0-9-]*[A-Z])\s\(", text))
    found = dict.fromkeys(match.rstrip("s") for match in _ABBREVIATION.findall(text))
    return [a for a in found if a not in defined and a not in _KNOWN_TO_ALL and len(a) > 1]


def _term_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.MANUSCRIPT)
    count = len({" ".join(term.split()).lower() for term in v.index_terms if term.strip()})
    least, most = INDEX_TERMS_USUAL
    if count < INDEX_TERMS_LEAST:
        yield error(
            "index_terms",
            "index_terms_few",
            f"Index terms: {count} given, at least {INDEX_TERMS_LEAST} different ones are needed. "
            "Choose from the list or add your own.",
        )
    elif not least <= count <= most:
        yield warning(
            "index_terms",
            "index_terms_unusual",
            f"Index terms: {count} given; {least} to {most} are usual.",
        )
    if v.topic_count < 1:
        yield error(
            "topics",
            "topics_missing",
            "Topics of the call: none chosen. Choose at least one, so that fitting reviewers are "
            "found.",
        )


def _scope_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.MANUSCRIPT)
    if not v.validation_statement.strip():
        yield error(
            "validation_statement",
            "validation_missing",
            "Validation: it is empty. Say on which real, large-scale data the method was tested, "
            "as the call asks.",
        )


def _change_rules(v: SubmissionValues) -> Iterator[Finding]:
    yield from unexplained(v.changed, v.metadata_reason)


def _author_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.AUTHORS)
    if not v.authors:
        yield error("authors", "authors_missing", "Authors: none given. Add at least one.")
        return
    corresponding = [a for a in v.authors if a.is_corresponding]
    if len(corresponding) != 1:
        yield error(
            "authors",
            "corresponding_author",
            f"Authors: {len(corresponding) or 'none'} marked as corresponding; exactly one must "
            "be. Mark one.",
        )
    elif not corresponding[0].orcid:
        yield error(
            _at(v.authors.index(corresponding[0]), "orcid"),
            "orcid_missing",
            f"{corresponding[0].name}: no ORCID iD. The corresponding author needs one to submit; "
            "add it in the list of authors.",
        )
    seen: dict[str, str] = {}
    for place, author in enumerate(v.authors):
        who = author.name or f"Author {place + 1}"
        yield from _one_author(author, who, place, error, warning)
        address = author.email.strip().lower()
        if address and address in seen:
            yield error(
                _at(place, "email"),
                "author_twice",
                f"{who} and {seen[address]} have the same e-mail address ({address}). Each author "
                "needs an own one.",
            )
        seen.setdefault(address, who)


def _one_author(
    author: AuthorValues,
    who: str,
    place: int,
    error: Callable[..., Finding],
    warning: Callable[..., Finding],
) -> Iterator[Finding]:
    if not author.family_name.strip():
        yield error(
            _at(place, "family_name"),
            "author_name",
            f"{who}: the family name is missing. Add it.",
        )
    if _MACHINES.search(author.name):
        yield error(
            _at(place, "family_name"),
            "author_machine",
            f"{who}: a program cannot be an author. Say under “AI use” how it was used.",
        )
    if not _EMAIL.fullmatch(author.email.strip()):
        found = author.email.strip() or "empty"
        yield error(
            _at(place, "email"),
            "author_email",
            f"{who}: the e-mail address ({found}) is not complete. Write it as name@domain.",
        )
    if not author.institution.strip():
        yield error(
            _at(place, "institution"),
            "author_affiliation",
            f"{who}: the affiliation is missing. Add the institution.",
        )
    if not author.country.strip():
        yield warning(_at(place, "country"), "author_country", f"{who}: the country is not given.")


def _at(place: int, field: str) -> str:
    """The name of an input in the row of one author, counted from 0."""
    return f"authors-{place}-{field}"


def _letter_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    count = word_count(v.cover_letter)
    if count == 0:
        yield error(
            "cover_letter",
            "cover_letter_missing",
            "Cover letter: it is empty. Say in a few sentences why the work fits and what is new.",
        )
    elif count > COVER_LETTER_WORDS:
        yield error(
            "cover_letter",
            "cover_letter_long",
            f"Cover letter has {count} words; the limit is {COVER_LETTER_WORDS}. Shorten it.",
        )


def _rejection_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    if v.was_rejected and not v.rejected_by.strip():
        yield error(
            "rejected_by",
            "rejected_by_missing",
            "Earlier rejection: the journal is missing. Name it, with the number if you have it.",
        )
    if v.was_rejected and not v.rejected_changes.strip():
        yield error(
            "rejected_changes",
            "rejected_changes_missing",
            "Earlier rejection: say in a few sentences what has changed since.",
        )


def _conference_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    if v.extends_conference_paper:
        if not v.conference_citation.strip():
            yield error(
                "conference_citation",
                "conference_citation_missing",
                "Conference paper: the citation is missing. Give authors, title and venue.",
            )
        if v.conference_doi.strip() and not DOI.fullmatch(v.conference_doi.strip()):
            yield error(
                "conference_doi",
                "conference_doi",
                f"Conference paper: “{v.conference_doi.strip()}” is not a DOI. Write it as "
                "10.1109/… or leave it empty.",
            )
        yield from _news_rules(v)
    concurrent = v.concurrent_submissions.strip()
    if not concurrent:
        yield error(
            "concurrent_submissions",
            "concurrent_missing",
            "Other submissions: it is empty. Write “none” if this work is under review nowhere "
            "else.",
        )
    elif not _NOTHING.fullmatch(concurrent):
        yield error(
            "concurrent_submissions",
            "concurrent",
            "Other submissions: work that is under review elsewhere cannot be submitted here. "
            "Withdraw it there first, then write “none”.",
        )


def _news_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    rows = {
        "method": v.conference_new_method,
        "data": v.conference_new_data,
        "validation": v.conference_new_validation,
        "analysis": v.conference_new_analysis,
    }
    if not any(text.strip() for text in rows.values()):
        yield error(
            "conference_new_method",
            "conference_news_missing",
            "What is new since the conference paper: all four rows are empty. Fill at least one: "
            "method, data, validation or analysis.",
        )
    for row, text in rows.items():
        count = word_count(text)
        if text.strip() and count < NEWS_WORDS_LEAST:
            yield error(
                f"conference_new_{row}",
                "conference_news_short",
                f"What is new, {row}: {count} word{'' if count == 1 else 's'} cannot say it. "
                f"Write at least {NEWS_WORDS_LEAST}, or empty the row.",
            )


def _ethics_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    if not v.human_subjects:
        yield error(
            "human_subjects",
            "human_subjects_missing",
            "Human subjects and animals: nothing chosen. Choose the line that fits.",
        )
    if v.human_subjects in ("approved", "exempt") and not v.ethics_board.strip():
        yield error(
            "ethics_board",
            "ethics_board_missing",
            "Human subjects: the name of the board is missing. Add it.",
        )
    if v.human_subjects == "approved" and not v.ethics_protocol.strip():
        yield error(
            "ethics_protocol",
            "ethics_protocol_missing",
            "Human subjects: the protocol number is missing. Add it.",
        )


def _statement_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    for field, value, what in (
        ("data_availability", v.data_availability, "Data availability: it is empty. Say"),
        ("code_availability", v.code_availability, "Code availability: it is empty. Say"),
    ):
        if not value.strip():
            yield error(
                field, f"{field}_missing", f"{what} where it is, or why it cannot be given."
            )
    if not v.ai_use:
        yield error(
            "ai_use", "ai_use_missing", "AI use: nothing chosen. Choose the line that fits."
        )
    if v.ai_use == "content":
        # What IEEE asks for AI-generated content: system, sections, extent (`domain.md` G.1).
        for field, value, what in (
            ("ai_system", v.ai_system, "Name the system and its version"),
            ("ai_sections", v.ai_sections, "Name the sections with such content"),
            ("ai_extent", v.ai_extent, "Say how much of them it made"),
        ):
            if not value.strip():
                yield error(
                    field,
                    f"{field}_missing",
                    f"AI use: not all is told. {what}, and repeat it in the acknowledgments.",
                )
    if not v.competing_interests.strip():
        yield error(
            "competing_interests",
            "competing_interests_missing",
            "Competing interests: it is empty. Name them, or write “none”.",
        )
    yield from _funding_rules(v)


def _funding_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, warning = _on(Screen.DECLARATIONS)
    if v.has_no_funding and v.funders:
        yield error(
            "funding",
            "funding_both",
            "Funding: “no funding” is ticked and a funder is named. Untick the box, or empty the "
            "rows.",
        )
    if not v.has_no_funding and not v.funders:
        yield warning(
            "funding",
            "funding_missing",
            "Funding: it is empty. Name the funders, or tick that there was none.",
        )
    for row in v.funders:
        if not row.funder.strip():
            yield error(
                "funding",
                "funder_missing",
                f"Funding: the grant {row.award.strip()} has no funder. Name who gave it.",
            )


def _named_reviewer_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    addresses = {author.email.strip().lower() for author in v.authors}
    for is_opposed, word, most in (
        (False, "Suggested", SUGGESTED_MOST),
        (True, "Opposed", OPPOSED_MOST),
    ):
        people = [p for p in v.named_reviewers if p.is_opposed is is_opposed]
        field = "opposed_reviewers" if is_opposed else "suggested_reviewers"
        if len(people) > most:
            yield error(
                field,
                f"{field}_many",
                f"{word} reviewers: {len(people)} named, at most {most} may be. Remove "
                f"{len(people) - most}.",
            )
        for person in people:
            who = person.name.strip() or person.email or "a person without a name"
            if not person.reason.strip():
                yield error(field, f"{field}_reason", f"{word} reviewer {who}: add the reason.")
            if person.email and not _EMAIL.fullmatch(person.email.strip()):
                yield error(
                    field,
                    f"{field}_email",
                    f"{word} reviewer {who}: the e-mail address ({person.email}) is not complete. "
                    "Write it as name@domain.",
                )
            if not is_opposed and person.email.strip().lower() in addresses - {""}:
                yield error(
                    field,
                    f"{field}_author",
                    f"{word} reviewer {who} is an author of this manuscript. Remove the name.",
                )


def _conflict_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    field = "declared_conflicts"
    if len(v.declared_conflicts) > CONFLICTS_MOST:
        yield error(
            field,
            "conflicts_many",
            f"Conflicts: {len(v.declared_conflicts)} declared, at most {CONFLICTS_MOST} may be. "
            "Tell of the others in the cover letter.",
        )
    for row in v.declared_conflicts:
        who = row.editor or row.name.strip() or row.email or "a person without a name"
        if row.editor and (row.name.strip() or row.email):
            yield error(
                field,
                "conflict_two",
                f"Conflict with {who}: an editor is chosen and a name is typed. Leave one of them.",
            )
        elif not row.editor and not row.name.strip():
            yield error(
                field, "conflict_nobody", f"Conflict with {who}: choose an editor, or name the one."
            )
        if row.email and not _EMAIL.fullmatch(row.email.strip()):
            yield error(
                field,
                "conflict_email",
                f"Conflict with {who}: the e-mail address ({row.email}) is not complete. Write it "
                "as name@domain.",
            )
        if not row.kind or not row.evidence.strip():
            yield error(
                field,
                "conflict_evidence",
                f"Conflict with {who}: choose its kind, and say in a sentence what it is.",
            )
        if row.is_preferred:
            yield error(
                "preferred_editor",
                "preferred_in_conflict",
                f"Preferred editor: you declare a conflict with {who}. Choose another, or none.",
            )


def _declaration_rules(v: SubmissionValues) -> Iterator[Finding]:
    error, _ = _on(Screen.DECLARATIONS)
    statements = (
        (v.is_original_research, "this is neither a review nor a position paper"),
        (v.declares_unpublished, "the work is unpublished"),
        (v.declares_all_agree, "all authors agree to the submission"),
        (v.declares_charges, "you know of the charges for long papers"),
    )
    open_ones = [what for is_given, what in statements if not is_given]
    if open_ones:
        yield error(
            "declares_unpublished",
            "declarations_missing",
            f"Declarations: confirm by the tick at the end that {', that '.join(open_ones)}.",
        )
