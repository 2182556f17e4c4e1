"""Points of reviewers come in with a decision; their answers are written, and go out as a PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import structlog
from django.db import transaction

from accounts.models import User
from submissions import letters, word
from submissions.actions.drafts import count_edit, open_draft, refuse_stale
from submissions.locks import lock_manuscript, lock_version
from submissions.models import Manuscript, ResponsePoint, Version, VersionFile
from submissions.permissions import may_work_on
from submissions.queries import points_of
from submissions.states import FileKind
from tmi_special_issue import audit, clock, files, pdf
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

SYSTEM = "system:responses"
RENDER_ATTEMPTS = 3
ANSWER_CHARACTERS = 10_000
PLACE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class PointEntry:
    """A point as the desk delivers it; `reviewer` is the label's number."""

    reviewer: int
    text: str
    must_answer: bool = True


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An answer as typed. `public_id` names the point."""

    public_id: str
    answer: str = ""
    place: str = ""


@transaction.atomic
def deliver_points(
    *,
    actor: User | str,
    manuscript: Manuscript,
    revision_number: int,
    points: Sequence[PointEntry],
) -> list[ResponsePoint]:
    """Put the reviewers' points before the authors of a revision. Twice delivers once.

    The points come in order; each reviewer's are counted from 1.
    """
    locked = lock_manuscript(manuscript)
    known = ResponsePoint.objects.filter(manuscript=locked, revision_number=revision_number)
    if known.exists():
        return list(known)
    counts: dict[int, int] = {}
    rows = []
    for point in points:
        counts[point.reviewer] = counts.get(point.reviewer, 0) + 1
        rows.append(
            ResponsePoint.objects.create(
                manuscript=locked,
                revision_number=revision_number,
                reviewer=point.reviewer,
                position=counts[point.reviewer],
                text=point.text,
                must_answer=point.must_answer,
            )
        )
    audit.record(
        actor,
        "points.delivered",
        locked,
        revision=revision_number,
        points=len(rows),
        must_answer=sum(row.must_answer for row in rows),
    )
    return rows


@transaction.atomic
def save_answers(
    *,
    actor: User,
    version: Version,
    answers: Sequence[AnswerEntry],
    edit_count: int,
    summary: str | None = None,
) -> Version:
    """Save answers as they are typed, and the summary above them.

    Points that are not named keep their answers. Raises Refusal "stale_edit" when another tab or
    person has saved since `edit_count` and the text differs, "no_such_point" for a stranger's.
    """
    locked = open_draft(actor, version)
    changed = _changed(locked, answers)
    is_summary_new = summary is not None and summary != locked.response_summary
    if not changed and not is_summary_new:
        return locked
    refuse_stale(locked, edit_count)
    _keep(changed)
    if is_summary_new:
        locked.response_summary = summary or ""
        return count_edit(locked, "response_summary")
    return count_edit(locked)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a Word file brought: how many answers it gave, and what it could not give."""

    version: Version
    given: int
    left_alone: tuple[str, ...]
    with_pictures: tuple[str, ...]


def import_answers(
    *, actor: User, version: Version, upload: IO[bytes], replaces: bool = False
) -> Imported:
    """Take the answers from a Word file that was downloaded here.

    An empty cell leaves the answer here alone. Raises Refusal for a file that cannot be read or
    whose numbers differ, and "changed_since" when it would replace answers that were written here
    after its download, unless `replaces`. A refused file changes nothing.
    """
    if not may_work_on(actor, version):
        raise Refusal("not_found", "There is no such manuscript.", status=404)
    found = word.read(upload, word_rows(points_of(version)))
    with transaction.atomic():
        locked = open_draft(actor, version)
        points = points_of(locked)
        entries, left_alone = _entries(points, found.answers)
        changed = _changed(locked, entries)
        if not replaces:
            _refuse_newer(changed, found.made_at)
        _keep(changed)
        saved = count_edit(locked) if changed else locked
        given = sum(bool(answer) for answer, _ in found.answers.values())
        audit.record(
            actor,
            "answers.imported",
            locked.manuscript,
            version=locked.revision_number,
            given=given,
            changed=len(changed),
        )
    return Imported(saved, given, left_alone, found.with_pictures)


def word_rows(points: Sequence[ResponsePoint]) -> list[word.Row]:
    """Points as the rows of a Word file."""
    return [word.Row(p.label, p.text, p.must_answer, p.answer, p.place) for p in points]


def render_response(*, actor: str = SYSTEM, version: Version) -> VersionFile | None:
    """Make the PDF of the answers of a handed-in revision and put it beside its files, once.

    Safe to run twice and at the same time: the slow part runs outside any transaction, and the
    first to store the bytes wins. None when there is nothing to make, or when making it failed;
    after three failures a person has to look.
    """
    if version.is_draft or not points_of(version) or _made(version):
        return None
    handed_in = version.submitted_at
    content, failure = b"", ""
    try:
        content = pdf.render(letters.TEMPLATE, letters.response_content(version))
    except Exception as error:  # whatever the renderer raises is one failed attempt
        failure = f"{type(error).__name__}: {error}"[:300]
        log.warning("response_failed", version=version.public_id, failure=failure)
    with transaction.atomic():
        locked = lock_version(version)
        if locked.submitted_at != handed_in or _made(locked):
            return None  # returned to the author meanwhile, or made by another worker
        if failure:
            locked.response_attempts += 1
            locked.save(update_fields=["response_attempts"])
            audit.record(actor, "response.failed", locked.manuscript, failure=failure)
            return None
        stored = files.store(
            content, name=f"{locked.label}-answers.pdf", media_type="application/pdf"
        )
        row = VersionFile.objects.create(
            version=locked, kind=FileKind.ANSWERS, file=stored, uploaded_at=clock.now()
        )
        audit.record(
            actor,
            "response.rendered",
            locked.manuscript,
            version=locked.revision_number,
            sha256=stored.sha256,
        )
    return row


def _made(version: Version) -> VersionFile | None:
    return VersionFile.objects.filter(version=version, kind=FileKind.ANSWERS).first()


def _entries(
    points: Sequence[ResponsePoint], answers: Mapping[str, tuple[str, str]]
) -> tuple[list[AnswerEntry], tuple[str, ...]]:
    """What the file says of each point, and the labels where its empty cells count for nothing."""
    entries, left_alone = [], []
    for point in points:
        answer, place = answers[point.label]
        if (point.answer and not answer) or (point.place and not place):
            left_alone.append(point.label)
        entries.append(AnswerEntry(point.public_id, answer or point.answer, place or point.place))
    return entries, tuple(left_alone)


def _refuse_newer(
    changed: Sequence[tuple[ResponsePoint, AnswerEntry]], made_at: datetime | None
) -> None:
    newer = [
        point.label
        for point, _ in changed
        if (point.answer or point.place)
        and (made_at is None or (point.saved_at is not None and point.saved_at > made_at))
    ]
    if newer:
        raise Refusal(
            "changed_since",
            f"{', '.join(newer)}: answered on this page after the Word file was downloaded, and "
            "the file says something else. Nothing was read in. Tick “Replace newer answers” to "
            "take those of the file, or empty these cells in it.",
            field="word",
        )


def _changed(
    version: Version, answers: Sequence[AnswerEntry]
) -> list[tuple[ResponsePoint, AnswerEntry]]:
    rows = {point.public_id: point for point in points_of(version)}
    found = []
    for entry in answers:
        point = rows.get(entry.public_id)
        if point is None:
            raise Refusal(
                "no_such_point",
                f"One of the answers is to a point that {version.label} does not have. Load the "
                "page again.",
                status=400,
            )
        if len(entry.answer) > ANSWER_CHARACTERS or len(entry.place) > PLACE_CHARACTERS:
            raise Refusal(
                "answer_long",
                f"{point.label}: the answer has {len(entry.answer):,} characters and its place "
                f"{len(entry.place)}; the limits are {ANSWER_CHARACTERS:,} and "
                f"{PLACE_CHARACTERS}. Shorten it.",
                field=f"answer_{point.key}",
                status=400,
            )
        if (point.answer, point.place) != (entry.answer, entry.place):
            found.append((point, entry))
    return found


def _keep(changed: Sequence[tuple[ResponsePoint, AnswerEntry]]) -> None:
    now = clock.now()
    for point, entry in changed:
        point.answer, point.place, point.saved_at = entry.answer, entry.place, now
        point.save(update_fields=["answer", "place", "saved_at"])
