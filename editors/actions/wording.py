"""The words of an issue's letters: each change is a new version, and none is ever lost."""

from django.db import transaction

from accounts.models import User
from editors.locks import require
from editors.models import LetterTemplate
from editors.permissions import may_edit_letter_words
from editors.queries.wording import present_words
from editors.states import DecisionKind
from editors.wording import tidy, wording_faults
from tmi_special_issue import audit, clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def change_letter_words(
    *, actor: User, issue: SpecialIssue, kind: DecisionKind, text: str, number: int
) -> LetterTemplate:
    """Keep a text as the next version for an outcome; letters drafted before stay as they are.

    `number` is the version that the editor saw; where another was faster, nothing is written.

    Raises:
        Refusal: not_allowed, stale_edit, words_refused, nothing_changed.
    """
    locked = SpecialIssue.objects.select_for_update().get(pk=issue.pk)
    require(
        may_edit_letter_words(actor, locked),
        "The words of letters are kept by the lead guest editor and the editor-in-chief.",
    )
    present = present_words(locked, kind)
    if number != present.number:
        who = present.row.written_by.full_name if present.row else "Somebody"
        raise Refusal(
            "stale_edit",
            f"{who} changed these words after you opened the page. Yours are kept below; compare "
            "them with the present version and save again.",
            field="text",
        )
    kept = tidy(text)
    refuse_faulty(kept, kind, field="text")
    if kept == present.text:
        raise Refusal(
            "nothing_changed", "The words are the same as the present version.", field="text"
        )
    row = LetterTemplate.objects.create(
        issue=locked,
        kind=kind,
        number=present.number + 1,
        text=kept,
        written_by=actor,
        written_at=clock.now(),
    )
    audit.record(actor, "letter_words.changed", row, kind=kind.value, number=row.number)
    return row


def refuse_faulty(text: str, kind: DecisionKind, *, field: str) -> None:
    """Refuse what cannot be the words of a letter, naming each place."""
    found = wording_faults(text, kind)
    if found:
        raise Refusal("words_refused", " ".join(map(str, found[:5])), field=field, status=400)
