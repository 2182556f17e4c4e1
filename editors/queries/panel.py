"""Reads for the panel: the former round's reviewers, and the bench."""

from dataclasses import dataclass

from accounts.models import User
from editors.queries.desk import Viewer
from reviews.models import Alternate, Review
from reviews.queries import round_of
from reviews.queries.benches import bench_of, next_alternate, waiting_alternates
from submissions.models import Version


@dataclass(frozen=True)
class BenchView:
    """The bench as the manuscript's page shows it. `next_one` may be invited now, if a place is
    free; `passed_over` cannot, each with the reason."""

    waiting: list[Alternate]
    next_one: Alternate | None
    passed_over: tuple[tuple[User, str], ...]
    invites_at_once: bool
    has_place: bool

    @property
    def note(self) -> str:
        return "invited as places fall free" if self.invites_at_once else "offered to you"


def bench_view(version: Version, viewer: Viewer, editor: User | None) -> BenchView | None:
    """The bench of a version for whoever handles it; None before one is approved."""
    bench = bench_of(version)
    if bench is None:
        return None
    waiting = waiting_alternates(version)
    found = next_alternate(
        version,
        editor_key=(editor or viewer.user).public_id,
        unseen=viewer.hidden,
        waiting=waiting,
    )
    return BenchView(
        waiting=waiting,
        next_one=found.alternate,
        passed_over=found.passed_over,
        invites_at_once=bench.invites_at_once,
        has_place=round_of(version).places_left > 0,
    )


def earlier_reviewers(version: Version) -> dict[int, bool]:
    """Who returned a review of an earlier version, by user key: should they be asked again?

    By default all but those who recommended to accept (`domain.md` C, round 2).
    """
    if version.revision_number == 0:
        return {}
    rows = (
        Review.objects.filter(
            assignment__version__manuscript=version.manuscript_id,
            assignment__version__revision_number__lt=version.revision_number,
            submitted_at__isnull=False,
            assignment__returned_at__isnull=False,
        )
        .order_by("assignment__version__revision_number")
        .values_list("assignment__reviewer_id", "recommendation")
    )
    return {reviewer: recommendation != "accept" for reviewer, recommendation in rows}
