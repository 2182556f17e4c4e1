"""Reads of the people who review: who they are, what they know, how busy they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet

from accounts.models import RoleName, User
from accounts.people import CoauthorFacts, PersonFacts, facts_of, with_ror_parents
from accounts.queries import people_with
from reviews.availability import Absence, absence_on
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


def absences(
    users: Iterable[User], day: date, *, unseen: Collection[int] = ()
) -> dict[int, Absence]:
    """Who is not to be invited on this day, by user key: paused, or at rest after a review.

    `unseen` are the keys of manuscripts whose reviews count for no rest: those that whoever looks
    must not know of, and the one for which a reviewer is asked again. One query at most.
    """
    profiles = {
        user.pk: profile for user in users if (profile := getattr(user, "reviewer_profile", None))
    }
    resting = [key for key, profile in profiles.items() if profile.interval_days]
    returns = (
        Assignment.objects.filter(reviewer__in=resting, returned_at__isnull=False)
        .exclude(version__manuscript__in=unseen)
        .order_by()
        .values_list("reviewer")
        .annotate(last=Max("returned_at"))
        if resting
        else ()
    )
    last = {key: instant.date() for key, instant in returns}
    found = {
        key: absence_on(
            day,
            paused_from=profile.paused_from,
            paused_until=profile.paused_until,
            interval_days=profile.interval_days,
            last_returned_on=last.get(key),
        )
        for key, profile in profiles.items()
    }
    return {key: absence for key, absence in found.items() if absence}


def reviewer_facts(users: Iterable[User]) -> dict[str, PersonFacts]:
    """The facts of reviewers, their publications included, in four queries at any number."""
    people = list(users)
    facts = facts_of(people)
    known = with_records(facts[user.public_id] for user in people)
    return {person.key: person for person in known}


def with_records(people: Iterable[PersonFacts]) -> list[PersonFacts]:
    """The same people with their co-authors and DOIs, where they have an account, and with the
    institutions to which theirs belong. Two queries."""
    facts = with_ror_parents(people)
    coauthors: dict[str, list[CoauthorFacts]] = defaultdict(list)
    papers: dict[str, set[tuple[str, int]]] = defaultdict(set)
    rows = Publication.objects.filter(
        profile__user__public_id__in=[person.key for person in facts]
    ).order_by()
    for owner, year, doi, entries in rows.values_list(
        "profile__user__public_id", "year", "doi", "coauthors"
    ):
        coauthors[owner].extend(_coauthor(entry, year) for entry in entries)
        if doi:
            papers[owner].add((doi.strip().lower(), year))
    return [
        replace(
            person,
            coauthors=(*person.coauthors, *coauthors[person.key]),
            papers=person.papers | papers[person.key],
        )
        for person in facts
    ]


def _coauthor(entry: dict[str, Any], year: int) -> CoauthorFacts:
    return CoauthorFacts(
        name=str(entry.get("name") or ""),
        email=str(entry.get("email") or "").strip().lower(),
        orcid=str(entry.get("orcid") or "").strip().upper(),
        year=year,
    )
