"""The desk's list: filters and counts in SQL, one page of rows in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.models import RoleName, User
from accounts.queries import EDITOR_ROLES
from editors.models import Decision, Handling, OverdueFlag
from editors.queries.requests import is_asking
from editors.queries.visibility import hidden_manuscripts
from editors.stages import (
    LABELS,
    TURN_WORDS,
    DeskStage,
    Progress,
    Turn,
    desk_stage,
    tone,
    turn,
)
from editors.states import DecisionState
from reviews.models import Assignment
from reviews.states import COUNTED, FELL_FREE, HOLDING, WORKING, AssignmentState
from submissions.models import Author, Extension, Manuscript, Version
from submissions.queries import final_files_due_at
from submissions.states import ACCEPTED, CLOSED, REVISING, RevisionKind, Stage
from tmi_special_issue.deadlines import Window
from tmi_special_issue.models import DecisionAuthority, Milestone, MilestoneKind, SpecialIssue
from tmi_special_issue.queries import milestones

PAGE_SIZE = 50
SEARCH_LENGTH_MAX = 200
SEARCH_WORDS_MAX = 8
CHECKLIST_DAYS = 3

_COUNTED = sorted(COUNTED)
_HOLDING = sorted(HOLDING)
_WORKING = sorted(WORKING)
_HANDED_IN = Q(submitted_at__isnull=False) | Q(first_submitted_at__isnull=False)
_SCORED = frozenset({AssignmentState.RETURNED, AssignmentState.CLOSED})


@dataclass(frozen=True)
class Viewer:
    """Who looks at the desk: decides what "mine" and "my turn" mean."""

    user: User
    issue: SpecialIssue
    roles: frozenset[str]

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The keys of the manuscripts that do not exist for this person."""
        return hidden_manuscripts(self.user, self.issue)

    @property
    def is_editor(self) -> bool:
        return bool(EDITOR_ROLES & self.roles)

    @property
    def is_chief(self) -> bool:
        return bool({RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF} & self.roles)

    @property
    def is_editor_in_chief(self) -> bool:
        return RoleName.EDITOR_IN_CHIEF in self.roles

    @property
    def is_office(self) -> bool:
        return RoleName.OFFICE in self.roles

    @property
    def decides_all(self) -> bool:
        """Does this person decide on every manuscript, whoever handles it?"""
        authority = self.issue.decision_authority
        return authority != DecisionAuthority.GUEST_EDITOR and authority in self.roles


@dataclass(frozen=True)
class Chip:
    """A filter with its count."""

    code: str
    label: str
    count: int


_REVIEWED = frozenset({DeskStage.ASSIGNING, DeskStage.WAITING, DeskStage.COMPLETE})


@dataclass
class DeskRow:
    """One line of the desk. `idle_days` counts from the last act on the manuscript."""

    manuscript: Manuscript
    version: Version
    stage: DeskStage
    progress: Progress
    authors: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    editor: User | None = None
    slots: list[str] = field(default_factory=list)
    overall: list[int | None] = field(default_factory=list)
    originality: list[int | None] = field(default_factory=list)
    is_mine: bool = False
    is_my_turn: bool = False
    is_overdue: bool = False
    turn: Turn = Turn.NOBODY
    authority: str = DecisionAuthority.GUEST_EDITOR
    idle_days: int = 0
    next_label: str = ""
    next_at: datetime | None = None

    @property
    def label(self) -> str:
        return LABELS[self.stage]

    @property
    def tone(self) -> str:
        return tone(self.stage, is_mine=self.is_my_turn)

    @property
    def state_words(self) -> str:
        """The stage, and that it is the reader's turn."""
        return f"{self.label} · your turn" if self.is_my_turn else self.label

    @property
    def next_words(self) -> str:
        """What happens on the next date, as the beginning of a line."""
        return self.next_label[:1].upper() + self.next_label[1:]

    @property
    def late_words(self) -> str:
        return f"{self.progress.late} late"

    @property
    def editor_words(self) -> str:
        return "you handle it" if self.is_mine else f"handled by {self.editor}"

    @property
    def shows_reviewers(self) -> bool:
        """Does this manuscript have reviewers, or is it about to get some?"""
        return bool(self.slots) or self.stage in _REVIEWED

    @property
    def turn_words(self) -> str:
        if self.is_my_turn:
            return "you"
        by_editor = self.turn == Turn.EDITOR or (
            self.turn == Turn.AUTHORITY and self.authority == DecisionAuthority.GUEST_EDITOR
        )
        if by_editor and self.editor:
            return self.editor.full_name or TURN_WORDS[self.turn]
        if self.turn == Turn.AUTHORITY and self.authority != DecisionAuthority.GUEST_EDITOR:
            return DecisionAuthority(self.authority).label.removeprefix("The ")
        return TURN_WORDS[self.turn]


@dataclass(frozen=True)
class TodayCard:
    """One of the three acts that help most now."""

    signal: str
    tone: str
    text: str
    act: str
    act_url: str
    row: DeskRow


def with_version(manuscripts: QuerySet[Manuscript]) -> QuerySet[Any]:
    """Annotate key, number and kind of the latest version ever handed in (`version_key` …).

    What was never handed in is left out.
    """
    handed_in = Version.objects.filter(_HANDED_IN, manuscript=OuterRef("pk"))
    latest = handed_in.order_by("-revision_number").values("pk")[:1]
    return manuscripts.filter(versions=Subquery(latest)).annotate(
        version_key=F("versions__pk"),
        version_number=F("versions__revision_number"),
        version_kind=F("versions__revision_kind"),
    )


def with_progress(
    manuscripts: QuerySet[Manuscript], viewer: Viewer, now: datetime
) -> QuerySet[Any]:
    """Annotate the counts of the present round, what is late, held, overdue and mine.

    One join counts all of a round: a subquery for each count would be run for each manuscript
    and again wherever a filter names it.
    """
    counted: QuerySet[Any] = with_version(manuscripts).annotate(
        holding=_assignments(_HOLDING),
        agreed=_assignments(_COUNTED),
        returned=_assignments([AssignmentState.RETURNED]),
        is_late=Exists(
            Assignment.objects.filter(
                version=OuterRef("version_key"), state__in=_WORKING, due_at__lt=now
            )
        ),
        is_held=_is_held(),
        is_mine=_is_mine(viewer.user),
        is_overdue=_is_overdue(),
        is_asking=ExpressionWrapper(is_asking(), output_field=BooleanField()),
    )
    return counted


def filters(viewer: Viewer) -> dict[str, Q]:
    """What each chip keeps, over the annotations of `with_progress`.

    The same rules as `stages.desk_stage`, in SQL; a test compares the two.
    """
    need = viewer.issue.reviewers_needed
    in_review = Q(stage=Stage.IN_REVIEW)
    minor = Q(version_kind=RevisionKind.MINOR)
    assigning = in_review & ~minor & Q(agreed__lt=need)
    waiting = in_review & ~minor & Q(agreed__gte=need, returned__lt=F("agreed"))
    complete = in_review & ~minor & Q(agreed__gte=need, returned__gte=F("agreed"))
    minor_check = in_review & minor
    deciding = Q(stage=Stage.AWAITING_DECISION, is_held=False)
    held = Q(stage=Stage.AWAITING_DECISION, is_held=True)
    mine = Q(is_mine=True)
    my_turn = Q(pk__in=[])
    if viewer.is_editor or viewer.is_chief:
        my_turn |= mine & ((assigning & Q(holding__lt=need)) | complete | minor_check)
        if viewer.issue.decision_authority == DecisionAuthority.GUEST_EDITOR:
            my_turn |= mine & deciding
    if viewer.is_chief:
        my_turn |= Q(stage__in=[Stage.AWAITING_EDITOR, Stage.REVISION_LAPSED])
    if viewer.decides_all:
        my_turn |= deciding
    if viewer.is_office:
        my_turn |= Q(stage__in=[Stage.SUBMITTED, Stage.FINAL_FILES_RECEIVED])
    return {
        "my-turn": my_turn,
        "mine": mine,
        "overdue": Q(is_overdue=True),
        "asking": Q(is_asking=True),
        "late": in_review & Q(is_late=True),
        "checklist": Q(stage=Stage.SUBMITTED),
        "no-editor": Q(stage=Stage.AWAITING_EDITOR),
        "assigning": assigning,
        "waiting": waiting,
        "to-decide": complete | minor_check,
        "deciding": deciding,
        "held": held,
        "with-author": Q(stage__in=[*REVISING, Stage.UNSUBMITTED, Stage.REVISION_LAPSED]),
        "accepted": Q(stage__in=list(ACCEPTED)),
        "closed": Q(stage__in=list(CLOSED)),
    }


CHIP_LABELS: dict[str, str] = {
    "": "All",
    "my-turn": "My turn",
    "mine": "I handle",
    "overdue": "Overdue",
    "asking": "Author asks",
    "late": "Reviewer late",
    "checklist": "Checklist",
    "no-editor": "Awaiting an editor",
    "assigning": "Assigning reviewers",
    "waiting": "Waiting for scores",
    "to-decide": "To decide",
    "deciding": "Decision in progress",
    "held": "Held",
    "with-author": "With the author",
    "accepted": "Accepted",
    "closed": "Closed",
}
# These are shown even when they count nothing.
_ALWAYS = frozenset({"", "my-turn"})

SORTS: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "-number": ("-number",),
    "idle": ("stage_since", "number"),
    "-idle": ("-stage_since", "number"),
}


def chips(
    manuscripts: QuerySet[Manuscript], viewer: Viewer, now: datetime, chosen: str
) -> list[Chip]:
    """The filters with their counts, in two queries however many manuscripts there are."""
    rules = filters(viewer)
    live = ["my-turn", "late", "assigning", "waiting", "to-decide", "deciding", "held"]
    moving = with_progress(
        manuscripts.filter(stage__in=[Stage.IN_REVIEW, Stage.AWAITING_DECISION]), viewer, now
    )
    counted = moving.aggregate(
        **{code.replace("-", "_"): Count("pk", filter=rules[code]) for code in live}
    )
    counts: dict[str, int] = {code: counted[code.replace("-", "_")] for code in live}
    resting = (
        manuscripts.annotate(
            is_mine=_is_mine(viewer.user),
            is_overdue=_is_overdue(),
            is_asking=ExpressionWrapper(is_asking(), output_field=BooleanField()),
        )
        .order_by()
        .values("stage", "is_mine", "is_overdue", "is_asking")
        .annotate(n=Count("pk"))
    )
    for line in resting:
        stage, number = Stage(line["stage"]), line["n"]
        codes = ["", *_codes_of(stage)]
        codes += ["mine"] if line["is_mine"] else []
        codes += ["overdue"] if line["is_overdue"] else []
        codes += ["asking"] if line["is_asking"] else []
        codes += ["my-turn"] if _rests_with(viewer, stage) else []
        for code in codes:
            counts[code] = counts.get(code, 0) + number
    return [
        Chip(code, label, counts.get(code, 0))
        for code, label in CHIP_LABELS.items()
        if counts.get(code, 0) or code in _ALWAYS or code == chosen
    ]


def search(manuscripts: QuerySet[Manuscript], text: str) -> QuerySet[Manuscript]:
    """The manuscripts in which every word is found: number, title, or an author's name."""
    for word in text[:SEARCH_LENGTH_MAX].split()[:SEARCH_WORDS_MAX]:
        handed_in = Version.objects.filter(_HANDED_IN)
        titles = handed_in.filter(title__icontains=word)
        authors = Author.objects.filter(
            Q(family_name__icontains=word) | Q(given_name__icontains=word),
            version__in=handed_in,
        )
        manuscripts = manuscripts.filter(
            Q(number__icontains=word)
            | Q(pk__in=titles.order_by().values("manuscript"))
            | Q(pk__in=authors.order_by().values("version__manuscript"))
        )
    return manuscripts


def desk_page(
    manuscripts: QuerySet[Manuscript],
    viewer: Viewer,
    now: datetime,
    *,
    count: int,
    chip: str = "",
    sort: str = "",
    number: int | str = 1,
) -> Page[Manuscript]:
    """One page of manuscripts, cut in the database. `count` is what the chip has counted."""
    if chip:
        manuscripts = with_progress(manuscripts, viewer, now).filter(filters(viewer)[chip])
    if sort in SORTS:
        ordered = manuscripts.order_by(*SORTS[sort])
    else:
        ordered = manuscripts.order_by(_rank(), "stage_since", "number")
    paginator = Paginator(ordered, PAGE_SIZE)
    paginator.count = count
    return paginator.get_page(number)


def urgent(manuscripts: QuerySet[Manuscript], viewer: Viewer, now: datetime) -> list[Manuscript]:
    """The three manuscripts that need this person most: late first, then longest waiting."""
    rules = filters(viewer)
    moving = [Stage.IN_REVIEW, Stage.AWAITING_DECISION, Stage.SUBMITTED, Stage.AWAITING_EDITOR]
    theirs = [stage for stage in moving if _rests_with(viewer, stage)]
    if viewer.decides_all:
        theirs.append(Stage.AWAITING_DECISION)
    # What they neither handle nor hold by its stage is left out before its round is counted.
    near = manuscripts.filter(_is_mine(viewer.user) | Q(stage__in=theirs), stage__in=moving)
    worth = with_progress(near, viewer, now).filter(
        rules["my-turn"] | (rules["late"] & rules["mine"])
    )
    return list(worth.order_by("-is_overdue", "-is_late", "stage_since", "number")[:3])


def rows(
    manuscripts: Sequence[Manuscript],
    viewer: Viewer,
    now: datetime,
    dates: Mapping[MilestoneKind, Milestone] | None = None,
) -> list[DeskRow]:
    """The full lines of these manuscripts in nine queries, eight with the `dates` at hand."""
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
    overdue = set(
        OverdueFlag.objects.filter(manuscript__in=keys, lowered_at__isnull=True).values_list(
            "manuscript_id", flat=True
        )
    )
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


def _assignments(states: Sequence[str]) -> Count:
    return Count("versions__assignments", filter=Q(versions__assignments__state__in=states))


def _is_held() -> Exists:
    return Exists(
        Decision.objects.filter(version=OuterRef("version_key"), state=DecisionState.APPROVED)
    )


def _is_mine(user: User) -> Exists:
    return Exists(
        Handling.objects.filter(manuscript=OuterRef("pk"), editor=user, ended_at__isnull=True)
    )


def _is_overdue() -> Exists:
    return Exists(OverdueFlag.objects.filter(manuscript=OuterRef("pk"), lowered_at__isnull=True))


def _rank() -> Case:
    return Case(
        When(stage__in=list(CLOSED), then=Value(3)),
        When(stage__in=list(ACCEPTED), then=Value(2)),
        When(stage__in=[*REVISING, Stage.UNSUBMITTED], then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _codes_of(stage: Stage) -> list[str]:
    if stage == Stage.SUBMITTED:
        return ["checklist"]
    if stage == Stage.AWAITING_EDITOR:
        return ["no-editor"]
    if stage in {*REVISING, Stage.UNSUBMITTED, Stage.REVISION_LAPSED}:
        return ["with-author"]
    if stage in ACCEPTED:
        return ["accepted"]
    return ["closed"] if stage in CLOSED else []


def _rests_with(viewer: Viewer, stage: Stage) -> bool:
    if stage in {Stage.AWAITING_EDITOR, Stage.REVISION_LAPSED}:
        return viewer.is_chief
    return stage in {Stage.SUBMITTED, Stage.FINAL_FILES_RECEIVED} and viewer.is_office


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
