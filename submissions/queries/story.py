"""Where a manuscript is, in the author's words: state, next act, by when, and what happened.

Only what an author may know goes through here: no counts, no dates of the review, no names of
those who judge (`security.md` T1 to T5, `domain.md` J7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db.models import OuterRef, Subquery

from submissions.models import (
    Correspondence,
    Manuscript,
    Version,
    WithdrawalRequest,
)
from submissions.queries.windows import (
    dates_of,
    final_files_due_at,
    own_window,
    unborn_revision,
    windows_of,
)
from submissions.states import (
    AUTHOR_LABELS,
    CLOSED,
    RevisionKind,
    Stage,
    WithdrawalAnswer,
)
from tmi_special_issue import audit
from tmi_special_issue.deadlines import Window, has_ended, is_open
from tmi_special_issue.models import AuditEntry, MilestoneKind

Act = Literal["", "continue", "begin_revision", "upload_final_files"]


@dataclass(frozen=True, slots=True)
class Step:
    """The answer to: where is it, what is my next act, by when?

    `tone` is the badge's: turn (the author must act), wait, good, bad, rest. `planned_at` is the
    date of the call by which the editors mean to decide: public, and the same for everybody.
    `may_be_edited` says that a submitted original can be taken back (decision 0016).
    """

    label: str
    sentence: str
    tone: str
    act: Act = ""
    due_at: datetime | None = None
    is_closed: bool = False
    planned_at: datetime | None = None
    may_be_edited: bool = False

    @property
    def next_at(self) -> datetime | None:
        """The date to look at: the author's own, else the one that the call plans."""
        return self.due_at or self.planned_at

    @property
    def next_words(self) -> str:
        """What that date is."""
        return "Due" if self.due_at else "Decision planned by"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the author's timeline."""

    at: datetime
    sentence: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One manuscript in the author's list."""

    manuscript: Manuscript
    title: str
    version_label: str
    step: Step
    draft_public_id: str


_WAITING: dict[Stage, str] = {
    Stage.SUBMITTED: (
        "The editorial office checks that the submission is complete. You will hear from it by "
        "mail; there is nothing for you to do."
    ),
    Stage.AWAITING_EDITOR: (
        "The submission is complete and with the editors. There is nothing for you to do."
    ),
    Stage.IN_REVIEW: (
        "Your manuscript is under review. You will get the decision as a letter by mail and on "
        "this page."
    ),
    Stage.AWAITING_DECISION: (
        "Your manuscript is under review. You will get the decision as a letter by mail and on "
        "this page."
    ),
    Stage.FINAL_FILES_RECEIVED: (
        "Your manuscript is accepted and the final files are here. The editorial office checks "
        "them before they go to production."
    ),
    Stage.READY_FOR_PRODUCTION: (
        "Your manuscript is accepted and was sent to production. The publisher writes to you next."
    ),
}
_ENDED: dict[Stage, str] = {
    Stage.REJECTED: "The manuscript was not accepted. The letter below gives the reasons.",
    Stage.WITHDRAWN: "The manuscript was withdrawn and is no longer considered.",
    Stage.TRANSFERRED: "The manuscript goes on in the regular queue of the journal.",
    Stage.ACCEPTANCE_RESCINDED: (
        "The acceptance was taken back. The letter below gives the reasons."
    ),
}
_TONES: dict[Stage, str] = {
    Stage.FINAL_FILES_RECEIVED: "good",
    Stage.READY_FOR_PRODUCTION: "good",
    Stage.REJECTED: "bad",
    Stage.ACCEPTANCE_RESCINDED: "bad",
}


def story(manuscript: Manuscript, version: Version, at: datetime) -> Step:
    """Where this manuscript is; `version` is its newest one. One query."""
    dates = dates_of(manuscript)
    window = own_window(_counted_version(manuscript, version), dates)
    found = step(manuscript, window, at)
    if manuscript.stage not in _DECIDING:
        return found
    kind = (
        MilestoneKind.FINAL_ACCEPTANCE
        if version.revision_number
        else MilestoneKind.INITIAL_DECISION
    )
    is_original = manuscript.stage == Stage.SUBMITTED and not version.revision_number
    return replace(
        found,
        planned_at=dates[kind].closes_at if kind in dates else None,
        may_be_edited=is_original and is_open(window, at),
    )


def step(manuscript: Manuscript, window: Window, at: datetime) -> Step:
    """Where a manuscript is, given the window of what comes next. Asks the database nothing."""
    stage = Stage(manuscript.stage)
    label = AUTHOR_LABELS[stage]
    ended = has_ended(window, at)
    due = window.effective_at
    if stage == Stage.UNSUBMITTED and not manuscript.fault_list:
        return _taken_back(due, ended=ended)
    if stage in _WAITING:
        return Step(label, _WAITING[stage], _TONES.get(stage, "wait"))
    if stage in CLOSED:
        return Step(label, _ENDED[stage], _TONES.get(stage, "rest"))
    if stage == Stage.AWAITING_FINAL_FILES:
        return Step(
            label,
            "Your manuscript is accepted. Upload the final PDF, its sources and the copyright "
            "form.",
            "turn",
            "upload_final_files",
            final_files_due_at(manuscript),
        )
    if stage == Stage.REVISION_LAPSED:
        return Step(
            label,
            "The time for the revision has run out. What you prepared is kept; ask for more time "
            "if you still want to submit it.",
            "bad",
            due_at=due,
            is_closed=True,
        )
    if ended:
        return Step(label, _CLOSED_DRAFT[stage], "bad", "", due, True)
    act: Act = "begin_revision" if stage in _TO_BEGIN else "continue"
    return Step(label, _YOUR_TURN[stage], "turn", act, due)


def _taken_back(due: datetime, *, ended: bool) -> Step:
    """The author opened a submission again and has not submitted it anew."""
    label = "Taken back, not submitted"
    if ended:
        sentence = (
            "Submissions have closed while this manuscript was taken back, so it is not submitted. "
            "It stays here to be read and downloaded; write to the editorial office if something "
            "went wrong."
        )
        return Step(label, sentence, "bad", "", due, True)
    sentence = (
        "You have opened the submission again. It does not count as submitted until you submit it "
        "anew; the number stays."
    )
    return Step(label, sentence, "turn", "continue", due)


_DECIDING = frozenset(
    {Stage.SUBMITTED, Stage.AWAITING_EDITOR, Stage.IN_REVIEW, Stage.AWAITING_DECISION}
)
_TO_BEGIN = frozenset({Stage.MINOR_REVISION, Stage.MAJOR_REVISION})
_YOUR_TURN: dict[Stage, str] = {
    Stage.DRAFT: "This is a draft that only you see. Complete it and submit it.",
    Stage.UNSUBMITTED: (
        "The editorial office returned the submission to be completed. Mend what it lists and "
        "submit again; the number stays."
    ),
    Stage.MINOR_REVISION: (
        "The manuscript will be accepted once a minor revision is done. No external review "
        "follows. Read the letter, then begin the revision."
    ),
    Stage.MAJOR_REVISION: (
        "The manuscript needs a major revision, which reviewers will see again. Read the letter, "
        "then begin the revision."
    ),
    Stage.REVISION_DRAFT: (
        "You are preparing the revision. Upload the revised PDF and the response to the "
        "reviewers, then submit it."
    ),
}
_CLOSED_DRAFT: dict[Stage, str] = {
    Stage.DRAFT: (
        "Submissions have closed, so this draft can no longer be submitted. It stays here to be "
        "read and downloaded."
    ),
    Stage.UNSUBMITTED: (
        "The time to complete this submission has run out. It stays here to be read and "
        "downloaded; write to the editorial office if something went wrong."
    ),
    **dict.fromkeys(
        (Stage.MINOR_REVISION, Stage.MAJOR_REVISION, Stage.REVISION_DRAFT),
        "The time for the revision has run out. What you prepared is kept; ask for more time if "
        "you still want to submit it.",
    ),
}


def my_lines(manuscripts: Sequence[Manuscript], at: datetime) -> list[Line]:
    """The rows of the author's list, in three queries however many there are."""
    newest = newest_versions(manuscripts)
    windows = windows_of(_counted_version(m, newest[m.pk]) for m in manuscripts)
    return [
        Line(
            manuscript=manuscript,
            title=newest[manuscript.pk].title,
            version_label=newest[manuscript.pk].label,
            step=step(manuscript, window, at),
            draft_public_id=(
                newest[manuscript.pk].public_id if newest[manuscript.pk].is_draft else ""
            ),
        )
        for manuscript, window in zip(manuscripts, windows, strict=True)
    ]


def newest_versions(manuscripts: Sequence[Manuscript]) -> dict[int, Version]:
    """The newest version of each manuscript by the manuscript's key, in one query."""
    newest = (
        Version.objects.filter(manuscript=OuterRef("manuscript"))
        .order_by("-revision_number")
        .values("pk")[:1]
    )
    listed = Version.objects.filter(manuscript__in=list(manuscripts), pk=Subquery(newest))
    found = {version.manuscript_id: version for version in listed}
    for manuscript in manuscripts:
        found[manuscript.pk].manuscript = manuscript
    return found


def counted_versions(manuscripts: Sequence[Manuscript]) -> list[Version]:
    """For each manuscript the version whose window counts now, in one query."""
    newest = newest_versions(manuscripts)
    return [_counted_version(m, newest[m.pk]) for m in manuscripts]


def present_window(manuscript: Manuscript, newest: Version) -> Window:
    """The window that counts for a manuscript now; `newest` is its newest version. One query."""
    return own_window(_counted_version(manuscript, newest), dates_of(manuscript))


def _counted_version(manuscript: Manuscript, newest: Version) -> Version:
    """The version whose window counts now: the asked-for revision before it has a row."""
    waits = newest.submitted_at is not None and manuscript.stage in {
        *_TO_BEGIN,
        Stage.REVISION_LAPSED,
    }
    return unborn_revision(manuscript, newest.revision_number + 1) if waits else newest


def timeline(
    manuscript: Manuscript,
    versions: Sequence[Version],
    *,
    letters: Sequence[Correspondence] = (),
    wishes: Sequence[WithdrawalRequest] = (),
) -> list[Happening]:
    """What happened, as far as an author may know, the latest first. One query."""
    lines = [Happening(manuscript.created_at, "Draft begun.")]
    lines += [
        Happening(
            version.first_submitted_at,
            f"Submitted as {version.label}."
            if version.revision_number == 0
            else f"Revision submitted as {version.label}.",
        )
        for version in versions
        if version.first_submitted_at
    ]
    lines += _withdrawals(wishes)
    lines += [Happening(letter.sent_at, f"Letter: {letter.title}.") for letter in letters]
    told = audit.entries_about(manuscript.audit_key).filter(verb__in=_VERBS_TOLD)
    for entry in told:
        if sentence := _moved(entry):
            lines.append(Happening(entry.at, sentence))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _withdrawals(wishes: Sequence[WithdrawalRequest]) -> list[Happening]:
    lines = []
    for row in wishes:
        lines.append(Happening(row.asked_at, "Withdrawal asked for."))
        sentence = _WITHDRAWALS_TOLD.get(row.answer)
        if sentence and row.answered_at:
            lines.append(Happening(row.answered_at, sentence))
    return lines


# A confirmed one shows as the move to "Withdrawn".
_WITHDRAWALS_TOLD: dict[str, str] = {
    WithdrawalAnswer.DECLINED: "Withdrawal declined by the editorial office.",
    WithdrawalAnswer.TAKEN_BACK: "Request to withdraw taken back.",
}


def _moved(entry: AuditEntry) -> str:
    """The sentence of a move that concerns the author; empty for every other one."""
    if entry.verb in _AUTHOR_CHANGES_TOLD:
        return _AUTHOR_CHANGES_TOLD[entry.verb]
    if entry.verb in _EXTENSIONS_TOLD:
        until = datetime.fromisoformat(entry.facts["until"])
        return f"{_EXTENSIONS_TOLD[entry.verb]}, until {until:%-d %b %Y, %H:%M} UTC."
    if entry.verb == "extension.refused":
        return "More time refused."
    origin, target = entry.facts.get("origin"), entry.facts.get("target")
    if target == Stage.UNSUBMITTED:
        if entry.facts.get("act") == "taken_back":
            return "Taken back to be edited."
        return "Returned to be completed."
    if target == Stage.SUBMITTED and origin == Stage.UNSUBMITTED:
        return "Submitted again."
    if target == Stage.REVISION_DRAFT and origin != Stage.REVISION_LAPSED:
        return "Revision begun."
    return _MOVES_TOLD.get(str(target), "")


_AUTHOR_CHANGES_TOLD: dict[str, str] = {
    "author_change.asked": "Another list of authors asked for.",
    "author_change.refused": "An author did not agree to another list of authors.",
    "author_change.taken_back": "Request for other authors taken back.",
    "author_change.declined": "Other authors declined by the editor-in-chief.",
    "authors.changed": "List of authors changed.",
}
_EXTENSIONS_TOLD = {
    "extension.asked": "More time asked for",
    "extension.granted": "More time granted",
}
_VERBS_TOLD = ["manuscript.moved", *_EXTENSIONS_TOLD, "extension.refused", *_AUTHOR_CHANGES_TOLD]
_MOVES_TOLD: dict[str, str] = {
    Stage.REVISION_LAPSED: "The time for the revision ran out.",
    Stage.FINAL_FILES_RECEIVED: "Final files received.",
    Stage.READY_FOR_PRODUCTION: "Sent to production.",
    Stage.WITHDRAWN: "Withdrawn.",
}


def revision_words(kind: str) -> str:
    """What the last decision asked for, in a few words."""
    return "minor revision" if kind == RevisionKind.MINOR else "major revision"
