"""Fits worked out beforehand: by whom, when again, and what pages read of them."""

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import grant_role
from accounts.models import RoleName, User
from reviews import schedule, tasks
from reviews.models import Publication, ReviewerProfile, VersionFit
from reviews.queries import candidates
from reviews.queries.fits import kept_fits, publication_library, unfitted
from submissions.models import Version
from submissions.states import Stage
from tmi_special_issue import clock, doorbell, tick
from tmi_special_issue.models import SpecialIssue

Write = Callable[..., Publication]


@pytest.fixture
def write(rui: User, sol: User) -> Write:
    """``write(rui, "Title")``: a publication of a person."""

    def _write(person: User, title: str, abstract: str = "") -> Publication:
        profile, _ = ReviewerProfile.objects.get_or_create(user=person)
        return Publication.objects.create(
            profile=profile, title=title, abstract=abstract, year=2023
        )

    return _write


@pytest.fixture
def near(write: Write, rui: User, sol: User) -> Publication:
    """Rui writes about the manuscript's subject, Sol about another."""
    write(sol, "Optimal transport for weather radar")
    return write(rui, "Preference learning for faithful report generation")


def names(version: Version, eva: User) -> list[str]:
    return [c.user.given_name for c in candidates(version, editor_key=eva.public_id)]


def test_a_worker_keeps_the_fits_of_versions_under_review(
    version: Version, near: Publication, rui: User, sol: User
) -> None:
    assert [v.pk for v in unfitted(clock.now())] == [version.pk]
    tasks.fit_versions()
    kept = kept_fits(version)
    assert kept is not None
    assert [kept[rui.pk].closest_title, kept[sol.pk].score] == [near.title, 0.0]
    assert kept[rui.pk].score > 0
    assert "preference" in " ".join(kept[rui.pk].words)
    assert not unfitted(clock.now()).exists()


def test_pages_read_what_was_kept_and_ask_no_publication(
    version: Version, near: Publication, eva: User
) -> None:
    before = names(version, eva)
    tasks.fit_versions()
    with CaptureQueriesContext(connection) as asked:
        found = candidates(version, editor_key=eva.public_id)
    assert [c.user.given_name for c in found] == before
    assert near.title in found[0].reasons[0]
    assert [q["sql"] for q in asked if "abstract" in q["sql"]] == []


def test_a_new_publication_counts_after_ten_minutes_and_a_new_text_at_once(
    version: Version, near: Publication, write: Write, sol: User
) -> None:
    tasks.fit_versions()
    write(sol, "Sentence-level preference learning for report generation")
    now = clock.now()
    assert not unfitted(now + timedelta(minutes=9)).exists()
    assert unfitted(now + timedelta(minutes=11)).exists()
    with clock.frozen_at(now + timedelta(minutes=11)):
        tasks.fit_versions()
    kept = kept_fits(version)
    assert kept is not None
    assert kept[sol.pk].score > 0
    version.edit_count += 1
    version.save(update_fields=["edit_count"])
    assert kept_fits(version) is None
    assert unfitted(now).exists()


def test_of_a_pool_larger_than_what_is_kept_only_those_near_in_text_are_looked_at(
    version: Version,
    near: Publication,
    issue: SpecialIssue,
    eva: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = User.objects.create_user(
        "silent@far.example", None, given_name="Silvia", family_name="Stein"
    )
    grant_role(actor="system:test", issue=issue, person=silent, name=RoleName.REVIEWER)
    tasks.fit_versions()
    assert "Silvia" in names(version, eva)
    monkeypatch.setattr(sys.modules["reviews.queries.candidates"], "PEOPLE_KEPT", 2)
    assert sorted(names(version, eva)) == ["Rui", "Sol"]
    brought = candidates(version, editor_key=eva.public_id, also=[silent.public_id])
    assert "Silvia" in [c.user.given_name for c in brought]


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.AWAITING_DECISION, Stage.REJECTED])
def test_only_versions_before_and_in_review_are_worked_on(version: Version, stage: Stage) -> None:
    version.manuscript.stage = stage
    version.manuscript.save(update_fields=["stage"])
    assert not unfitted(clock.now()).exists()


def test_additions_are_taken_in_and_a_rewritten_text_begins_anew(
    near: Publication, write: Write, sol: User
) -> None:
    for number in range(20):
        write(sol, f"Weather radar of season {number}")
    _, library = publication_library()
    write(sol, "Rain radar over the sea")
    state, same = publication_library()
    assert same is library
    assert [p.title for p in same.papers].count("Rain radar over the sea") == 1
    Publication.objects.filter(pk=near.pk).update(title="Another title of another length")
    later, other = publication_library()
    assert later != state
    assert other is not library
    assert near.title not in {p.title for p in other.papers}


def test_two_workers_do_not_both_work_and_a_dead_one_blocks_for_minutes_only(
    version: Version, near: Publication
) -> None:
    assert tick.claim("fit", timedelta(minutes=5))
    tasks.fit_versions()
    assert not VersionFit.objects.exists()
    assert tick.claim("fit", timedelta(0))  # the lease is over
    tick.release("fit")
    tasks.fit_versions()
    assert VersionFit.objects.count() == 1


def test_the_tick_rings_for_a_worker_only_when_there_is_work(
    version: Version, near: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda name, *args: rung.append(name))
    schedule.run(clock.now())
    tasks.fit_versions()
    schedule.run(clock.now())
    assert rung == ["reviews.tasks.fit_versions"]
