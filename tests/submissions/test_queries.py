"""Who sees what at the authors' door, and what it costs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from submissions import actions, queries
from submissions.models import Author, Version
from submissions.queries.story import Line
from submissions.states import FileKind, Stage
from tests.people import OPENING
from tests.submissions.drafts import (
    DECIDING,
    at_stage,
    complete_draft,
    empty_draft,
    fresh,
    newest,
    put_file,
    revision_asked,
    submitted,
)
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db


def test_a_draft_is_its_submitters_alone(
    ada: User, ben: User, gus: User, sam: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue, ben)
    Author.objects.filter(version=version, email=ben.email).update(user=ben)
    assert list(queries.manuscripts_of(ada)) == [version.manuscript]
    for person in (ben, gus, sam, AnonymousUser()):
        assert list(queries.manuscripts_of(person)) == []
        assert list(queries.versions_of(person)) == []


def test_named_authors_see_what_was_handed_in(
    ada: User, ben: User, gus: User, sam: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben, gus)
    for person in (ada, ben, gus):
        assert list(queries.manuscripts_of(person)) == [manuscript]
        assert list(queries.files_of(person).values_list("kind", flat=True)) == ["main"]
    assert list(queries.manuscripts_of(sam)) == []
    assert list(queries.files_of(sam)) == []


def test_an_address_is_compared_without_case_and_a_dispute_closes_the_door(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    Author.objects.filter(email=ben.email).update(user=None)
    assert list(queries.manuscripts_of(ben)) == [manuscript]
    author = Author.objects.get(email=ben.email)
    actions.dispute_authorship(actor="author:x", author=author)
    assert list(queries.manuscripts_of(ben)) == []


def test_co_authors_read_versions_and_only_two_people_write(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue, ben)
    draft = actions.start_revision(actor=ada, manuscript=manuscript)
    original = Version.objects.get(manuscript=manuscript, revision_number=0)
    assert list(queries.versions_of(ben)) == [original]
    assert set(queries.versions_of(ada)) == {original, draft}
    assert not queries.editable_versions(ben).filter(manuscript=manuscript).exists()
    Author.objects.filter(version=original).update(is_corresponding=False)
    Author.objects.filter(version=original, email=ben.email).update(is_corresponding=True)
    assert set(queries.editable_versions(ben).filter(manuscript=manuscript)) == {original, draft}


def test_versions_by_their_state(ada: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue)
    original = newest(manuscript)
    assert queries.draft_version(manuscript) is None
    draft = actions.start_revision(actor=ada, manuscript=manuscript)
    assert queries.latest_version(manuscript) == queries.draft_version(manuscript) == draft
    assert queries.submitted_version(manuscript) == original


def test_the_label_says_the_same_before_and_after_the_reviews(
    ada: User, issue: SpecialIssue
) -> None:
    """T3, T5: neither a count nor an unreleased decision shows."""
    manuscript = at_stage(submitted(ada, issue), *DECIDING[:2])
    version = newest(manuscript)
    before = queries.story(manuscript, version, OPENING)
    lines_before = queries.timeline(manuscript, [version])
    with clock.frozen_at(OPENING + timedelta(days=30)):
        moved = at_stage(manuscript, Stage.AWAITING_DECISION)
    assert queries.story(moved, version, OPENING) == before
    assert queries.timeline(moved, [version]) == lines_before
    assert {line.sentence for line in lines_before} == {
        "Draft begun.",
        "Submitted as TMI-FM-2024-0001.",
    }


def test_the_story_names_the_next_act_and_its_date(ada: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue)
    step = queries.story(manuscript, newest(manuscript), OPENING)
    assert (step.act, step.tone) == ("begin_revision", "turn")
    actions.start_revision(actor=ada, manuscript=manuscript)
    begun = fresh(manuscript)
    again = queries.story(begun, newest(begun), OPENING)
    assert (again.act, again.due_at) == ("continue", step.due_at)
    late = queries.story(begun, newest(begun), OPENING + timedelta(days=365))
    assert (late.act, late.is_closed) == ("", True)


def test_author_people_join_what_was_typed_with_the_account(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    Author.objects.filter(email=ben.email).update(user=None)
    people = queries.author_people(newest(manuscript))
    assert [person.key for person in people] == [
        ada.public_id,
        f"author:{Author.objects.get(email=ben.email).public_id}",
    ]
    assert [person.emails for person in people] == [{ada.email}, {ben.email}]
    assert people[1].affiliations[0].mail_domain == "halvard.example"


def test_the_list_costs_the_same_for_two_and_for_twelve(
    ada: User, issue: SpecialIssue, django_assert_num_queries: object
) -> None:
    def ask(most: int) -> list[Line]:
        return queries.my_lines(list(queries.manuscripts_of(ada)[:most]), OPENING)

    revision_asked(ada, issue)
    submitted(ada, issue)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(ask(25)) == 2
    for _ in range(10):
        empty_draft(ada, issue)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(ask(25)) == 12


def test_missing_asks_for_the_response_as_a_file(ada: User, issue: SpecialIssue) -> None:
    version = actions.start_revision(actor=ada, manuscript=revision_asked(ada, issue))
    assert [finding.code for finding in queries.missing(version)] == [
        "main_file_missing",
        "response_missing",
    ]
    put_file(version, FileKind.MAIN)
    put_file(version, FileKind.RESPONSE)
    assert queries.missing(version) == []
