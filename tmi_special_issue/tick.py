"""The minute's tick: asks the database what is due and does each thing once.

Beat sends it once a minute. A lost, doubled or late tick changes nothing in the end result:
every effect has a unique row, written in the transaction of the effect.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from tmi_special_issue import clock
from tmi_special_issue.models import Effect, Heartbeat

log = structlog.get_logger(__name__)


def run() -> None:
    """Run every step of the schedule. One that fails does not keep the others from running."""
    for name in settings.TICK_STEPS:
        try:
            import_string(name)(clock.now())
        except Exception:
            log.exception("tick_step_failed", step=name)
    Heartbeat.objects.update_or_create(name="tick", defaults={"beat_at": clock.real_now()})


def once(key: str, effect: Callable[[], None]) -> bool:
    """Do `effect` unless it was done before under this key. Returns whether it ran.

    The unique row and the effect share one transaction: either both happen or neither, and of
    two workers at once one waits and then finds the row.
    """
    if Effect.objects.filter(key=key).exists():
        return False
    try:
        with transaction.atomic():
            Effect.objects.create(key=key, at=clock.now())
            effect()
    except IntegrityError:
        if Effect.objects.filter(key=key).exists():
            return False
        raise
    return True


def claim(name: str, lease: timedelta) -> bool:
    """Take long work that two workers need not do at once; False while another has it.

    Only to save the labour twice: the work itself must be safe to run twice, since whoever dies
    with it holds it for the length of the lease.
    """
    now = clock.real_now()
    try:
        with transaction.atomic():
            _, is_new = Heartbeat.objects.get_or_create(name=name, defaults={"beat_at": now})
    except IntegrityError:
        return False
    lapsed = Heartbeat.objects.filter(name=name, beat_at__lte=now - lease)
    return is_new or bool(lapsed.update(beat_at=now))


def release(name: str) -> None:
    """Give back what `claim` took."""
    Heartbeat.objects.filter(name=name).delete()
