"""An author asks a guest editor whether a work fits; the editor answers.

The rows belong to the authors' package; the acts are here because only the desk knows who is in
conflict with whom (`domain.md` F).
"""

from django.db import transaction

from accounts.models import User
from editors import mails
from editors.queries.enquiries import askable_editors, enquiries_to, is_open, unanswered
from submissions.models import Enquiry, EnquiryMessage
from submissions.queries import enquiries_of
from submissions.states import SUITABILITY_LABELS, Suitability
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.deadlines import is_open as is_before
from tmi_special_issue.models import MilestoneKind, SpecialIssue
from tmi_special_issue.queries import window
from tmi_special_issue.refusal import Refusal

# Guest editors answer in their free time: so many questions of one person may wait at once.
WAITING_MOST = 3
MESSAGES_MOST = 40


@transaction.atomic
def ask_editor(
    *, actor: User, issue: SpecialIssue, editor: User, title: str, abstract: str, question: str
) -> Enquiry:
    """Ask one guest editor. The same question to the same editor twice is asked once."""
    # The asking person's row keeps two clicks at once from passing the limit together.
    User.objects.select_for_update().get(pk=actor.pk)
    if not is_before(window(issue, MilestoneKind.SUBMISSION), clock.decisive_now()):
        raise Refusal(
            "deadline_passed",
            "Submissions are closed, so there is nothing left to ask about. Write to the "
            f"editorial office at {issue.contact_email}.",
        )
    waiting: list[Enquiry] = list(unanswered(enquiries_of(actor).filter(issue=issue)))
    for enquiry in waiting:
        if enquiry.editor_id == editor.pk and enquiry.title == title:
            return enquiry
    if editor not in askable_editors(actor, issue):
        raise Refusal(
            "editor_not_askable",
            "Guest editor: this person cannot advise you, being in conflict with you or no guest "
            "editor of this issue. Choose one from the list.",
            field="editor",
            status=422,
        )
    if len(waiting) >= WAITING_MOST:
        raise Refusal(
            "too_many_waiting",
            f"{len(waiting)} of your questions wait for an answer, which is the most. Ask again "
            "once one of them is answered.",
        )
    now = clock.now()
    enquiry = Enquiry.objects.create(
        issue=issue, author=actor, editor=editor, title=title, abstract=abstract, asked_at=now
    )
    EnquiryMessage.objects.create(enquiry=enquiry, sender=actor, text=question, sent_at=now)
    audit.record(actor, "enquiry.asked", enquiry, editor=editor.audit_key)
    outbox.queue(
        mails.enquiry_asked(enquiry, question), f"enquiry_asked:{enquiry.public_id}:{editor.pk}"
    )
    return enquiry


@transaction.atomic
def write_to_editor(*, actor: User, enquiry: Enquiry, text: str) -> EnquiryMessage:
    """The author writes again."""
    locked = _lock(enquiry)
    if locked.author_id != actor.pk:
        raise Refusal("not_found", "There is no such enquiry.", status=404)
    if not is_open(locked):
        raise Refusal(
            "editor_gone",
            f"{locked.editor.full_name} cannot advise you on this any more. Ask another guest "
            "editor; what you wrote is below.",
        )
    return _write(locked, actor, text, "")


@transaction.atomic
def answer_enquiry(
    *, actor: User, enquiry: Enquiry, suitability: Suitability | None, text: str
) -> EnquiryMessage:
    """The asked editor answers, or asks back when `suitability` is None. The latest answer counts.

    For an editor in conflict with the author, or with the authors of the manuscript that came of
    it, the enquiry is not found.
    """
    locked = _lock(enquiry)
    if not enquiries_to(actor, locked.issue).filter(pk=locked.pk).exists():
        raise Refusal("not_found", "There is no such enquiry.", status=404)
    if not text.strip() and suitability != Suitability.FITS:
        words = SUITABILITY_LABELS[suitability] if suitability else "a question"
        raise Refusal(
            "words_missing",
            f"Your words: the field is empty, and “{words}” alone does not help the author. Write "
            "at least one sentence.",
            field="text",
            status=422,
        )
    return _write(locked, actor, text, suitability or "")


def _lock(enquiry: Enquiry) -> Enquiry:
    return (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("issue", "author", "editor")
        .get(pk=enquiry.pk)
    )


def _write(
    enquiry: Enquiry, sender: User, text: str, suitability: Suitability | str
) -> EnquiryMessage:
    """One more message under the lock of the enquiry. A double click writes it once."""
    written = EnquiryMessage.objects.filter(enquiry=enquiry).order_by("-sent_at", "-id")
    last = written[0]
    if (last.sender_id, last.text, last.suitability) == (sender.pk, text, suitability):
        return last
    if written.count() >= MESSAGES_MOST:
        raise Refusal(
            "too_long",
            f"This enquiry has {MESSAGES_MOST} messages, which is the most. Go on by mail.",
        )
    message = EnquiryMessage.objects.create(
        enquiry=enquiry, sender=sender, text=text, suitability=suitability, sent_at=clock.now()
    )
    verb = "enquiry.answered" if suitability else "enquiry.written"
    audit.record(sender, verb, enquiry, suitability=str(suitability))
    compose = mails.enquiry_answered if suitability else mails.enquiry_written
    outbox.queue(compose(message), f"enquiry_message:{message.public_id}")
    return message
