"""The manuscripts of the rehearsal, each a story told by the product's own acts.

Every step is what a person would click, at the time at which they would, through the same action
and with the same mails, letters and record. Nothing is written into the tables directly but the
people themselves, who would have signed up.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from accounts.models import User
from editors import actions as desk
from editors.actions.assignments import Pick
from editors.letters import TEMPLATE as LETTER
from editors.models import Decision, Letter
from editors.rehearsal import people
from editors.rehearsal.abstracts import NAMED
from editors.rehearsal.conducting import Story
from editors.rehearsal.opinions import answer_to, opinion, reasons_for
from editors.rehearsal.papers import InventedPaper, invented_paper
from editors.rehearsal.printing import Order, Press
from reviews import actions as reviewing
from reviews.models import Assignment
from reviews.queries import candidates
from submissions import actions as authoring
from submissions.actions.drafts import AuthorEntry, DeclaredConflictEntry, NamedReviewerEntry
from submissions.actions.responses import AnswerEntry
from submissions.letters import TEMPLATE as RESPONSE
from submissions.letters import response_content
from submissions.models import Manuscript, Version
from submissions.queries import points_of
from submissions.states import ConflictKind, FileKind
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue, Topic

DAY = timedelta(days=1)
# A story that ends with the manuscript, so that another can go on with it.
Way = Generator[datetime, None, Manuscript]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written, and by whom. Keys of people; `topic` is the position in the call, from 0."""

    seed: int
    authors: tuple[str, ...]
    topic: int
    name: str = ""
    pages: int = 10
    extends_conference_paper: bool = False
    suggests: str = ""
    opposes: str = ""
    prefers: str = ""
    conflict_with: str = ""
    conflict: ConflictKind = ConflictKind.ADVISER
    rejected_by: str = ""
    files: tuple[FileKind, ...] = field(default=())

    @property
    def title(self) -> str:
        return NAMED[self.name].title if self.name else self.invented.title

    @property
    def abstract(self) -> str:
        return NAMED[self.name].abstract if self.name else self.invented.abstract

    @property
    def invented(self) -> InventedPaper:
        """The words of the seed, for what the paper has no words of its own."""
        return invented_paper(self.seed, self.topic)

    def order(self, *, revision: int = 0) -> Order:
        """The paper to be set. A revision has other words in its body and one page more."""
        return Order(
            seed=self.seed + 1000 * revision,
            title=self.title,
            authors=tuple(people.BY_KEY[key].name for key in self.authors),
            abstract=self.abstract,
            topic=self.topic,
            pages=self.pages + (1 if revision else 0),
        )

    def marked_copy(self) -> Order:
        """The pages of the revision on which something has changed: three."""
        return Order(
            seed=self.seed + 5000,
            title=f"Changes Marked: {self.title}",
            authors=(),
            abstract="What is new since the first version stands on these pages.",
            topic=self.topic,
            pages=3,
        )


class World:
    """The issue with its people and its press, and what they can do in one sentence each."""

    def __init__(self, issue: SpecialIssue, users: dict[str, User], press: Press) -> None:
        self.issue = issue
        self.users = users
        self.press = press
        self.topics = list(Topic.objects.filter(issue=issue).order_by("position"))

    # ------------------------------------------------------------------ authors

    def begin(self, paper: Paper) -> Manuscript:
        """A complete draft: words, authors, named reviewers, main file."""
        actor = self.users[paper.authors[0]]
        manuscript = authoring.start_draft(actor=actor, issue=self.issue)
        version = newest(manuscript)
        version = authoring.save_draft(
            actor=actor,
            version=version,
            values=self._words(paper),
            edit_count=version.edit_count,
            topics=self._topics(paper),
        )
        version = authoring.save_authors(
            actor=actor,
            version=version,
            authors=[_entry(key, position == 0) for position, key in enumerate(paper.authors)],
            edit_count=version.edit_count,
        )
        if paper.conflict_with:
            version = authoring.save_declared_conflicts(
                actor=actor,
                version=version,
                conflicts=[self._conflict(paper)],
                edit_count=version.edit_count,
            )
        if paper.suggests or paper.opposes:
            authoring.save_named_reviewers(
                actor=actor,
                version=version,
                people=_named(paper),
                edit_count=version.edit_count,
            )
        self.attach(manuscript, FileKind.MAIN, self.press.paper(paper.order()))
        if paper.extends_conference_paper:
            self.attach(
                manuscript, FileKind.CONFERENCE_PAPER, self.press.paper(conference_paper(paper))
            )
        for kind in paper.files:
            self.attach(manuscript, kind, small_archive(kind.value), name=f"{kind.value}.zip")
        return fresh(manuscript)

    def attach(
        self, manuscript: Manuscript, kind: FileKind, content: bytes, *, name: str = ""
    ) -> None:
        """Upload one file."""
        authoring.attach_file(
            actor=manuscript.submitter,
            version=newest(manuscript),
            kind=kind,
            upload=BytesIO(content),
            name=name or f"{kind.value.replace('_', '-')}.pdf",
            began_at=clock.now(),
        )

    def submit(self, manuscript: Manuscript) -> Manuscript:
        """The author's last click."""
        authoring.submit_manuscript(
            actor=manuscript.submitter, version=newest(manuscript), began_at=clock.now()
        )
        return fresh(manuscript)

    def revise(self, manuscript: Manuscript, paper: Paper) -> Manuscript:
        """Hand in the revision that was asked for, with the answer to the reviewers."""
        actor = manuscript.submitter
        version = authoring.start_revision(actor=actor, manuscript=fresh(manuscript))
        self.answer(
            version,
            "All points were answered. Results are now given by patient, a plain "
            "baseline was added, and a page shows failures chosen by a rule.",
        )
        self.attach(manuscript, FileKind.MAIN, self.press.paper(paper.order(revision=1)))
        self.attach(manuscript, FileKind.MARKED_COPY, self.press.paper(paper.marked_copy()))
        submitted = self.submit(fresh(manuscript))
        # A helper sets the answers; the next tick finds them wanting and takes them from there.
        self.press.order_letter(RESPONSE, response_content(newest(submitted)))
        return submitted

    def answer(self, version: Version, summary: str, share: float = 1) -> None:
        """Answer the reviewers' points, or the first `share` of them."""
        points = points_of(version)
        wanted = points[: round(share * len(points))]
        authoring.save_answers(
            actor=version.manuscript.submitter,
            version=version,
            answers=[AnswerEntry(p.public_id, *answer_to(p)) for p in wanted],
            summary=summary,
            edit_count=version.edit_count,
        )

    def hand_in_final_files(self, manuscript: Manuscript, paper: Paper) -> None:
        """Sources, final PDF and copyright form."""
        revision = newest(manuscript).revision_number
        final = self.press.paper(paper.order(revision=revision))
        self.attach(manuscript, FileKind.FINAL_PDF, final)
        self.attach(manuscript, FileKind.SOURCES, small_archive("sources"), name="sources.zip")
        self.attach(manuscript, FileKind.COPYRIGHT_FORM, self.press.paper(copyright_form()))
        authoring.receive_final_files(actor=manuscript.submitter, manuscript=fresh(manuscript))

    # ------------------------------------------------------------------ the desk

    def admit(self, manuscript: Manuscript) -> None:
        """The office passes the checklist."""
        desk.admit_manuscript(actor=self.users["ivo"], manuscript=fresh(manuscript))

    def assign(self, manuscript: Manuscript, editor: str) -> None:
        """The editor-in-chief, or the office for what the chief handles, gives it to an editor."""
        actor = self.users["ivo" if editor == "kim" else "kim"]
        desk.assign_editor(actor=actor, manuscript=fresh(manuscript), editor=self.users[editor])

    def invite(self, manuscript: Manuscript, editor: str, count: int = 4) -> list[Assignment]:
        """The editor invites the best of the list who are free and in no conflict."""
        version = newest(manuscript)
        actor = self.users[editor]
        ranked = [
            one
            for one in candidates(version, editor_key=actor.public_id)
            if not one.is_blocked and not one.conflicts and not one.state
        ]
        return desk.invite_panel(
            actor=actor,
            manuscript=fresh(manuscript),
            picks=[Pick(reviewer=one.user, reasons=one.reasons) for one in ranked[:count]],
        )

    def invite_again(self, manuscript: Manuscript, editor: str) -> list[Assignment]:
        """The reviewers of the first round are asked to look at the revision."""
        version = newest(manuscript)
        former = Assignment.objects.filter(
            version__manuscript=manuscript,
            version__revision_number=version.revision_number - 1,
            returned_at__isnull=False,
        ).order_by("pk")
        return desk.invite_panel(
            actor=self.users[editor],
            manuscript=fresh(manuscript),
            picks=[
                Pick(reviewer=one.reviewer, reasons=("Reviewed the first version.",))
                for one in former.select_related("reviewer")
            ],
        )

    def draft(
        self, manuscript: Manuscript, editor: str, kind: str, early_reason: str = ""
    ) -> Decision:
        """The decision is written; a helper begins to set its letter."""
        decision = desk.draft_decision(
            actor=self.users[editor],
            manuscript=fresh(manuscript),
            kind=kind,
            reasons=reasons_for(kind),
            early_reason=early_reason,
        )
        self.press.order_letter(LETTER, self.letter(decision).content)
        return decision

    def release(self, decision: Decision, editor: str, release_at: datetime | None = None) -> None:
        """The letter is read and let out, now or at its minute."""
        letter = desk.render_letter(letter=self.letter(decision))
        desk.release_decision(
            actor=self.users[editor], decision=decision, letter=letter, release_at=release_at
        )

    def letter(self, decision: Decision) -> Letter:
        """The present letter of a decision."""
        return Letter.objects.filter(decision=decision).latest("id")

    # ------------------------------------------------------------------ reviewers

    def agree(self, assignment: Assignment) -> None:
        """No conflict, both terms accepted."""
        reviewing.agree_assignment(
            actor=assignment.reviewer,
            assignment=assignment,
            has_conflict=False,
            accepts_terms=True,
        )

    def decline(self, assignment: Assignment, note: str = "") -> None:
        """No time."""
        reviewing.decline_assignment(
            actor=assignment.reviewer, assignment=assignment, reason="no_time", note=note
        )

    def deliver(self, assignment: Assignment, recommendation: str) -> None:
        """The whole sheet."""
        assignment.refresh_from_db()
        reviewing.deliver_review(
            actor=assignment.reviewer,
            assignment=assignment,
            answers=opinion(assignment, recommendation),
        )

    def _words(self, paper: Paper) -> dict[str, object]:
        extends = paper.extends_conference_paper
        return {
            "title": paper.title,
            "abstract": paper.abstract,
            "index_terms": list(paper.invented.index_terms),
            "is_original_research": True,
            "validation_statement": "Validated on three invented collections of together sixty "
            "thousand examinations from centres that took no part in training.",
            "cover_letter": "We submit a new method to the special issue. It has not been "
            "published and is not under review elsewhere. All data in it are simulated.",
            "extends_conference_paper": extends,
            "conference_citation": "The authors, “Low-rank adaptation of a diffusion prior,” "
            "Symposium on Invented Imaging, 2024."
            if extends
            else "",
            "conference_new_method": "A step-size rule that is learned with the adaptation."
            if extends
            else "",
            "conference_new_data": "Two more anatomies, the knee and the heart." if extends else "",
            "conference_new_analysis": "A proof that the new rule converges, and where it does not."
            if extends
            else "",
            "was_rejected": bool(paper.rejected_by),
            "rejected_by": paper.rejected_by,
            "rejected_number": f"INV-{400 + paper.seed}" if paper.rejected_by else "",
            "rejected_changes": "A second cohort was added, and the claim on speed was taken out."
            if paper.rejected_by
            else "",
            "preferred_editor": self.users.get(paper.prefers),
            "concurrent_submissions": "None",
            "human_subjects": "none",
            "data_availability": "The simulated data are available from the authors.",
            "code_availability": "The code will be public when the paper is published.",
            "ai_use": "language" if paper.seed % 4 == 0 else "none",
            "ai_system": "An invented language tool, version 2" if paper.seed % 4 == 0 else "",
            "ai_sections": "Sections I and V" if paper.seed % 4 == 0 else "",
            "ai_extent": "It corrected the English; no sentence is its own."
            if paper.seed % 4 == 0
            else "",
            "funders": [
                {"funder": "Invented Research Council", "award": f"IRC-{2000 + paper.seed}"}
            ],
            "competing_interests": "None",
            "declares_unpublished": True,
            "declares_all_agree": True,
            "declares_charges": True,
        }

    def _conflict(self, paper: Paper) -> DeclaredConflictEntry:
        """With a guest editor by account, with anybody else by name."""
        person = people.BY_KEY[paper.conflict_with]
        is_editor = person in people.EDITORS
        return DeclaredConflictEntry(
            editor=self.users[person.key] if is_editor else None,
            name="" if is_editor else person.name,
            email="" if is_editor else person.email,
            kind=paper.conflict.value,
            evidence=_CONFLICT_WORDS[paper.conflict],
        )

    def _topics(self, paper: Paper) -> Sequence[Topic]:
        chosen = {paper.topic, (paper.topic + 3 + paper.seed % 4) % len(self.topics)}
        return [self.topics[position] for position in sorted(chosen)]


def _entry(key: str, is_first: bool) -> AuthorEntry:
    person = people.BY_KEY[key]
    return AuthorEntry(
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        orcid=person.orcid,
        institution=person.place.name,
        city=person.place.city,
        country=person.place.country,
        is_corresponding=is_first,
    )


# What the authors write of each kind of conflict that the rehearsal has.
_CONFLICT_WORDS = {
    ConflictKind.ADVISER: "Supervised the doctoral thesis of the second author until 2016.",
    ConflictKind.INTEREST: "Advises a company that sells a competing product.",
    ConflictKind.COLLABORATOR: "Holds an infrastructure grant together with the first author.",
}


def _named(paper: Paper) -> list[NamedReviewerEntry]:
    rows = []
    for key, is_opposed, reason in (
        (paper.suggests, False, "Has worked on the same question for ten years."),
        (paper.opposes, True, "Competes for the same grant this year."),
    ):
        if key:
            person = people.BY_KEY[key]
            rows.append(
                NamedReviewerEntry(
                    name=person.name,
                    email=person.email,
                    institution=person.place.name,
                    reason=reason,
                    is_opposed=is_opposed,
                )
            )
    return rows


def conference_paper(paper: Paper) -> Order:
    """The earlier paper that this one extends: four pages."""
    return Order(
        seed=paper.seed + 7000,
        title="Low-Rank Adaptation of a Diffusion Prior",
        authors=tuple(people.BY_KEY[key].name for key in paper.authors[:2]),
        abstract="A short paper on the adaptation of one prior to two protocols.",
        topic=paper.topic,
        pages=4,
    )


def copyright_form() -> Order:
    """One page with a signature that is none."""
    return Order(
        seed=9000,
        title="Copyright Form of the Rehearsal",
        authors=(),
        abstract="This form is invented and binds nobody.",
        topic=0,
        pages=1,
    )


def small_archive(word: str) -> bytes:
    """A ZIP with one line in it, the same bytes each time."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(f"{word}/README.txt"), f"Invented {word} of the rehearsal.\n")
    return made.getvalue()


def newest(manuscript: Manuscript) -> Version:
    """The version with the highest revision number, as it stands now."""
    return (
        Version.objects.select_related("manuscript__issue")
        .filter(manuscript=manuscript)
        .latest("revision_number")
    )


def fresh(manuscript: Manuscript) -> Manuscript:
    """The manuscript as it stands now."""
    return Manuscript.objects.select_related("issue", "submitter").get(pk=manuscript.pk)


# ---------------------------------------------------------------------- ways of a manuscript


@dataclass(frozen=True, slots=True)
class Round:
    """How one round of review goes. Numbers are days after the invitation.

    `answers` has one entry for each invited reviewer: the day of agreement, None for silence, or
    a negative day for a decline. `reviews` has the day and the recommendation of each reviewer
    who agreed and returned, in the same order; None for one who has not.
    """

    answers: tuple[float | None, ...] = (1, 1.4, 2, 3)
    reviews: tuple[tuple[float, str] | None, ...] = ()

    @property
    def days(self) -> float:
        """When the last review is in."""
        return max(review[0] for review in self.reviews if review)


def the_round(world: World, asked: list[Assignment], plan: Round) -> Story:
    """Play the answers and the reviews of one round, in the order of their days."""
    start = clock.now()
    acts: list[tuple[float, int, str]] = []
    for number, answer in enumerate(plan.answers[: len(asked)]):
        if answer is not None:
            acts.append((abs(answer), number, "decline" if answer < 0 else "agree"))
    for number, review in enumerate(plan.reviews[: len(asked)]):
        if review is not None:
            acts.append((review[0], number, review[1]))
    for day, number, what in sorted(acts):
        yield start + day * DAY
        if what == "agree":
            world.agree(asked[number])
        elif what == "decline":
            world.decline(asked[number], "Perhaps a colleague of the imaging group has time.")
        else:
            world.deliver(asked[number], what)


def written(world: World, paper: Paper, begun: datetime, until: datetime | None = None) -> Story:
    """A draft that is not handed in."""
    yield begun
    world.begin(paper)
    if until is not None:
        yield until


def submitted(world: World, paper: Paper, on: datetime) -> Way:
    """Begun two days before and handed in; returns the manuscript."""
    yield on - 2 * DAY
    manuscript = world.begin(paper)
    yield on
    return world.submit(manuscript)


def handled(world: World, paper: Paper, on: datetime, editor: str) -> Way:
    """Handed in, checked by the office the next day, given to an editor the day after."""
    manuscript = yield from submitted(world, paper, on)
    yield on + 1 * DAY
    world.admit(manuscript)
    yield on + 1.5 * DAY
    world.assign(manuscript, editor)
    return manuscript


def reviewed(world: World, paper: Paper, on: datetime, editor: str, plan: Round) -> Way:
    """Handled, four invited in one act, and the round played."""
    manuscript = yield from handled(world, paper, on, editor)
    yield on + 2 * DAY
    asked = world.invite(manuscript, editor)
    yield from the_round(world, asked, plan)
    return manuscript


def reviewed_again(world: World, manuscript: Manuscript, editor: str, plan: Round) -> Story:
    """The second round with the reviewers of the first."""
    yield clock.now() + 1 * DAY
    world.admit(manuscript)
    yield clock.now() + 0.5 * DAY
    asked = world.invite_again(manuscript, editor)
    yield from the_round(world, asked, plan)


def decided(
    world: World, manuscript: Manuscript, editor: str, kind: str, early_reason: str = ""
) -> Story:
    """Written in the morning, read again and let out in the afternoon."""
    decision = world.draft(manuscript, editor, kind, early_reason)
    yield clock.now() + timedelta(hours=5)
    world.release(decision, editor)
