"""What the authors state about a version, as labelled texts in one order for every page.

The check page, the receipt, the comparison of versions, the export and the desk read it here, so
that a new declaration appears on all of them. Secrets between authors and editors are not among
them, since co-authors read these texts too: `confided` has those, for the pages of the editors and
of whoever works on the version.
"""

from collections.abc import Iterable
from typing import TypeAlias

from submissions.differences import Part, compared
from submissions.models import Author, AuthorChange, DeclaredConflict, NamedReviewer, Version
from submissions.queries.parts import Parts

Statements: TypeAlias = list[tuple[str, str]]


def declared(version: Version) -> Statements:
    """The declarations of a version: label and text, empty ones left out. No query."""
    return _filled(
        ("Other submissions", version.concurrent_submissions),
        (
            "Extends",
            _with(version.conference_citation, version.conference_doi)
            if version.extends_conference_paper
            else "",
        ),
        (
            "New since the conference paper",
            _news(version) if version.extends_conference_paper else "",
        ),
        (
            "Human subjects and animals",
            _with(
                version.get_human_subjects_display(), version.ethics_board, version.ethics_protocol
            ),
        ),
        ("Data availability", version.data_availability),
        ("Code availability", version.code_availability),
        ("AI use", ai_disclosure(version)),
        ("Funding", funding(version)),
        ("Competing interests", version.competing_interests),
    )


def confided(version: Version, parts: Parts | None = None) -> Statements:
    """What the authors tell the editors alone, the cover letter apart (`domain.md` F7 to F10).

    No co-author, reviewer or receipt shows it. Read anew unless the parts are at hand: two queries,
    and one for the preferred editor.
    """
    parts = parts or Parts(version)
    people = parts.named_reviewers
    return _filled(
        ("Rejected before", _rejection(version) if version.was_rejected else ""),
        (
            "Preferred guest editor",
            version.preferred_editor.full_name if version.preferred_editor else "",
        ),
        (
            "Declared conflicts",
            "\n".join(_conflict(row) for row in parts.declared_conflicts),
        ),
        ("Suggested reviewers", "\n".join(_named(p) for p in people if not p.is_opposed)),
        ("Opposed reviewers", "\n".join(_named(p) for p in people if p.is_opposed)),
    )


def metadata(version: Version) -> Statements:
    """Everything of a version that its authors may read and compare. Two queries."""
    return _filled(
        ("Title", version.title),
        ("Abstract", version.abstract),
        ("Index terms", "\n".join(version.index_terms)),
        ("Topics", "\n".join(topic.name for topic in version.topics.all())),
        ("Authors", author_lines(Author.objects.filter(version=version))),
        ("Validation on real, large-scale data", version.validation_statement),
        ("Preprint", version.preprint_url),
        *declared(version),
        ("Response to the reviewers in short", version.response_summary),
    )


def ai_disclosure(version: Version) -> str:
    """Whether AI wrote on it, and if so which system, where and how much."""
    details = (version.ai_system, version.ai_sections, version.ai_extent)
    said = details if version.ai_use != "none" else ()
    return _with(version.get_ai_use_display(), *said)


def funding(version: Version) -> str:
    """Who paid for the work: one funder with its grant a line."""
    if version.has_no_funding:
        return "No funding"
    return "\n".join(
        f"{row['funder']}, grant {row['award']}" if row["award"] else row["funder"]
        for row in version.funders
    )


def author_lines(authors: Iterable[Author]) -> str:
    """The authors in order, one a line, to be compared with another list."""
    return "\n".join(_line(author) for author in authors)


def change_parts(change: AuthorChange) -> tuple[Part, ...]:
    """The former and the wanted list of authors, compared line by line."""
    wanted = [Author(**{k: v for k, v in a.items() if k != "public_id"}) for a in change.authors]
    return compared(change.former, author_lines(wanted))


def _line(author: Author) -> str:
    parts = [author.full_name, author.institution, author.email]
    told = ", ".join(part for part in parts if part)
    return f"{told} (corresponding author)" if author.is_corresponding else told


def _rejection(version: Version) -> str:
    return f"{_with(version.rejected_by, version.rejected_number)}\n{version.rejected_changes}"


def _conflict(row: DeclaredConflict) -> str:
    return f"{_addressed(str(row), row.email)}: {row.get_kind_display()}. {row.evidence}"


def _named(person: NamedReviewer) -> str:
    return f"{_addressed(person.name, person.email)}: {person.reason}"


def _addressed(name: str, email: str) -> str:
    return f"{name} ({email})" if email and email != name else name


def _news(version: Version) -> str:
    rows = (
        ("Method", version.conference_new_method),
        ("Data", version.conference_new_data),
        ("Validation", version.conference_new_validation),
        ("Analysis", version.conference_new_analysis),
    )
    return "\n".join(f"{label}: {text.strip()}" for label, text in rows if text.strip())


def _filled(*statements: tuple[str, str]) -> Statements:
    return [(label, text.strip()) for label, text in statements if text and text.strip()]


def _with(main: str, *details: str) -> str:
    rest = [detail.strip() for detail in details if detail.strip()]
    return f"{main}: {', '.join(rest)}" if main and rest else main or ", ".join(rest)
