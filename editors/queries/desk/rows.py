"""The full lines of a page of manuscripts, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Q,
)

from accounts.models import User
from editors.models import Decision, Handling, OverdueFlag
from editors.queries.desk.row import DeskRow
from editors.queries.desk.standing import CHECKLIST_DAYS
from editors.queries.desk.viewer import Viewer
from editors.stages import (
    DeskStage,
    Progress,
    Turn,
    desk_stage,
    turn,
)
from editors.states import DecisionState
from reviews.models import Assignment
from reviews.states import COUNTED, FELL_FREE, HOLDING, WORKING, AssignmentState
from submissions.models import Author, Extension, Manuscript, Version
from submissions.queries import final_files_due_at
from submissions.states import REVISING, RevisionKind, Stage
from tmi_special_issue.deadlines import Window
from tmi_special_issue.models import DecisionAuthority, Milestone, MilestoneKind
from tmi_special_issue.queries import milestones

_WORKING = sorted(WORKING)
_HANDED_IN = Q(submitted_at__isnull=False) | Q(first_submitted_at__isnull=False)
_SCORED = frozenset({AssignmentState.RETURNED, AssignmentState.CLOSED})


def rows(
    manuscripts: Sequence[Manuscript],
    viewer: Viewer,
    now: datetime,
    dates: Mapping[MilestoneKind, Milestone] | None = None,
) -> list[DeskRow]:
    """The full lines of these manuscripts in nine queries, less what is at hand already."""
    dates = milestones(viewer.issue) if dates is None else dates
    for manuscript in manuscripts:
        manuscript.issue = viewer.issue  # spares a query for each
    keys = [m.pk for m in manuscripts]
    versions = _versions(keys)
    version_keys = [v.pk for v in versions.values()]
    authors = _grouped(
        Author.objects.filter(version__in=version_keys)
        .order_by("version", "position")
        .values_list("version_id", "given_name", "family_name")
    )
    topics = _grouped(
        Version.topics.through.objects.filter(version__in=version_keys)
        .order_by("topic__position")
        .values_list("version_id", "topic__short_name")
    )
    assignments = _grouped(
        Assignment.objects.filter(version__in=version_keys)
        .order_by("pk")
        .values_list(
            "version_id",
            "state",
            "due_at",
            "answer_by",
            "invited_at",
            "answered_at",
            "returned_at",
            "review__answers__overall_evaluation",
            "review__answers__originality",
        )
    )
    editors = {
        h.manuscript_id: h.editor
        for h in Handling.objects.filter(manuscript__in=keys, ended_at__isnull=True).select_related(
            "editor"
        )
    }
    held = dict(
        Decision.objects.filter(version__in=version_keys, state=DecisionState.APPROVED)
        .order_by()
        .values_list("version_id", "release_at")
    )
    overdue = _overdue(manuscripts)
    author_due = _author_due(manuscripts, versions, dates)
    made = []
    for manuscript in manuscripts:
        version = versions.get(manuscript.pk)
        if version is None:
            continue
        version.manuscript = manuscript
        rounds = [_Slot(*line) for line in assignments.get(version.pk, [])]
        made.append(
            _row(
                manuscript,
                version,
                rounds,
                viewer,
                now,
                editor=editors.get(manuscript.pk),
                authors=[f"{g[:1]}. {f}" if g else f for g, f in authors.get(version.pk, [])],
                topics=[name for (name,) in topics.get(version.pk, [])],
                is_held=version.pk in held,
                release_at=held.get(version.pk),
                is_overdue=manuscript.pk in overdue,
                author_due=author_due.get(manuscript.pk),
                dates=dates,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class _Slot:
    state: str
    due_at: datetime | None
    answer_by: datetime | None
    invited_at: datetime | None
    answered_at: datetime | None
    returned_at: datetime | None
    overall: int | None
    originality: int | None

    @property
    def touched_at(self) -> list[datetime]:
        return [at for at in (self.invited_at, self.answered_at, self.returned_at) if at]


def progress_of(
    slots: Iterable[Any], *, need: int, now: datetime, is_minor: bool, is_held: bool
) -> Progress:
    """Count a round. The slots have `state` and `due_at`."""
    states = [(AssignmentState(s.state), s.due_at) for s in slots]
    return Progress(
        need=need,
        holding=sum(state in HOLDING for state, _ in states),
        agreed=sum(state in COUNTED for state, _ in states),
        returned=sum(state == AssignmentState.RETURNED for state, _ in states),
        late=sum(state in WORKING and bool(due and due < now) for state, due in states),
        is_minor=is_minor,
        is_held=is_held,
    )


def dots(slots: Iterable[Any], now: datetime) -> list[str]:
    """The reviewer dots of a round: returned first, then late, agreed, invited, declined."""
    names = []
    for slot in slots:
        state = AssignmentState(slot.state)
        if state == AssignmentState.RETURNED or (
            state == AssignmentState.CLOSED and slot.returned_at
        ):
            names.append("returned")
        elif state in WORKING:
            names.append("late" if slot.due_at and slot.due_at < now else "agreed")
        elif state in HOLDING:
            names.append("invited")
        elif state in FELL_FREE:
            names.append("declined")
    order = ["returned", "late", "agreed", "invited", "declined"]
    return sorted(names, key=order.index)


def is_my_turn(row_turn: Turn, stage: DeskStage, viewer: Viewer, *, is_mine: bool) -> bool:
    """Does the next act belong to the person who looks?"""
    if row_turn == Turn.OFFICE:
        return viewer.is_office
    if row_turn == Turn.LEAD:
        return viewer.is_chief
    if row_turn == Turn.EDITOR:
        return is_mine and (viewer.is_editor or viewer.is_chief)
    if row_turn == Turn.AUTHORITY:
        by_editor = viewer.issue.decision_authority == DecisionAuthority.GUEST_EDITOR
        return (by_editor and is_mine) or viewer.decides_all
    return False


def _row(
    manuscript: Manuscript,
    version: Version,
    slots: list[_Slot],
    viewer: Viewer,
    now: datetime,
    *,
    editor: User | None,
    authors: list[str],
    topics: list[str],
    is_held: bool,
    release_at: datetime | None,
    is_overdue: bool,
    author_due: datetime | None,
    dates: Mapping[MilestoneKind, Milestone],
) -> DeskRow:
    progress = progress_of(
        slots,
        need=viewer.issue.reviewers_needed,
        now=now,
        is_minor=version.revision_kind == RevisionKind.MINOR,
        is_held=is_held,
    )
    stage = desk_stage(Stage(manuscript.stage), progress)
    whose = turn(stage, progress)
    is_mine = editor == viewer.user
    # A closed round keeps its scores.
    returned = [s for s in slots if s.returned_at and s.state in _SCORED]
    touched = max([manuscript.stage_since, *(at for s in slots for at in s.touched_at)])
    label, at = _next_date(
        stage, version, slots, release_at=release_at, author_due=author_due, dates=dates
    )
    if at is None and manuscript.stage == Stage.SUBMITTED:
        label, at = "checklist by", manuscript.stage_since + timedelta(days=CHECKLIST_DAYS)
    return DeskRow(
        manuscript=manuscript,
        version=version,
        stage=stage,
        progress=progress,
        authors=authors,
        topics=topics,
        editor=editor,
        slots=dots(slots, now),
        overall=[s.overall for s in returned],
        originality=[s.originality for s in returned],
        is_mine=is_mine,
        is_my_turn=is_my_turn(whose, stage, viewer, is_mine=is_mine),
        is_overdue=is_overdue,
        turn=whose,
        authority=viewer.issue.decision_authority,
        idle_days=max((now - touched).days, 0),
        next_label=label,
        next_at=at,
    )


def _next_date(
    stage: DeskStage,
    version: Version,
    slots: list[_Slot],
    *,
    release_at: datetime | None,
    author_due: datetime | None,
    dates: Mapping[MilestoneKind, Milestone],
) -> tuple[str, datetime | None]:
    decision = (
        MilestoneKind.FINAL_ACCEPTANCE
        if version.revision_number
        else MilestoneKind.INITIAL_DECISION
    )
    decision_at = dates[decision].due_at if decision in dates else None
    if stage == DeskStage.ASSIGNING:
        answers = [s.answer_by for s in slots if s.state == AssignmentState.INVITED and s.answer_by]
        return ("answer due", min(answers)) if answers else ("decision due", decision_at)
    if stage == DeskStage.WAITING:
        dues = [s.due_at for s in slots if s.state in _WORKING and s.due_at]
        return ("review due", min(dues)) if dues else ("decision due", decision_at)
    if stage in {
        DeskStage.AWAITING_EDITOR,
        DeskStage.COMPLETE,
        DeskStage.MINOR_CHECK,
        DeskStage.DECIDING,
    }:
        return "decision due", decision_at
    if stage == DeskStage.HELD:
        return "goes out", release_at
    if stage in {DeskStage.REVISING, DeskStage.RETURNED_TO_AUTHOR}:
        return "author's date", author_due
    if stage == DeskStage.FINAL_FILES:
        return "files due", author_due
    return "", None


def _overdue(manuscripts: Sequence[Manuscript]) -> set[int]:
    """Whose decision is overdue; `with_progress` has told it of the manuscripts of a list."""
    if all(hasattr(manuscript, "is_overdue") for manuscript in manuscripts):
        return {m.pk for m in manuscripts if m.is_overdue}  # type: ignore[attr-defined]
    flags = OverdueFlag.objects.filter(manuscript__in=manuscripts, lowered_at__isnull=True)
    return set(flags.values_list("manuscript_id", flat=True))


def _author_due(
    manuscripts: Sequence[Manuscript],
    versions: dict[int, Version],
    dates: Mapping[MilestoneKind, Milestone],
) -> dict[int, datetime]:
    """By when the author must act, extensions included, where it is the author's turn."""
    waiting = [m for m in manuscripts if m.stage in {*REVISING, Stage.UNSUBMITTED}]
    longest: dict[tuple[int, str], datetime] = {}
    if waiting:
        extended = Extension.objects.filter(manuscript__in=waiting).order_by("until")
        longest = {(e.manuscript_id, e.kind): e.until for e in extended}
    dues = {m.pk: final_files_due_at(m) for m in manuscripts if _awaits_files(m)}
    for manuscript in waiting:
        version = versions.get(manuscript.pk)
        is_original = manuscript.stage == Stage.UNSUBMITTED and not (
            version and version.revision_number
        )
        kind = MilestoneKind.SUBMISSION if is_original else MilestoneKind.REVISION
        own = version.due_at if version and manuscript.stage == Stage.UNSUBMITTED else None
        closes_at = own or manuscript.revision_due_at
        if closes_at is None and kind in dates:
            closes_at = dates[kind].due_at
        if closes_at is not None:
            window = Window(closes_at, extended_until=longest.get((manuscript.pk, kind)))
            dues[manuscript.pk] = window.effective_at
    return dues


def _awaits_files(manuscript: Manuscript) -> bool:
    return manuscript.stage == Stage.AWAITING_FINAL_FILES


def _versions(keys: list[int]) -> dict[int, Version]:
    latest = (
        Version.objects.filter(_HANDED_IN, manuscript__in=keys)
        .only(
            "public_id",
            "manuscript_id",
            "revision_number",
            "revision_kind",
            "title",
            "submitted_at",
            "due_at",
            "extends_conference_paper",
        )
        .order_by("revision_number")
    )
    return {version.manuscript_id: version for version in latest}


def _grouped(lines: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    groups: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in lines:
        groups[key].append(tuple(rest))
    return groups
