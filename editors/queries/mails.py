"""The log of the mails about manuscripts that exist for somebody on the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import Role
from accounts.queries import DESK_ROLES
from editors.mail_text import without_secrets
from editors.models import Decision, Letter
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from reviews.models import Assignment, Review
from submissions.models import Manuscript
from tmi_special_issue import outbox
from tmi_special_issue.models import MailState, OutboxMessage, SpecialIssue

PAGE_SIZE = 50

STATE_WORDS: dict[str, str] = {
    MailState.QUEUED: "waiting",
    MailState.SENDING: "being sent",
    MailState.SENT: "sent",
    MailState.FAILED: "failed",
    MailState.UNCERTAIN: "perhaps sent",
}
_TONES: dict[str, str] = {
    MailState.SENT: "ok",
    MailState.FAILED: "bad",
    MailState.UNCERTAIN: "warn",
}


@dataclass(frozen=True)
class MailLine:
    """One mail of the log. `text` is "" where only its recipient may read it."""

    mail: OutboxMessage
    text: str

    @property
    def state(self) -> str:
        return STATE_WORDS[self.mail.state]

    @property
    def tone(self) -> str:
        return _TONES.get(self.mail.state, "")

    @property
    def waits_for_somebody(self) -> bool:
        return self.mail.state in outbox.HELD


def mails_about(manuscripts: QuerySet[Manuscript]) -> QuerySet[OutboxMessage]:
    """The mails about these manuscripts, their reviewers, reviews, decisions and letters.

    The latest first. A likeness to another manuscript and what was asked before submission are
    subjects of their own and not among them.
    """
    assignments = Assignment.objects.filter(version__manuscript__in=manuscripts)
    decisions = Decision.objects.filter(version__manuscript__in=manuscripts)
    wanted = (
        Q(about__in=_keys("manuscript", manuscripts))
        | Q(about__in=_keys("assignment", assignments))
        | Q(about__in=_keys("review", Review.objects.filter(assignment__in=assignments)))
        | Q(about__in=_keys("decision", decisions))
        | Q(about__in=_keys("letter", Letter.objects.filter(decision__in=decisions)))
    )
    return OutboxMessage.objects.filter(wanted).order_by("-queued_at", "-pk")


def mails_in_sight(viewer: Viewer) -> QuerySet[OutboxMessage]:
    """The mails about every manuscript that exists for this person."""
    return mails_about(visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden))


def mail_lines(viewer: Viewer, mails: Iterable[OutboxMessage]) -> list[MailLine]:
    """The mails with their text, secret links taken out.

    What was written to somebody of the desk is that person's alone: it may hold an editor's
    reason to step back, or evidence of another manuscript.
    """
    rows = list(mails)
    desk = _desk_addresses(viewer.issue)
    own = viewer.user.email.lower()
    return [
        MailLine(
            mail,
            without_secrets(mail.text, settings.SITE_URL)
            if mail.to.lower() == own or mail.to.lower() not in desk
            else "",
        )
        for mail in rows
    ]


def _keys(noun: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The names of these things as a mail's `about` has them."""
    named = Concat(Value(f"{noun}:"), "public_id", output_field=CharField())
    found: QuerySet[Any] = rows.order_by().annotate(named=named).values("named")
    return found


def _desk_addresses(issue: SpecialIssue) -> set[str]:
    """The addresses of all who are or were at the desk of an issue."""
    holders = Role.objects.filter(issue=issue, name__in=DESK_ROLES).values_list("user__email")
    return {address.lower() for (address,) in holders}
