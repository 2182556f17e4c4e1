"""Which words stand on manuscripts, as far as somebody may see these."""

from dataclasses import dataclass

from django.db.models import Count, Q

from editors.models import Tag
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from submissions.models import Manuscript

OFFERED_MOST = 100


@dataclass(frozen=True, slots=True)
class Tags:
    """The words on a manuscript by name, and others that are in use, the commonest first."""

    here: list[str]
    offered: list[str]


def tags_about(viewer: Viewer, manuscript: Manuscript) -> Tags:
    """The words on a manuscript that this person has in sight, and what else may be meant.

    Offered is only what stands on manuscripts that exist for the person: a word may tell of one
    that does not.
    """
    seen = visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden)
    rows = (
        Tag.objects.filter(manuscript__in=seen)
        .order_by()
        .values("name")
        .annotate(here=Count("pk", filter=Q(manuscript=manuscript)), used=Count("pk"))
        .order_by("-here", "-used", "name")
        .values_list("name", "here")[:OFFERED_MOST]
    )
    found = list(rows)
    return Tags(
        here=sorted(name for name, here in found if here),
        offered=[name for name, here in found if not here],
    )
