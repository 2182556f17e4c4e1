"""Pre-submission enquiries as their author sees them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.queries import Visitor
from submissions.models import Enquiry, EnquiryMessage, Version
from submissions.similarity import TITLE, resemblance
from submissions.states import SUITABILITY_LABELS, Suitability

# From here on a title proposes the enquiry; the author decides.
PROPOSED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Linkable:
    """An enquiry that may belong to a draft; ticked when it does, or when the titles say so."""

    enquiry: Enquiry
    answer: str
    is_ticked: bool


def enquiries_of(user: Visitor) -> QuerySet[Any]:
    """The author's door: what a person asked, the latest first."""
    return with_answer(
        Enquiry.objects.filter(author=user.pk).select_related("issue", "author", "editor")
    )


def with_answer(enquiries: QuerySet[Enquiry]) -> QuerySet[Any]:
    """Annotate `answer`, the latest one that the editor gave, and when (`answered_at`)."""
    given = (
        EnquiryMessage.objects.filter(enquiry=OuterRef("pk"))
        .exclude(suitability="")
        .order_by("-sent_at", "-id")
    )
    return enquiries.annotate(
        answer=Subquery(given.values("suitability")[:1]),
        answered_at=Subquery(given.values("sent_at")[:1]),
    )


def answer_words(answer: str | None) -> str:
    """An answer in words; empty while there is none."""
    return SUITABILITY_LABELS[Suitability(answer)] if answer else ""


def linkable_enquiries(user: Visitor, version: Version) -> list[Linkable]:
    """The person's enquiries that may belong to this original draft: its own and the free ones.

    When none belongs to it yet, those with nearly its title are proposed.
    """
    if version.revision_number:
        return []
    mine = [
        enquiry
        for enquiry in enquiries_of(user).filter(issue=version.manuscript.issue_id)
        if enquiry.manuscript_id in (None, version.manuscript_id)
    ]
    title = TITLE.shingles(version.title)
    is_linked = any(enquiry.manuscript_id for enquiry in mine)
    return [
        Linkable(
            enquiry=enquiry,
            answer=answer_words(enquiry.answer),
            is_ticked=enquiry.manuscript_id is not None
            or (
                not is_linked and resemblance(title, TITLE.shingles(enquiry.title)) >= PROPOSED_FROM
            ),
        )
        for enquiry in mine
    ]
