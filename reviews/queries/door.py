"""Reads of the reviewers' door. Everything a reviewer sees begins at `at_the_door`."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from accounts.queries import Visitor, is_confirmed
from reviews.care import Writer
from reviews.guards import AUTHOR_FOUND
from reviews.models import (
    TYPED_LATE,
    Assignment,
    InvitationLink,
    Publication,
    Review,
    ReviewerLabel,
)
from reviews.sheet import Answer, in_words
from reviews.states import READING, WORKING, AssignmentState
from submissions.models import VersionFile
from submissions.queries import ReviewerPoints, by_reviewer, points_of
from submissions.states import FileKind
from tmi_special_issue.models import MailState, OutboxMessage

# What a reviewer is given of a version. The cover letter speaks to the editors alone, sources
# and forms to production.
REVIEWER_FILE_KINDS = (
    FileKind.MAIN,
    FileKind.ANSWERS,
    FileKind.RESPONSE,
    FileKind.MARKED_COPY,
    FileKind.CONFERENCE_PAPER,
    FileKind.GRAPHICAL_ABSTRACT,
    FileKind.VIDEO,
    FileKind.MEDIA,
    FileKind.DATASET,
    FileKind.CODE,
)

# What a reviewer still finds on the own page. A shortlist entry was never told to the person.
SHOWN = sorted(set(AssignmentState) - {AssignmentState.SELECTED})


def at_the_door(visitor: Visitor, scope: Sequence[str] = ()) -> QuerySet[Assignment]:
    """The assignments that a visitor may open.

    A person who is signed in has the own ones and no others, whatever links the session went
    through before. Somebody who is not has those that a link opened in this session: `scope`
    lists the public ids of the links, and a link that was withdrawn opens nothing.
    """
    rows = Assignment.objects.filter(state__in=SHOWN).select_related(
        "reviewer", "version__manuscript__issue"
    )
    if isinstance(visitor, User):
        return rows.filter(reviewer=visitor)
    if not scope:
        return rows.none()
    links = InvitationLink.objects.filter(public_id__in=list(scope))
    return rows.filter(pk__in=links.values("assignment"))


def assignments_of(user: User) -> QuerySet[Assignment]:
    """A reviewer's assignments: what is asked, what is open, what is over, each by its date."""
    return in_order_of_need(at_the_door(user))


def in_order_of_need(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Open reviews first, then invitations, then the past."""
    turn = Case(
        When(state__in=sorted(WORKING), then=Value(0)),
        When(state=AssignmentState.INVITED, then=Value(1)),
        When(state=AssignmentState.COI_HOLD, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.annotate(turn=turn).order_by("turn", "due_at", "answer_by", "-ended_at", "pk")


def files_for_reviewer(assignment: Assignment) -> list[VersionFile]:
    """The files of the assigned version, in the order in which they are read.

    Empty unless the reviewer is in a reading state and the version is submitted: a version that
    went back to its author is not for others. Empty too until the reviewer has shown who it is
    (`domain.md` F17).
    """
    if AssignmentState(assignment.state) not in READING or not is_confirmed(assignment.reviewer):
        return []
    rows = VersionFile.objects.filter(
        version=assignment.version_id,
        version__submitted_at__isnull=False,
        kind__in=REVIEWER_FILE_KINDS,
    ).select_related("file__served")
    for row in rows:
        row.version = assignment.version  # its label names the file; spares two queries each
    order = {kind: place for place, kind in enumerate(REVIEWER_FILE_KINDS)}
    return sorted(rows, key=lambda row: (order[FileKind(row.kind)], row.pk))


def answers_for_reviewer(
    assignment: Assignment,
) -> tuple[list[ReviewerPoints], list[ReviewerPoints]]:
    """The authors' answers that a reviewer may read: to the own points, and to the others'.

    Everybody stands in them under a label. Empty under the same conditions as the files.
    """
    version = assignment.version
    if AssignmentState(assignment.state) not in READING or version.submitted_at is None:
        return [], []
    if not is_confirmed(assignment.reviewer):
        return [], []
    groups = by_reviewer(points_of(version))
    own = (
        ReviewerLabel.objects.filter(
            manuscript=version.manuscript_id, reviewer=assignment.reviewer_id
        )
        .values_list("number", flat=True)
        .first()
    )
    return [g for g in groups if g.reviewer == own], [g for g in groups if g.reviewer != own]


def file_at_the_door(
    visitor: Visitor, scope: Sequence[str], assignment_id: str, file_id: str
) -> VersionFile | None:
    """One file that this visitor may have through this assignment; None for all others."""
    assignment = at_the_door(visitor, scope).filter(public_id=assignment_id).first()
    if assignment is None:
        return None
    return next((f for f in files_for_reviewer(assignment) if f.public_id == file_id), None)


def link_of(secret_hash: str) -> InvitationLink | None:
    """The link of a mail with its assignment, by the hash of its secret."""
    return (
        InvitationLink.objects.filter(secret_hash=secret_hash)
        .select_related("assignment__reviewer", "assignment__version__manuscript__issue")
        .first()
    )


def own_earlier_review(assignment: Assignment) -> Review | None:
    """The reviewer's own review of the version before, when there is one."""
    return (
        Review.objects.filter(
            assignment__reviewer=assignment.reviewer_id,
            assignment__version__manuscript=assignment.version.manuscript_id,
            assignment__version__revision_number__lt=assignment.version.revision_number,
            submitted_at__isnull=False,
        )
        .select_related("form")
        .order_by("-assignment__version__revision_number")
        .first()
    )


def written_before_the_end(assignment: Assignment) -> list[Answer]:
    """What a reviewer had written when the assignment ended without a review, in words."""
    review = (
        Review.objects.filter(assignment=assignment, submitted_at__isnull=True)
        .select_related("form")
        .first()
    )
    if review is None:
        return []
    late = review.snapshots.filter(reason=TYPED_LATE).order_by("-taken_at", "-pk").first()
    return in_words(review.sheet, late.answers if late else review.answers)


def writer_of(assignment: Assignment) -> Writer:
    """What would give a reviewer away in the own review."""
    person = assignment.reviewer
    places = list(person.affiliations.all())
    return Writer(
        given_name=person.given_name,
        family_name=person.family_name,
        addresses=(person.email,),
        institutions=tuple(dict.fromkeys(place.institution for place in places)),
        publications=tuple(
            Publication.objects.filter(profile__user=person).values_list("title", "doi")
        ),
    )


def due_for_expiry(now: datetime) -> QuerySet[Assignment]:
    """Invitations whose time to answer is over."""
    return Assignment.objects.filter(state=AssignmentState.INVITED, answer_by__lt=now)


def undelivered_invitations() -> list[Assignment]:
    """Open invitations whose mail was given up by the outbox since they were made."""
    given_up: dict[str, datetime] = {}
    failed = OutboxMessage.objects.filter(kind="review_invited", state=MailState.FAILED)
    for about, queued_at in failed.order_by("queued_at").values_list("about", "queued_at"):
        given_up[about] = queued_at
    keys = [about.removeprefix("assignment:") for about in given_up]
    invited = Assignment.objects.filter(state=AssignmentState.INVITED, public_id__in=keys)
    return [
        assignment
        for assignment in invited.order_by("pk")
        if assignment.invited_at and assignment.invited_at <= given_up[assignment.audit_key]
    ]


def held_authors() -> QuerySet[Assignment]:
    """Assignments that the database put on hold, because the reviewer is an author."""
    return Assignment.objects.filter(
        state=AssignmentState.COI_HOLD, coi_statement=AUTHOR_FOUND
    ).order_by("pk")


def unanswered(now: datetime, until: datetime) -> QuerySet[Assignment]:
    """Invitations that must be answered between now and `until`."""
    return Assignment.objects.filter(
        Q(state=AssignmentState.INVITED), answer_by__gte=now, answer_by__lte=until
    )


def working(until: datetime) -> QuerySet[Assignment]:
    """Reviews in work whose due date is before `until`: those a reminder may concern."""
    return Assignment.objects.filter(state__in=sorted(WORKING), due_at__lte=until)
