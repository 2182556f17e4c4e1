"""Reads about who handles a manuscript and who could."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import RoleName, User
from accounts.people import PersonFacts
from accounts.queries import DESK_ROLES, EDITOR_ROLES, issues_with_role, people_with
from editors.models import EditorConflict, Handling
from editors.queries.visibility import hidden_manuscripts
from reviews.conflicts import Conflict, bars_to_handling, conflicts_between
from reviews.models import ReviewerProfile
from reviews.queries import reviewer_facts, yardstick_of
from submissions.models import Author, Enquiry, Manuscript, Version
from submissions.queries import with_answer
from submissions.states import ACCEPTED, CLOSED, SUITABILITY_LABELS, Stage, Suitability
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue, Topic

# Work of an editor on a manuscript in these stages is over.
_DONE = [*CLOSED, *ACCEPTED]
# Work in which editors take part, or soon will.
_SCREENED = [Stage.SUBMITTED, Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.AWAITING_DECISION]
# An editor-in-chief handles what no guest editor may (F12).
HANDLING_ROLES = EDITOR_ROLES | {RoleName.EDITOR_IN_CHIEF}
# Who answered so knows the work and wants it, under a condition or none.
WELCOMING = frozenset({Suitability.FITS, Suitability.FITS_IF})


@dataclass(frozen=True)
class EditorChoice:
    """An editor who could handle a manuscript: how well it fits, and what speaks against.

    `reason` is empty when the editor may be chosen; `shared_topics` are short names; `answer` is
    what the editor told the author who asked about this work before it was submitted;
    `is_preferred` says that the authors wish for this editor, `is_guest` that the editor is of
    the team of guest editors.
    """

    editor: User
    load: int
    shared_topics: tuple[str, ...]
    reason: str = ""
    answer: Suitability | None = None
    is_preferred: bool = False
    is_guest: bool = True

    @property
    def is_proposed(self) -> bool:
        """Did this editor tell the author that the work fits?"""
        return self.answer in WELCOMING

    @property
    def answer_words(self) -> str:
        return f"answered: {SUITABILITY_LABELS[self.answer]}" if self.answer else ""

    @property
    def is_open(self) -> bool:
        return not self.reason


def handling_editor(manuscript: Manuscript) -> User | None:
    """The editor who handles the manuscript now."""
    row = (
        Handling.objects.filter(manuscript=manuscript, ended_at__isnull=True)
        .select_related("editor")
        .first()
    )
    return row.editor if row else None


def hard_conflicts(people: Sequence[User], version: Version) -> dict[int, list[Conflict]]:
    """F12: the hard conflicts of editors with the authors of a version, found by the rules (F1 to
    F4) or declared by the authors (F2 to F8), by user key."""
    yardstick = yardstick_of(version)
    facts = reviewer_facts(people)
    now = clock.now()
    found = {
        person.pk: bars_to_handling(yardstick.judge(facts[person.public_id], now))
        for person in people
    }
    return {key: conflicts for key, conflicts in found.items() if conflicts}


def findings_of_editor(editor: User, version: Version) -> list[Conflict]:
    """All that the rules say of one editor and the authors of a version, warnings included."""
    facts = reviewer_facts([editor])[editor.public_id]
    return [c for c in yardstick_of(version).judge(facts, clock.now()) if c.rule != "F17"]


def hard_between(
    editor: PersonFacts, authors: Sequence[PersonFacts], *, months: int
) -> list[Conflict]:
    """The hard conflicts of one editor with these people now."""
    return bars_to_handling(conflicts_between(editor, authors, at=clock.now(), months=months))


def concerned_by(person: User) -> QuerySet[Manuscript]:
    """The manuscripts in work that a person has written, or in whose issue they are an editor."""
    written = Author.objects.filter(Q(user=person) | Q(email__iexact=person.email))
    edited = issues_with_role(person, *DESK_ROLES)
    return (
        Manuscript.objects.filter(stage__in=_SCREENED)
        .filter(Q(pk__in=written.values("version__manuscript")) | Q(issue__in=edited))
        .select_related("issue")
        .order_by("pk")
    )


def editor_choices(
    manuscript: Manuscript, version: Version, unseen: Collection[int] = ()
) -> list[EditorChoice]:
    """Who could handle a manuscript, best first: who told the author that it fits, whom the
    authors wish for, then shared topics, then the lightest load.

    The editors in conflict come last, with the reason; the page is for those who may assign,
    and it must say why somebody is missing. Manuscripts that do not exist for whoever looks
    (`unseen`) are no load, or the count would tell who handles them.
    """
    issue = manuscript.issue
    people = list(people_with(issue, *HANDLING_ROLES))
    guests = set(people_with(issue, *EDITOR_ROLES).values_list("pk", flat=True))
    conflicts = hard_conflicts(people, version)
    recorded = {row.editor_id: row for row in EditorConflict.objects.filter(manuscript=manuscript)}
    loads = open_handlings(issue, unseen)
    topics = _topics_of(people)
    wanted = set(Topic.objects.filter(pk__in=version.topics.values("pk")))
    current = handling_editor(manuscript)
    answers = answers_to(manuscript)
    choices = []
    for person in people:
        reason = ""
        if person == current:
            reason = "handles it now"
        elif person.pk in conflicts:
            reason = conflicts[person.pk][0].evidence
        elif person.pk in recorded:
            reason = recorded[person.pk].evidence
        elif manuscript.pk in hidden_manuscripts(person, issue):
            reason = "is an author of this manuscript"
        shared = sorted(wanted & topics.get(person.pk, set()), key=lambda topic: topic.position)
        choices.append(
            EditorChoice(
                editor=person,
                load=loads.get(person.pk, 0),
                shared_topics=tuple(topic.short_name for topic in shared),
                reason=reason,
                answer=None if reason else answers.get(person.pk),
                is_preferred=not reason and person.pk == version.preferred_editor_id,
                is_guest=person.pk in guests,
            )
        )
    return sorted(
        choices,
        key=lambda c: (
            not c.is_open,
            not c.is_proposed,
            not c.is_preferred,
            -len(c.shared_topics),
            c.load,
            c.editor.family_name,
        ),
    )


def answers_to(manuscript: Manuscript) -> dict[int, Suitability]:
    """What editors told the author who asked before submitting, by user key.

    Only the answer, never the words: whoever assigns an editor reads it as a reason.
    """
    rows = with_answer(Enquiry.objects.filter(manuscript=manuscript)).filter(answer__isnull=False)
    given = rows.order_by("answered_at").values_list("editor", "answer")
    return {editor: Suitability(answer) for editor, answer in given}


def open_handlings(issue: SpecialIssue, unseen: Collection[int] = ()) -> dict[int, int]:
    """How many manuscripts each editor has in work now, by user key, `unseen` ones left out."""
    rows: QuerySet[Handling] = (
        Handling.objects.filter(manuscript__issue=issue, ended_at__isnull=True)
        .exclude(manuscript__stage__in=_DONE)
        .exclude(manuscript__in=unseen)
    )
    return dict(rows.order_by().values_list("editor").annotate(n=Count("pk")))


def _topics_of(people: Sequence[User]) -> dict[int, set[Topic]]:
    profiles = ReviewerProfile.objects.filter(user__in=people).prefetch_related("topics")
    return {profile.user_id: set(profile.topics.all()) for profile in profiles}
