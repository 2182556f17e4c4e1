"""The author takes over what the first page of the PDF says."""

from django.db import transaction

from accounts.models import User
from submissions.actions.drafts import (
    AuthorEntry,
    entry_of,
    open_draft,
    refuse_stale,
    save_authors,
    save_draft,
)
from submissions.models import Author, Version
from submissions.name_list import split_name
from submissions.proposals import Offer, place_of
from submissions.queries.proposals import Proposal, proposals_of
from tmi_special_issue import audit
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def fill_draft(
    *, actor: User, version: Version, offer: Offer | None, edit_count: int
) -> list[Proposal]:
    """Write one offered part into the draft, also over what is there; without `offer` all that
    the draft leaves empty. Gives what was taken.

    Raises Refusal "nothing_offered" when there is no such offer (any more), and "stale_edit" when
    the draft was saved since the page was loaded.
    """
    locked = open_draft(actor, version)
    refuse_stale(locked, edit_count)
    taken = [
        proposal
        for proposal in proposals_of(locked)
        if (proposal.offer == offer if offer else not proposal.typed)
    ]
    if not taken:
        raise Refusal("nothing_offered", "There is nothing more to take over from the PDF.")
    texts = {p.offer.value: p.text for p in taken if p.offer != Offer.AUTHORS}
    if texts:
        locked = save_draft(actor=actor, version=locked, values=texts, edit_count=locked.edit_count)
    for proposal in taken:
        if proposal.offer == Offer.AUTHORS:
            save_authors(
                actor=actor,
                version=locked,
                authors=_in_printed_order(locked, proposal.names),
                edit_count=locked.edit_count,
            )
    audit.record(actor, "draft.filled", locked.manuscript, parts=[p.offer.value for p in taken])
    return taken


def _in_printed_order(version: Version, names: tuple[str, ...]) -> list[AuthorEntry]:
    """The submitter's own row at its place, the others as new rows that have a name only."""
    own = entry_of(Author.objects.get(version=version))
    place = place_of(own.given_name, own.family_name, names)
    rows = [AuthorEntry(*split_name(name)) for name in names]
    if place is None:
        return [own, *rows]
    return [*rows[:place], own, *rows[place + 1 :]]
