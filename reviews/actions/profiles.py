"""A reviewer's own limits."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.models import User
from reviews.models import ReviewerProfile
from tmi_special_issue import audit
from tmi_special_issue.models import Topic
from tmi_special_issue.refusal import Refusal

LOAD_MAX = 20
INTERVAL_MAX = 365  # days


@transaction.atomic
def save_profile(
    *,
    actor: User,
    topics: Iterable[Topic],
    expertise: str,
    load_limit: int | None,
    interval_days: int | None = None,
    paused_from: date | None,
    paused_until: date | None,
) -> ReviewerProfile:
    """Keep what a person says of themselves: topics, words, limits, pause."""
    check_limits(load_limit, interval_days, paused_from, paused_until)
    profile, _ = ReviewerProfile.objects.select_for_update().get_or_create(user=actor)
    profile.expertise = expertise.strip()
    profile.load_limit = load_limit
    profile.interval_days = interval_days
    profile.paused_from = paused_from
    profile.paused_until = paused_until
    profile.save()
    chosen = list(topics)
    profile.topics.set(chosen)
    audit.record(
        actor,
        "reviewer_profile.saved",
        actor,
        topics=sorted(topic.code for topic in chosen),
        load_limit=load_limit,
        interval_days=interval_days,
        paused_from=paused_from,
        paused_until=paused_until,
    )
    return profile


@transaction.atomic
def keep_limits(
    *,
    actor: User,
    person: User,
    is_senior: bool,
    load_limit: int | None,
    interval_days: int | None,
    paused_from: date | None,
    paused_until: date | None,
) -> ReviewerProfile:
    """Keep what editors know of a person: seniority, and limits told by mail or telephone.

    The caller has checked that `actor` may.
    """
    check_limits(load_limit, interval_days, paused_from, paused_until)
    profile, _ = ReviewerProfile.objects.select_for_update().get_or_create(user=person)
    profile.is_senior = is_senior
    profile.load_limit = load_limit
    profile.interval_days = interval_days
    profile.paused_from = paused_from
    profile.paused_until = paused_until
    profile.save()
    audit.record(
        actor,
        "reviewer_limits.kept",
        person,
        is_senior=is_senior,
        load_limit=load_limit,
        interval_days=interval_days,
        paused_from=paused_from,
        paused_until=paused_until,
    )
    return profile


def check_limits(
    load_limit: int | None,
    interval_days: int | None,
    paused_from: date | None,
    paused_until: date | None,
) -> None:
    """Raises Refusal "pause_reversed", "limit_out_of_range" or "interval_out_of_range"."""
    if paused_from and paused_until and paused_until < paused_from:
        raise Refusal(
            "pause_reversed",
            f"The pause ends on {paused_until:%-d %b %Y}, before it begins on "
            f"{paused_from:%-d %b %Y}. Exchange the dates.",
            field="paused_until",
            status=400,
        )
    if load_limit is not None and not 0 <= load_limit <= LOAD_MAX:
        raise Refusal(
            "limit_out_of_range",
            f"The limit is a number from 0 to {LOAD_MAX}, not {load_limit}.",
            field="load_limit",
            status=400,
        )
    if interval_days is not None and not 0 <= interval_days <= INTERVAL_MAX:
        raise Refusal(
            "interval_out_of_range",
            f"The days between two reviews are a number from 0 to {INTERVAL_MAX}, "
            f"not {interval_days}.",
            field="interval_days",
            status=400,
        )
