"""How well the pool fits a version: the library that tells, and what a worker has kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Length

from reviews.affinity import Affinity, Library, Paper
from reviews.models import Publication, VersionFit
from submissions.models import Version
from submissions.states import Stage

PEOPLE_KEPT = 400
# New publications may wait so long before everything is worked out again.
FRESH_FOR = timedelta(minutes=10)
_BEFORE_OR_IN_REVIEW = [Stage.SUBMITTED, Stage.AWAITING_EDITOR, Stage.IN_REVIEW]
_ADDED_SHARE_MOST = 0.1  # beyond this the words and subjects are fitted anew


def version_text(version: Version) -> str:
    """What the publications are compared with; the title counts twice."""
    return " ".join([version.title, version.title, version.abstract, *version.index_terms])


def library_state() -> str:
    """Changes whenever a publication is added, removed or rewritten. One query."""
    state = Publication.objects.aggregate(
        count=Count("pk"), last=Max("pk"), length=Sum(Length("title") + Length("abstract"))
    )
    return f"{state['count']}:{state['last'] or 0}:{state['length'] or 0}"


def unfitted(now: datetime) -> QuerySet[Version]:
    """The latest versions, until their review is over, whose fits are missing or out of date."""
    newer = Version.objects.filter(
        manuscript=OuterRef("manuscript"),
        revision_number__gt=OuterRef("revision_number"),
        submitted_at__isnull=False,
    )
    good = VersionFit.objects.filter(version=OuterRef("pk"), edit_count=OuterRef("edit_count"))
    still_good = Q(library=library_state()) | Q(fitted_at__gt=now - FRESH_FOR)
    return (
        Version.objects.filter(
            manuscript__stage__in=_BEFORE_OR_IN_REVIEW, submitted_at__isnull=False
        )
        .exclude(Exists(newer))
        .exclude(Exists(good.filter(still_good)))
        .order_by("submitted_at", "pk")
    )


def kept_fits(version: Version) -> dict[int, Affinity] | None:
    """The best people by user key, best first, as a worker last worked them out; None if never."""
    kept = VersionFit.objects.filter(version=version, edit_count=version.edit_count).first()
    if kept is None:
        return None
    return {
        key: Affinity(score, title, year, tuple(words), count)
        for key, score, title, year, words, count in kept.people
    }


def fit_rows(fits: Mapping[int, Affinity]) -> list[list[object]]:
    """The same as rows to keep."""
    return [
        [key, round(f.score, 5), f.closest_title, f.closest_year, list(f.words), f.close_count]
        for key, f in fits.items()
    ]


@dataclass
class _Shelf:
    """The library of this process, its state, and the text of each publication by key."""

    state: str = ""
    library: Library[int] | None = None
    texts: dict[int, int] = field(default_factory=dict)
    fitted_on: int = 0


_lock = Lock()
_shelf = _Shelf()


def publication_library() -> tuple[str, Library[int]]:
    """All publications, fitted by words and subjects, with the state that they stand for.

    For workers: the first call in a process takes from seconds to a minute. Later ones take in
    what is new without a new fit, until a tenth has been added or something was rewritten.
    """
    with _lock:
        state = library_state()
        if _shelf.library is None or _shelf.state != state:
            _renew(state)
        if _shelf.library is None:
            raise RuntimeError("the shelf is empty after it was filled")
        return state, _shelf.library


def _renew(state: str) -> None:
    rows = list(
        Publication.objects.order_by("pk").values_list(
            "pk", "profile__user", "title", "abstract", "year"
        )
    )
    texts = {pk: hash((owner, title, abstract)) for pk, owner, title, abstract, _ in rows}
    known = _shelf.texts
    is_longer = known.items() <= texts.items()
    is_little = len(texts) - _shelf.fitted_on <= _ADDED_SHARE_MOST * _shelf.fitted_on
    new = [row for row in rows if row[0] not in known] if is_longer and is_little else rows
    papers = [Paper(owner, title, abstract, year) for _, owner, title, abstract, year in new]
    if _shelf.library is not None and new is not rows:
        _shelf.library.add(papers)
    else:
        _shelf.library, _shelf.fitted_on = Library(papers), len(papers)
    _shelf.state, _shelf.texts = state, texts
