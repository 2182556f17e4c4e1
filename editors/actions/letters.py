"""A letter's bytes: made once, hashed, kept."""

import structlog
from django.db import transaction

from accounts.models import User
from editors import letters
from editors.models import Decision, Letter
from editors.states import LetterState
from tmi_special_issue import audit, clock, doorbell, files, pdf
from tmi_special_issue.identifiers import new_public_id

log = structlog.get_logger(__name__)

ATTEMPTS_MAX = 3
SYSTEM = "system:letters"


@transaction.atomic
def write_letter(*, actor: User, decision: Decision) -> Letter:
    """Freeze what the letter says and ask a worker for its bytes; a former draft is replaced.

    Runs inside the transaction of the act that drafts.
    """
    Letter.objects.filter(decision=decision).exclude(state=LetterState.REPLACED).update(
        state=LetterState.REPLACED
    )
    now = clock.now()
    number = letters.new_number(decision.version)
    code = new_public_id()
    letter = Letter.objects.create(
        decision=decision,
        number=number,
        code=code,
        state=LetterState.WAITING,
        template_version=letters.template_version(decision),
        content=letters.decision_content(
            decision,
            number=number,
            code=code,
            dated_at=now,
            due_at=letters.author_due_of(decision, now),
        ),
        drafted_at=now,
    )
    audit.record(actor, "letter.drafted", letter, decision=decision.audit_key, number=number)
    doorbell.ring("editors.tasks.render_letter", letter.public_id)
    return letter


def render_letter(*, actor: str = SYSTEM, letter: Letter) -> Letter:
    """Make the letter's PDF, once. Safe to run twice and at the same time.

    The slow part runs outside any transaction; two workers make the same bytes, and the first to
    store them wins. After three failures a person is asked.
    """
    if letter.state != LetterState.WAITING:
        return letter
    content, failure = b"", ""
    try:
        words = {"body": letters.body_of(letter.content)}
        content = pdf.render(letters.TEMPLATE, {**letter.content, **words})
    except Exception as error:  # whatever the renderer raises is one failed attempt
        failure = f"{type(error).__name__}: {error}"[:300]
        log.warning("letter_failed", letter=letter.public_id, failure=failure)
    with transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        if locked.state != LetterState.WAITING:
            return locked
        if failure:
            return _note_failure(actor, locked, failure)
        locked.file = files.store(
            content, name=f"{locked.number}.pdf", media_type="application/pdf"
        )
        locked.state = LetterState.RENDERED
        locked.rendered_at = clock.now()
        locked.failure = ""
        locked.save(update_fields=["file", "state", "rendered_at", "failure"])
        audit.record(actor, "letter.rendered", locked, sha256=locked.file.sha256)
        return locked


def _note_failure(actor: str, locked: Letter, failure: str) -> Letter:
    locked.attempts += 1
    locked.failure = failure
    if locked.attempts >= ATTEMPTS_MAX:
        locked.state = LetterState.FAILED
        audit.record(actor, "letter.failed", locked, failure=failure)
    locked.save(update_fields=["attempts", "failure", "state"])
    return locked
