"""Reads of the bench: who is ready, which places fell free, and who comes next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from reviews.availability import Absence
from reviews.conflicts import Conflict
from reviews.models import Alternate, Assignment, Bench
from reviews.queries.judging import find_conflicts
from reviews.queries.pool import absences, reviewer_pool
from reviews.states import FELL_FREE
from submissions.models import Version
from submissions.states import Stage
from tmi_special_issue import clock


@dataclass(frozen=True)
class Next:
    """The next person who may be asked, and those before them who may not, each with the reason."""

    alternate: Alternate | None
    passed_over: tuple[tuple[User, str], ...] = ()


def bench_of(version: Version) -> Bench | None:
    """The bench of a version, if the editor has approved one."""
    return Bench.objects.filter(version=version).select_related("approved_by").first()


def waiting_alternates(version: Version) -> list[Alternate]:
    """Those on the bench who were never asked to review this version, in their order."""
    asked = Assignment.objects.filter(version=version).values("reviewer")
    rows = Alternate.objects.filter(bench__version=version, stands_in_for__isnull=True)
    return list(rows.exclude(reviewer__in=asked).select_related("reviewer").order_by("position"))


def free_places(version: Version) -> QuerySet[Assignment]:
    """The assignments that ended by themselves since the bench was approved and whose place
    nobody of the bench was asked to take."""
    filled = Alternate.objects.filter(stands_in_for=OuterRef("pk"))
    return (
        Assignment.objects.filter(
            version=version,
            state__in=sorted(FELL_FREE),
            ended_at__gte=Bench.objects.filter(version=version).values("approved_at")[:1],
        )
        .exclude(Exists(filled))
        .order_by("ended_at", "pk")
    )


def versions_to_refill() -> QuerySet[Version]:
    """The versions under review whose bench is to be invited at once and has somebody left."""
    asked = Assignment.objects.filter(
        version=OuterRef("bench__version"), reviewer=OuterRef("reviewer")
    )
    left = Alternate.objects.filter(
        bench__version=OuterRef("pk"), stands_in_for__isnull=True
    ).exclude(Exists(asked))
    fallen = Assignment.objects.filter(
        version=OuterRef("pk"),
        state__in=sorted(FELL_FREE),
        ended_at__gte=OuterRef("approved_at"),
    ).exclude(Exists(Alternate.objects.filter(stands_in_for=OuterRef("pk"))))
    benches = Bench.objects.filter(version=OuterRef("pk"), invites_at_once=True)
    return (
        Version.objects.filter(manuscript__stage=Stage.IN_REVIEW, submitted_at__isnull=False)
        .filter(Exists(benches))
        .annotate(approved_at=benches.values("approved_at")[:1])
        .filter(Exists(left), Exists(fallen))
        .select_related("manuscript__issue")
        .order_by("pk")
    )


def next_alternate(
    version: Version,
    *,
    editor_key: str,
    unseen: Collection[int] = (),
    waiting: Sequence[Alternate] | None = None,
) -> Next:
    """Who of the bench may be asked now: free of conflict, at work on few enough, not paused.

    Judged afresh, since weeks lie between the approval and this. Somebody whose invitation needs
    written words is passed over: the editor has to say them.
    """
    rows = waiting_alternates(version) if waiting is None else waiting
    people = [row.reviewer for row in rows]
    if not people:
        return Next(None)
    pool = reviewer_pool(version.manuscript.issue).in_bulk([person.pk for person in people])
    judged = find_conflicts(version, people, editor_key=editor_key, unseen=unseen)
    away = absences(pool.values(), clock.now().date(), unseen=[*unseen, version.manuscript_id])
    passed: list[tuple[User, str]] = []
    for row in rows:
        why = _against(
            pool.get(row.reviewer_id), away.get(row.reviewer_id), judged[row.reviewer_id]
        )
        if not why:
            return Next(row, tuple(passed))
        passed.append((row.reviewer, why))
    return Next(None, tuple(passed))


def _against(person: User | None, absence: Absence | None, found: Iterable[Conflict]) -> str:
    if person is None:
        return "is no longer among the reviewers of this special issue."
    if absence is not None:
        return absence.sentence
    for conflict in found:
        if conflict.is_hard or conflict.needs_reason or conflict.rule == "F16":
            return f"({conflict.rule}) {conflict.evidence}"
    return ""
