"""Notes on a manuscript: written once, struck at most."""

from django.db import transaction

from accounts.models import User
from editors.locks import lock
from editors.models import Note
from editors.queries.notes import readable_notes
from submissions.models import Manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal

NOTES_MOST = 200


@transaction.atomic
def write_note(*, actor: User, manuscript: Manuscript, text: str, is_private: bool) -> Note:
    """Write a note for all who see the manuscript on the desk, or for oneself.

    The record names the note and not the manuscript, whose history tells nobody of a private
    one. A double click writes once. Raises Refusal "note_empty" and, beyond `NOTES_MOST` of one
    person, "too_many_notes".
    """
    locked = lock(actor, manuscript)
    if not text.strip():
        raise Refusal(
            "note_empty", "Your note is empty. Write at least one word.", field="text", status=422
        )
    own = Note.objects.filter(manuscript=locked, author=actor)
    last = own.last()
    if last and (last.text, last.is_private, last.struck_at) == (text, is_private, None):
        return last
    if own.count() >= NOTES_MOST:
        raise Refusal("too_many_notes", f"You have {NOTES_MOST} notes here, which is the most.")
    note = Note.objects.create(
        manuscript=locked,
        author=actor,
        text=text,
        is_private=is_private,
        written_at=clock.now(),
    )
    audit.record(actor, "note.written", note)
    return note


@transaction.atomic
def strike_note(*, actor: User, note: Note) -> Note:
    """Cross out one's own note. It stays readable for whoever could read it."""
    locked = lock(actor, note.manuscript)
    own = readable_notes(actor, locked).select_for_update(of=("self",)).filter(pk=note.pk).first()
    if own is None:
        raise Refusal("not_found", "There is no such note.", status=404)
    if own.author_id != actor.pk:
        raise Refusal("not_allowed", "Only who wrote a note may strike it.", status=403)
    if own.struck_at is None:
        own.struck_at = clock.now()
        own.save(update_fields=["struck_at"])
        audit.record(actor, "note.struck", own)
    return own
