"""Reads of what the conflict rules said of those who take part."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet

from accounts.models import User
from reviews.conflicts import EDITOR_RULES, Conflict
from reviews.models import Assignment, ConflictCheck
from reviews.states import WORKING, AssignmentState
from submissions.models import Author
from submissions.states import Stage

# Hard findings of these rules stop somebody at work. F10 and F15 are about who else is invited,
# and are judged before the invitation alone.
STOPPING = EDITOR_RULES | {"F11"}
# Who is judged again when something changes: all who still answer, write, or count.
TAKING_PART = WORKING | {
    AssignmentState.INVITED,
    AssignmentState.COI_HOLD,
    AssignmentState.RETURNED,
}

Key = tuple[str, str]


def key_of(conflict: Conflict) -> Key:
    """By what a finding is known again: rule and evidence."""
    return conflict.rule, conflict.evidence


def stopping(found: Iterable[Conflict]) -> list[Conflict]:
    """The findings that keep somebody from reviewing."""
    return [c for c in found if c.is_hard and c.rule in STOPPING]


def set_aside_for(assignment: Assignment) -> set[Key]:
    """The findings that somebody has set aside for this assignment, with a reason."""
    rows = ConflictCheck.objects.filter(assignment=assignment).values_list("findings", flat=True)
    return {(f["rule"], f["evidence"]) for row in rows for f in row if f["is_set_aside"]}


def told_of(assignment: Assignment) -> set[Key]:
    """The hard findings that the last check of this assignment has kept."""
    last = ConflictCheck.objects.filter(assignment=assignment).order_by("-pk").first()
    found = last.findings if last else []
    return {(f["rule"], f["evidence"]) for f in found if f["level"] == "hard"}


def taking_part() -> QuerySet[Assignment]:
    """The assignments that a change of facts concerns, while their manuscript is judged."""
    return Assignment.objects.filter(
        state__in=sorted(TAKING_PART),
        version__manuscript__stage__in=[Stage.IN_REVIEW, Stage.AWAITING_DECISION],
    ).select_related("reviewer", "version__manuscript__issue")


def concerned_by(person: User) -> QuerySet[Assignment]:
    """Where the person reviews, or is an author of what others review."""
    addresses = [person.email]
    addresses += EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    written = Author.objects.filter(Q(user=person) | Q(email__in=addresses)).values("version")
    return taking_part().filter(Q(reviewer=person) | Q(version__in=written)).order_by("pk")


def unchecked_since(before: datetime) -> QuerySet[Assignment]:
    """Those that were not judged since this instant, the longest ago first."""
    return (
        taking_part()
        .filter(Q(conflicts_checked_at__isnull=True) | Q(conflicts_checked_at__lt=before))
        .order_by(F("conflicts_checked_at").asc(nulls_first=True), "version", "pk")
    )
