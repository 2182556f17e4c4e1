"""Manuscripts that are almost the same: how they are found, and who may read of it.

The authors' package knows nothing of this. It runs after the submission, in the schedule, so
that neither the words nor the time of an answer tell an author that another manuscript exists
(`security.md` T7).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from accounts.models import RoleName
from editors.models import Comparison, Likeness, SketchNumber
from editors.queries.desk import Viewer
from editors.queries.visibility import visible_to
from submissions.models import Manuscript, Version, VersionFile
from submissions.similarity import ABSTRACT, TITLE, resemblance, sketch
from submissions.states import AUTHOR_LABELS, FILE_KIND_LABELS, FileKind, Stage

READERS = frozenset({RoleName.OFFICE, RoleName.EDITOR_IN_CHIEF})
# Everybody signs the same form.
_NOT_TELLING = [FileKind.COPYRIGHT_FORM]
CANDIDATES_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """A version of another manuscript that is almost the same, with the evidence."""

    other: Version
    title: float
    abstract: float
    same_files: list[list[str]] = field(default_factory=list)

    @property
    def is_alike(self) -> bool:
        return bool(
            self.same_files
            or self.title >= TITLE.alike_from
            or self.abstract >= ABSTRACT.alike_from
        )


@dataclass(frozen=True)
class Alike:
    """One line of the flag: another manuscript, and in what it is the same."""

    manuscript: Manuscript
    version: Version
    evidence: list[str]

    @property
    def state(self) -> str:
        return AUTHOR_LABELS[Stage(self.manuscript.stage)]


def uncompared() -> QuerySet[Version]:
    """Versions as they were handed in last and not compared since, the oldest first."""
    done = Comparison.objects.filter(
        submitted_at=F("version__submitted_at"), compared_at__isnull=False
    )
    return (
        Version.objects.filter(submitted_at__isnull=False)
        .exclude(pk__in=done.values("version"))
        .select_related("manuscript__issue")
        .order_by("submitted_at", "pk")
    )


def numbers_of(version: Version) -> list[int]:
    """The numbers under which this version is found."""
    numbers = [*sketch(TITLE, version.title), *sketch(ABSTRACT, version.abstract)]
    return sorted(set(numbers))


def alike_to(version: Version) -> list[Found]:
    """What is almost the same among the other manuscripts of the issue, in whatever version.

    Candidates come from two indexes, shared numbers and shared bytes; only they are compared.
    """
    files = _same_files(version)
    found = []
    title, abstract = TITLE.shingles(version.title), ABSTRACT.shingles(version.abstract)
    for other in _candidates(version, files):
        pair = Found(
            other=other,
            title=resemblance(title, TITLE.shingles(other.title)),
            abstract=resemblance(abstract, ABSTRACT.shingles(other.abstract)),
            same_files=files.get(other.pk, []),
        )
        if pair.is_alike:
            found.append(pair)
    return found


def likenesses_of(viewer: Viewer, manuscript: Manuscript) -> list[Alike]:
    """The flag of a manuscript: what it is almost the same as, the strongest evidence first.

    For the office and the editor-in-chief. A manuscript that the reader may not see is not
    named, nor counted.
    """
    if not READERS & viewer.roles:
        return []
    pairs = (
        Likeness.objects.filter(Q(version__manuscript=manuscript) | Q(other__manuscript=manuscript))
        .select_related("version__manuscript", "other__manuscript")
        .order_by("-abstract_percent", "-title_percent", "pk")
    )
    strongest: dict[int, tuple[Version, Likeness]] = {}
    for pair in pairs:
        other = pair.other if pair.version.manuscript_id == manuscript.pk else pair.version
        strongest.setdefault(other.manuscript_id, (other, pair))
    seen = visible_to(viewer.user, viewer.issue, viewer.roles).filter(pk__in=strongest)
    shown = set(seen.values_list("pk", flat=True)) if strongest else set()
    return [
        Alike(other.manuscript, other, evidence(pair))
        for key, (other, pair) in strongest.items()
        if key in shown
    ]


def evidence(pair: Likeness) -> list[str]:
    """In what two manuscripts are the same, in sentences."""
    lines = []
    for kind, other_kind, sha256 in pair.same_files:
        here, there = FILE_KIND_LABELS[FileKind(kind)], FILE_KIND_LABELS[FileKind(other_kind)]
        where = here if here == there else f"{here} here, {there} there"
        lines.append(f"The same file, byte for byte: {where} (SHA-256 {sha256[:12]}…)")
    if pair.title_percent >= TITLE.alike_from * 100:
        lines.append(f"Title: {pair.title_percent} % of the runs of four letters are the same")
    if pair.abstract_percent >= ABSTRACT.alike_from * 100:
        lines.append(f"Abstract: {pair.abstract_percent} % of the runs of three words are the same")
    return lines


def _others(version: Version) -> QuerySet[Version]:
    issue = version.manuscript.issue_id
    handed_in = Version.objects.filter(manuscript__issue=issue, submitted_at__isnull=False)
    return handed_in.exclude(manuscript=version.manuscript_id)


def _candidates(version: Version, files: Iterable[int]) -> Iterable[Version]:
    sharing = SketchNumber.objects.filter(value__in=numbers_of(version)).values("version")
    others = _others(version).filter(Q(pk__in=sharing) | Q(pk__in=list(files)))
    return others.select_related("manuscript").iterator(chunk_size=CANDIDATES_AT_ONCE)


def _same_files(version: Version) -> dict[int, list[list[str]]]:
    """The files of other manuscripts with the bytes of one of this version's, by version key."""
    own = VersionFile.objects.filter(version=version).exclude(kind__in=_NOT_TELLING)
    kinds = dict(own.values_list("file__sha256", "kind"))
    rows = (
        VersionFile.objects.filter(file__sha256__in=list(kinds), version__in=_others(version))
        .exclude(kind__in=_NOT_TELLING)
        .order_by("pk")
        .values_list("version", "kind", "file__sha256")
    )
    found: dict[int, list[list[str]]] = defaultdict(list)
    for key, kind, sha256 in rows:
        found[key].append([kinds[sha256], kind, sha256])
    return found
