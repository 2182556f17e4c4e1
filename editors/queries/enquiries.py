"""Whom an author may ask whether a work fits, and which enquiries an editor may read.

Conflicts are looked for afresh each time, so that one which comes into being later takes the
enquiry out of the editor's sight at once (`domain.md` F).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Affiliation, RoleName, User
from accounts.queries import EDITOR_ROLES, Visitor, editors, role_names
from editors.queries.desk import Viewer
from editors.queries.handling import hard_between
from editors.queries.visibility import hidden_manuscripts
from reviews.queries import reviewer_facts
from submissions.models import Enquiry, EnquiryMessage, Manuscript
from submissions.queries import answer_words, people_of, with_answer
from submissions.states import Stage
from tmi_special_issue.models import SpecialIssue


@dataclass(frozen=True)
class Thread:
    """One enquiry with its messages, as a page shows it."""

    enquiry: Enquiry
    messages: list[EnquiryMessage]
    answer: str

    @property
    def anchor(self) -> str:
        return f"enquiry-{self.enquiry.public_id}"

    @property
    def answer_line(self) -> str:
        """Who was asked, and the answer."""
        return f"{self.enquiry.editor.full_name}: {self.answer or 'no answer yet'}"


def askable_editors(author: User, issue: SpecialIssue) -> list[User]:
    """The guest editors whom this person may ask: all but those in conflict, by family name."""
    people = list(editors(issue))
    facts = reviewer_facts([*people, author])
    own = facts[author.public_id]
    return [
        person
        for person in people
        if not hard_between(facts[person.public_id], [own], months=issue.conflict_months)
    ]


def institutions_of(people: Iterable[User]) -> dict[int, str]:
    """Where people work now, by user key."""
    found: dict[int, str] = {}
    for row in Affiliation.objects.filter(user__in=list(people), ended_on__isnull=True):
        found.setdefault(row.user_id, row.institution)
    return found


def enquiries_to(editor: Visitor, issue: SpecialIssue) -> QuerySet[Any]:
    """What a guest editor was asked and may read now, the latest first.

    Left out is what stands in conflict with whoever asked, or with the authors of the manuscript
    that came of it. The number of queries does not grow with the number of enquiries.
    """
    if not isinstance(editor, User) or not EDITOR_ROLES & role_names(editor, issue):
        return Enquiry.objects.none()
    asked = Enquiry.objects.filter(editor=editor, issue=issue).select_related(
        "issue", "author", "editor", "manuscript"
    )
    return with_answer(asked.exclude(pk__in=_hidden(editor, issue, list(asked))))


def is_open(enquiry: Enquiry) -> bool:
    """May the editor who was asked still read it and answer?"""
    editor, issue = enquiry.editor, enquiry.issue
    return bool(EDITOR_ROLES & role_names(editor, issue)) and not _hidden(editor, issue, [enquiry])


def unanswered(enquiries: QuerySet[Any]) -> QuerySet[Any]:
    """Those without an answer (the annotation of `with_answer` is at hand)."""
    return enquiries.filter(answer__isnull=True)


def waiting_count(viewer: Viewer) -> int:
    """How many questions wait for this guest editor's answer. One query for whoever has none."""
    if not viewer.is_editor or not Enquiry.objects.filter(editor=viewer.user).exists():
        return 0
    return unanswered(enquiries_to(viewer.user, viewer.issue)).count()


def threads_about(viewer: Viewer, manuscript: Manuscript) -> list[Thread]:
    """The enquiries of a submitted manuscript that this person may read beside it.

    The editor who was asked, and the editor-in-chief; nobody else. That the manuscript is
    visible to the person at all has been looked at before.
    """
    rows = Enquiry.objects.filter(manuscript=manuscript).exclude(manuscript__stage=Stage.DRAFT)
    if RoleName.EDITOR_IN_CHIEF not in viewer.roles:
        rows = rows.filter(pk__in=enquiries_to(viewer.user, viewer.issue).values("pk"))
    return [thread_of(enquiry) for enquiry in with_answer(rows.select_related("author", "editor"))]


def thread_of(enquiry: Enquiry) -> Thread:
    """One enquiry with what was written, the first message first."""
    messages = list(EnquiryMessage.objects.filter(enquiry=enquiry).select_related("sender"))
    given = [message.suitability for message in messages if message.suitability]
    return Thread(enquiry, messages, answer_words(given[-1]) if given else "")


def _hidden(editor: User, issue: SpecialIssue, asked: list[Enquiry]) -> set[int]:
    facts = reviewer_facts({editor, *(enquiry.author for enquiry in asked)})
    authors = people_of(e.manuscript_id for e in asked if e.manuscript_id)
    closed = hidden_manuscripts(editor, issue)
    hidden = set()
    for enquiry in asked:
        others = [facts[enquiry.author.public_id], *authors.get(enquiry.manuscript_id or 0, [])]
        if enquiry.manuscript_id in closed or hard_between(
            facts[editor.public_id], others, months=issue.conflict_months
        ):
            hidden.add(enquiry.pk)
    return hidden
