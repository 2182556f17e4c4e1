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
from reviews.queries.judging import bench_of, declared_people, find_conflicts
from reviews.queries.pool import open_load, profile_of, reviewer_facts, reviewer_pool
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

__all__ = [
    "Candidate",
    "EarlierText",
    "RoundCounts",
    "answers_for_reviewer",
    "assignments_of",
    "at_the_door",
    "attachments_of",
    "bench_of",
    "candidates",
    "decision_due",
    "declared_people",
    "earlier_texts",
    "file_at_the_door",
    "files_for_reviewer",
    "find_conflicts",
    "labels_of",
    "late_assignments",
    "link_of",
    "open_load",
    "own_earlier_review",
    "profile_of",
    "returned_reviews",
    "reviewer_facts",
    "reviewer_pool",
    "round_counts",
    "round_of",
    "writer_of",
    "written_before_the_end",
]
