"""Match reviewers to all manuscripts: ask, keep the answer, put it on the panels."""

import secrets

from django.db import transaction

from accounts.models import User
from editors.locks import require
from editors.matching import PARTS, Answer
from editors.models import MatchedPanel, MatchingRun
from editors.permissions import may_match
from editors.queries.matching import versions_to_match
from editors.states import MatchingMode, MatchingState
from tmi_special_issue import audit, clock, doorbell
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

CHANCE_LEAST = 10  # percent; below this the draw ignores the fit
_SEEDS = 2**32


@transaction.atomic
def ask_matching(
    *,
    actor: User,
    issue: SpecialIssue,
    mode: MatchingMode,
    chance_most: int = PARTS,
    seed: int | None = None,
) -> MatchingRun:
    """Have reviewers proposed for every original under review that the actor may see.

    Raises:
        Refusal: not_allowed, no_manuscript, bad_chance.
    """
    require(may_match(actor, issue), "Lead guest editor and editor-in-chief match all manuscripts.")
    if not CHANCE_LEAST <= chance_most <= PARTS:
        raise Refusal(
            "bad_chance",
            f"The highest chance is {chance_most} percent; it must be from {CHANCE_LEAST} to "
            f"{PARTS}.",
            field="chance_most",
            status=400,
        )
    count = versions_to_match(actor, issue).count()
    if not count:
        raise Refusal("no_manuscript", "No manuscript is in its first round of review now.")
    run = MatchingRun.objects.create(
        issue=issue,
        asked_by=actor,
        asked_at=clock.now(),
        mode=mode,
        chance_most=chance_most,
        seed=secrets.randbelow(_SEEDS) if seed is None else seed % _SEEDS,
        manuscript_count=count,
    )
    audit.record(
        actor, "matching.asked", run, mode=mode.value, chance_most=chance_most, seed=run.seed
    )
    doorbell.ring("editors.tasks.answer_matching", run.public_id)
    return run


@transaction.atomic
def note_matching(*, actor: str, run: MatchingRun, looked_at: int) -> None:
    """How far the worker is, for whoever waits."""
    MatchingRun.objects.filter(pk=run.pk).update(looked_at=looked_at)


@transaction.atomic
def keep_matching(*, actor: str, run: MatchingRun, answer: Answer | None) -> MatchingRun:
    """Keep the answer, or that there is none. The first one stands."""
    locked = MatchingRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != MatchingState.WAITING:
        return locked
    locked.state = MatchingState.DONE if answer else MatchingState.FAILED
    locked.result = answer.as_rows() if answer else {}
    locked.done_at = clock.now()
    locked.save()
    audit.record(
        actor,
        "matching.answered",
        locked,
        state=locked.state,
        fit=answer.fit if answer else None,
        bound=answer.bound if answer else None,
    )
    return locked


@transaction.atomic
def apply_matching(*, actor: User, run: MatchingRun) -> int:
    """Tick the proposed people on the panels of their manuscripts; nobody is invited by this.

    Returns on how many panels. Only manuscripts that the actor may see now and that are still in
    their first round are touched; a second press changes nothing.

    Raises:
        Refusal: not_allowed, no_answer.
    """
    locked = MatchingRun.objects.select_for_update().select_related("issue").get(pk=run.pk)
    require(
        locked.asked_by_id == actor.pk and may_match(actor, locked.issue),
        "Only whoever asked for a matching puts it on the panels.",
    )
    if locked.state != MatchingState.DONE:
        raise Refusal("no_answer", "This matching has no answer yet.")
    proposed = {
        one["key"]: [row["person"] for row in one["people"] if not row["is_held"]]
        for one in locked.result["served"]
    }
    now = clock.now()
    touched = []
    for version in versions_to_match(actor, locked.issue).filter(public_id__in=proposed):
        MatchedPanel.objects.update_or_create(
            version=version,
            defaults={"run": locked, "people": proposed[version.public_id], "made_at": now},
        )
        touched.append(version.label)
    if locked.applied_at is None:
        locked.applied_at = now
        locked.save(update_fields=["applied_at"])
    audit.record(actor, "matching.applied", locked, versions=touched)
    return len(touched)
