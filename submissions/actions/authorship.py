"""A named author answers "are you an author of this?" by a signed link, without an account."""

from django.db import transaction

from accounts.models import User
from submissions import mails
from submissions.locks import lock_version
from submissions.models import Author
from submissions.states import Confirmation
from tmi_special_issue import audit, outbox
from tmi_special_issue.refusal import Refusal


def link_actor(author: Author) -> str:
    """How the record names somebody who answers by link."""
    return f"author:{author.public_id}"


@transaction.atomic
def confirm_authorship(*, actor: User | str, author: Author) -> Author:
    """ "I am an author." Once more changes nothing; after "I am not" the office is asked."""
    locked = _locked(author)
    if locked.confirmation == Confirmation.CONFIRMED:
        return locked
    if locked.confirmation == Confirmation.DISPUTED:
        raise Refusal(
            "disputed",
            "You have said that you are not an author. Please write to the editorial office at "
            f"{locked.version.manuscript.issue.contact_email} to change this.",
        )
    return _answer(actor, locked, Confirmation.CONFIRMED)


@transaction.atomic
def dispute_authorship(*, actor: User | str, author: Author) -> Author:
    """ "I am not an author." The office is told and holds the manuscript. Twice counts once."""
    locked = _locked(author)
    if locked.confirmation == Confirmation.DISPUTED:
        return locked
    answered = _answer(actor, locked, Confirmation.DISPUTED)
    for message, key in mails.authorship_disputed(answered):
        outbox.queue(message, key)
    return answered


def _locked(author: Author) -> Author:
    version = lock_version(author.version)
    locked = Author.objects.select_for_update(of=("self",)).get(pk=author.pk)
    locked.version = version
    return locked


def _answer(actor: User | str, author: Author, confirmation: Confirmation) -> Author:
    author.confirmation = confirmation
    author.save(update_fields=["confirmation"])
    audit.record(
        actor,
        f"authorship.{confirmation.value}",
        author.version.manuscript,
        author=author.public_id,
        version=author.version.revision_number,
    )
    return author
