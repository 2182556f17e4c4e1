"""The words in the titles of all publications, kept by this process until one of them changes."""

from threading import Lock

from django.db.models import Count, Max, Sum
from django.db.models.functions import Length

from reviews.affinity import TitleIndex
from reviews.models import Publication

_lock = Lock()
_kept: tuple[dict[str, int | None], TitleIndex[int]] | None = None


def title_index() -> TitleIndex[int]:
    """The index by user key. One query, two after a change.

    Count, last key and total length of the titles tell whether one was added, removed or changed.
    Reading the titles of a large pool anew for each panel took longer than all of the rest.
    """
    global _kept
    state = Publication.objects.aggregate(
        count=Count("pk"), last=Max("pk"), length=Sum(Length("title"))
    )
    with _lock:
        if _kept is None or _kept[0] != state:
            titles = Publication.objects.order_by("pk").values_list("profile__user", "title")
            _kept = state, TitleIndex(titles.iterator(chunk_size=5000))
        return _kept[1]
