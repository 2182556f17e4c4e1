"""The versions of the score sheet, and how many reviews are in each."""

from dataclasses import dataclass

from django.db.models import Count, Q

from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from reviews.models import Assignment, Review, ReviewForm
from reviews.sheet import TMI_1, Sheet
from reviews.states import HOLDING
from tmi_special_issue.models import SpecialIssue


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A version of the score sheet with the reviews in it. `form` is None for the journal's own."""

    sheet: Sheet
    form: ReviewForm | None
    begun: int
    filed: int
    is_current: bool

    @property
    def number(self) -> int:
        return self.sheet.number


def draft_of(issue: SpecialIssue) -> ReviewForm | None:
    """The draft of the next version."""
    return (
        ReviewForm.objects.filter(issue=issue, published_at__isnull=True)
        .select_related("edited_by", "begun_by")
        .first()
    )


def sheet_lines(viewer: Viewer) -> list[SheetLine]:
    """The published versions, the newest first, in two queries.

    Reviews are counted of the manuscripts that exist for the viewer.
    """
    forms: list[ReviewForm | None] = list(
        ReviewForm.objects.filter(issue=viewer.issue, published_at__isnull=False)
        .select_related("published_by")
        .order_by("-number")
    )
    counts = {
        form: (begun, filed)
        for form, begun, filed in Review.objects.filter(
            assignment__version__manuscript__in=visible_to(viewer.user, viewer.issue, viewer.roles)
        )
        .order_by()
        .values_list("form")
        .annotate(
            begun=Count("pk", filter=Q(submitted_at__isnull=True)),
            filed=Count("pk", filter=Q(submitted_at__isnull=False)),
        )
    }
    return [
        SheetLine(
            form.sheet if form else TMI_1,
            form,
            *counts.get(form.pk if form else None, (0, 0)),
            is_current=place == 0,
        )
        for place, form in enumerate([*forms, None])
    ]


def waiting_reviews(viewer: Viewer) -> int:
    """Invited or agreed and not begun: these get whichever version is the newest by then."""
    return Assignment.objects.filter(
        version__manuscript__in=visible_to(viewer.user, viewer.issue, viewer.roles),
        state__in=sorted(HOLDING),
        review__isnull=True,
    ).count()
