"""Flags on manuscripts that missed a date. They say so to people and decide nothing."""

from django.db import transaction

from accounts.models import User
from editors.models import OverdueFlag
from submissions.models import Manuscript
from tmi_special_issue import audit, clock


@transaction.atomic
def raise_flag(*, actor: User | str, manuscript: Manuscript, kind: str) -> OverdueFlag:
    """Mark a manuscript as late for a date of the call; a raised flag stays as it is."""
    flag, is_new = OverdueFlag.objects.get_or_create(
        manuscript=manuscript,
        kind=kind,
        lowered_at__isnull=True,
        defaults={"raised_at": clock.now()},
    )
    if is_new:
        audit.record(actor, "overdue.flagged", manuscript, kind=kind)
    return flag


@transaction.atomic
def lower_flags(*, actor: User | str, manuscript: Manuscript) -> int:
    """The act that was late is done."""
    flags = OverdueFlag.objects.filter(manuscript=manuscript, lowered_at__isnull=True)
    kinds = list(flags.values_list("kind", flat=True))
    if kinds:
        flags.update(lowered_at=clock.now())
        audit.record(actor, "overdue.cleared", manuscript, kinds=kinds)
    return len(kinds)
