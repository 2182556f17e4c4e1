"""Look for manuscripts that are almost the same, after the author's answer is long out."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.queries import people_with
from editors import mails
from editors.models import Comparison, Likeness, SketchNumber
from editors.queries.likenesses import READERS, alike_to, evidence, numbers_of
from editors.queries.visibility import hidden_manuscripts
from submissions.models import Version
from tmi_special_issue import audit, clock, outbox, tick


@transaction.atomic
def sketch_version(*, actor: User | str, version: Version) -> None:
    """Note the numbers under which a handed-in version is found.

    A step of its own, before any comparing: of two versions compared at the same time by two
    workers, at least one then finds the other.
    """
    locked = _lock(version)
    if locked.submitted_at is None:
        return
    Comparison.objects.update_or_create(
        version=locked, defaults={"submitted_at": locked.submitted_at, "compared_at": None}
    )
    SketchNumber.objects.filter(version=locked).delete()
    SketchNumber.objects.bulk_create(
        SketchNumber(version=locked, value=number) for number in numbers_of(locked)
    )


@transaction.atomic
def compare_version(*, actor: User | str, version: Version) -> list[Likeness]:
    """Flag the manuscripts that are almost the same as this one (M33), replacing what was found
    before. The record names it under the comparison, which no history of a manuscript shows."""
    locked = _lock(version)
    comparison = Comparison.objects.filter(version=locked, compared_at__isnull=True).first()
    if comparison is None or comparison.submitted_at != locked.submitted_at:
        return []
    now = clock.now()
    Likeness.objects.filter(Q(version=locked) | Q(other=locked)).delete()
    pairs = Likeness.objects.bulk_create(
        Likeness(
            version=locked,
            other=found.other,
            title_percent=round(found.title * 100),
            abstract_percent=round(found.abstract * 100),
            same_files=found.same_files,
            found_at=now,
        )
        for found in alike_to(locked)
    )
    comparison.compared_at = now
    comparison.save(update_fields=["compared_at"])
    audit.record(
        actor,
        "version.compared",
        comparison,
        alike=[pair.other.public_id for pair in pairs],
    )
    _tell(locked, pairs)
    return pairs


def _lock(version: Version) -> Version:
    return (
        Version.objects.select_for_update(of=("self",))
        .select_related("manuscript__issue")
        .get(pk=version.pk)
    )


def _tell(version: Version, pairs: Sequence[Likeness]) -> None:
    """Each of the two roles once for a pair of manuscripts, in one mail for all that a comparison
    found; nobody of a pair of which one may not be seen."""
    fresh = [pair for pair in pairs if tick.once(f"likeness_found:{_key(pair)}", lambda: None)]
    issue = version.manuscript.issue
    for person in people_with(issue, *READERS) if fresh else ():
        hidden = hidden_manuscripts(person, issue)
        told = [
            (pair, evidence(pair))
            for pair in fresh
            if not {version.manuscript_id, pair.other.manuscript_id} & hidden
        ]
        if told:
            outbox.queue(
                mails.likeness_found(version, person, told),
                f"likeness_found:{_key(told[0][0])}:{person.public_id}",
            )


def _key(pair: Likeness) -> str:
    """The same for two manuscripts whichever was compared with the other."""
    return ":".join(sorted([pair.version.manuscript.public_id, pair.other.manuscript.public_id]))
