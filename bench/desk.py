"""The desk's part of a manuscript: who handles it, decisions with letters, late marks."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from bench import words
from bench.fates import DECIDED_AT, NOW, Fate, S
from bench.press import Press
from editors.models import Decision, EditorConflict, Handling, Letter, OverdueFlag
from editors.states import DECISION_WORDS, DecisionKind, DecisionState, LetterState
from submissions.models import Correspondence, Extension, Manuscript, Version
from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.models import MilestoneKind, OutboxAttachment


def add_handling(
    press: Press, manuscript: Manuscript, editor: User, fate: Fate, admitted_at: datetime
) -> None:
    office, number = press.people.office, int((manuscript.number or "0").rsplit("-", 1)[-1])
    press.record(office, "checklist.passed", manuscript.audit_key, admitted_at)
    press.move(manuscript, office, S.SUBMITTED, S.AWAITING_EDITOR, admitted_at)
    press.record(office, "editor.assigned", manuscript.audit_key, admitted_at)
    press.move(manuscript, office, S.AWAITING_EDITOR, S.IN_REVIEW, admitted_at)
    press.record(editor, "panel.invited", manuscript.audit_key, admitted_at)
    press.mail(manuscript, "editor_assigned", editor, admitted_at)
    press.rows.add(
        Handling(
            manuscript=manuscript,
            editor=editor,
            assigned_by=office,
            assigned_at=admitted_at,
            ended_at=NOW if fate.stage == S.AWAITING_EDITOR else None,
        )
    )
    if number % 8 == 0:
        other = press.people.editors[(number + 3) % len(press.people.editors)]
        if other != editor:
            press.rows.add(
                EditorConflict(
                    manuscript=manuscript,
                    editor=other,
                    rule="F2",
                    evidence="Same institution as an author.",
                    found_at=admitted_at,
                )
            )


def add_decision(
    press: Press, version: Version, kind: DecisionKind, editor: User, held: str
) -> None:
    state = DecisionState(held) if held else DecisionState.RELEASED
    released_at = (DECIDED_AT if not version.revision_number else NOW) if not held else None
    decision = press.rows.add(
        Decision(
            version=version,
            kind=kind,
            state=state,
            reasons=words.comment(press.random, 0),
            drafted_by=editor,
            drafted_at=DECIDED_AT,
            approved_by=editor if held != "drafted" else None,
            approved_at=DECIDED_AT if held != "drafted" else None,
            release_at=NOW + timedelta(days=2) if held == "approved" else None,
            released_at=released_at,
        )
    )
    letter = _add_letter(press, decision, released_at)
    press.record(editor, "decision.drafted", decision.audit_key, DECIDED_AT)
    press.record(editor, "letter.rendered", letter.audit_key, DECIDED_AT)
    manuscript = version.manuscript
    press.move(manuscript, editor, S.IN_REVIEW, S.AWAITING_DECISION, DECIDED_AT)
    if released_at and letter.file:
        press.record(editor, "decision.released", decision.audit_key, released_at)
        mail = press.mail(manuscript, "decision_released", manuscript.submitter, released_at)
        press.rows.add(OutboxAttachment(message=mail, file=letter.file, name="decision.pdf"))
        press.rows.add(
            Correspondence(
                manuscript=manuscript,
                title=f"Decision on {version.label}",
                file=letter.file,
                sent_at=released_at,
            )
        )


def _add_letter(press: Press, decision: Decision, released_at: datetime | None) -> Letter:
    version = decision.version
    return press.rows.add(
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
            file=press.stored("decision.pdf", DECIDED_AT),
            drafted_at=DECIDED_AT,
            rendered_at=DECIDED_AT,
            issued_at=released_at,
        )
    )


def add_marks(
    press: Press, manuscript: Manuscript, number: int, fate: Fate, since: datetime
) -> None:
    """Late decisions are flagged; some revisions got more time."""
    if fate.stage == S.IN_REVIEW and fate.first is None:
        press.record("system:schedule", "overdue.flagged", manuscript.audit_key, DECIDED_AT)
        press.rows.add(
            OverdueFlag(
                manuscript=manuscript,
                kind=MilestoneKind.INITIAL_DECISION,
                raised_at=NOW - timedelta(days=12),
            )
        )
    if fate.stage == S.MAJOR_REVISION and number % 2:
        press.rows.add(
            Extension(
                manuscript=manuscript,
                kind=MilestoneKind.REVISION,
                until=NOW + timedelta(days=50),
                reason="A second cohort is being read.",
                granted_by=press.people.office,
                granted_at=since,
            )
        )
    press.move(manuscript, "system:bench", S.AWAITING_DECISION, fate.stage, since)
