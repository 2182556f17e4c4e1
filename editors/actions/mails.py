"""A mail that waits for a person goes out again."""

from django.db import transaction

from accounts.models import User
from editors.locks import lock, require
from editors.permissions import may_resend
from editors.queries.mails import mails_about
from submissions.models import Manuscript
from tmi_special_issue import actions as ground
from tmi_special_issue.models import OutboxMessage
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def send_mail_again(*, actor: User, manuscript: Manuscript, mail: OutboxMessage) -> OutboxMessage:
    """Put a mail about a manuscript that was given up, or perhaps sent, back into the queue.

    To the same address under the same Message-ID, so that its links stay with whom they were
    made for. Raises Refusal "not_held" when it does not wait for anybody, as after a double click.
    """
    locked = lock(actor, manuscript)
    require(
        may_resend(actor, locked),
        "Mails are sent again by the handling editor, the lead, the editor-in-chief or the office.",
    )
    found = mails_about(Manuscript.objects.filter(pk=locked.pk)).filter(pk=mail.pk).first()
    if found is None:
        raise Refusal("not_found", "There is no such mail.", status=404)
    return ground.send_again(actor=actor.audit_key, message=found)
