"""Letters held, released and recalled together: all or none, each once, nothing before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions, schedule
from editors.models import Decision, EditorConflict, Letter
from editors.queries import current_letter
from editors.queries.decisions import issued_letter
from editors.states import DecisionState, LetterState
from submissions.models import Correspondence, Manuscript
from submissions.states import Stage
from tests.cast import Story
from tests.editors.building import reviewed
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]
SECRET = "Zqxwords that nobody may read early."


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def prepared(story: Story) -> list[Letter]:
    return [prepare(story, number) for number in range(3)]


def prepare(story: Story, number: int, editor: User | None = None) -> Letter:
    """A letter whose PDF is made."""
    version = reviewed(
        story.issue,
        story.ada,
        editor or story.eva,
        [story.rui, story.sol, story.tea, story.uma],
        title=f"Zqxtitle {number}",
    )
    decision = actions.draft_decision(
        actor=editor or story.eva, manuscript=version.manuscript, kind="reject", reasons=SECRET
    )
    letter = current_letter(decision)
    assert letter is not None
    return actions.render_letter(letter=letter)


def states() -> list[str]:
    return list(Decision.objects.order_by("pk").values_list("state", flat=True))


def mails() -> int:
    return OutboxMessage.objects.filter(kind="decision_released").count()


def in_an_hour() -> datetime:
    return clock.now() + timedelta(hours=1)


def refused(code: str, act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    assert told.value.code == code
    return told.value.sentence


def test_a_batch_is_held_and_goes_out_at_its_minute_once(
    story: Story, prepared: list[Letter]
) -> None:
    minute = in_an_hour()
    actions.hold_letters(actor=story.eva, letters=prepared, release_at=minute)
    assert states() == [DecisionState.APPROVED] * 3
    with clock.frozen_at(minute - timedelta(seconds=1)):
        schedule.run(clock.now())
    assert (states(), mails()) == ([DecisionState.APPROVED] * 3, 0)
    # The worker was down at the minute and comes back much later; then it runs twice.
    with clock.frozen_at(minute + timedelta(days=1)):
        schedule.run(clock.now())
        schedule.run(clock.now())
    assert (states(), mails()) == ([DecisionState.RELEASED] * 3, 3)
    assert Correspondence.objects.count() == 3
    assert AuditEntry.objects.filter(verb="decision.released").count() == 3


def test_several_go_out_now_and_a_second_click_changes_nothing(
    story: Story, prepared: list[Letter]
) -> None:
    assert actions.release_letters(actor=story.eva, letters=prepared) == 3
    assert (states(), mails()) == ([DecisionState.RELEASED] * 3, 3)
    refused("already_released", lambda: actions.release_letters(actor=story.eva, letters=prepared))
    assert (mails(), Correspondence.objects.count()) == (3, 3)


def test_all_or_none(story: Story, prepared: list[Letter]) -> None:
    late = prepare(story, 7)
    Letter.objects.filter(pk=late.pk).update(state=LetterState.FAILED)
    letters = [*prepared, late]
    label = late.decision.version.label
    sentence = refused(
        "letter_not_ready", lambda: actions.release_letters(actor=story.eva, letters=letters)
    )
    assert sentence.startswith(f"{label}: ")
    assert sentence.endswith("Nothing was changed for any of the 4 letters.")
    refused(
        "letter_not_ready",
        lambda: actions.hold_letters(actor=story.eva, letters=letters, release_at=in_an_hour()),
    )
    assert (states(), mails()) == ([DecisionState.DRAFTED] * 4, 0)


def test_a_batch_is_recalled_until_its_minute(story: Story, prepared: list[Letter]) -> None:
    minute = in_an_hour()
    actions.hold_letters(actor=story.eva, letters=prepared, release_at=minute)
    assert actions.recall_letters(actor=story.eva, letters=prepared[:2]) == 2
    refused("not_held", lambda: actions.recall_letters(actor=story.eva, letters=prepared[1:]))
    assert states() == [DecisionState.DRAFTED, DecisionState.DRAFTED, DecisionState.APPROVED]
    with clock.frozen_at(minute):
        schedule.run(clock.now())
    assert states() == [DecisionState.DRAFTED, DecisionState.DRAFTED, DecisionState.RELEASED]
    refused("not_held", lambda: actions.recall_letters(actor=story.eva, letters=prepared[2:]))


def test_no_letter_no_past_minute_and_nobody_else(story: Story, prepared: list[Letter]) -> None:
    refused("nothing_chosen", lambda: actions.release_letters(actor=story.eva, letters=[]))
    past = clock.now() - timedelta(minutes=1)
    refused(
        "minute_past",
        lambda: actions.hold_letters(actor=story.eva, letters=prepared, release_at=past),
    )
    refused("not_allowed", lambda: actions.release_letters(actor=story.kim, letters=prepared))
    assert (states(), mails()) == ([DecisionState.DRAFTED] * 3, 0)


def test_the_page_acts_on_the_chosen_letters(
    story: Story, prepared: list[Letter], client_of: SignIn
) -> None:
    browser = client_of(story.eva)
    page = browser.get(reverse("desk:letters")).content.decode()
    for letter in prepared:
        assert f'value="{letter.public_id}"' in page
    two = [letter.public_id for letter in prepared[:2]]
    browser.post(reverse("desk:hold_letters"), {"letter": two, "release_at": "2030-01-01T10:00"})
    browser.post(reverse("desk:hold_letters"), {"letter": two, "release_at": ""})
    minute = f"{in_an_hour() - timedelta(hours=12):%Y-%m-%dT%H:%M}"  # as it is Anywhere on Earth
    assert states() == [DecisionState.DRAFTED] * 3
    browser.post(reverse("desk:hold_letters"), {"letter": two, "release_at": minute})
    assert states() == [DecisionState.APPROVED, DecisionState.APPROVED, DecisionState.DRAFTED]
    browser.post(reverse("desk:recall_letters"), {"letter": two[:1]})
    assert states() == [DecisionState.DRAFTED, DecisionState.APPROVED, DecisionState.DRAFTED]
    asked = browser.post(reverse("desk:release_letters"), {"letter": two[:1]})
    assert (asked.status_code, mails()) == (200, 0)
    browser.post(reverse("desk:release_letters"), {"letter": two[:1], "sure": "1"})
    assert (states()[0], mails()) == (DecisionState.RELEASED, 1)


def test_who_sees_which_letters(story: Story, prepared: list[Letter], client_of: SignIn) -> None:
    hidden = prepared[0].decision.version.manuscript
    EditorConflict.objects.create(
        manuscript=hidden, editor=story.kim, rule="F2", evidence="E.", found_at=clock.now()
    )
    address = reverse("desk:letters")

    def seen(who: User) -> list[bool]:
        text = client_of(who).get(address).content.decode()
        return [f"Zqxtitle {n}<" in text for n in range(3)]

    assert seen(story.eva) == [True, True, True]
    assert seen(story.kim) == [False, True, True]
    assert seen(story.gus) == [False, False, False]
    assert seen(story.ivo) == [False, False, False]
    assert 'name="letter"' not in client_of(story.kim).get(address).content.decode()
    sent = {"letter": prepared[0].public_id, "sure": "1"}
    assert client_of(story.kim).post(reverse("desk:release_letters"), sent).status_code == 404
    assert (states(), mails()) == ([DecisionState.DRAFTED] * 3, 0)


def test_progress_counts_the_made(story: Story, prepared: list[Letter], client_of: SignIn) -> None:
    Letter.objects.filter(pk=prepared[0].pk).update(state=LetterState.WAITING)
    text = client_of(story.eva).get(reverse("desk:letters_progress")).content.decode()
    assert "2 of 3" in text
    assert 'hx-trigger="every 2s"' in text
    Letter.objects.filter(pk=prepared[0].pk).update(state=LetterState.RENDERED)
    text = client_of(story.eva).get(reverse("desk:letters_progress")).content.decode()
    assert "All 3 PDFs are made." in text


def test_nothing_reaches_the_author_before_the_minute(
    story: Story, prepared: list[Letter], client_of: SignIn
) -> None:
    actions.hold_letters(actor=story.eva, letters=prepared, release_at=in_an_hour())
    paper = prepared[0].decision.version.manuscript
    browser = client_of(story.ada)
    for address in (
        reverse("submissions:manuscripts"),
        reverse("submissions:show", args=[paper.public_id]),
    ):
        text = browser.get(address).content.decode()
        for secret in (SECRET, prepared[0].number, "Reject", "Decision on"):
            assert secret not in text, (address, secret)
    assert not Correspondence.objects.exists()
    assert not OutboxMessage.objects.filter(text__contains="Zqxwords").exists()
    assert issued_letter(str(prepared[0].code)) is None


def blocked_pid() -> int | None:
    """The connection that waits for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pid from pg_stat_activity where datname = current_database()"
            " and wait_event_type = 'Lock'"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def killed_at_the_last(act: Callable[[], object]) -> list[str]:
    """Run `act` and cut its connection when it has come to the last manuscript."""
    told: list[str] = []

    def run() -> None:
        try:
            act()
            told.append("done")
        except DatabaseError:
            told.append("killed")
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        Manuscript.objects.select_for_update().filter(stage=Stage.AWAITING_DECISION).latest("pk")
        thread.start()
        pid = None
        while pid is None and thread.is_alive():
            pid = blocked_pid()
            time.sleep(0.01)
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [pid])
        thread.join()
    return told


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_release_killed_in_the_middle_leaves_nothing_half(
    story: Story, prepared: list[Letter]
) -> None:
    told = killed_at_the_last(lambda: actions.release_letters(actor=story.eva, letters=prepared))
    assert told == ["killed"]
    assert (states(), mails()) == ([DecisionState.DRAFTED] * 3, 0)
    assert not Correspondence.objects.exists()
    actions.release_letters(actor=story.eva, letters=prepared)
    assert (states(), mails()) == ([DecisionState.RELEASED] * 3, 3)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_tick_killed_in_the_middle_goes_on_and_each_letter_is_out_once(
    story: Story, prepared: list[Letter]
) -> None:
    minute = in_an_hour()
    actions.hold_letters(actor=story.eva, letters=prepared, release_at=minute)
    with clock.frozen_at(minute):
        now = clock.now()
        due = list(Decision.objects.order_by("pk"))

        def tick() -> None:
            for decision in due:
                actions.release_due_decision(decision=decision, now=now)

        assert killed_at_the_last(tick) == ["killed"]
        assert mails() == 2
        schedule.run(now)
        schedule.run(now)
    assert (states(), mails()) == ([DecisionState.RELEASED] * 3, 3)
    assert Correspondence.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_batches_at_once_one_wins_and_the_other_is_told(
    story: Story, prepared: list[Letter]
) -> None:
    together = threading.Barrier(2)
    told: list[str] = []

    def press(letters: list[Letter]) -> None:
        try:
            together.wait()
            actions.release_letters(actor=story.eva, letters=letters)
            told.append("released")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    both = [
        threading.Thread(target=press, args=[letters]) for letters in (prepared, prepared[::-1])
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told) == ["already_released", "released"]
    assert (states(), mails()) == ([DecisionState.RELEASED] * 3, 3)
