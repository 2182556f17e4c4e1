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


@transaction.atomic
def save_profile(
    *,
    actor: User,
    topics: Iterable[Topic],
    expertise: str,
    load_limit: int | None,
    paused_from: date | None,
    paused_until: date | None,
) -> ReviewerProfile:
    """Keep what a person says of themselves: topics, words, limit, pause."""
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
    profile, _ = ReviewerProfile.objects.select_for_update().get_or_create(user=actor)
    profile.expertise = expertise.strip()
    profile.load_limit = load_limit
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
        paused_from=paused_from,
        paused_until=paused_until,
    )
    return profile
