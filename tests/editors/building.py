"""Manuscripts in a chosen state, made row by row, so that each test begins where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from accounts.models import User
from editors.models import Handling
from reviews.models import Assignment, Review, ReviewerLabel
from reviews.states import AssignmentState
from submissions.models import Author, Manuscript, Version, VersionFile
from submissions.states import FileKind, RevisionKind, Stage
from tmi_special_issue import clock, files
from tmi_special_issue.models import SpecialIssue, Topic

PDF = b"%PDF-1.7\n%fake but never opened here\n"
LONG = (
    "The method is clear and the experiments are convincing in most respects. "
    "1. Report the weight on a held-out split (mandatory). "
    "2. State how disagreement between the readers was resolved (optional). "
) * 4


def make_manuscript(
    issue: SpecialIssue,
    submitter: User,
    *,
    stage: Stage = Stage.SUBMITTED,
    title: str = "One Volumetric Encoder for Three Modalities",
    coauthors: Sequence[User] = (),
    editor: User | None = None,
    revision_number: int = 0,
    revision_kind: str = "",
    pages: int = 10,
    number: int | None = None,
) -> Version:
    """A handed-in manuscript with its authors and its main file; returns the latest version."""
    now = clock.now()
    serial = number or issue.next_number
    issue.next_number = serial + 1
    issue.save(update_fields=["next_number"])
    manuscript = Manuscript.objects.create(
        issue=issue,
        submitter=submitter,
        number=f"{issue.number_prefix}-{serial:04d}",
        stage=stage,
        stage_since=now,
        created_at=now,
    )
    version = add_version(manuscript, 0, title=title, pages=pages, people=[submitter, *coauthors])
    if revision_number:
        version = add_version(
            manuscript,
            revision_number,
            title=title,
            pages=pages,
            people=[submitter, *coauthors],
            kind=revision_kind or RevisionKind.MAJOR,
        )
    if editor is not None:
        Handling.objects.create(
            manuscript=manuscript, editor=editor, assigned_by=editor, assigned_at=now
        )
    return version


def add_version(
    manuscript: Manuscript,
    revision_number: int,
    *,
    title: str,
    pages: int = 10,
    people: Sequence[User] = (),
    kind: str = "",
) -> Version:
    """One handed-in version."""
    now = clock.now()
    version = Version.objects.create(
        manuscript=manuscript,
        revision_number=revision_number,
        revision_kind=kind,
        saved_at=now,
        submitted_at=now,
        first_submitted_at=now,
        title=title,
        abstract="A method is shown. " * 40,
        index_terms=["foundation models", "pretraining"],
        is_original_research=True,
        human_subjects="none",
        ai_use="none",
        data_availability="On request.",
    )
    version.topics.add(Topic.objects.filter(issue=manuscript.issue).order_by("position")[1])
    for position, person in enumerate(people, start=1):
        affiliation = person.affiliations.first()
        Author.objects.create(
            version=version,
            user=person,
            position=position,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            orcid=person.orcid,
            institution=affiliation.institution if affiliation else "Elsewhere",
            country=person.country,
            is_corresponding=position == 1,
        )
    VersionFile.objects.create(
        version=version,
        kind=FileKind.MAIN,
        file=files.store(PDF, name="paper.pdf", media_type="application/pdf"),
        page_count=pages,
        uploaded_at=now,
    )
    return version


def add_reviewer(
    version: Version,
    reviewer: User,
    *,
    state: AssignmentState = AssignmentState.AGREED,
    number: int = 1,
    invited_by: User | None = None,
) -> Assignment:
    """One assignment with its label."""
    now = clock.now()
    ReviewerLabel.objects.get_or_create(
        manuscript=version.manuscript, reviewer=reviewer, defaults={"number": number}
    )
    agreed = state in {
        AssignmentState.AGREED,
        AssignmentState.IN_PROGRESS,
        AssignmentState.RETURNED,
        AssignmentState.CLOSED,
    }
    return Assignment.objects.create(
        version=version,
        reviewer=reviewer,
        state=state,
        invited_by=invited_by,
        invited_at=now,
        answer_by=now + timedelta(days=5),
        answered_at=now if agreed else None,
        due_at=now + timedelta(days=21) if agreed else None,
        returned_at=now if state == AssignmentState.RETURNED else None,
    )


def add_review(
    version: Version,
    reviewer: User,
    *,
    number: int,
    recommendation: str = "minor_revision",
    **answers: Any,
) -> Review:
    """One returned review."""
    assignment = add_reviewer(version, reviewer, state=AssignmentState.RETURNED, number=number)
    now = clock.now()
    return Review.objects.create(
        assignment=assignment,
        answers={
            "overall_evaluation": 4,
            "originality": 3,
            "scientific_merit": 4,
            "impact": 3,
            "practical_value": 4,
            "reader_interest": 4,
            "novelty_met": "yes",
            "quality_met": "partly",
            "comments_to_author": f"Comment number {number}. {LONG}",
            "confidential_comments_to_editor": f"Secret words number {number}.",
            "recommendation": recommendation,
            "expertise_confidence": 4,
            **answers,
        },
        recommendation=recommendation,
        saved_at=now,
        submitted_at=now,
    )


def reviewed(
    issue: SpecialIssue,
    author: User,
    editor: User,
    reviewers: Sequence[User],
    **options: Any,
) -> Version:
    """A manuscript in review with a returned review of each of these people."""
    version = make_manuscript(issue, author, stage=Stage.IN_REVIEW, editor=editor, **options)
    for number, reviewer in enumerate(reviewers, start=1):
        add_review(version, reviewer, number=number)
    return version
