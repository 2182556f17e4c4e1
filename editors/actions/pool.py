"""Acts of office and chiefs on the pool of reviewers."""

from datetime import date

from django.db import transaction

from accounts.models import User
from editors.locks import require
from editors.permissions import may_keep_pool, may_merge_people
from reviews import actions as review_actions
from reviews.models import PeopleMerge, PoolImport, ReviewerProfile
from reviews.queries import reviewer_pool
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

JOINERS = (
    "Accounts are joined by office, lead guest editor or editor-in-chief, if they are in conflict "
    "with no manuscript."
)
KEEPERS = "The pool is kept by the office, the lead guest editor and the editor-in-chief."


@transaction.atomic
def keep_limits(
    *,
    actor: User,
    issue: SpecialIssue,
    person: User,
    is_senior: bool,
    load_limit: int | None,
    interval_days: int | None,
    paused_from: date | None,
    paused_until: date | None,
) -> ReviewerProfile:
    """Keep what is known of a person of the pool: seniority, limits, pause."""
    require(may_keep_pool(actor, issue), KEEPERS)
    if not reviewer_pool(issue).filter(pk=person.pk).exists():
        raise Refusal("not_found", "There is no such reviewer.", status=404)
    return review_actions.keep_limits(
        actor=actor,
        person=person,
        is_senior=is_senior,
        load_limit=load_limit,
        interval_days=interval_days,
        paused_from=paused_from,
        paused_until=paused_until,
    )


@transaction.atomic
def begin_import(
    *, actor: User, issue: SpecialIssue, content: bytes, name: str, owner: str = ""
) -> PoolImport:
    """Have a file of people read; nothing is written before it is confirmed."""
    require(may_keep_pool(actor, issue), KEEPERS)
    return review_actions.begin_import(
        actor=actor, issue=issue, content=content, name=name, owner=owner
    )


@transaction.atomic
def confirm_import(*, actor: User, pool_import: PoolImport) -> PoolImport:
    """Let the people of a file that was shown come into the pool."""
    require(may_keep_pool(actor, pool_import.issue), KEEPERS)
    return review_actions.confirm_import(actor=actor, pool_import=pool_import)


@transaction.atomic
def discard_import(*, actor: User, pool_import: PoolImport) -> PoolImport:
    """Throw a file away that was not confirmed."""
    require(may_keep_pool(actor, pool_import.issue), KEEPERS)
    return review_actions.discard_import(actor=actor, pool_import=pool_import)


@transaction.atomic
def merge_people(*, actor: User, issue: SpecialIssue, kept: User, gone: User) -> PeopleMerge:
    """Join two accounts of one person."""
    require(may_merge_people(actor, issue), JOINERS)
    return review_actions.merge_people(actor=actor, kept=kept, gone=gone)


@transaction.atomic
def undo_merge(*, actor: User, issue: SpecialIssue, merge: PeopleMerge) -> PeopleMerge:
    """Part two accounts again."""
    require(may_merge_people(actor, issue), JOINERS)
    return review_actions.undo_merge(actor=actor, merge=merge)


@transaction.atomic
def tell_apart(*, actor: User, issue: SpecialIssue, one: User, other: User) -> None:
    """Say that two who look alike are two people."""
    require(may_merge_people(actor, issue), JOINERS)
    review_actions.tell_apart(actor=actor, one=one, other=other)
