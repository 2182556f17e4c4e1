"""The personal calendar of due dates: switched on, given another address, switched off."""

from django.db import transaction

from accounts.models import User
from reviews.models import CalendarFeed
from tmi_special_issue import audit, clock
from tmi_special_issue.identifiers import new_public_id


@transaction.atomic
def renew_feed(*, actor: User) -> CalendarFeed:
    """Give the person's calendar an address, another one than before: the former dies at once."""
    User.objects.select_for_update().get(pk=actor.pk)
    feed, _ = CalendarFeed.objects.update_or_create(
        user=actor, defaults={"public_id": new_public_id(), "made_at": clock.now()}
    )
    audit.record(actor, "calendar_feed.renewed", actor)
    return feed


@transaction.atomic
def close_feed(*, actor: User) -> None:
    """Switch the calendar off; its address leads nowhere from now on."""
    deleted, _ = CalendarFeed.objects.filter(user=actor).delete()
    if deleted:
        audit.record(actor, "calendar_feed.closed", actor)
