"""The workload of the benchmark, the same rows for the same size on every machine.

For n manuscripts of the shipped call, seen on 28 August 2024, between the first decisions and the
end of the revisions:

* four filed reviews a manuscript, every question answered, each with its snapshot
* n/2 reviewers with five publications, three topics and two affiliations each; n/2 authors;
  six guest editors, an editor-in-chief and the office, all with a second factor
* every stage in equal parts (``bench/fates.py``): rounds that are complete, late, half staffed,
  minor revisions to be checked, decisions drafted and held, revisions with office and author,
  acceptances with and without final files, rejections, withdrawals; n/20 drafts besides
* a version has four authors, two topics, two to five files, and some have named reviewers;
  whatever was decided has its rendered letter; some thirty entries of the record, chained as the
  product chains them, and a dozen mails a manuscript; three lists of acceptances taken
* one author and one reviewer take part in 30 manuscripts of the smallest size and in 60 of each
  larger one, so that their lists fill pages and yet a person does not grow with the issue

Rows are written in bulk and not by the product's actions, which would take hours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from accounts.models import User
from bench.authors import add_version, author_of
from bench.desk import add_decision, add_handling, add_marks
from bench.fates import DECIDED_AT, FATES, NOW, A, S
from bench.people import People, make_people
from bench.press import Press
from bench.reviewers import add_assignment, add_further_panel, add_review, reviewers_of
from editors.acceptance import sealed
from editors.models import AcceptanceSnapshot
from editors.queries import acceptance_rows
from submissions.models import Extension, Manuscript
from tmi_special_issue import clock
from tmi_special_issue.actions import open_issue
from tmi_special_issue.models import MilestoneKind, SpecialIssue

CALL = Path(__file__).resolve().parent.parent / "calls" / "foundation-models-2024.toml"
CHUNK = 500  # manuscripts written at a time
DRAFTS_MOST = 40  # of the measured author
_OVER = frozenset({S.WITHDRAWN, S.TRANSFERRED})


def fill(count: int) -> People:
    """Write the workload of `count` manuscripts into an empty database."""
    random = Random(count)
    with clock.frozen_at(NOW - timedelta(days=120)):
        issue = open_issue(actor="system:bench", content=tomllib.loads(CALL.read_text("utf-8")))
    half = max(count // 2, 8)
    people = make_people(issue, authors=half, reviewers=half, random=random)
    press = Press(issue, people, random, count)
    for number in range(count):
        _add_manuscript(press, number)
        if number % CHUNK == CHUNK - 1:
            press.rows.write()
    for number in range(max(count // 20, 1)):
        _add_draft(press, count + number)
    press.rows.write()
    issue.next_number = count + 1
    issue.save(update_fields=["next_number"])
    _take_lists(issue, people.office)
    return people


def _add_manuscript(press: Press, number: int) -> None:
    """One manuscript with everything that belongs to its fate."""
    fate = FATES[number % len(FATES)]
    began_at = press.closing - timedelta(days=1 + number % 20)
    since = NOW - timedelta(days=1 + number % 12)
    manuscript = press.rows.add(
        Manuscript(
            issue=press.issue,
            submitter=author_of(press, number),
            number=f"{press.issue.number_prefix}-{number + 1:04d}",
            stage=fate.stage,
            stage_since=since,
            created_at=began_at - timedelta(days=3),
            revision_kind=fate.asked or "",
        )
    )
    editor = press.people.editors[number % len(press.people.editors)]
    original = add_version(press, manuscript, number, 0, began_at)
    press.move(manuscript, manuscript.submitter, S.DRAFT, S.SUBMITTED, began_at)
    press.mail(manuscript, "submission_received", manuscript.submitter, began_at)
    add_handling(press, manuscript, editor, fate, began_at + timedelta(days=1))
    open_round = fate.first is None or bool(fate.held)
    state = A.RETURNED if open_round and fate.stage not in _OVER else A.CLOSED
    for place, reviewer in enumerate(reviewers_of(press, number, 4)):
        assignment = add_assignment(press, original, reviewer, editor, place, state, began_at)
        add_review(press, assignment, number, place, filed=True)
    if fate.first:
        add_decision(press, original, fate.first, editor, fate.held)
    latest = original
    if fate.revision:
        latest = add_version(
            press, manuscript, number, 1, DECIDED_AT + timedelta(days=number % 9), fate
        )
    if fate.second:
        add_decision(press, latest, fate.second, editor, "")
    add_further_panel(press, latest, number, editor, fate)
    add_marks(press, manuscript, number, fate, since)


def _add_draft(press: Press, number: int) -> None:
    """A first draft that is still open: its author got more time."""
    authors = press.people.authors
    is_measured = number % 2 == 1 and number < press.count + 2 * DRAFTS_MOST
    author = authors[0 if is_measured else number % len(authors)]
    began_at = NOW - timedelta(days=number % 20 + 1)
    manuscript = press.rows.add(
        Manuscript(
            issue=press.issue,
            submitter=author,
            stage=S.DRAFT,
            stage_since=began_at,
            created_at=began_at,
        )
    )
    add_version(press, manuscript, number, 0, None)
    press.rows.add(
        Extension(
            manuscript=manuscript,
            kind=MilestoneKind.SUBMISSION,
            until=NOW + timedelta(days=5),
            reason="The scanner's archive was down for a week.",
            granted_by=press.people.office,
            granted_at=began_at,
        )
    )


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
