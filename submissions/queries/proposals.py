"""What the PDF offers for a draft and the draft does not say yet."""

from dataclasses import dataclass

from submissions.models import Author, Version
from submissions.proposals import FrontPage, Offer, place_of, same_words
from submissions.queries.parts import Parts
from submissions.states import FileKind

_LABELS = {Offer.TITLE: "Title", Offer.ABSTRACT: "Abstract", Offer.AUTHORS: "Authors"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One part of the draft as page 1 prints it. `typed` is what the draft says now, if it does.

    `text` is the title or the abstract; `names` are the authors in their order.
    """

    offer: Offer
    text: str = ""
    names: tuple[str, ...] = ()
    typed: str = ""

    @property
    def label(self) -> str:
        return _LABELS[self.offer]


def proposals_of(version: Version, parts: Parts | None = None) -> list[Proposal]:
    """What page 1 of the main file offers; nothing for what the draft has taken already.

    Authors are offered while nobody but the submitter is listed: a list that somebody has begun is
    theirs, and one that was handed in is settled (`domain.md` J17).
    """
    parts = parts or Parts(version)
    main = next((file for file in parts.files if file.kind == FileKind.MAIN), None)
    page = FrontPage.from_json(main.front_page if main else {})
    found = [
        Proposal(offer, text=printed, typed=typed.strip())
        for offer, printed, typed in (
            (Offer.TITLE, page.title, version.title),
            (Offer.ABSTRACT, page.abstract, version.abstract),
        )
        if printed and not same_words(printed, typed)
    ]
    if page.authors and _names_submitter_alone(version, parts.authors, page.authors):
        found.append(Proposal(Offer.AUTHORS, names=page.authors))
    return found


def _names_submitter_alone(
    version: Version, listed: list[Author], printed: tuple[str, ...]
) -> bool:
    """Is the submitter the only author so far, and does page 1 name anybody else?"""
    if version.authors_are_settled or len(listed) != 1:
        return False
    (author,) = listed
    submitter = version.manuscript.submitter
    is_submitter = author.user_id == submitter.pk or author.email == submitter.email.lower()
    others = len(printed) - (place_of(author.given_name, author.family_name, printed) is not None)
    return is_submitter and others > 0
