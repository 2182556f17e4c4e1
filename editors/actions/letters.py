"""A letter's bytes: made once, hashed, kept."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from editors import letters
from editors.due import author_due
from editors.models import Decision, Letter
from editors.states import DecisionKind, LetterState
from tmi_special_issue import audit, clock, doorbell, files, pdf
from tmi_special_issue.models import MilestoneKind, StoredFile
from tmi_special_issue.queries import milestones

log = structlog.get_logger(__name__)

ATTEMPTS_MAX = 3
SYSTEM = "system:letters"


def write_letter(*, actor: User, decision: Decision) -> Letter:
    """Freeze what the letter says and ask a worker for its bytes; a former draft is replaced.

    Runs inside the transaction of the act that drafts.
    """
    Letter.objects.filter(decision=decision).exclude(state=LetterState.REPLACED).update(
        state=LetterState.REPLACED
    )
    now = clock.now()
    number = letters.new_number(decision.version)
    letter = Letter.objects.create(
        decision=decision,
        number=number,
        state=LetterState.WAITING,
        template_version=letters.TEMPLATE_VERSION,
        content=letters.decision_content(
            decision, number=number, dated_at=now, due_at=author_due_of(decision, now)
        ),
        drafted_at=now,
    )
    audit.record(actor, "letter.drafted", letter, decision=decision.audit_key, number=number)
    doorbell.ring("editors.tasks.render_letter", letter.public_id)
    return letter


def author_due_of(decision: Decision, at: datetime) -> datetime | None:
    """By when the author must act when this decision goes out."""
    issue = decision.version.manuscript.issue
    dates = milestones(issue)
    return author_due(
        DecisionKind(decision.kind),
        revision_number=decision.version.revision_number,
        decided_at=at,
        revision_due=dates[MilestoneKind.REVISION].due_at,
        final_due=dates[MilestoneKind.FINAL_ACCEPTANCE].due_at,
        zone=issue.zone,
    )


def render_letter(*, letter: Letter) -> Letter:
    """Make the letter's PDF, once. Safe to run twice and at the same time.

    The slow part runs outside any transaction; two workers make the same bytes, and the first to
    store them wins. After three failures a person is asked.
    """
    if letter.state != LetterState.WAITING:
        return letter
    try:
        content = pdf.render(letters.TEMPLATE, {"letter": letter.content, **letter.content})
    except Exception as error:  # whatever the renderer raises is one failed attempt
        return _note_failure(letter, error)
    return _keep(letter, content)


@transaction.atomic
def _keep(letter: Letter, content: bytes) -> Letter:
    locked = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked.state != LetterState.WAITING:
        return locked
    locked.file = _stored(locked, content)
    locked.state = LetterState.RENDERED
    locked.rendered_at = clock.now()
    locked.failure = ""
    locked.save(update_fields=["file", "state", "rendered_at", "failure"])
    audit.record(SYSTEM, "letter.rendered", locked, sha256=locked.file.sha256)
    return locked


@transaction.atomic
def _note_failure(letter: Letter, error: Exception) -> Letter:
    locked = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked.state != LetterState.WAITING:
        return locked
    locked.attempts += 1
    locked.failure = f"{type(error).__name__}: {error}"[:300]
    if locked.attempts >= ATTEMPTS_MAX:
        locked.state = LetterState.FAILED
        audit.record(SYSTEM, "letter.failed", locked, failure=locked.failure)
    locked.save(update_fields=["attempts", "failure", "state"])
    log.warning("letter_failed", letter=letter.public_id, attempts=locked.attempts)
    return locked


def _stored(letter: Letter, content: bytes) -> StoredFile:
    return files.store(content, name=f"{letter.number}.pdf", media_type="application/pdf")
