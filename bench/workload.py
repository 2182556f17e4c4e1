"""The workload of the benchmark, the same rows for the same size on every machine.

For n manuscripts of the shipped call, seen on 28 August 2024, between the first decisions and the
end of the revisions:

* four filed reviews a manuscript, every question answered, each with its snapshot
* n/2 reviewers with five publications, three topics and two affiliations each; n/2 authors;
  six guest editors, an editor-in-chief and the office, all with a second factor
* every stage in equal parts (``FATES``): rounds that are complete, late, half staffed, minor
  revisions to be checked, decisions drafted and held, revisions with office and author,
  acceptances with and without final files, rejections, withdrawals; n/20 drafts besides
* a version has four authors, two topics, two to five files, and some have named reviewers;
  whatever was decided has its rendered letter; some thirty entries of the record, chained as the
  product chains them, and a dozen mails a manuscript; three lists of acceptances taken
* one author and one reviewer take part in 30 manuscripts of the smallest size and in 60 of each
  larger one, so that their lists fill pages and yet a person does not grow with the issue

Rows are written in bulk and not by the product's actions, which would take hours.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from accounts.models import User
from bench import words
from bench.people import People, institution_of, make_people
from bench.rows import Rows, VersionTopic
from editors.acceptance import sealed
from editors.models import (
    AcceptanceSnapshot,
    Decision,
    EditorConflict,
    Handling,
    Letter,
    OverdueFlag,
)
from editors.queries import acceptance_rows
from editors.states import DECISION_WORDS, DecisionKind, DecisionState, LetterState
from reviews.models import Assignment, InvitationLink, Review, ReviewerLabel, ReviewSnapshot
from reviews.sheet import CURRENT_SHEET
from reviews.states import COUNTED, AssignmentState
from submissions.models import (
    Author,
    Correspondence,
    Extension,
    Manuscript,
    NamedReviewer,
    Version,
    VersionFile,
)
from submissions.states import ACCEPTED, FileKind, RevisionKind, Stage
from tmi_special_issue import audit, clock
from tmi_special_issue.actions import open_issue
from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.models import (
    AuditEntry,
    MailState,
    MilestoneKind,
    OutboxAttachment,
    OutboxMessage,
    SpecialIssue,
    StoredFile,
    Topic,
)

CALL = Path(__file__).resolve().parent.parent / "calls" / "foundation-models-2024.toml"
NOW = datetime(2024, 8, 28, 9, tzinfo=UTC)
DECIDED_AT = NOW - timedelta(days=18)
CHUNK = 500  # manuscripts written at a time
BUSY_EVERY, BUSY_MOST = 10, 60  # manuscripts of the measured author, and of the reviewer
DRAFTS_MOST = 40  # of the measured author
S, A, D, R = Stage, AssignmentState, DecisionKind, RevisionKind


@dataclass(frozen=True)
class Fate:
    """What became of a manuscript.

    `first` is the decision on the original and `second` that on the revision `.R1`, both
    released unless `held` says "drafted" or "approved". `panel` are the reviewers beyond the
    four filed reviews: of the revision when there is one, else of the original; the first of
    those at work is late when `is_late`.
    """

    stage: Stage
    first: DecisionKind | None = None
    second: DecisionKind | None = None
    held: str = ""
    revision: str = ""
    panel: tuple[AssignmentState, ...] = ()
    is_late: bool = False


FATES = (
    Fate(S.IN_REVIEW),
    Fate(S.IN_REVIEW, panel=(A.AGREED,), is_late=True),
    Fate(S.IN_REVIEW, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(
        S.IN_REVIEW,
        D.REJECT_RESUBMIT,
        revision="submitted",
        panel=(A.INVITED, A.AGREED, A.IN_PROGRESS, A.DECLINED),
    ),
    Fate(
        S.IN_REVIEW,
        D.REJECT_RESUBMIT,
        revision="submitted",
        panel=(A.IN_PROGRESS, A.AGREED, A.AGREED, A.IN_PROGRESS),
        is_late=True,
    ),
    Fate(S.IN_REVIEW, D.MINOR_REVISION, revision="submitted"),
    Fate(S.AWAITING_DECISION, D.ACCEPT, held="drafted"),
    Fate(S.AWAITING_DECISION, D.REJECT, held="approved"),
    Fate(S.SUBMITTED, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(S.AWAITING_EDITOR, D.REJECT_RESUBMIT, revision="submitted"),
    Fate(S.UNSUBMITTED, D.REJECT_RESUBMIT, revision="returned"),
    Fate(S.MAJOR_REVISION, D.REJECT_RESUBMIT),
    Fate(S.MINOR_REVISION, D.MINOR_REVISION),
    Fate(S.REVISION_DRAFT, D.REJECT_RESUBMIT, revision="draft"),
    Fate(S.REVISION_LAPSED, D.REJECT_RESUBMIT),
    Fate(S.AWAITING_FINAL_FILES, D.MINOR_REVISION, D.ACCEPT, revision="submitted"),
    Fate(S.FINAL_FILES_RECEIVED, D.MINOR_REVISION, D.ACCEPT, revision="submitted"),
    Fate(S.READY_FOR_PRODUCTION, D.ACCEPT),
    Fate(S.REJECTED, D.REJECT),
    Fate(S.REJECTED, D.REJECT_OTHER_JOURNAL),
    Fate(S.WITHDRAWN),
    Fate(S.TRANSFERRED),
    Fate(S.ACCEPTANCE_RESCINDED, D.ACCEPT),
)
REVISION_OF = {D.REJECT_RESUBMIT: R.MAJOR, D.MINOR_REVISION: R.MINOR}
RECOMMENDED = ("accept", "minor_revision", "reject_resubmit", "reject")


def fill(count: int) -> People:
    """Write the workload of `count` manuscripts into an empty database."""
    random = Random(count)
    with clock.frozen_at(NOW - timedelta(days=120)):
        issue = open_issue(actor="system:bench", content=tomllib.loads(CALL.read_text("utf-8")))
    half = max(count // 2, 8)
    people = make_people(issue, authors=half, reviewers=half, random=random)
    press = Press(issue, people, random, count)
    for number in range(count):
        press.manuscript(number)
        if number % CHUNK == CHUNK - 1:
            press.rows.write()
    for number in range(max(count // 20, 1)):
        press.draft(count + number)
    press.rows.write()
    issue.next_number = count + 1
    issue.save(update_fields=["next_number"])
    _take_lists(issue, people.office)
    return people


class Press:
    """Makes one manuscript after the other."""

    def __init__(self, issue: SpecialIssue, people: People, random: Random, count: int) -> None:
        self.count = count
        self.every = max(BUSY_EVERY, count // BUSY_MOST)
        self.issue = issue
        self.people = people
        self.random = random
        self.rows = Rows()
        self.topics = list(Topic.objects.filter(issue=issue).order_by("position"))
        self.closing = issue.milestones.get(kind=MilestoneKind.SUBMISSION).due_at
        self.last_hash = AuditEntry.objects.order_by("-sequence").values_list("hash")[0][0]

    # ---------------------------------------------------------------- the authors' part

    def manuscript(self, number: int) -> None:
        """One manuscript with everything that belongs to its fate."""
        fate = FATES[number % len(FATES)]
        began_at = self.closing - timedelta(days=1 + number % 20)
        since = NOW - timedelta(days=1 + number % 12)
        manuscript = self.rows.add(
            Manuscript(
                issue=self.issue,
                submitter=self._author(number),
                number=f"{self.issue.number_prefix}-{number + 1:04d}",
                stage=fate.stage,
                stage_since=since,
                created_at=began_at - timedelta(days=3),
                revision_kind=_asked(fate) or "",
            )
        )
        editor = self.people.editors[number % len(self.people.editors)]
        original = self._version(manuscript, number, 0, began_at)
        self._move(manuscript, manuscript.submitter, S.DRAFT, S.SUBMITTED, began_at)
        self._mail(manuscript, "submission_received", manuscript.submitter, began_at)
        self._handling(manuscript, editor, fate, began_at + timedelta(days=1))
        open_round = fate.first is None or bool(fate.held)
        state = A.RETURNED if open_round and fate.stage not in _OVER else A.CLOSED
        for place, reviewer in enumerate(self._reviewers(number, 4)):
            assignment = self._assignment(original, reviewer, editor, place, state, began_at)
            self._review(assignment, number, place, filed=True)
        if fate.first:
            self._decision(original, fate.first, editor, fate.held)
        latest = original
        if fate.revision:
            latest = self._version(
                manuscript, number, 1, DECIDED_AT + timedelta(days=number % 9), fate
            )
        if fate.second:
            self._decision(latest, fate.second, editor, "")
        self._further_panel(latest, number, editor, fate)
        self._marks(manuscript, number, fate, since)

    def draft(self, number: int) -> None:
        """A first draft that is still open: its author got more time."""
        authors = self.people.authors
        is_measured = number % 2 == 1 and number < self.count + 2 * DRAFTS_MOST
        author = authors[0 if is_measured else number % len(authors)]
        began_at = NOW - timedelta(days=number % 20 + 1)
        manuscript = self.rows.add(
            Manuscript(
                issue=self.issue,
                submitter=author,
                stage=S.DRAFT,
                stage_since=began_at,
                created_at=began_at,
            )
        )
        self._version(manuscript, number, 0, None)
        self.rows.add(
            Extension(
                manuscript=manuscript,
                kind=MilestoneKind.SUBMISSION,
                until=NOW + timedelta(days=5),
                reason="The scanner's archive was down for a week.",
                granted_by=self.people.office,
                granted_at=began_at,
            )
        )

    def _author(self, number: int) -> User:
        authors = self.people.authors
        return authors[0 if number % self.every == 5 else number // 2 % len(authors)]

    def _version(
        self,
        manuscript: Manuscript,
        number: int,
        revision: int,
        handed_in_at: datetime | None,
        fate: Fate | None = None,
    ) -> Version:
        theme, random = number % len(words.THEMES), self.random
        is_draft = handed_in_at is None or bool(fate and fate.revision == "draft")
        is_returned = bool(fate and fate.revision == "returned")
        version = self.rows.add(
            Version(
                manuscript=manuscript,
                revision_number=revision,
                revision_kind=(_asked(fate) or "") if fate else "",
                saved_at=handed_in_at or NOW,
                submitted_at=None if is_draft or is_returned else handed_in_at,
                first_submitted_at=None if is_draft else handed_in_at,
                due_at=NOW + timedelta(days=5) if is_returned else None,
                title=words.title(random, theme),
                abstract=words.abstract(random, theme),
                index_terms=words.index_terms(theme),
                is_original_research=True,
                validation_statement="Sixty thousand volumes of four centres not trained on.",
                cover_letter="The work fits the call: one model for several kinds of images.",
                extends_conference_paper=number % 5 == 0,
                conference_citation="A. Writer, Early Results, 2023" if number % 5 == 0 else "",
                conference_whats_new="Twice the data." if number % 5 == 0 else "",
                concurrent_submissions="None",
                human_subjects="approved",
                ethics_board="Board of the first author's institution",
                ethics_protocol=f"2023-{number:05d}",
                data_availability="The list of cases is on request.",
                code_availability="Code will be open.",
                ai_use="language",
                ai_use_details="For the wording of two paragraphs.",
                funding="None",
                competing_interests="None",
                declares_unpublished=True,
                declares_all_agree=True,
                declares_charges=True,
                response_summary="Every point was answered in the text." if revision else "",
            )
        )
        for step in (0, 1 + number % 5):
            topic = self.topics[(theme + step) % len(self.topics)]
            self.rows.add(VersionTopic(version=version, topic=topic))
        self._by_line(version, number)
        self._files(version, number, handed_in_at or NOW)
        if number % 3 == 0:
            self._named_reviewers(version, number)
        return version

    def _by_line(self, version: Version, number: int) -> None:
        authors = self.people.authors
        for position in range(1, 5):
            account, serial = None, number * 4 + position
            if position == 1:
                account = version.manuscript.submitter
            elif position == 2:
                account = authors[(number // 2 + 3) % len(authors)]
            self.rows.add(
                Author(
                    version=version,
                    user=account,
                    position=position,
                    given_name=account.given_name if account else "Outside",
                    family_name=account.family_name if account else f"Writer{serial}",
                    email=account.email if account else f"writer{serial}@aside.example",
                    orcid=account.orcid if account else "",
                    institution=institution_of(number + position),
                    country="NO",
                    is_corresponding=position == 1,
                    confirmation="confirmed" if position < 3 else "pending",
                )
            )

    def _files(self, version: Version, number: int, at: datetime) -> None:
        kinds = [FileKind.MAIN, FileKind.CODE]
        if version.revision_number:
            kinds += [FileKind.RESPONSE, FileKind.MARKED_COPY]
        if version.extends_conference_paper:
            kinds.append(FileKind.CONFERENCE_PAPER)
        if FATES[number % len(FATES)].stage in ACCEPTED - {S.AWAITING_FINAL_FILES}:
            kinds += [FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM]
        for kind in kinds:
            ending = "zip" if kind in {FileKind.CODE, FileKind.SOURCES} else "pdf"
            self.rows.add(
                VersionFile(
                    version=version,
                    kind=kind,
                    file=self._stored(f"{kind.value}.{ending}", at),
                    thumbnail=self._stored("page-1.png", at) if kind == FileKind.MAIN else None,
                    page_count=8 + number % 6 if ending == "pdf" else None,
                    findings=[
                        {"level": "ok", "code": "fonts", "sentence": "All fonts are embedded."},
                        {"level": "ok", "code": "pages", "sentence": "The length is right."},
                    ],
                    uploaded_at=at,
                )
            )

    def _stored(self, name: str, at: datetime) -> StoredFile:
        key = new_public_id()
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.rows.add(
            StoredFile(
                sha256=digest,
                byte_count=1_400_000,
                media_type="application/pdf" if name.endswith("pdf") else "application/zip",
                original_name=name,
                storage_key=f"{digest[:2]}/{key}",
                created_at=at,
            )
        )

    def _named_reviewers(self, version: Version, number: int) -> None:
        pool = self.people.reviewers
        for step, is_opposed in ((11, False), (12, False), (13, True)):
            person = pool[(number * 4 + step) % len(pool)]
            self.rows.add(
                NamedReviewer(
                    version=version,
                    is_opposed=is_opposed,
                    name=person.full_name,
                    email=person.email,
                    institution="Institute of Imaging",
                    reason="Works on the same scanners.",
                )
            )

    # ---------------------------------------------------------------- the reviewers' part

    def _reviewers(self, number: int, count: int) -> list[User]:
        """Different people for each place; the measured one comes first in some."""
        pool = self.people.reviewers
        chosen = [pool[(number * 4 + place) % len(pool)] for place in range(count)]
        if number % self.every == 0 and pool[0] not in chosen:
            chosen[0] = pool[0]
        return chosen

    def _assignment(
        self,
        version: Version,
        reviewer: User,
        editor: User,
        place: int,
        state: AssignmentState,
        handed_in_at: datetime,
        *,
        is_late: bool = False,
    ) -> Assignment:
        invited_at = handed_in_at + timedelta(days=2)
        has_agreed = state in COUNTED or state == A.CLOSED
        returned = state in {A.RETURNED, A.CLOSED}
        due_at = NOW - timedelta(days=2) if is_late else invited_at + timedelta(days=40)
        if version.revision_number == 0:
            self.rows.add(
                ReviewerLabel(manuscript=version.manuscript, reviewer=reviewer, number=place + 1)
            )
        assignment = self.rows.add(
            Assignment(
                version=version,
                reviewer=reviewer,
                state=state,
                invited_by=editor,
                invited_at=invited_at,
                answer_by=max(invited_at, NOW) + timedelta(days=3),
                answered_at=invited_at + timedelta(days=2) if has_agreed else None,
                due_at=due_at if has_agreed else None,
                due_set_at=invited_at + timedelta(days=2) if has_agreed else None,
                returned_at=invited_at + timedelta(days=20 + place) if returned else None,
                ended_at=DECIDED_AT if state in {A.CLOSED, A.DECLINED} else None,
                reasons=["3 own papers on the subject.", "Topic of the call: pretraining."],
                decline_reason="no_time" if state == A.DECLINED else "",
                accepted_terms_at=invited_at + timedelta(days=2) if has_agreed else None,
            )
        )
        self._record(editor, "assignment.invited", assignment.audit_key, invited_at)
        self._mail(assignment, "review_invited", reviewer, invited_at)
        if has_agreed:
            self._record(reviewer, "review.agreed", assignment.audit_key, invited_at)
        if returned:
            self._record(reviewer, "review.delivered", assignment.audit_key, DECIDED_AT)
            self._mail(assignment, "review_received", reviewer, DECIDED_AT)
        if state in {A.INVITED, A.AGREED, A.IN_PROGRESS}:
            secret = hashlib.sha256(assignment.public_id.encode()).hexdigest()
            self.rows.add(
                InvitationLink(assignment=assignment, secret_hash=secret, made_at=invited_at)
            )
        return assignment

    def _review(self, assignment: Assignment, number: int, place: int, *, filed: bool) -> None:
        recommendation = RECOMMENDED[(number + place) % len(RECOMMENDED)]
        if assignment.version.revision_number and recommendation == "reject_resubmit":
            recommendation = "minor_revision"
        answers = self._answers(assignment.version, number, place, recommendation)
        review = self.rows.add(
            Review(
                assignment=assignment,
                sheet=CURRENT_SHEET,
                answers=answers if filed else {"originality": 4},
                recommendation=recommendation if filed else "",
                edit_count=3,
                saved_at=assignment.returned_at or NOW,
                submitted_at=assignment.returned_at if filed else None,
            )
        )
        self._record(
            assignment.reviewer, "review.started", review.audit_key, assignment.due_at or NOW
        )
        if filed:
            self.rows.add(
                ReviewSnapshot(
                    review=review,
                    answers=answers,
                    reason="submitted",
                    taken_at=assignment.returned_at or NOW,
                )
            )

    def _answers(
        self, version: Version, number: int, place: int, recommendation: str
    ) -> dict[str, Any]:
        """Every question answered that this version is asked."""
        theme, ratings = number % len(words.THEMES), (number + place) % 3 + 2
        answers: dict[str, Any] = {
            "overall_evaluation": ratings,
            "originality": ratings + 1,
            "scientific_merit": ratings,
            "impact": 3,
            "practical_value": 4,
            "reader_interest": ratings,
            "novelty_met": "yes",
            "quality_met": "partly",
            "appropriateness_met": "yes",
            "impact_met": "partly",
            "real_large_scale_validation": "partly",
            "validation_note": "A second centre is missing.",
            "reproducibility": "yes",
            "english_quality": "satisfactory",
            "comments_to_author": words.comment(self.random, theme),
            "suggested_references": ["On Scanners, 2022, 10.5555/scan.1"],
            "confidential_comments_to_editor": "Sound work; the second claim needs more support.",
            "recommendation": recommendation,
            "expertise_confidence": 4,
            "willing_to_review_revision": "yes",
            "ethics_concern": "none",
            "ai_use_declaration": "none",
            "coi_confirmed": True,
        }
        if version.extends_conference_paper:
            answers["conference_extension_adequate"] = "yes"
        return answers

    def _further_panel(self, version: Version, number: int, editor: User, fate: Fate) -> None:
        """Reviewers at work or asked now: the former ones again, or a fifth."""
        since = version.first_submitted_at or NOW
        asked = self._reviewers(number, 4 if version.revision_number else 5)[-len(fate.panel) :]
        for place, state in enumerate(fate.panel):
            at_work = state in {A.AGREED, A.IN_PROGRESS}
            assignment = self._assignment(
                version,
                asked[place],
                editor,
                place if version.revision_number else 4,
                state,
                since,
                is_late=fate.is_late and place == 0 and at_work,
            )
            if state == A.IN_PROGRESS:
                self._review(assignment, number, place, filed=False)

    # ---------------------------------------------------------------- the desk's part

    def _handling(
        self, manuscript: Manuscript, editor: User, fate: Fate, admitted_at: datetime
    ) -> None:
        office, number = self.people.office, int((manuscript.number or "0").rsplit("-", 1)[-1])
        self._record(office, "checklist.passed", manuscript.audit_key, admitted_at)
        self._move(manuscript, office, S.SUBMITTED, S.AWAITING_EDITOR, admitted_at)
        self._record(office, "editor.assigned", manuscript.audit_key, admitted_at)
        self._move(manuscript, office, S.AWAITING_EDITOR, S.IN_REVIEW, admitted_at)
        self._record(editor, "panel.invited", manuscript.audit_key, admitted_at)
        self._mail(manuscript, "editor_assigned", editor, admitted_at)
        self.rows.add(
            Handling(
                manuscript=manuscript,
                editor=editor,
                assigned_by=office,
                assigned_at=admitted_at,
                ended_at=NOW if fate.stage == S.AWAITING_EDITOR else None,
            )
        )
        if number % 8 == 0:
            other = self.people.editors[(number + 3) % len(self.people.editors)]
            if other != editor:
                self.rows.add(
                    EditorConflict(
                        manuscript=manuscript,
                        editor=other,
                        rule="F2",
                        evidence="Same institution as an author.",
                        found_at=admitted_at,
                    )
                )

    def _decision(self, version: Version, kind: DecisionKind, editor: User, held: str) -> None:
        state = DecisionState(held) if held else DecisionState.RELEASED
        released_at = (DECIDED_AT if not version.revision_number else NOW) if not held else None
        decision = self.rows.add(
            Decision(
                version=version,
                kind=kind,
                state=state,
                reasons=words.comment(self.random, 0),
                drafted_by=editor,
                drafted_at=DECIDED_AT,
                approved_by=editor if held != "drafted" else None,
                approved_at=DECIDED_AT if held != "drafted" else None,
                release_at=NOW + timedelta(days=2) if held == "approved" else None,
                released_at=released_at,
            )
        )
        letter = self._letter(decision, released_at)
        self._record(editor, "decision.drafted", decision.audit_key, DECIDED_AT)
        self._record(editor, "letter.rendered", letter.audit_key, DECIDED_AT)
        manuscript = version.manuscript
        self._move(manuscript, editor, S.IN_REVIEW, S.AWAITING_DECISION, DECIDED_AT)
        if released_at and letter.file:
            self._record(editor, "decision.released", decision.audit_key, released_at)
            mail = self._mail(manuscript, "decision_released", manuscript.submitter, released_at)
            self.rows.add(OutboxAttachment(message=mail, file=letter.file, name="decision.pdf"))
            self.rows.add(
                Correspondence(
                    manuscript=manuscript,
                    title=f"Decision on {version.label}",
                    file=letter.file,
                    sent_at=released_at,
                )
            )

    def _letter(self, decision: Decision, released_at: datetime | None) -> Letter:
        version = decision.version
        return self.rows.add(
            Letter(
                decision=decision,
                number=f"{version.label}-L-{new_public_id()[:6].upper()}",
                state=LetterState.ISSUED if released_at else LetterState.RENDERED,
                template_version="2024.1",
                content={
                    "decision_words": DECISION_WORDS[DecisionKind(decision.kind)],
                    "title": version.title,
                    "reasons": decision.reasons.split("\n\n"),
                    "reviews": [
                        {"label": f"Reviewer {n}", "comments": decision.reasons.split("\n\n")}
                        for n in range(1, 5)
                    ],
                },
                file=self._stored("decision.pdf", DECIDED_AT),
                drafted_at=DECIDED_AT,
                rendered_at=DECIDED_AT,
                issued_at=released_at,
            )
        )

    def _marks(self, manuscript: Manuscript, number: int, fate: Fate, since: datetime) -> None:
        """Late decisions are flagged; some revisions got more time."""
        if fate.stage == S.IN_REVIEW and fate.first is None:
            self._record("system:schedule", "overdue.flagged", manuscript.audit_key, DECIDED_AT)
            self.rows.add(
                OverdueFlag(
                    manuscript=manuscript,
                    kind=MilestoneKind.INITIAL_DECISION,
                    raised_at=NOW - timedelta(days=12),
                )
            )
        if fate.stage == S.MAJOR_REVISION and number % 2:
            self.rows.add(
                Extension(
                    manuscript=manuscript,
                    kind=MilestoneKind.REVISION,
                    until=NOW + timedelta(days=50),
                    reason="A second cohort is being read.",
                    granted_by=self.people.office,
                    granted_at=since,
                )
            )
        self._move(manuscript, "system:bench", S.AWAITING_DECISION, fate.stage, since)

    # ---------------------------------------------------------------- record and mails

    def _move(
        self, manuscript: Manuscript, actor: User | str, origin: Stage, to: Stage, at: datetime
    ) -> None:
        facts = {"origin": origin.value, "target": to.value}
        self._record(actor, "manuscript.moved", manuscript.audit_key, at, **facts)

    def _record(
        self, actor: User | str, verb: str, subject: str, at: datetime, **facts: Any
    ) -> None:
        entry = AuditEntry(
            at=at,
            actor=actor if isinstance(actor, str) else actor.audit_key,
            verb=verb,
            subject=subject,
            facts=facts,
            request_id=new_public_id(),
            previous_hash=self.last_hash,
        )
        entry.hash = self.last_hash = audit.digest(entry)
        self.rows.add(entry)

    def _mail(
        self, about: Manuscript | Assignment, kind: str, to: User, at: datetime
    ) -> OutboxMessage:
        text = f"Dear {to.full_name},\n\n" + words.comment(self.random, 0)
        return self.rows.add(
            OutboxMessage(
                key=f"{kind}:{about.public_id}:{to.public_id}:{at.isoformat()}",
                kind=kind,
                about=about.audit_key,
                to=to.email,
                subject=f"{kind.replace('_', ' ').capitalize()}: {self.issue.short_title}",
                text=text,
                html=f"<!doctype html><html><body><p>{text}</p></body></html>",
                state=MailState.SENT,
                attempts=1,
                not_before=at,
                queued_at=at,
                sent_at=at,
            )
        )


_OVER = frozenset({S.WITHDRAWN, S.TRANSFERRED})


def _asked(fate: Fate) -> RevisionKind | None:
    return REVISION_OF.get(fate.first) if fate.first and not fate.held else None


def _take_lists(issue: SpecialIssue, office: User) -> None:
    """Three lists taken, each longer than the one before; the present one is longer still."""
    rows = acceptance_rows(issue)
    for number in (1, 2, 3):
        part: Sequence[Any] = rows[: len(rows) * number // 4]
        kept, digest = sealed(part, number)
        AcceptanceSnapshot.objects.create(
            issue=issue,
            number=number,
            rows=[asdict(row) for row in kept],
            sha256=digest,
            taken_by=office,
            taken_at=NOW - timedelta(days=10 - number),
        )
