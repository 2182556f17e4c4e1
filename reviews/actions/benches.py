"""The bench: approve it, and ask the next of it when a place has fallen free."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from reviews import mails
from reviews.actions.invitations import invite_reviewer, is_latest
from reviews.actions.moves import Actor, lock_manuscript, queue_once, stamp
from reviews.models import Alternate, Assignment, Bench
from reviews.queries import find_conflicts, round_of
from reviews.queries.benches import bench_of, free_places, next_alternate, waiting_alternates
from submissions.models import Version
from submissions.states import Stage
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

BENCH_MOST = 12


@dataclass(frozen=True)
class Standby:
    """Somebody for the bench, and why."""

    reviewer: User
    reasons: tuple[str, ...] = ()


@transaction.atomic
def approve_bench(
    *,
    actor: User,
    version: Version,
    standbys: Sequence[Standby],
    invites_at_once: bool,
    editor: User,
    unseen: Collection[int] = (),
) -> Bench:
    """Hold these people ready, in this order; those on the bench before and not named now go.

    Whoever is in conflict, or could only be invited with written words, cannot stand by: nobody
    would say the words when the place falls free. The caller has checked that `actor` handles
    the manuscript.

    Raises:
        Refusal: bench_too_long, conflict_of_interest.
    """
    lock_manuscript(version.manuscript_id)
    people = list({standby.reviewer.pk: standby for standby in standbys}.values())
    if len(people) > BENCH_MOST:
        raise Refusal(
            "bench_too_long",
            f"{len(people)} people are named for the bench; it has room for {BENCH_MOST}.",
            status=400,
        )
    judged = find_conflicts(
        version, [p.reviewer for p in people], editor_key=editor.public_id, unseen=unseen
    )
    for person in people:
        for conflict in judged[person.reviewer.pk]:
            if conflict.is_hard or conflict.needs_reason:
                raise Refusal(
                    "conflict_of_interest",
                    f"{person.reviewer.full_name} cannot stand by ({conflict.rule}). "
                    f"{conflict.evidence}",
                )
    now = clock.now()
    bench, is_new = Bench.objects.select_for_update().get_or_create(
        version=version,
        defaults={
            "invites_at_once": invites_at_once,
            "approved_by": actor,
            "approved_at": now,
        },
    )
    if not is_new:
        bench.invites_at_once, bench.approved_by, bench.approved_at = invites_at_once, actor, now
        bench.save()
    Alternate.objects.filter(bench=bench, stands_in_for__isnull=True).delete()
    asked = _renumber(bench)
    fresh = [person for person in people if person.reviewer.pk not in asked]
    Alternate.objects.bulk_create(
        Alternate(bench=bench, reviewer=p.reviewer, position=number, reasons=list(p.reasons))
        for number, p in enumerate(fresh, start=len(asked) + 1)
    )
    audit.record(
        actor,
        "bench.approved",
        version.manuscript,
        version=version.label,
        reviewers=[person.reviewer.audit_key for person in fresh],
        invites_at_once=invites_at_once,
    )
    return bench


@transaction.atomic
def invite_alternate(
    *,
    actor: Actor,
    version: Version,
    editor: User,
    alternate: Alternate | None = None,
    unseen: Collection[int] = (),
) -> Assignment:
    """Ask the next of the bench, or a chosen one, to take the place that fell free first.

    Raises:
        Refusal: bench_empty where nobody on it may be asked, and what an invitation refuses.
    """
    lock_manuscript(version.manuscript_id)
    waiting = waiting_alternates(version)
    chosen = [row for row in waiting if alternate is None or row.pk == alternate.pk]
    if alternate is None:
        found = next_alternate(
            version, editor_key=editor.public_id, unseen=unseen, waiting=waiting
        ).alternate
        chosen = [found] if found else []
    if not chosen:
        raise Refusal("bench_empty", f"Nobody on the bench of {version.label} can be asked now.")
    row = chosen[0]
    assignment = invite_reviewer(
        actor=actor,
        version=version,
        reviewer=row.reviewer,
        reasons=row.reasons,
        editor=editor,
        unseen=unseen,
    )
    row.stands_in_for = free_places(version).first()
    row.save(update_fields=["stands_in_for"])
    return assignment


@transaction.atomic
def refill_places(
    *, actor: Actor, version: Version, editor: User, unseen: Collection[int] = ()
) -> list[Assignment]:
    """Ask as many of the bench as places fell free, where the editor wanted that done at once.

    Each free place brings one invitation at most, and never more than the issue needs stand at
    one time, whoever calls how often: the manuscript's lock and the row of the alternate see to
    it. The editor is told who was asked, and told once when nobody is left.
    """
    manuscript = lock_manuscript(version.manuscript_id)
    bench = bench_of(version)
    invited: list[Assignment] = []
    is_over = manuscript.stage != Stage.IN_REVIEW or not is_latest(version)
    if bench is None or not bench.invites_at_once or is_over:
        return invited
    for gone in free_places(version):
        if not round_of(version).places_left:
            break
        found = next_alternate(version, editor_key=editor.public_id, unseen=unseen)
        if found.alternate is None:
            message = mails.bench_exhausted(gone, editor, found.passed_over)
            queue_once(message, f"bench_exhausted:{stamp(gone.ended_at)}", gone, editor)
            break
        assignment = invite_alternate(
            actor=actor, version=version, editor=editor, alternate=found.alternate, unseen=unseen
        )
        invited.append(assignment)
        queue_once(
            mails.alternate_invited(assignment, editor, gone, found.passed_over),
            f"alternate_invited:{stamp(assignment.invited_at)}",
            assignment,
            editor,
        )
    return invited


def _renumber(bench: Bench) -> set[int]:
    """Those who were asked already come first, without gaps; returns their keys."""
    rows = list(Alternate.objects.filter(bench=bench).order_by("position"))
    for number, row in enumerate(rows, start=1):
        if row.position != number:  # downwards only, so no two meet
            row.position = number
            row.save(update_fields=["position"])
    return {row.reviewer_id for row in rows}
