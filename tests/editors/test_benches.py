"""The bench: approved by the editor, asked in order, once for each place that falls free."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import RoleName, User
from editors import schedule, tasks
from editors.actions import invite_alternate, invite_panel, refill_places, rescind_invitation
from editors.actions.assignments import BenchWish, Pick
from reviews import actions as review_actions
from reviews.actions import Standby
from reviews.models import Alternate, Assignment, Bench, ReviewerProfile
from reviews.queries import round_of
from reviews.queries.benches import waiting_alternates
from reviews.states import AssignmentState
from submissions.models import Version
from submissions.states import Stage
from tests.editors.building import make_manuscript
from tmi_special_issue import audit, clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

ClientOf = Callable[[User], Client]


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    return [rui, sol, tea, uma]


@pytest.fixture
def spare(issue: SpecialIssue) -> list[User]:
    """Three more reviewers, of three houses."""
    return [newcomer(issue, name) for name in ("Noor", "Olga", "Pia")]


@pytest.fixture
def version(issue: SpecialIssue, ada: User, eva: User) -> Version:
    return make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)


def newcomer(issue: SpecialIssue, name: str) -> User:
    person = User.objects.create_user(
        f"{name.lower()}@{name.lower()}.example", None, given_name=name, family_name="Spare"
    )
    grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
    return person


def invite(
    version: Version, eva: User, four: list[User], spare: list[User], *, at_once: bool
) -> list[Assignment]:
    """Eva invites the four and approves the bench in one act."""
    return invite_panel(
        actor=eva,
        manuscript=version.manuscript,
        picks=[Pick(reviewer=person) for person in four],
        bench=BenchWish(tuple(Standby(p, ("Fits.",)) for p in spare), invites_at_once=at_once),
    )


def decline(version: Version, person: User) -> Assignment:
    row = Assignment.objects.get(version=version, reviewer=person)
    return review_actions.decline_assignment(actor=person, assignment=row)


def invited(version: Version) -> set[str]:
    rows = Assignment.objects.filter(version=version, state=AssignmentState.INVITED)
    return {row.reviewer.given_name for row in rows.select_related("reviewer")}


def test_a_decline_brings_the_next_of_the_bench_once(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare, at_once=True)
    gone = decline(version, four[0])
    for _ in range(3):
        tasks.refill_places(version.public_id)
        schedule.refill(clock.now())
    assert invited(version) == {"Sol", "Tea", "Uma", "Noor"}
    row = Alternate.objects.get(reviewer=spare[0])
    assert (row.stands_in_for, row.position) == (gone, 1)
    told = OutboxMessage.objects.get(kind="alternate_invited")
    assert (told.to, "Noor Spare" in told.text, "Rui" in told.text) == (eva.email, True, True)
    assert OutboxMessage.objects.filter(kind="review_invited", to=spare[0].email).count() == 1
    assert Assignment.objects.get(reviewer=spare[0]).invited_by == eva


def test_a_second_decline_of_the_same_person_brings_the_next_again(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare, at_once=True)
    decline(version, four[0])
    tasks.refill_places(version.public_id)
    rescind_invitation(actor=eva, assignment=Assignment.objects.get(reviewer=spare[0]))
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        invite_panel(actor=eva, manuscript=version.manuscript, picks=[Pick(four[0])])
        decline(version, four[0])
        for _ in range(2):
            tasks.refill_places(version.public_id)
    assert invited(version) == {"Sol", "Tea", "Uma", "Olga"}


def test_an_expired_invitation_brings_the_next_too(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    first = invite(version, eva, four, spare, at_once=True)[0]
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        review_actions.expire_invitation(actor="system:tick", assignment=first)
        tasks.refill_places(version.public_id)
    assert "Noor" in invited(version)


def test_without_the_editors_word_the_next_is_offered_and_nobody_is_asked(
    version: Version, eva: User, four: list[User], spare: list[User], client_of: ClientOf
) -> None:
    invite(version, eva, four, spare, at_once=False)
    decline(version, four[0])
    tasks.refill_places(version.public_id)
    schedule.refill(clock.now())
    assert invited(version) == {"Sol", "Tea", "Uma"}
    told = OutboxMessage.objects.get(kind="review_declined")
    assert "Next on your bench: Noor Spare, Olga Spare, Pia Spare." in told.text
    browser = client_of(eva)
    address = reverse("desk:manuscript", args=[version.manuscript.public_id])
    noor, olga = (Alternate.objects.get(reviewer=person) for person in spare[:2])
    at = [
        reverse("desk:invite_alternate", args=[version.manuscript.public_id, row.public_id])
        for row in (noor, olga)
    ]
    text = browser.get(address).content.decode()
    assert [one in text for one in at] == [True, False]
    for _ in range(2):
        browser.post(at[0])
    assert invited(version) == {"Sol", "Tea", "Uma", "Noor"}
    assert at[1] not in browser.get(address).content.decode()  # no place is free


def test_an_editor_who_takes_an_invitation_back_chooses_alone(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    first = invite(version, eva, four, spare, at_once=True)[0]
    rescind_invitation(actor=eva, assignment=first)
    tasks.refill_places(version.public_id)
    schedule.refill(clock.now())
    assert invited(version) == {"Sol", "Tea", "Uma"}


def test_whoever_cannot_be_asked_by_now_is_passed_over_with_the_reason(
    version: Version, eva: User, ada: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare, at_once=True)
    today = clock.now().date()
    ReviewerProfile.objects.create(user=spare[0], paused_from=today)
    grant = spare[1].roles.get(name=RoleName.REVIEWER)
    grant.ended_at = clock.now()
    grant.save()
    decline(version, four[0])
    tasks.refill_places(version.public_id)
    assert invited(version) == {"Sol", "Tea", "Uma", "Pia"}
    told = OutboxMessage.objects.get(kind="alternate_invited").text
    assert "Noor Spare has asked not to be invited." in told
    assert "Olga Spare is no longer among the reviewers" in told


def test_an_empty_bench_is_told_once(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare[:1], at_once=True)
    decline(version, four[0])
    tasks.refill_places(version.public_id)
    decline(version, spare[0])
    for _ in range(3):
        tasks.refill_places(version.public_id)
        schedule.refill(clock.now())
    assert invited(version) == {"Sol", "Tea", "Uma"}
    told = OutboxMessage.objects.filter(kind="bench_exhausted")
    assert [row.to for row in told] == [eva.email]


def test_somebody_in_conflict_cannot_stand_by_and_then_nobody_is_invited(
    version: Version, eva: User, ada: User, four: list[User], issue: SpecialIssue
) -> None:
    grant_role(actor="system:test", issue=issue, person=ada, name=RoleName.REVIEWER)
    with pytest.raises(Refusal, match="cannot stand by") as refused:
        invite(version, eva, four, [ada], at_once=True)
    assert refused.value.code == "conflict_of_interest"
    assert not Assignment.objects.exists()
    assert not Bench.objects.exists()


def test_a_new_order_replaces_the_old_and_counts_from_now_on(
    version: Version, eva: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare, at_once=True)
    decline(version, four[0])
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        invite_panel(
            actor=eva,
            manuscript=version.manuscript,
            picks=[],
            bench=BenchWish((Standby(spare[2]), Standby(spare[0])), invites_at_once=True),
        )
        tasks.refill_places(version.public_id)
        assert invited(version) == {"Sol", "Tea", "Uma"}
        decline(version, four[1])
        tasks.refill_places(version.public_id)
    assert invited(version) == {"Tea", "Uma", "Pia"}
    assert [row.reviewer for row in waiting_alternates(version)] == [spare[0]]
    verbs = [entry.verb for entry in audit.AuditEntry.objects.filter(verb="bench.approved")]
    assert len(verbs) == 2


def test_only_the_handling_editor_touches_the_bench(
    version: Version, eva: User, gus: User, four: list[User], spare: list[User]
) -> None:
    invite(version, eva, four, spare, at_once=False)
    decline(version, four[0])
    with pytest.raises(Refusal) as refused:
        invite_alternate(
            actor=gus, manuscript=version.manuscript, alternate=Alternate.objects.all()[0]
        )
    assert refused.value.status in {403, 404}
    assert invited(version) == {"Sol", "Tea", "Uma"}


def test_the_form_shows_the_bench_and_keeps_its_order(
    version: Version, eva: User, four: list[User], spare: list[User], client_of: ClientOf
) -> None:
    browser = client_of(eva)
    key = version.manuscript.public_id
    ticked = {
        "pick": [person.public_id for person in four],
        "standby": [person.public_id for person in spare],
    }
    shown = browser.get(
        reverse("desk:panel_confirm", args=[key]), ticked, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in shown
    assert ("Invite all four" in shown, "offer me the next one" in shown) == (True, True)
    places = {f"position-{p.public_id}": str(n) for p, n in zip(spare, (3, 1, 2), strict=True)}
    sent = {**ticked, **places, "bench": "1", "when_free": "invite"}
    browser.post(reverse("desk:panel", args=[key]), sent)
    assert [row.reviewer for row in waiting_alternates(version)] == [spare[1], spare[2], spare[0]]
    assert Bench.objects.get().invites_at_once
    assert len(invited(version)) == 4


@pytest.mark.parametrize("place", ["", "-1", "1e9", "9999", "x", "٣"])
def test_a_strange_place_on_the_bench_harms_nothing(
    version: Version, eva: User, spare: list[User], client_of: ClientOf, place: str
) -> None:
    one = spare[0].public_id
    sent = {"standby": one, f"position-{one}": place, "bench": "1"}
    client_of(eva).post(reverse("desk:panel", args=[version.manuscript.public_id]), sent)
    assert [row.reviewer for row in waiting_alternates(version)] == [spare[0]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_never_ask_more_than_are_wanted(
    version: Version, eva: User, kim: User, four: list[User], issue: SpecialIssue
) -> None:
    """Editors press, workers sweep and reviewers decline, all at the same time."""
    bench = [newcomer(issue, f"Spare{number}") for number in range(10)]
    invite(version, eva, four, bench, at_once=True)
    together = threading.Barrier(20)
    most: list[int] = []
    failed: list[Exception] = []

    def patiently(act: Callable[[], object]) -> None:
        """As somebody who is told that the manuscript is busy tries again."""
        while True:
            try:
                act()
            except OperationalError:
                continue
            except Refusal:
                pass
            return

    def act(number: int) -> None:
        person = bench[number % len(bench)]
        acts: list[Callable[[], object]] = [
            lambda: refill_places(actor="system:bench", version=version),
            lambda: invite_panel(
                actor=eva, manuscript=version.manuscript, picks=[Pick(reviewer=person)]
            ),
        ]
        try:
            together.wait(60)
            if number < 2:
                patiently(lambda: decline(version, four[number]))
            patiently(acts[number % 2])
            most.append(round_of(version).held)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    refill_places(actor="system:bench", version=version)
    assert failed == []
    assert max(most) <= 4
    assert round_of(version).held == 4
    assert Alternate.objects.filter(stands_in_for__isnull=False).count() <= 2
    keys = list(OutboxMessage.objects.filter(kind="review_invited").values_list("to", flat=True))
    assert len(keys) == len(set(keys)) == 6
