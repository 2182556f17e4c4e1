"""Celery tasks of the desk: look up, call one action. Safe to run twice."""

from datetime import timedelta

import structlog
from celery import shared_task

from accounts.models import User
from editors import actions
from editors.matching import match
from editors.models import Letter, MatchingRun
from editors.queries.handling import concerned_by
from editors.queries.matching import gather
from editors.states import MatchingMode, MatchingState
from submissions.models import Version
from tmi_special_issue import tick

log = structlog.get_logger(__name__)

_LEASE = timedelta(minutes=5)  # as long as a task may run
_WORKER = "system:matching"
_NOTED_EVERY = 10


@shared_task(name="editors.tasks.render_letter")
def render_letter(public_id: str) -> None:
    """Make the PDF of a letter that waits for it."""
    letter = Letter.objects.filter(public_id=public_id).first()
    if letter is not None:
        actions.render_letter(letter=letter)


@shared_task(name="editors.tasks.rescreen_person")
def rescreen_person(public_id: str) -> None:
    """Look for conflicts of editors anew in what a person edits or has written."""
    person = User.objects.filter(public_id=public_id).first()
    for manuscript in concerned_by(person) if person else ():
        actions.rescreen_manuscript(actor="system:conflicts", manuscript=manuscript)


@shared_task(name="editors.tasks.refill_places")
def refill_places(public_id: str) -> None:
    """Ask the next of the bench where a place has fallen free."""
    version = (
        Version.objects.select_related("manuscript__issue").filter(public_id=public_id).first()
    )
    if version is not None:
        actions.refill_places(actor="system:bench", version=version)


@shared_task(name="editors.tasks.answer_matching")
def answer_matching(public_id: str) -> None:
    """Look at all manuscripts, solve, keep the answer. What fails is kept as failed."""
    run = (
        MatchingRun.objects.select_related("issue", "asked_by").filter(public_id=public_id).first()
    )
    if run is None or run.state != MatchingState.WAITING or not tick.claim(run.audit_key, _LEASE):
        return
    noted = run

    def note(count: int) -> None:
        if count % _NOTED_EVERY == 0:
            actions.note_matching(actor=_WORKER, run=noted, looked_at=count)

    answer = None
    try:
        asked = gather(run, note)
        mode = MatchingMode(run.mode)
        answer = match(asked, mode, chance_most=run.chance_most, seed=run.seed)
    except Exception:
        log.exception("matching_failed", run=run.public_id)
    finally:
        actions.keep_matching(actor=_WORKER, run=run, answer=answer)
        tick.release(run.audit_key)
