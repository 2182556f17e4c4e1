"""Reads of the people who review: who they are, what they know, how busy they are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import RoleName, User
from accounts.people import CoauthorFacts, PersonFacts, facts_of
from accounts.queries import people_with
from reviews.models import Assignment, Publication, ReviewerProfile
from reviews.states import HOLDING, AssignmentState
from tmi_special_issue.models import SpecialIssue

# What fills a reviewer's hands: asked or at work. A returned review does not.
OPEN_STATES = sorted(HOLDING - {AssignmentState.RETURNED, AssignmentState.SELECTED})


def reviewer_pool(issue: SpecialIssue) -> QuerySet[User]:
    """The active people with the reviewer's role in an issue, with their profiles if any."""
    return people_with(issue, RoleName.REVIEWER).select_related("reviewer_profile")


def profile_of(user: User) -> ReviewerProfile | None:
    """A person's reviewer profile with its topics."""
    return ReviewerProfile.objects.filter(user=user).prefetch_related("topics").first()


def open_load(users: Iterable[User | int]) -> dict[int, int]:
    """How many reviews each person has open or is asked for, by user key. One query."""
    rows = Assignment.objects.filter(reviewer__in=list(users), state__in=OPEN_STATES)
    return dict(rows.order_by().values_list("reviewer").annotate(n=Count("pk")))


def reviewer_facts(users: Iterable[User]) -> dict[str, PersonFacts]:
    """The facts of reviewers, their co-authors included, in three queries at any number."""
    people = list(users)
    facts = facts_of(people)
    coauthors = _coauthors(people)
    return {
        user.public_id: replace(facts[user.public_id], coauthors=tuple(coauthors[user.pk]))
        for user in people
    }


def _coauthors(people: list[User]) -> dict[int, list[CoauthorFacts]]:
    found: dict[int, list[CoauthorFacts]] = defaultdict(list)
    rows = Publication.objects.filter(profile__user__in=[u.pk for u in people]).order_by()
    for owner, year, entries in rows.values_list("profile__user_id", "year", "coauthors"):
        found[owner].extend(_coauthor(entry, year) for entry in entries)
    return found


def _coauthor(entry: dict[str, Any], year: int) -> CoauthorFacts:
    return CoauthorFacts(
        name=str(entry.get("name") or ""),
        email=str(entry.get("email") or "").strip().lower(),
        orcid=str(entry.get("orcid") or "").strip().upper(),
        year=year,
    )
