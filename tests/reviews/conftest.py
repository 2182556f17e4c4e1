"""A manuscript under review, as the authors' and the editors' doors would have made it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from reviews import actions
from reviews.models import Assignment, ReviewerProfile
from submissions.models import Author, Manuscript, Version, VersionFile
from submissions.states import FileKind, Stage
from tmi_special_issue import clock, files
from tmi_special_issue.models import SpecialIssue, Topic

# After submissions closed: reviewers are invited from here on.
REVIEW_BEGINS = datetime(2024, 7, 5, 9, tzinfo=UTC)

COMMENTS = (
    "Significance: the question matters to every department that reports chest images. Design: "
    "the reward model is well described, yet its calibration is not. Content: the ablation shows "
    "where the gain comes from. Writing: clear.\n\nMandatory\n1. Report the weight of the omission "
    "penalty on a held-out split.\n2. State how disagreement between the readers was resolved.\n\n"
    "Optional\n3. Compare with a retrieval baseline, and show two failures with their images so "
    "that readers may judge for themselves how the model errs on rare findings."
)

COMPLETE: dict[str, Any] = {
    "overall_evaluation": 4,
    "originality": 3,
    "scientific_merit": 4,
    "impact": 3,
    "practical_value": 4,
    "reader_interest": 4,
    "novelty_met": "yes",
    "quality_met": "yes",
    "appropriateness_met": "yes",
    "impact_met": "partly",
    "real_large_scale_validation": "yes",
    "reproducibility": "partly",
    "english_quality": "satisfactory",
    "comments_to_author": COMMENTS,
    "confidential_comments_to_editor": "Between us: the baseline looks weak.",
    "recommendation": "minor_revision",
    "expertise_confidence": 4,
    "willing_to_review_revision": "yes",
    "ethics_concern": "none",
    "ai_use_declaration": "none",
    "coi_confirmed": True,
}


def make_manuscript(
    issue: SpecialIssue, submitter: User, authors: list[User], *, number: int = 1, title: str = ""
) -> Version:
    """A submitted original in the stage IN_REVIEW with a PDF and a cover letter."""
    now = clock.now()
    manuscript = Manuscript.objects.create(
        issue=issue,
        submitter=submitter,
        number=f"{issue.number_prefix}-{number:04d}",
        stage=Stage.IN_REVIEW,
        stage_since=now,
        created_at=now,
    )
    version = Version.objects.create(
        manuscript=manuscript,
        title=title or "Sentence-Level Preference Learning for Faithful Report Generation",
        abstract="Large language models can draft radiology reports from chest radiographs. "
        "This paper studies how preference data make a report generator faithful.",
        index_terms=["report generation", "preference learning"],
        saved_at=now,
        submitted_at=now,
        first_submitted_at=now,
    )
    version.topics.add(Topic.objects.get(issue=issue, code="human-feedback"))
    for position, author in enumerate(authors, start=1):
        current = author.affiliations.get()
        Author.objects.create(
            version=version,
            user=author,
            position=position,
            given_name=author.given_name,
            family_name=author.family_name,
            email=author.email,
            institution=current.institution,
            is_corresponding=position == 1,
        )
    for kind, content in (
        (FileKind.MAIN, b"%PDF-1.7 the manuscript"),
        (FileKind.COVER_LETTER, b"%PDF-1.7 for the editors alone"),
    ):
        stored = files.store(content, name="avelin_private.pdf", media_type="application/pdf")
        VersionFile.objects.create(
            version=version, kind=kind, file=stored, page_count=10, uploaded_at=now
        )
    return version


@pytest.fixture
def version(issue: SpecialIssue, ada: User, ben: User) -> Version:
    """Ada and Ben's manuscript, under review."""
    with clock.frozen_at(datetime(2024, 6, 28, 12, tzinfo=UTC)):
        return make_manuscript(issue, ada, [ada, ben])


@pytest.fixture
def invite(version: Version, eva: User) -> Callable[..., Assignment]:
    """``invite(rui)``: Eva invites a reviewer."""

    def _invite(reviewer: User, of: Version | None = None, **options: Any) -> Assignment:
        ReviewerProfile.objects.get_or_create(user=reviewer)
        return actions.invite_reviewer(
            actor=eva, version=of or version, reviewer=reviewer, editor=eva, **options
        )

    return _invite


@pytest.fixture
def agreed(invite: Callable[..., Assignment]) -> Callable[..., Assignment]:
    """``agreed(rui)``: invited and agreed."""

    def _agreed(reviewer: User, of: Version | None = None) -> Assignment:
        return agree(invite(reviewer, of))

    return _agreed


def agree(assignment: Assignment, **options: Any) -> Assignment:
    """The reviewer agrees without a conflict."""
    values: dict[str, Any] = {"has_conflict": False, "accepts_terms": True, **options}
    return actions.agree_assignment(actor=assignment.reviewer, assignment=assignment, **values)


def deliver(assignment: Assignment, **changes: Any) -> None:
    """The reviewer writes and submits a whole review."""
    actions.deliver_review(
        actor=assignment.reviewer, assignment=assignment, answers={**COMPLETE, **changes}
    )
