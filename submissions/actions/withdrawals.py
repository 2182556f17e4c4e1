"""An author asks to withdraw a manuscript; the desk answers after its own checks (M29)."""

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.actions.extensions import close_extension_request
from submissions.actions.moves import move_stage
from submissions.locks import lock_manuscript
from submissions.models import Manuscript, WithdrawalRequest
from submissions.permissions import may_work_on
from submissions.queries import latest_version, open_withdrawal
from submissions.states import AUTHOR_LABELS, WITHDRAWABLE, Stage, WithdrawalAnswer
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def ask_withdrawal(*, actor: User, manuscript: Manuscript, reason: str) -> WithdrawalRequest:
    """Ask the office to withdraw. Nothing ends before it has answered; asking twice asks once."""
    locked = _locked(actor, manuscript)
    if Stage(locked.stage) not in WITHDRAWABLE:
        raise Refusal(
            "wrong_stage",
            f"{locked} is at “{AUTHOR_LABELS[Stage(locked.stage)]}” and cannot be withdrawn.",
        )
    if not reason.strip():
        raise Refusal(
            "reason_missing",
            "Reason: it is empty. Write a sentence, so that the office need not ask back.",
            field="reason",
            status=422,
        )
    request = open_withdrawal(locked)
    if request is not None:
        return request
    request = WithdrawalRequest.objects.create(
        manuscript=locked, asked_by=actor, asked_at=clock.now(), reason=reason.strip()[:500]
    )
    audit.record(actor, "withdrawal.asked", locked, reason=request.reason)
    _tell(mails.withdrawal_asked(request))
    return request


@transaction.atomic
def take_back_withdrawal(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """The author has thought better of it before the office answered."""
    locked = _locked(actor, manuscript)
    request = open_withdrawal(locked)
    if request is not None:
        _answer(actor, locked, request, WithdrawalAnswer.TAKEN_BACK)
    return locked


@transaction.atomic
def withdraw_manuscript(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """Confirm the request: the manuscript is withdrawn and every author is told."""
    locked = lock_manuscript(manuscript)
    request = _open(locked)
    _answer(actor, locked, request, WithdrawalAnswer.CONFIRMED)
    close_extension_request(actor=actor, manuscript=locked)
    moved = move_stage(
        actor=actor, manuscript=manuscript, to=Stage.WITHDRAWN, reason=request.reason
    )
    _tell(mails.manuscript_withdrawn(request, latest_version(moved)))
    return moved


@transaction.atomic
def decline_withdrawal(*, actor: User, manuscript: Manuscript, note: str) -> Manuscript:
    """Say no, with a reason that the author reads; the manuscript goes on."""
    locked = lock_manuscript(manuscript)
    request = _open(locked)
    if not note.strip():
        raise Refusal(
            "reason_missing",
            "Reason: it is empty. The author reads it; write at least one sentence.",
            field="note",
            status=422,
        )
    request.note = note.strip()[:500]
    _answer(actor, locked, request, WithdrawalAnswer.DECLINED)
    _tell(mails.withdrawal_declined(request, latest_version(locked)))
    return locked


def _locked(actor: User, manuscript: Manuscript) -> Manuscript:
    locked = lock_manuscript(manuscript)
    newest = latest_version(locked)
    newest.manuscript = locked
    if not may_work_on(actor, newest):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    return locked


def _open(manuscript: Manuscript) -> WithdrawalRequest:
    request = open_withdrawal(manuscript)
    if request is None:
        raise Refusal(
            "not_asked",
            f"Nobody asks to withdraw {manuscript} any more: somebody has answered, or the author "
            "took the request back. Look at the page again.",
        )
    return request


def _answer(
    actor: User, manuscript: Manuscript, request: WithdrawalRequest, answer: WithdrawalAnswer
) -> None:
    request.answer = answer
    request.answered_by = actor
    request.answered_at = clock.now()
    request.save(update_fields=["answer", "answered_by", "answered_at", "note"])
    audit.record(actor, f"withdrawal.{answer.value}", manuscript, note=request.note)


def _tell(messages: mails.Mails) -> None:
    for message, key in messages:
        outbox.queue(message, key)
