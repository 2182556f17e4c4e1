"""A draft as the rules of submission see it, and what they say (`domain.md` G)."""

from submissions.checks import (
    AuthorValues,
    ConflictValues,
    Finding,
    FunderValues,
    NamedReviewerValues,
    PointValues,
    SubmissionValues,
    advice_for_submission,
    missing_for_submission,
)
from submissions.models import Version
from submissions.queries.parts import Parts
from submissions.states import FileKind

_PLAIN_FIELDS = (
    "title",
    "abstract",
    "is_original_research",
    "validation_statement",
    "cover_letter",
    "was_rejected",
    "rejected_by",
    "rejected_changes",
    "extends_conference_paper",
    "conference_citation",
    "conference_doi",
    "conference_new_method",
    "conference_new_data",
    "conference_new_validation",
    "conference_new_analysis",
    "concurrent_submissions",
    "human_subjects",
    "ethics_board",
    "ethics_protocol",
    "data_availability",
    "code_availability",
    "ai_use",
    "ai_system",
    "ai_sections",
    "ai_extent",
    "has_no_funding",
    "competing_interests",
    "declares_unpublished",
    "declares_all_agree",
    "declares_charges",
    "response_summary",
    "metadata_reason",
    "revision_number",
    "revision_kind",
)


def submission_values(version: Version, parts: Parts | None = None) -> SubmissionValues:
    """All values of a draft that the rules look at, read anew unless its parts are at hand."""
    parts = parts or Parts(version)
    main = next((file for file in parts.files if file.kind == FileKind.MAIN), None)
    return SubmissionValues(
        **{name: getattr(version, name) for name in _PLAIN_FIELDS},
        index_terms=tuple(version.index_terms),
        funders=tuple(
            FunderValues(funder=row["funder"], award=row["award"]) for row in version.funders
        ),
        topic_count=len(parts.topics),
        main_pages=main.page_count if main else None,
        page_limit=page_limit(version),
        file_kinds=frozenset(file.kind for file in parts.files),
        authors=tuple(
            AuthorValues(
                given_name=author.given_name,
                family_name=author.family_name,
                email=author.email,
                institution=author.institution,
                country=author.country,
                orcid=author.orcid,
                is_corresponding=author.is_corresponding,
            )
            for author in parts.authors
        ),
        named_reviewers=tuple(
            NamedReviewerValues(
                name=person.name,
                email=person.email,
                reason=person.reason,
                is_opposed=person.is_opposed,
            )
            for person in parts.named_reviewers
        ),
        declared_conflicts=tuple(
            ConflictValues(
                editor=row.editor.full_name if row.editor else "",
                name=row.name,
                email=row.email,
                kind=row.kind,
                evidence=row.evidence,
                is_preferred=bool(row.editor_id and row.editor_id == version.preferred_editor_id),
            )
            for row in parts.declared_conflicts
        ),
        points=tuple(
            PointValues(
                label=point.label,
                key=point.key,
                must_answer=point.must_answer,
                is_answered=point.is_answered,
                has_place=bool(point.place.strip()),
            )
            for point in parts.points
        ),
        changed=tuple(change.label for change in parts.changes),
    )


def page_limit(version: Version) -> int | None:
    """Ten pages rule the original submission only (`domain.md` fact 5)."""
    return None if version.revision_number else version.manuscript.issue.page_limit


def missing(version: Version, parts: Parts | None = None) -> list[Finding]:
    """What still blocks the submission, in the order of the screens."""
    return missing_for_submission(submission_values(version, parts))


def advice(version: Version, parts: Parts | None = None) -> list[Finding]:
    """What is worth a second look and blocks nothing."""
    return advice_for_submission(submission_values(version, parts))
