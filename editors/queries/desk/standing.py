"""Where each manuscript stands, in SQL: the counts of its round, and what each filter keeps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Greatest

from accounts.models import User
from editors.models import Decision, Handling, OverdueFlag
from editors.queries.desk.viewer import Viewer
from editors.queries.requests import is_asking
from editors.stages import STORED, DeskStage
from editors.states import DecisionState
from submissions.models import Extension, Manuscript
from submissions.queries.windows import FINAL_FILES_DAYS
from submissions.states import ACCEPTED, CLOSED, REVISING, RevisionKind, Stage
from tmi_special_issue.models import DecisionAuthority, Milestone, MilestoneKind

CHECKLIST_DAYS = 3


def with_progress(
    manuscripts: QuerySet[Manuscript], viewer: Viewer, now: datetime
) -> QuerySet[Any]:
    """Annotate the newest version, the counts of its round, what is late, held, overdue and mine.

    The database keeps the counts (`reviews.tallies`), so that no list counts assignments. What
    was never handed in is left out.
    """
    counted: QuerySet[Any] = manuscripts.filter(present_round__isnull=False).annotate(
        version_key=F("present_round__version"),
        version_number=F("present_round__version__revision_number"),
        version_kind=F("present_round__version__revision_kind"),
        holding=F("present_round__holding"),
        agreed=F("present_round__agreed"),
        returned=F("present_round__returned"),
        is_late=ExpressionWrapper(
            Q(present_round__due_at__isnull=False, present_round__due_at__lt=now),
            output_field=BooleanField(),
        ),
        is_held=Exists(
            Decision.objects.filter(
                version=OuterRef("present_round__version"), state=DecisionState.APPROVED
            )
        ),
        is_mine=is_mine(viewer.user),
        is_overdue=Exists(
            OverdueFlag.objects.filter(manuscript=OuterRef("pk"), lowered_at__isnull=True)
        ),
        is_asking=ExpressionWrapper(is_asking(), output_field=BooleanField()),
    )
    return counted


def stage_rules(need: int) -> dict[DeskStage, Q]:
    """What each stage of the desk keeps, over the annotations of `with_progress`.

    The same rules as `stages.desk_stage`, in SQL; a test compares the two.
    """
    in_review = Q(stage=Stage.IN_REVIEW) & ~Q(version_kind=RevisionKind.MINOR)
    stored = {
        desk: Q(stage__in=sorted(stage for stage, named in STORED.items() if named == desk))
        for desk in STORED.values()
    }
    return {
        **stored,
        DeskStage.ASSIGNING: in_review & Q(agreed__lt=need),
        DeskStage.WAITING: in_review & Q(agreed__gte=need, returned__lt=F("agreed")),
        DeskStage.COMPLETE: in_review & Q(agreed__gte=need, returned__gte=F("agreed")),
        DeskStage.MINOR_CHECK: Q(stage=Stage.IN_REVIEW, version_kind=RevisionKind.MINOR),
        DeskStage.DECIDING: Q(stage=Stage.AWAITING_DECISION, is_held=False),
        DeskStage.HELD: Q(stage=Stage.AWAITING_DECISION, is_held=True),
    }


def filters(viewer: Viewer) -> dict[str, Q]:
    """What each chip keeps, over the annotations of `with_progress`."""
    need = viewer.issue.reviewers_needed
    rules = stage_rules(need)
    to_decide = rules[DeskStage.COMPLETE] | rules[DeskStage.MINOR_CHECK]
    mine = Q(is_mine=True)
    my_turn = Q(pk__in=[])
    if viewer.is_editor or viewer.is_chief:
        my_turn |= mine & ((rules[DeskStage.ASSIGNING] & Q(holding__lt=need)) | to_decide)
        if viewer.issue.decision_authority == DecisionAuthority.GUEST_EDITOR:
            my_turn |= mine & rules[DeskStage.DECIDING]
    if viewer.decides_all:
        my_turn |= rules[DeskStage.DECIDING]
    my_turn |= Q(stage__in=[stage for stage in Stage if rests_with(viewer, stage)])
    return {
        "my-turn": my_turn,
        "mine": mine,
        "overdue": Q(is_overdue=True),
        "asking": Q(is_asking=True),
        "late": Q(stage=Stage.IN_REVIEW, is_late=True),
        "checklist": rules[DeskStage.CHECKLIST],
        "no-editor": rules[DeskStage.AWAITING_EDITOR],
        "assigning": rules[DeskStage.ASSIGNING],
        "waiting": rules[DeskStage.WAITING],
        "to-decide": to_decide,
        "deciding": rules[DeskStage.DECIDING],
        "held": rules[DeskStage.HELD],
        "with-author": Q(stage__in=[*REVISING, Stage.UNSUBMITTED, Stage.REVISION_LAPSED]),
        "accepted": Q(stage__in=list(ACCEPTED)),
        "closed": Q(stage__in=list(CLOSED)),
    }


def with_dates(
    manuscripts: QuerySet[Any],
    viewer: Viewer,
    dates: Mapping[MilestoneKind, Milestone],
) -> QuerySet[Any]:
    """Annotate, over `with_progress`, since when it rests (`idle_since`) and its `next_at`.

    `next_at` is the date that a row shows; a test compares the two.
    """
    rules = stage_rules(viewer.issue.reviewers_needed)
    by_round = Case(
        When(version_number=0, then=_due(dates, MilestoneKind.INITIAL_DECISION)),
        default=_due(dates, MilestoneKind.FINAL_ACCEPTANCE),
    )
    released_at = Decision.objects.filter(
        version=OuterRef("present_round__version"), state=DecisionState.APPROVED
    ).values("release_at")[:1]
    original = Q(stage=Stage.UNSUBMITTED, version_number=0)
    own = Coalesce("present_round__version__due_at", "revision_due_at")
    with_author = Q(stage__in=[*REVISING, Stage.UNSUBMITTED])
    instant = DateTimeField()
    dated: QuerySet[Any] = manuscripts.annotate(
        idle_since=Greatest("stage_since", Coalesce("present_round__touched_at", "stage_since")),
        next_at=Case(
            When(rules[DeskStage.HELD], then=Subquery(released_at)),
            When(rules[DeskStage.ASSIGNING], then=Coalesce("present_round__answer_by", by_round)),
            When(rules[DeskStage.WAITING], then=Coalesce("present_round__due_at", by_round)),
            When(
                Q(stage__in=[Stage.AWAITING_EDITOR, Stage.AWAITING_DECISION, Stage.IN_REVIEW]),
                then=by_round,
            ),
            When(original, then=_extended(own, dates, MilestoneKind.SUBMISSION)),
            When(
                with_author & Q(stage=Stage.UNSUBMITTED),
                then=_extended(own, dates, MilestoneKind.REVISION),
            ),
            When(with_author, then=_extended(F("revision_due_at"), dates, MilestoneKind.REVISION)),
            When(stage=Stage.SUBMITTED, then=_after(CHECKLIST_DAYS)),
            # The end of that day in the zone of the issue; SQL leaves it at the hour.
            When(stage=Stage.AWAITING_FINAL_FILES, then=_after(FINAL_FILES_DAYS)),
            default=Value(None, output_field=instant),
            output_field=instant,
        ),
    )
    return dated


def _after(days: int) -> Combinable:
    return ExpressionWrapper(F("stage_since") + timedelta(days=days), output_field=DateTimeField())


def _due(dates: Mapping[MilestoneKind, Milestone], kind: MilestoneKind) -> Combinable:
    row = dates.get(kind)
    # PostgreSQL takes a bare NULL for a text.
    return Cast(Value(row.due_at if row else None), DateTimeField())


def _extended(
    own: Combinable, dates: Mapping[MilestoneKind, Milestone], kind: MilestoneKind
) -> Combinable:
    """The author's own date or the milestone's, or what was granted beyond it."""
    closes_at = Coalesce(own, _due(dates, kind))
    granted = (
        Extension.objects.filter(manuscript=OuterRef("pk"), kind=kind)
        .order_by("-until")
        .values("until")[:1]
    )
    return Greatest(closes_at, Coalesce(Subquery(granted), closes_at))


def is_mine(user: User) -> Exists:
    """Does this person handle the manuscript now?"""
    return Exists(
        Handling.objects.filter(manuscript=OuterRef("pk"), editor=user, ended_at__isnull=True)
    )


def rests_with(viewer: Viewer, stage: Stage) -> bool:
    """Is it the turn of this person by the stage alone, whoever handles the manuscript?"""
    if stage in {Stage.AWAITING_EDITOR, Stage.REVISION_LAPSED}:
        return viewer.is_chief
    return stage in {Stage.SUBMITTED, Stage.FINAL_FILES_RECEIVED} and viewer.is_office
