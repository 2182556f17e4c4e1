"""A small world, made by the product's own actions and never by writing rows.

    story = Story(issue)             everybody of the cast, nothing submitted
    paper = story.in_review()        ada's manuscript with eva, four reviewers agreed
    story.decide(paper, "accept")    drafted, rendered, released

Each step does what the person of the cast would do in the browser, in order, and returns the
manuscript. The clock must be frozen while the issue is open (fixture ``issue``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import weasyprint

from accounts.models import User
from editors import actions as desk
from editors.actions.assignments import Pick
from editors.models import Decision, Letter
from reviews import actions as reviewing
from reviews.actions.writing import sheet_context
from reviews.models import Assignment, Review, ReviewerProfile
from reviews.queries import current_sheet, sheet_for
from reviews.sheet import Kind, Question, Sheet, asked
from reviews.states import AssignmentState
from submissions import actions as authoring
from submissions.actions.drafts import AuthorEntry
from submissions.actions.responses import AnswerEntry
from submissions.models import Enquiry, Manuscript, Version
from submissions.queries import points_of
from submissions.states import FileKind
from tests.people import PARTS, Part, make_person
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue, Topic

REVIEWERS = ("rui", "sol", "tea", "uma")
SENTENCE = "The encoder keeps its accuracy when the scanner changes, which earlier work did not. "

METADATA: dict[str, Any] = {
    "title": "One Volumetric Encoder for Three Modalities",
    "abstract": (SENTENCE * 14).strip(),
    "index_terms": ["foundation model", "self-supervision", "volumetric imaging"],
    "is_original_research": True,
    "validation_statement": "Sixty thousand volumes of four centres that were not trained on.",
    "cover_letter": "The work fits the call: it is one model for three kinds of images.",
    "concurrent_submissions": "None",
    "human_subjects": "none",
    "data_availability": "The list of cases is on request.",
    "code_availability": "Code will be open.",
    "ai_use": "none",
    "has_no_funding": True,
    "competing_interests": "None",
    "declares_unpublished": True,
    "declares_all_agree": True,
    "declares_charges": True,
}


@cache
def paper_pdf(pages: int = 3, mark: str = "") -> bytes:
    """A PDF with text on every page and embedded fonts, as a word processor makes it."""
    page = f"<section><h1>Results {mark}</h1><p>{SENTENCE * 30}</p></section>"
    style = "<style>section { break-after: page } body { font-family: 'DejaVu Sans' }</style>"
    made: bytes = weasyprint.HTML(string=style + page * pages).write_pdf()
    return made


def full_answers(
    version: Version, recommendation: str, *, words: str = "", sheet: Sheet | None = None
) -> dict[str, Any]:
    """An answer to every question that is asked about a version, none left to a default."""
    sheet = sheet or current_sheet(version.manuscript.issue_id)
    context = sheet_context(version)
    answers: dict[str, Any] = {}
    for question in asked(sheet, answers, context):
        answers[question.key] = one_answer(question, words)
    answers["recommendation"] = recommendation
    return {key: value for key, value in answers.items() if value not in ("", [])}


def one_answer(question: Question, words: str) -> Any:
    """A middling answer to one question."""
    if question.kind in (Kind.RATING, Kind.CONFIDENCE):
        return 4
    if question.kind is Kind.TICK:
        return question.is_required
    if question.choices:
        return question.choices[0].value
    if question.kind is Kind.REFERENCES:
        return []
    text = f"{words} {SENTENCE * 8}".strip()
    return text if question.min_chars or question.is_required else ""


class Story:
    """The cast in one issue, and what they do."""

    def __init__(
        self,
        issue: SpecialIssue,
        people: Mapping[str, User] | None = None,
        parts: Mapping[str, Part] = PARTS,
    ) -> None:
        self.issue = issue
        self.people = dict(people or {})
        self.parts = parts
        for name in parts:
            if name not in self.people:
                self.people[name] = make_person(name, issue)
        for name in REVIEWERS:
            ReviewerProfile.objects.get_or_create(user=self.people[name])

    def __getattr__(self, name: str) -> User:
        people: dict[str, User] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    # ------------------------------------------------------------ before anything is submitted

    def ask(
        self,
        author: str = "ada",
        editor: str = "eva",
        title: str = "",
        question: str = "Is one hospital enough?",
    ) -> Enquiry:
        """The author asks a guest editor whether a work fits."""
        return desk.ask_editor(
            actor=self.people[author],
            issue=self.issue,
            editor=self.people[editor],
            title=title or METADATA["title"],
            abstract="A volumetric encoder for three modalities.",
            question=question,
        )

    # ------------------------------------------------------------ the author's part

    def draft(self, author: str = "ada", coauthors: Iterable[str] = ("ben",)) -> Manuscript:
        """Everything that a submission needs, not yet submitted."""
        actor = self.people[author]
        manuscript = authoring.start_draft(actor=actor, issue=self.issue)
        version = latest_version(manuscript)
        version = authoring.save_draft(
            actor=actor,
            version=version,
            values=METADATA,
            edit_count=version.edit_count,
            topics=list(Topic.objects.filter(issue=self.issue)[:2]),
        )
        authoring.save_authors(
            actor=actor,
            version=version,
            authors=[self.author_entry(name, name == author) for name in (author, *coauthors)],
            edit_count=latest_version(manuscript).edit_count,
        )
        self.attach(manuscript, author, FileKind.MAIN)
        return fresh(manuscript)

    def author_entry(self, name: str, is_corresponding: bool) -> AuthorEntry:
        """Somebody of the cast as an author list has them."""
        person, part = self.people[name], self.parts[name]
        return AuthorEntry(
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            orcid=person.orcid,
            institution=part.institution,
            country=part.country,
            is_corresponding=is_corresponding,
        )

    def attach(self, manuscript: Manuscript, author: str, kind: FileKind) -> None:
        """Upload a paper of three pages as this kind of file."""
        authoring.attach_file(
            actor=self.people[author],
            version=latest_version(manuscript),
            kind=kind,
            upload=BytesIO(paper_pdf(mark=kind.value)),
            name=f"{author}-{kind.value}.pdf",
            began_at=clock.now(),
        )

    def submitted(self, author: str = "ada", coauthors: Iterable[str] = ("ben",)) -> Manuscript:
        """Submitted: with number and receipt, in the office's checklist."""
        manuscript = self.draft(author, coauthors)
        self.submit(manuscript, author)
        return fresh(manuscript)

    def submit(self, manuscript: Manuscript, author: str) -> None:
        """The last click of the author."""
        authoring.submit_manuscript(
            actor=self.people[author], version=latest_version(manuscript), began_at=clock.now()
        )

    def revise(self, manuscript: Manuscript, author: str = "ada") -> Manuscript:
        """Write and submit the revision that a decision asked for, every point answered."""
        authoring.start_revision(actor=self.people[author], manuscript=fresh(manuscript))
        self.answer_points(manuscript, author)
        self.attach(manuscript, author, FileKind.MAIN)
        self.attach(manuscript, author, FileKind.RESPONSE)
        self.submit(fresh(manuscript), author)
        return fresh(manuscript)

    def answer_points(self, manuscript: Manuscript, author: str = "ada") -> None:
        """Answer whatever the reviewers asked."""
        version = latest_version(manuscript)
        authoring.save_answers(
            actor=self.people[author],
            version=version,
            answers=[
                AnswerEntry(point.public_id, f"Done as {point.label} asks.", "page 2")
                for point in points_of(version)
            ],
            summary="Every point was answered in the text.",
            edit_count=version.edit_count,
        )

    # ------------------------------------------------------------ the desk's part

    def admitted(self, author: str = "ada", coauthors: Iterable[str] = ("ben",)) -> Manuscript:
        """Complete, and waiting for an editor."""
        return self.admit(self.submitted(author, coauthors))

    def admit(self, manuscript: Manuscript) -> Manuscript:
        """The office has ticked its checklist."""
        desk.admit_manuscript(actor=self.people["ivo"], manuscript=fresh(manuscript))
        return fresh(manuscript)

    def handled(
        self, author: str = "ada", coauthors: Iterable[str] = ("ben",), editor: str = "eva"
    ) -> Manuscript:
        """Given to a handling editor; nobody is invited yet."""
        manuscript = self.admitted(author, coauthors)
        desk.assign_editor(
            actor=self.people["kim"], manuscript=manuscript, editor=self.people[editor]
        )
        return fresh(manuscript)

    def invite(
        self, manuscript: Manuscript, reviewers: Iterable[str] = REVIEWERS, editor: str = "eva"
    ) -> list[Assignment]:
        """The editor's one act that invites the panel."""
        return desk.invite_panel(
            actor=self.people[editor],
            manuscript=fresh(manuscript),
            picks=[Pick(reviewer=self.people[name]) for name in reviewers],
        )

    def in_review(self, author: str = "ada", coauthors: Iterable[str] = ("ben",)) -> Manuscript:
        """Four reviewers invited, and all have agreed."""
        manuscript = self.handled(author, coauthors)
        self.invite(manuscript)
        for name in REVIEWERS:
            self.agree(manuscript, name)
        return fresh(manuscript)

    def decide(
        self,
        manuscript: Manuscript,
        kind: str,
        editor: str = "eva",
        reasons: str = "The four reviews are of one mind, and so are we.",
    ) -> Decision:
        """Draft, render the letter as the worker does, look at it, release."""
        decision = self.draft_decision(manuscript, kind, editor, reasons)
        letter = Letter.objects.filter(decision=decision).latest("id")
        return desk.release_decision(actor=self.people[editor], decision=decision, letter=letter)

    def draft_decision(
        self,
        manuscript: Manuscript,
        kind: str,
        editor: str = "eva",
        reasons: str = "The four reviews are of one mind, and so are we.",
    ) -> Decision:
        """A decision with its letter rendered, seen by nobody but editors."""
        decision = desk.draft_decision(
            actor=self.people[editor], manuscript=fresh(manuscript), kind=kind, reasons=reasons
        )
        letter = Letter.objects.filter(decision=decision).latest("id")
        desk.render_letter(letter=letter)
        decision.refresh_from_db()
        return decision

    # ------------------------------------------------------------ the reviewers' part

    def assignment(self, manuscript: Manuscript, reviewer: str) -> Assignment:
        """A reviewer's assignment on the newest version."""
        return Assignment.objects.get(
            version=latest_version(manuscript), reviewer=self.people[reviewer]
        )

    def agree(self, manuscript: Manuscript, reviewer: str) -> Assignment:
        """Agree without a conflict."""
        return reviewing.agree_assignment(
            actor=self.people[reviewer],
            assignment=self.assignment(manuscript, reviewer),
            has_conflict=False,
            accepts_terms=True,
        )

    def begin(self, manuscript: Manuscript, reviewer: str) -> Assignment:
        """Answer a first question and leave it at that."""
        assignment = self.assignment(manuscript, reviewer)
        reviewing.save_review(
            actor=self.people[reviewer],
            assignment=assignment,
            answers={"originality": 4},
            edit_count=0,
        )
        return self.assignment(manuscript, reviewer)

    def deliver(
        self, manuscript: Manuscript, reviewer: str, recommendation: str = "accept", words: str = ""
    ) -> Assignment:
        """Fill in the whole sheet and submit it."""
        assignment = self.assignment(manuscript, reviewer)
        review = Review.objects.filter(assignment=assignment).first()
        reviewing.deliver_review(
            actor=self.people[reviewer],
            assignment=assignment,
            answers=full_answers(
                assignment.version, recommendation, words=words, sheet=sheet_for(assignment, review)
            ),
        )
        return self.assignment(manuscript, reviewer)

    def reviewed(self, recommendation: str = "accept") -> Manuscript:
        """All four reviews are in; the editor may decide."""
        manuscript = self.in_review()
        for name in REVIEWERS:
            self.deliver(manuscript, name, recommendation)
        returned = Assignment.objects.filter(state=AssignmentState.RETURNED)
        assert returned.count() >= len(REVIEWERS)
        return fresh(manuscript)


def latest_version(manuscript: Manuscript) -> Version:
    """The version with the highest revision number, as it stands now."""
    return Version.objects.filter(manuscript=manuscript).latest("revision_number")


def fresh(manuscript: Manuscript) -> Manuscript:
    """The manuscript as it stands now."""
    return Manuscript.objects.get(pk=manuscript.pk)
