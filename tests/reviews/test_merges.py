"""Two accounts of one person: found, joined with all they have, parted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db.models import Model

from accounts.actions import grant_role
from accounts.models import Affiliation, Role, RoleName, User
from reviews import actions
from reviews.models import (
    Assignment,
    PeopleMerge,
    Publication,
    Review,
    ReviewerLabel,
    ReviewerProfile,
)
from reviews.queries import reviewer_facts, reviewer_pool
from reviews.queries.duplicates import Duplicate, possible_duplicates
from submissions.models import Author, Version
from tests.reviews.conftest import deliver, make_manuscript
from tmi_special_issue.models import AuditEntry, SpecialIssue, Topic
from tmi_special_issue.refusal import Refusal

Invite = Callable[..., Assignment]


@pytest.fixture
def second(issue: SpecialIssue, rui: User) -> User:
    """A second account of rui's, in the pool, with two publications."""
    person = User.objects.create_user(
        "r.rezende@other.example", given_name="Rui", family_name="Rezende", orcid=""
    )
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    Affiliation.objects.create(user=person, institution="Sao Lazaro Teaching Hospital")
    grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
    profile = ReviewerProfile.objects.create(user=person, is_senior=True, load_limit=2)
    profile.topics.add(Topic.objects.get(issue=issue, code="human-feedback"))
    for title in ("Shared paper", "Own paper"):
        Publication.objects.create(profile=profile, title=title, year=2020)
    mine = ReviewerProfile.objects.create(user=rui)
    Publication.objects.create(profile=mine, title="Shared Paper", year=2020)
    return person


def everything() -> dict[str, list[Any]]:
    """Every row that a merge may touch."""
    tables: list[type[Model]] = [
        *(User, EmailAddress, Affiliation, Role, ReviewerProfile, Publication),
        *(Assignment, Review, ReviewerLabel, Author, ReviewerProfile.topics.through),
    ]
    return {t.__name__: list(t._default_manager.order_by("pk").values()) for t in tables}


def test_all_that_one_has_becomes_the_others(
    issue: SpecialIssue, agreed: Invite, rui: User, second: User, ivo: User
) -> None:
    deliver(agreed(second))
    ReviewerProfile.objects.filter(user=rui).update(load_limit=0)  # nothing, by own wish
    actions.merge_people(actor=ivo, kept=rui, gone=second)
    assignment = Assignment.objects.get()
    assert assignment.reviewer == rui
    assert Review.objects.get().assignment == assignment
    assert ReviewerLabel.objects.get().reviewer == rui
    papers = Publication.objects.filter(profile__user=rui).order_by("title")
    assert [paper.title for paper in papers] == ["Own paper", "Shared Paper"]
    profile = ReviewerProfile.objects.get(user=rui)
    assert (profile.is_senior, profile.load_limit, profile.topics.count()) == (True, 0, 1)
    assert second not in reviewer_pool(issue)
    assert "r.rezende@other.example" in reviewer_facts([rui])[rui.public_id].emails
    assert [a.email for a in EmailAddress.objects.filter(user=rui, primary=True)] == [rui.email]


def test_undone_everything_is_as_it_was(agreed: Invite, rui: User, second: User, ivo: User) -> None:
    deliver(agreed(second))
    before = everything()
    merge = actions.merge_people(actor=ivo, kept=rui, gone=second)
    assert everything() != before
    actions.undo_merge(actor=ivo, merge=merge)
    assert everything() == before
    verbs = AuditEntry.objects.filter(subject=merge.audit_key).order_by("sequence")
    assert [entry.verb for entry in verbs] == ["people.merged", "people.parted"]
    with pytest.raises(Refusal) as refused:
        actions.undo_merge(actor=ivo, merge=merge)
    assert refused.value.code == "already_undone"


def test_nobody_becomes_two_reviewers_of_one_manuscript(
    agreed: Invite, rui: User, second: User, ivo: User, version: Version
) -> None:
    agreed(rui)
    Assignment.objects.create(version=version, reviewer=second, state="declined")
    assert refused(ivo, rui, second) == "same_manuscript"


def test_nobody_becomes_the_reviewer_of_the_own_manuscript(
    issue: SpecialIssue, agreed: Invite, rui: User, second: User, ivo: User, sam: User
) -> None:
    other = make_manuscript(issue, sam, [sam], number=7, title="A third subject")
    Author.objects.create(
        version=other, position=2, family_name="Rezende", email=second.email, institution="X"
    )
    agreed(rui, other)
    assert refused(ivo, rui, second) == "own_reviewer"
    assert refused(ivo, second, rui) == "own_reviewer"


def test_accounts_of_the_desk_and_of_authors_are_not_joined(
    rui: User, second: User, ivo: User, eva: User, ada: User, version: Version
) -> None:
    assert refused(ivo, eva, second) == "desk_role"
    assert refused(ivo, second, eva) == "desk_role"
    assert refused(ivo, rui, ada) == "sends_manuscripts"


def test_two_orcid_ids_are_two_people(rui: User, second: User, ivo: User) -> None:
    User.objects.filter(pk=rui.pk).update(orcid="0000-0000-0000-0175")
    User.objects.filter(pk=second.pk).update(orcid="0000-0000-0000-0183")
    assert refused(ivo, rui, second) == "orcids_differ"


def refused(actor: User, kept: User, gone: User) -> str:
    """The code of the refusal; nothing has changed by it."""
    before = everything()
    with pytest.raises(Refusal) as refusal:
        actions.merge_people(actor=actor, kept=kept, gone=gone)
    assert everything() == before
    assert not PeopleMerge.objects.exists()
    return refusal.value.code


def test_pairs_are_found_by_name_and_place_or_orcid(
    issue: SpecialIssue, rui: User, sol: User, tea: User, second: User, ivo: User
) -> None:
    User.objects.filter(pk__in=[sol.pk, tea.pk]).update(
        orcid="0000-0000-0000-0191", orcid_verified=False
    )
    by_name = Duplicate(*sorted((rui.pk, second.pk)), "name and institution")
    by_orcid = Duplicate(*sorted((sol.pk, tea.pk)), "ORCID iD")
    assert set(possible_duplicates(issue)) == {by_name, by_orcid}
    actions.tell_apart(actor=ivo, one=second, other=rui)
    assert possible_duplicates(issue) == [by_orcid]


def test_namesakes_elsewhere_or_with_other_orcid_ids_are_no_pair(
    issue: SpecialIssue, rui: User, second: User
) -> None:
    User.objects.filter(pk=rui.pk).update(orcid="0000-0000-0000-0175")
    User.objects.filter(pk=second.pk).update(orcid="0000-0000-0000-0183")
    assert possible_duplicates(issue) == []
    User.objects.filter(pk=second.pk).update(orcid="")
    Affiliation.objects.filter(user=second).update(institution="Elsewhere")
    assert possible_duplicates(issue) == []


def test_a_file_finds_the_person_behind_a_closed_account(
    issue: SpecialIssue, rui: User, second: User, ivo: User
) -> None:
    actions.merge_people(actor=ivo, kept=rui, gone=second)
    content = b"email,paper_title,paper_year\nr.rezende@other.example,New paper,2024\n"
    made = actions.begin_import(actor=ivo, issue=issue, content=content, name="people.csv")
    actions.confirm_import(actor=ivo, pool_import=made)
    assert Publication.objects.get(title="New paper").profile.user == rui
