"""Words on a manuscript, for the desk's eyes."""

from django.db import transaction

from accounts.models import User
from editors.locks import lock
from editors.models import Tag
from editors.tags import TAGS_MOST, fault_of, tag_name
from submissions.models import Manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def add_tag(*, actor: User, manuscript: Manuscript, name: str) -> Tag:
    """Put a word on a manuscript. Whoever sees it on the desk may; the same word twice is one.

    Raises Refusal "tag_unfit" for what cannot be a tag and "too_many_tags" beyond `TAGS_MOST`.
    """
    locked = lock(actor, manuscript)
    word = tag_name(name)
    if fault := fault_of(word):
        raise Refusal("tag_unfit", fault, field="name", status=422)
    there = {tag.name: tag for tag in Tag.objects.filter(manuscript=locked)}
    if word in there:
        return there[word]
    if len(there) >= TAGS_MOST:
        raise Refusal(
            "too_many_tags",
            f"{locked} has {len(there)} tags, which is the most. Take one off first.",
            field="name",
        )
    tag = Tag.objects.create(manuscript=locked, name=word, added_by=actor, added_at=clock.now())
    audit.record(actor, "tag.added", locked, tag=word)
    return tag


@transaction.atomic
def remove_tag(*, actor: User, manuscript: Manuscript, name: str) -> None:
    """Take a word off. What is not there, or no longer, needs no act."""
    locked = lock(actor, manuscript)
    word = tag_name(name)
    tag = Tag.objects.filter(manuscript=locked, name=word).first()
    if tag is not None:
        tag.delete()
        audit.record(actor, "tag.removed", locked, tag=word)
