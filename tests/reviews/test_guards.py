"""No author reviews the own manuscript, whatever goes round the rules: the database holds it."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from reviews import actions, schedule
from reviews.models import Assignment
from reviews.states import AssignmentState as S
from submissions.models import Author, Version
from tests.reviews.conftest import REVIEW_BEGINS, agree, deliver
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]
LIVE = (S.INVITED, S.AGREED, S.IN_PROGRESS, S.RETURNED)


@pytest.fixture(autouse=True)
def _now(version: Version) -> Any:
    with clock.frozen_at(REVIEW_BEGINS):
        yield


def name_author(version: Version, **person: Any) -> Author:
    """An author added past every action."""
    position = Author.objects.filter(version=version).count() + 1
    facts = {"family_name": "Added", "email": "added@elsewhere.example", "institution": "X"}
    return Author.objects.create(version=version, position=position, **{**facts, **person})


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="an author cannot review"), transaction.atomic():
        act()


def state() -> str:
    return Assignment.objects.get().state


# --- An author is asked -----------------------------------------------------------------------


@pytest.mark.parametrize("live", LIVE)
def test_an_author_gets_no_live_assignment(version: Version, ben: User, live: S) -> None:
    row = {"version": version, "reviewer": ben, "state": live, "returned_at": clock.now()}
    refused(lambda: Assignment.objects.create(**row))
    refused(lambda: Assignment.objects.bulk_create([Assignment(**row)]))
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("live", LIVE)
def test_nor_by_a_change_of_state_or_of_person(
    version: Version, ben: User, rui: User, live: S
) -> None:
    dead = Assignment.objects.create(version=version, reviewer=ben, state=S.DECLINED)
    changes = {"state": live, "returned_at": clock.now()}
    refused(lambda: Assignment.objects.filter(pk=dead.pk).update(**changes))
    dead.delete()
    living = Assignment.objects.create(version=version, reviewer=rui, **changes)
    refused(lambda: Assignment.objects.filter(pk=living.pk).update(reviewer=ben))


def test_an_author_without_account_is_known_by_any_confirmed_address(
    version: Version, rui: User
) -> None:
    name_author(version, email="R.Second@SaoLazaro.example")
    Assignment.objects.create(version=version, reviewer=rui, state=S.INVITED).delete()
    EmailAddress.objects.create(user=rui, email="r.second@saolazaro.example", verified=True)
    refused(lambda: Assignment.objects.create(version=version, reviewer=rui, state=S.INVITED))


def test_who_was_named_on_an_earlier_version_stays_an_author(version: Version, rui: User) -> None:
    name_author(version, user=rui)
    revision = Version.objects.create(
        manuscript=version.manuscript,
        revision_number=1,
        revision_kind="reject_resubmit",
        saved_at=clock.now(),
        submitted_at=clock.now(),
    )
    refused(lambda: Assignment.objects.create(version=revision, reviewer=rui, state=S.INVITED))


def test_a_name_in_a_draft_bars_nobody(version: Version, rui: User, invite: Invite) -> None:
    """Else an author could take a reviewer off by typing an address."""
    draft = Version.objects.create(
        manuscript=version.manuscript,
        revision_number=1,
        revision_kind="reject_resubmit",
        saved_at=clock.now(),
    )
    invite(rui)
    name_author(draft, user=rui)
    assert state() == S.INVITED


def test_the_action_says_it_in_words_first(version: Version, ben: User, invite: Invite) -> None:
    from accounts.actions import grant_role

    grant_role(actor="system:test", issue=version.manuscript.issue, person=ben, name="reviewer")
    with pytest.raises(Refusal) as caught:
        invite(ben)
    assert caught.value.code == "conflict_of_interest"


# --- A reviewer is named as an author ----------------------------------------------------------


@pytest.mark.parametrize("how", ["account", "address", "change"])
def test_a_reviewer_named_later_is_held_at_once(
    version: Version, rui: User, invite: Invite, how: str
) -> None:
    agree(invite(rui))
    if how == "account":
        name_author(version, user=rui)
    elif how == "address":
        name_author(version, email=rui.email.upper())
    else:
        Author.objects.filter(position=2).update(email=rui.email)
    assert state() == S.COI_HOLD


def test_the_others_go_on(
    version: Version, rui: User, sol: User, invite: Invite, make_other: Callable[[], Version]
) -> None:
    agree(invite(sol))
    elsewhere = agree(invite(rui, make_other()))
    name_author(version, user=rui)
    assert Assignment.objects.get(reviewer=sol).state == S.AGREED
    assert Assignment.objects.get(pk=elsewhere.pk).state == S.AGREED


@pytest.fixture
def make_other(version: Version, ada: User) -> Callable[[], Version]:
    from tests.reviews.conftest import make_manuscript

    return lambda: make_manuscript(
        version.manuscript.issue, ada, [ada], number=2, title="Another Study of Another Matter"
    )


def test_the_editor_hears_of_it_once_and_the_links_are_dead(
    version: Version, rui: User, eva: User, invite: Invite
) -> None:
    agree(invite(rui))
    name_author(version, user=rui)
    for _ in range(2):
        schedule.run(clock.now())
    [mail] = OutboxMessage.objects.filter(kind="review_held")
    assert (mail.to, "list of authors" in mail.text) == (eva.email, True)
    [entry] = AuditEntry.objects.filter(verb="assignment.held")
    assert "author" in entry.facts["reason"]
    assignment = Assignment.objects.get()
    assert not assignment.links.exists()
    with pytest.raises(Refusal) as caught:
        actions.release_hold(actor=eva, assignment=assignment, uphold=False, reason="fine by me")
    assert caught.value.code == "conflict_of_interest"
    actions.release_hold(actor=eva, assignment=assignment, uphold=True, reason="an author")
    assert state() == S.DECLINED


def test_a_review_that_is_in_no_longer_counts(version: Version, rui: User, invite: Invite) -> None:
    from reviews.queries import returned_reviews

    deliver(agree(invite(rui)))
    assert len(returned_reviews(version)) == 1
    name_author(version, user=rui)
    assert (state(), returned_reviews(version)) == (S.COI_HOLD, [])


# --- The guards themselves ---------------------------------------------------------------------


def guards() -> set[str]:
    """The names of the triggers in the database."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


EVENTS = ("_insert", "_update", "_delete")


def test_they_stand_and_another_migrate_leaves_them_standing(version: Version) -> None:
    before = guards()
    assert {name.rsplit("_", 1)[0] if name.endswith(EVENTS) else name for name in before} == {
        "refuse_author",
        "hold_author",
        "count_round",
        "count_version",
    }
    call_command("migrate", verbosity=0)
    assert guards() == before
