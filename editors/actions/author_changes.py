"""The editor-in-chief answers a request for other authors; conflicts are looked for anew (J17)."""

from django.db import transaction

from accounts.models import RoleName, User
from accounts.queries import people_with
from editors import mails
from editors.actions.handling import end_handling, screen_conflicts
from editors.locks import lock, require
from editors.permissions import may_approve_authors
from editors.queries import handling_editor, hidden_manuscripts
from reviews import actions as review_actions
from reviews.conflicts import Conflict
from reviews.models import Assignment
from reviews.queries import find_conflicts
from reviews.states import HOLDING
from submissions import actions as author_actions
from submissions.models import Manuscript, Version
from submissions.queries import latest_version
from submissions.states import Stage
from tmi_special_issue import audit, outbox

_NOT_ALLOWED = "Another list of authors is approved by the editor-in-chief."


@transaction.atomic
def approve_author_change(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """Give the manuscript its new authors, and tell who is in conflict with them now.

    A handling editor in conflict loses the manuscript at once. Reviewers stay until the editor
    has looked; the mail names each with the reason. Twice is refused: nothing waits any more.
    """
    locked = lock(actor, manuscript)
    require(may_approve_authors(actor, locked), _NOT_ALLOWED)
    editor = handling_editor(locked)
    former = latest_version(locked)
    former.manuscript = locked
    before = _reviewers_in_conflict(former, editor)
    version = author_actions.apply_author_change(actor=actor, manuscript=locked)
    version.manuscript = locked
    new_editors = screen_conflicts(actor=actor, manuscript=locked, version=version)
    lines = [line for line in _reviewers_in_conflict(version, editor) if line not in before]
    audit.record(
        actor,
        "author_change.approved",
        locked,
        editors_in_conflict=new_editors,
        reviewers_in_conflict=len(lines),
    )
    if editor and locked.pk in hidden_manuscripts(editor, locked.issue):
        _take_from(editor, locked, actor)
        lines = [f"{editor.full_name}, who handled it, may not see it any more.", *lines]
    if lines:
        _tell(locked, version, lines)
    return locked


@transaction.atomic
def decline_author_change(*, actor: User, manuscript: Manuscript, note: str) -> Manuscript:
    """Say no with a reason; the authors stay as they are."""
    locked = lock(actor, manuscript)
    require(may_approve_authors(actor, locked), _NOT_ALLOWED)
    author_actions.decline_author_change(actor=actor, manuscript=locked, note=note)
    return locked


def _reviewers_in_conflict(version: Version, editor: User | None) -> list[str]:
    """Who of the reviewers at work is in hard conflict with the authors of a version, and why."""
    rows = Assignment.objects.filter(
        version__manuscript=version.manuscript, state__in=sorted(HOLDING)
    ).select_related("reviewer")
    people = {row.reviewer_id: row.reviewer for row in rows}
    found: dict[int, list[Conflict]] = find_conflicts(
        version, list(people.values()), editor_key=editor.public_id if editor else ""
    )
    return [
        f"{people[key].full_name}: {conflict.evidence} ({conflict.rule})"
        for key, conflicts in found.items()
        for conflict in conflicts
        if conflict.is_hard
    ]


def _take_from(editor: User, manuscript: Manuscript, actor: User) -> None:
    end_handling(manuscript, actor, "in conflict with the new authors")
    heirs = _told(manuscript)
    if heirs:
        # News of the reviewers must not go to somebody who may not see the manuscript.
        review_actions.hand_over_assignments(actor=actor, manuscript=manuscript, editor=heirs[0])
    if manuscript.stage == Stage.IN_REVIEW:
        author_actions.move_stage(actor=actor, manuscript=manuscript, to=Stage.AWAITING_EDITOR)


def _tell(manuscript: Manuscript, version: Version, lines: list[str]) -> None:
    editor = handling_editor(manuscript)
    told = [*_told(manuscript), *([editor] if editor else [])]
    for person in dict.fromkeys(told):
        message = mails.author_conflicts_found(manuscript, version, person, lines)
        outbox.queue(
            message,
            f"author_conflicts_found:{version.public_id}:{version.edit_count}:{person.public_id}",
        )


def _told(manuscript: Manuscript) -> list[User]:
    """Office, lead and editor-in-chief, without those who may not see it."""
    people = people_with(
        manuscript.issue, RoleName.OFFICE, RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF
    )
    issue = manuscript.issue
    return [p for p in people if manuscript.pk not in hidden_manuscripts(p, issue)]
