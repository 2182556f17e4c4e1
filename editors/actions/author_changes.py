"""The editor-in-chief answers a request for other authors; conflicts are looked for anew (J17)."""

from django.db import transaction

from accounts.models import User
from editors import mails
from editors.actions.handling import chiefs_of, screen_conflicts, take_from_conflicted
from editors.locks import lock, require
from editors.permissions import may_approve_authors
from editors.queries import handling_editor
from reviews import actions as review_actions
from reviews.queries.checks import taking_part
from reviews.states import CheckAct
from submissions import actions as author_actions
from submissions.models import Manuscript, Version
from tmi_special_issue import audit, outbox

_NOT_ALLOWED = "Another list of authors is approved by the editor-in-chief."


@transaction.atomic
def approve_author_change(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """Give the manuscript its new authors, and tell who is in conflict with them now.

    A handling editor in conflict loses the manuscript at once. Reviews in work rest until the
    editor has looked; the mail names each reviewer with the reason. Twice is refused: nothing
    waits any more.
    """
    locked = lock(actor, manuscript)
    require(may_approve_authors(actor, locked), _NOT_ALLOWED)
    editor = handling_editor(locked)
    version = author_actions.apply_author_change(actor=actor, manuscript=locked)
    version.manuscript = locked
    new_editors = screen_conflicts(actor=actor, manuscript=locked, version=version)
    lines = _recheck_reviewers(actor, version)
    audit.record(
        actor,
        "author_change.approved",
        locked,
        editors_in_conflict=new_editors,
        reviewers_in_conflict=len(lines),
    )
    if take_from_conflicted(actor=actor, manuscript=locked):
        name = editor.full_name if editor else ""
        lines = [f"{name}, who handled it, may not see it any more.", *lines]
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


def _recheck_reviewers(actor: User, version: Version) -> list[str]:
    """Who takes part and is in conflict with the new authors, and why; work in hand is held."""
    rows = taking_part().filter(version__manuscript=version.manuscript).order_by("pk")
    lines = []
    for assignment in rows:
        found = review_actions.recheck_assignment(
            actor=actor,
            assignment=assignment,
            act=CheckAct.AUTHORS_CHANGED,
            is_editor_told=False,
        )
        name = assignment.reviewer.full_name
        lines += [f"{name}: {conflict.evidence} ({conflict.rule})" for conflict in found]
    return lines


def _tell(manuscript: Manuscript, version: Version, lines: list[str]) -> None:
    editor = handling_editor(manuscript)
    told = [*chiefs_of(manuscript), *([editor] if editor else [])]
    for person in dict.fromkeys(told):
        message = mails.author_conflicts_found(manuscript, version, person, lines)
        outbox.queue(
            message,
            f"author_conflicts_found:{version.public_id}:{version.edit_count}:{person.public_id}",
        )
