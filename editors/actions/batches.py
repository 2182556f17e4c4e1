"""Several letters at once: held for one minute, released, recalled; all of them or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from editors.actions.decisions import recall_decision, release_decision
from editors.models import Letter
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

_NOTHING = Refusal("nothing_chosen", "No letter is chosen. Tick at least one.", status=400)


@transaction.atomic
def hold_letters(*, actor: User, letters: Sequence[Letter], release_at: datetime) -> int:
    """Approve exactly these letters for one minute; returns how many.

    Raises:
        Refusal: nothing_chosen, minute_past, and whatever `release_decision` refuses, with the
            number of the manuscript; then nothing is held.
    """
    if release_at <= clock.decisive_now():
        raise Refusal("minute_past", "The minute has passed already. Choose a later one.")
    return _each(
        letters,
        lambda letter: release_decision(
            actor=actor, decision=letter.decision, letter=letter, release_at=release_at
        ),
    )


@transaction.atomic
def release_letters(*, actor: User, letters: Sequence[Letter]) -> int:
    """Let exactly these letters out now, in one transaction; returns how many.

    Raises:
        Refusal: nothing_chosen, and whatever `release_decision` refuses; then nothing is out.
    """
    return _each(
        letters,
        lambda letter: release_decision(actor=actor, decision=letter.decision, letter=letter),
    )


@transaction.atomic
def recall_letters(*, actor: User, letters: Sequence[Letter]) -> int:
    """Take held letters back before their minute; returns how many.

    Raises:
        Refusal: nothing_chosen, and whatever `recall_decision` refuses; then all stay held.
    """
    return _each(letters, lambda letter: recall_decision(actor=actor, decision=letter.decision))


def _each(letters: Sequence[Letter], act: Callable[[Letter], object]) -> int:
    """Act on each, always in the same order, so that two batches never wait for each other."""
    if not letters:
        raise _NOTHING
    for letter in sorted(letters, key=lambda one: one.decision.version.manuscript_id):
        try:
            act(letter)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            label = letter.decision.version.label
            raise Refusal(
                refusal.code,
                f"{label}: {refusal.sentence} Nothing was changed for any of the "
                f"{len(letters)} letters.",
                status=refusal.status,
            ) from refusal
    return len(letters)
