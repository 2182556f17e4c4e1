"""Ask people to join the pool of reviewers, many in one act."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.actions import open_account
from accounts.models import User
from editors.locks import require
from editors.permissions import may_recruit
from reviews import actions as review_actions
from reviews.models import PoolRequest
from reviews.recruiting import ASK_MOST, Source
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


@dataclass(frozen=True)
class Wish:
    """One person to be asked. Without an account, one is made from name and address."""

    email: str
    source: Source
    given_name: str = ""
    family_name: str = ""
    person: User | None = None


@dataclass(frozen=True)
class Asked:
    """Who was written to, and who was not, with a sentence each."""

    requests: tuple[PoolRequest, ...]
    left_out: tuple[str, ...]


@transaction.atomic
def ask_people(
    *, actor: User, issue: SpecialIssue, wishes: Sequence[Wish], is_again: bool = False
) -> Asked:
    """Ask these people; whoever cannot be asked is left out and keeps nobody else from it.

    Raises:
        Refusal: `not_allowed`, `nobody_named`, `too_many`.
    """
    require(may_recruit(actor, issue), "People are asked by those who work at the desk.")
    if not wishes:
        raise Refusal("nobody_named", "Nobody is named who could be asked.", status=400)
    if len(wishes) > ASK_MOST:
        raise Refusal(
            "too_many",
            f"{len(wishes)} people are named; {ASK_MOST} can be asked at once.",
            status=400,
        )
    # One act after the other in an issue: two at once would both make the account of an address.
    # Rows that only refer to the issue are not kept waiting.
    SpecialIssue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    made, left_out = [], []
    # In one order, so that two who ask the same people do not wait for each other.
    for wish in sorted(wishes, key=lambda wish: wish.email.lower()):
        person = wish.person or open_account(
            actor=actor,
            email=wish.email,
            given_name=wish.given_name,
            family_name=wish.family_name,
        )
        try:
            made.append(
                review_actions.ask_person(
                    actor=actor,
                    issue=issue,
                    person=person,
                    source=wish.source,
                    is_again=is_again,
                )
            )
        except Refusal as refusal:
            left_out.append(refusal.sentence)
    return Asked(tuple(made), tuple(left_out))
