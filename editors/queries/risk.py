"""What the risk model needs, for many manuscripts in a constant number of queries.

The speed of the pool and of each reviewer is learnt from the manuscripts that the viewer may
see and from no others, so that not even a number of days tells of a hidden one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from editors.lags import Lag
from editors.models import Decision
from editors.queries.desk import Viewer, progress_of
from editors.queries.visibility import visible_to
from editors.risk import DAY, Case, Model, Past, Place, Risk, as_if_usual, model_of, risk
from editors.stages import desk_stage
from editors.states import DecisionState
from reviews.models import Alternate, Assignment
from reviews.states import FELL_FREE, WORKING, AssignmentState
from submissions.models import Extension, Manuscript, Version
from submissions.states import REVISING, RevisionKind, Stage
from tmi_special_issue.models import Milestone, MilestoneKind
from tmi_special_issue.queries import milestones

# As many of the latest invitations and decisions are learnt from.
LEARNT_FROM = 4000
# No board of an issue is longer; the longest waiting come first.
BOARD_MOST = 400
UNSUBMITTED_DAYS = 5

MOVING = frozenset(
    {
        Stage.SUBMITTED,
        Stage.UNSUBMITTED,
        Stage.AWAITING_EDITOR,
        Stage.IN_REVIEW,
        Stage.AWAITING_DECISION,
        *REVISING,
    }
)


@dataclass(frozen=True)
class BoardRow:
    """One line of the risk board."""

    manuscript: Manuscript
    version: Version
    stage: str
    risk: Risk


def risks_of(
    manuscripts: Sequence[Manuscript],
    viewer: Viewer,
    now: datetime,
    dates: Mapping[MilestoneKind, Milestone] | None = None,
) -> dict[int, Risk]:
    """The risk by key of the manuscript, in eight queries at most, however many there are.

    What waits for no decision is left out, and so is what the viewer may not see.
    """
    return {row.manuscript.pk: row.risk for row in board_rows(manuscripts, viewer, now, dates)}


def board(viewer: Viewer, now: datetime) -> list[BoardRow]:
    """The manuscripts that a decision is still due on, the most endangered first."""
    moving = visible_to(viewer.user, viewer.issue, viewer.roles, viewer.hidden).filter(
        stage__in=MOVING
    )
    found = board_rows(list(moving.order_by("stage_since", "pk")[:BOARD_MOST]), viewer, now)
    return sorted(found, key=lambda row: (*row.risk.danger, row.manuscript.number or ""))


def board_rows(
    manuscripts: Sequence[Manuscript],
    viewer: Viewer,
    now: datetime,
    dates: Mapping[MilestoneKind, Milestone] | None = None,
) -> list[BoardRow]:
    """The lines of these manuscripts, in their order."""
    moving = [m for m in manuscripts if m.stage in MOVING and m.pk not in viewer.hidden]
    if not moving:
        return []
    dates = milestones(viewer.issue) if dates is None else dates
    if not {MilestoneKind.INITIAL_DECISION, MilestoneKind.FINAL_ACCEPTANCE} <= set(dates):
        return []
    rounds = _Rounds.read(moving, now)
    experience = _Experience.read(viewer, now)
    model = experience.model(viewer)
    rows = []
    for manuscript in moving:
        version = rounds.versions.get(manuscript.pk)
        if version is None:
            continue
        version.manuscript = manuscript
        case = _case(manuscript, version, rounds, experience, viewer, dates, now)
        told = risk(case, model, now)
        if told is not None:
            rows.append(BoardRow(manuscript, version, case.stage, told))
    return rows


def _case(
    manuscript: Manuscript,
    version: Version,
    rounds: "_Rounds",
    experience: "_Experience",
    viewer: Viewer,
    dates: Mapping[MilestoneKind, Milestone],
    now: datetime,
) -> Case:
    """One manuscript in the words of the model."""
    stage = Stage(manuscript.stage)
    is_revising = stage in REVISING
    seats = [] if is_revising else rounds.seats.get(version.pk, [])
    is_later = is_revising or version.revision_number > 0
    kind = manuscript.revision_kind if is_revising else version.revision_kind
    release_at, is_held = rounds.held.get(version.pk, (None, False))
    progress = progress_of(
        seats,
        need=viewer.issue.reviewers_needed,
        now=now,
        is_minor=kind == RevisionKind.MINOR,
        is_held=is_held,
    )
    rules = MilestoneKind.FINAL_ACCEPTANCE if is_later else MilestoneKind.INITIAL_DECISION
    on_bench, refills_itself = rounds.benches.get(version.pk, (0, False))
    return Case(
        stage=desk_stage(stage, progress),
        stage_since=max([manuscript.stage_since, *(seat.ended for seat in seats if seat.ended)]),
        rules_at=dates[rules].due_at,
        places=tuple(replace(seat.place, past=experience.of(seat.reviewer_key)) for seat in seats),
        need=viewer.issue.reviewers_needed,
        floor=viewer.issue.reviewers_floor,
        is_minor=kind == RevisionKind.MINOR,
        is_later_round=is_later,
        on_bench=on_bench,
        refills_itself=refills_itself,
        release_at=(release_at or now) if is_held else None,
        author_due_at=_author_due(manuscript, version, rounds, dates),
    )


def _author_due(
    manuscript: Manuscript,
    version: Version,
    rounds: "_Rounds",
    dates: Mapping[MilestoneKind, Milestone],
) -> datetime | None:
    """Until when the authors may take their time, where it is their turn."""
    if manuscript.stage == Stage.UNSUBMITTED:
        own = version.due_at or manuscript.stage_since + timedelta(days=UNSUBMITTED_DAYS)
    elif manuscript.stage in REVISING:
        given = dates.get(MilestoneKind.REVISION)
        own = manuscript.revision_due_at or (given.due_at if given else manuscript.stage_since)
    else:
        return None
    extended = rounds.extended.get(manuscript.pk)
    return max(own, extended) if extended else own


@dataclass(frozen=True, slots=True)
class _Seat:
    """An assignment of the present round; `ended` is when it came back or fell free."""

    reviewer_key: int
    place: Place
    ended: datetime | None

    @property
    def state(self) -> AssignmentState:
        return self.place.state

    @property
    def due_at(self) -> datetime | None:
        return self.place.due_at


@dataclass(frozen=True)
class _Rounds:
    """The present round of each manuscript: version, reviewers, bench, held letter, more time."""

    versions: dict[int, Version]
    seats: dict[int, list[_Seat]]
    benches: dict[int, tuple[int, bool]]
    held: dict[int, tuple[datetime | None, bool]]
    extended: dict[int, datetime]

    @classmethod
    def read(cls, manuscripts: Sequence[Manuscript], now: datetime) -> "_Rounds":
        keys = [m.pk for m in manuscripts]
        handed_in = (
            Version.objects.filter(manuscript__in=keys)
            .filter(Q(submitted_at__isnull=False) | Q(first_submitted_at__isnull=False))
            .only("manuscript_id", "revision_number", "revision_kind", "title", "due_at")
            .order_by("revision_number")
        )
        versions = {version.manuscript_id: version for version in handed_in}
        of_round = [version.pk for version in versions.values()]
        waiting = (
            Alternate.objects.filter(bench__version__in=of_round, stands_in_for__isnull=True)
            .order_by()
            .values_list("bench__version", "bench__invites_at_once")
            .annotate(number=Count("pk"))
        )
        approved = Decision.objects.filter(version__in=of_round, state=DecisionState.APPROVED)
        extensions = Extension.objects.filter(manuscript__in=keys).order_by()
        return cls(
            versions=versions,
            seats=_seats(of_round),
            benches={key: (number, at_once) for key, at_once, number in waiting},
            held={key: (at, True) for key, at in approved.values_list("version", "release_at")},
            extended=dict(extensions.values_list("manuscript").annotate(latest=Max("until"))),
        )


def _seats(versions: Iterable[int]) -> dict[int, list[_Seat]]:
    lines = (
        Assignment.objects.filter(version__in=versions)
        .order_by("pk")
        .values_list(
            "version_id",
            "reviewer_id",
            "state",
            "invited_at",
            "answer_by",
            "answered_at",
            "due_at",
            "returned_at",
            "ended_at",
        )
    )
    seats: dict[int, list[_Seat]] = defaultdict(list)
    for version, reviewer, state, asked, by, answered, due, returned_at, ended_at in lines:
        place = Place(AssignmentState(state), asked, by, answered, due)
        seats[version].append(_Seat(reviewer, place, returned_at or ended_at))
    return seats


@dataclass
class _Experience:
    """How fast people were so far, each and all together."""

    answers: dict[int, list[Lag]] = field(default_factory=lambda: defaultdict(list))
    reviews: dict[int, list[Lag]] = field(default_factory=lambda: defaultdict(list))
    agreed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    answered: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    decisions: list[Lag] = field(default_factory=list)

    @classmethod
    def read(cls, viewer: Viewer, now: datetime) -> "_Experience":
        """Two queries."""
        found = cls()
        seen = {"version__manuscript__issue": viewer.issue}
        invited = (
            Assignment.objects.filter(invited_at__isnull=False, **seen)
            .exclude(version__manuscript__in=viewer.hidden)
            .order_by("-pk")
            .values_list(
                *("reviewer_id", "state", "invited_at", "answer_by", "answered_at"),
                *("due_at", "returned_at", "ended_at"),
            )
        )
        for line in invited[:LEARNT_FROM]:
            found.take(*line, usual=viewer.issue.review_days, now=now)
        decided = (
            Decision.objects.filter(
                state__in=[DecisionState.APPROVED, DecisionState.RELEASED], **seen
            )
            .exclude(version__manuscript__in=viewer.hidden)
            .annotate(complete_at=Max("version__assignments__returned_at"))
            .filter(complete_at__isnull=False, approved_at__isnull=False)
            .order_by("-pk")
            .values_list("complete_at", "approved_at")
        )
        found.decisions = [
            Lag(max((approved_at - complete_at) / DAY, 0))
            for complete_at, approved_at in decided[:LEARNT_FROM]
        ]
        return found

    def take(
        self,
        key: int,
        state: str,
        invited_at: datetime,
        answer_by: datetime | None,
        answered_at: datetime | None,
        due_at: datetime | None,
        returned_at: datetime | None,
        ended_at: datetime | None,
        *,
        usual: int,
        now: datetime,
    ) -> None:
        """Learn from one invitation: when it was answered, when the review came."""
        watched = min(now, ended_at or now)
        has_answered = answered_at is not None
        until = answered_at or min(watched, answer_by or watched)
        self.answers[key].append(Lag(max((until - invited_at) / DAY, 0), has_answered))
        if state in {AssignmentState.EXPIRED, AssignmentState.BOUNCED} or answered_at is None:
            return
        self.answered[key] += 1
        if state in FELL_FREE or due_at is None:
            return
        self.agreed[key] += 1
        given = (due_at - answered_at) / DAY
        spent = max(((returned_at or watched) - answered_at) / DAY, 0)
        is_known = returned_at is not None or state in WORKING or ended_at is not None
        if is_known:
            days = as_if_usual(spent, given, usual)
            self.reviews[key].append(Lag(days, returned_at is not None))

    def of(self, key: int) -> Past:
        """What one person did."""
        return Past(
            answers=tuple(self.answers.get(key, ())),
            reviews=tuple(self.reviews.get(key, ())),
            agreed=self.agreed.get(key, 0),
            answered=self.answered.get(key, 0),
        )

    def model(self, viewer: Viewer) -> Model:
        """What all of them did."""
        everything = Past(
            answers=tuple(_all(self.answers)),
            reviews=tuple(_all(self.reviews)),
            agreed=sum(self.agreed.values()),
            answered=sum(self.answered.values()),
        )
        return model_of(
            everything,
            self.decisions,
            invitation_days=viewer.issue.invitation_days,
            review_days=viewer.issue.review_days,
        )


def _all(by_person: Mapping[Any, list[Lag]]) -> list[Lag]:
    return [lag for lags in by_person.values() for lag in lags]
