"""The pool at the desk: search, one page of people, one person. A constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import Count, F, Q, QuerySet

from accounts.models import Affiliation, User
from editors.queries.desk import Chip, Viewer
from editors.queries.recruiting import state_words
from editors.queries.typed import words_of
from editors.queries.visibility import hidden_manuscripts, visible_to
from reviews.availability import Absence
from reviews.models import (
    Assignment,
    PoolRequest,
    Publication,
    ReviewerProfile,
    ReviewGrade,
)
from reviews.queries import reviewer_pool
from reviews.queries.history import NO_HISTORY, History, histories
from reviews.queries.judging import limit_of
from reviews.queries.pool import absences
from reviews.queries.recruiting import requests_for
from reviews.states import DECLINE_REASONS, LABELS, AssignmentState
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue


@dataclass(frozen=True)
class PoolRow:
    """One line of the list."""

    user: User
    profile: ReviewerProfile | None
    affiliation: str
    topics: tuple[str, ...]
    publication_count: int
    history: History
    load_limit: int
    absence: Absence | None
    request: PoolRequest | None = None

    @property
    def request_state(self) -> str:
        """Was this person asked to join, and with which answer? Empty where nobody asked."""
        return state_words(self.request)[0]

    @property
    def request_tone(self) -> str:
        return state_words(self.request)[1]


@dataclass(frozen=True)
class PastReview:
    """One thing that a person was asked for, on a manuscript that exists for whoever looks."""

    assignment: Assignment
    state: str
    reason: str
    grade: ReviewGrade | None


def search_pool(
    issue: SpecialIssue, *, text: str = "", show: str = "", topic: str = "", country: str = ""
) -> QuerySet[User]:
    """The people of the pool whom these words and filters leave, by name.

    Each word must be in a name, an address, an institution or the title of a publication:
    nothing is searched that the pages do not show. `show` is "", "senior", "away" or "unasked":
    in the pool, never asked to join it, and with no address or ORCID iD that was ever confirmed.
    """
    found = reviewer_pool(issue)
    for word in words_of(text):
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(native_name__icontains=word)
            | Q(email__icontains=word)
            | Q(orcid=word)
            | Q(pk__in=Affiliation.objects.filter(institution__icontains=word).values("user"))
            | Q(pk__in=_owners_of(word))
        )
    if show == "senior":
        found = found.filter(reviewer_profile__is_senior=True)
    elif show == "away":
        found = found.filter(_pauses_on(clock.now().date()))
    elif show == "unasked":
        found = found.filter(_unasked(issue))
    if topic:
        found = found.filter(pk__in=_who_knows(issue, topic))
    if country:
        found = found.filter(country=country.upper()[:2])
    return found


def pool_chips(issue: SpecialIssue) -> list[Chip]:
    """All, the seniors, those on a pause, those who never said yes: one query."""
    counts = (
        reviewer_pool(issue)
        .order_by()
        .aggregate(
            all=Count("pk"),
            senior=Count("pk", filter=Q(reviewer_profile__is_senior=True)),
            away=Count("pk", filter=_pauses_on(clock.now().date())),
            unasked=Count("pk", filter=_unasked(issue)),
        )
    )
    return [
        Chip("", "All", counts["all"]),
        Chip("senior", "Senior", counts["senior"]),
        Chip("away", "Paused", counts["away"]),
        Chip("unasked", "Never confirmed", counts["unasked"]),
    ]


def countries_of(issue: SpecialIssue) -> list[str]:
    """The countries of the people in the pool, as codes."""
    rows = reviewer_pool(issue).exclude(country="").order_by("country")
    return list(rows.values_list("country", flat=True).distinct())


def pool_rows(people: list[User], viewer: Viewer) -> list[PoolRow]:
    """What the list says of these people: six queries, however many they are."""
    manuscripts = visible_to(viewer.user, viewer.issue, viewer.roles)
    history = histories(people, manuscripts)
    places = _affiliations(people)
    topics = _topics(people)
    counts = dict(
        Publication.objects.filter(profile__user__in=people)
        .order_by()
        .values_list("profile__user")
        .annotate(n=Count("pk"))
    )
    away = _absences(people, viewer)
    were_asked = requests_for(viewer.issue, people)
    return [
        PoolRow(
            user=user,
            profile=profile,
            affiliation=places.get(user.pk, ""),
            topics=tuple(topics.get(user.pk, ())),
            publication_count=counts.get(user.pk, 0),
            history=history.get(user.pk, NO_HISTORY),
            load_limit=limit_of(profile, viewer.issue),
            absence=away.get(user.pk),
            request=were_asked.get(user.pk),
        )
        for user in people
        for profile in [getattr(user, "reviewer_profile", None)]
    ]


def past_reviews(person: User, viewer: Viewer) -> list[PastReview]:
    """What a person was asked for in this issue, the latest first, as far as it may be known."""
    rows = (
        Assignment.objects.filter(
            reviewer=person,
            invited_at__isnull=False,
            version__manuscript__in=visible_to(viewer.user, viewer.issue, viewer.roles),
        )
        .select_related("version__manuscript", "review__grade")
        .order_by(F("invited_at").desc(), "-pk")
    )
    return [
        PastReview(
            assignment=row,
            state=LABELS[AssignmentState(row.state)],
            reason=DECLINE_REASONS.get(row.decline_reason, "") or row.ended_reason,
            grade=getattr(getattr(row, "review", None), "grade", None),
        )
        for row in rows
    ]


def _unasked(issue: SpecialIssue) -> Q:
    confirmed = EmailAddress.objects.filter(verified=True).order_by().values("user")
    asked = PoolRequest.objects.filter(issue=issue).order_by().values("person")
    return Q(orcid_verified=False) & ~Q(pk__in=confirmed) & ~Q(pk__in=asked)


def _absences(people: list[User], viewer: Viewer) -> dict[int, Absence]:
    hidden = hidden_manuscripts(viewer.user, viewer.issue)
    return absences(people, clock.now().date(), unseen=hidden)


def _pauses_on(day: date) -> Q:
    profile = "reviewer_profile__paused_"
    is_set = Q(**{f"{profile}from__isnull": False}) | Q(**{f"{profile}until__isnull": False})
    begun = Q(**{f"{profile}from__isnull": True}) | Q(**{f"{profile}from__lte": day})
    lasts = Q(**{f"{profile}until__isnull": True}) | Q(**{f"{profile}until__gte": day})
    return is_set & begun & lasts


def _owners_of(word: str) -> QuerySet[Publication, int]:
    rows = Publication.objects.filter(title__icontains=word).order_by()
    return rows.values_list("profile__user", flat=True)


def _who_knows(issue: SpecialIssue, topic: str) -> QuerySet[ReviewerProfile, int]:
    rows = ReviewerProfile.objects.filter(topics__issue=issue, topics__code=topic).order_by()
    return rows.values_list("user", flat=True)


def _affiliations(people: list[User]) -> dict[int, str]:
    """Where each works now, by user key."""
    today = clock.now().date()
    rows = (
        Affiliation.objects.filter(user__in=people)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))
        .order_by("user", "-institution")
        .values_list("user", "institution")
    )
    return dict(rows)


def _topics(people: list[User]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = (
        ReviewerProfile.objects.filter(user__in=people, topics__isnull=False)
        .order_by("topics__position")
        .values_list("user", "topics__short_name")
    )
    for user, topic in rows:
        found[user].append(topic)
    return found
