"""Reads of the reviewers' part: the pool, who fits, rounds, the reviewers' own door."""

from reviews.queries.candidates import Candidate, candidates
from reviews.queries.door import (
    answers_for_reviewer,
    assignments_of,
    at_the_door,
    file_at_the_door,
    files_for_reviewer,
    link_of,
    own_earlier_review,
    writer_of,
    written_before_the_end,
)
from reviews.queries.judging import declared_people, find_conflicts, yardstick_of
from reviews.queries.pool import open_load, profile_of, reviewer_facts, reviewer_pool
from reviews.queries.proposals import Proposal, proposals_for
from reviews.queries.rounds import (
    EarlierText,
    RoundCounts,
    attachments_of,
    decision_due,
    earlier_texts,
    labels_of,
    late_assignments,
    returned_reviews,
    round_counts,
    round_of,
)
from reviews.queries.service import (
    certificate_by_code,
    certificates_of,
    dated_assignments,
    feed_by_token,
    years_of_service,
)
from reviews.queries.sheets import current_sheet, published_forms, sheet_for, sheet_version

__all__ = [
    "Candidate",
    "EarlierText",
    "Proposal",
    "RoundCounts",
    "answers_for_reviewer",
    "assignments_of",
    "at_the_door",
    "attachments_of",
    "candidates",
    "certificate_by_code",
    "certificates_of",
    "current_sheet",
    "dated_assignments",
    "decision_due",
    "declared_people",
    "earlier_texts",
    "feed_by_token",
    "file_at_the_door",
    "files_for_reviewer",
    "find_conflicts",
    "labels_of",
    "late_assignments",
    "link_of",
    "open_load",
    "own_earlier_review",
    "profile_of",
    "proposals_for",
    "published_forms",
    "returned_reviews",
    "reviewer_facts",
    "reviewer_pool",
    "round_counts",
    "round_of",
    "sheet_for",
    "sheet_version",
    "writer_of",
    "written_before_the_end",
    "yardstick_of",
    "years_of_service",
]
