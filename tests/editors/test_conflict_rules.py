"""The rules of the issue at the desk: spans and limits (F3 to F5, F16), editors as authors (F13),
the team (F18)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions as desk
from editors.queries.team import team_findings
from reviews.models import ConflictCheck, Publication
from reviews.queries import find_conflicts
from tests.cast import Story, fresh, latest_version
from tests.people import GUEST_EDITOR, Part, sign_up
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
RULES: dict[str, Any] = {
    "conflict_months": 24,
    "conflict_warn_months": 48,
    "reviewer_load_limit": 2,
    "editor_submissions_cap": None,
}


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


def change(story: Story, actor: str = "kim", **values: Any) -> SpecialIssue:
    return desk.change_conflict_rules(
        actor=story.people[actor], issue=story.issue, **{**RULES, **values}
    )


def test_the_spans_of_the_issue_are_those_of_the_rules(story: Story) -> None:
    paper = story.handled()
    version = latest_version(paper)
    Publication.objects.create(
        profile=story.rui.reviewer_profile,
        title="Together",
        year=2021,
        coauthors=[{"name": "Ada Avelin", "email": story.ada.email}],
    )

    def rules() -> list[tuple[str, str]]:
        seen = latest_version(fresh(paper))
        found = find_conflicts(seen, [story.rui], editor_key="")[story.rui.pk]
        return [(c.rule, c.level) for c in found]

    assert rules() == [("F4", "hard")]
    change(story)
    assert rules() == [("F5", "warn")]
    change(story, conflict_months=0, conflict_warn_months=0)
    assert rules() == []
    assert version.manuscript_id == paper.pk


def test_a_check_keeps_the_spans_by_which_it_was_judged(story: Story) -> None:
    change(story)
    story.invite(story.handled(), ["rui"])
    assert ConflictCheck.objects.get(person=story.rui).rule_set == "F-2/24/48"


def test_who_may_set_them_and_which_numbers(story: Story) -> None:
    for name in ("eva", "gus", "rui", "ada"):
        with pytest.raises(Refusal) as caught:
            change(story, name)
        assert caught.value.code == "not_allowed"
    with pytest.raises(Refusal) as caught:
        change(story, conflict_warn_months=23)
    assert caught.value.code == "warning_too_short"
    change(story)
    entries = AuditEntry.objects.filter(verb="conflict_rules.changed")
    assert [entry.facts["changed"] for entry in entries] == [
        {
            "conflict_months": [36, 24],
            "conflict_warn_months": [60, 48],
            "reviewer_load_limit": [3, 2],
        }
    ]
    change(story)  # the same again
    assert entries.count() == 1


def test_the_page_saves_and_tells_what_is_wrong(story: Story, client_of: SignIn) -> None:
    client, address = client_of(story.kim), reverse("desk:settings")
    posted = {**RULES, "editor_submissions_cap": "", "conflict_months": "70"}
    answer = client.post(address, posted)
    assert answer.status_code in (200, 422)
    assert "Give the warning at least as many" in answer.content.decode()
    assert client.post(address, {**posted, "conflict_months": "-1"}).status_code == 422
    assert client.post(address, {**posted, "conflict_months": "12"}).status_code == 302
    story.issue.refresh_from_db()
    assert (story.issue.conflict_months, story.issue.conflict_warn_months) == (12, 48)
    assert "Months that make a conflict: 12; before: 36" in client.get(address).content.decode()


def test_editors_of_one_institution_are_told(story: Story) -> None:
    assert team_findings(story.issue, story.kim) == []
    lia = Part("Lia", "Lindahl", "Orrin School of Medicine", "orrin.example", "CH")
    sign_up("lia", story.issue, lia, GUEST_EDITOR)
    [finding] = team_findings(story.issue, story.kim)
    assert (finding.rule, finding.level) == ("F18", "info")
    assert "Eva Engel and Lia Lindahl are both at Orrin School of Medicine" in finding.evidence


def test_an_editors_own_manuscripts_are_counted_for_who_may_know(story: Story) -> None:
    story.submitted("ada", ("eva",))
    [first] = team_findings(story.issue, story.kim)
    assert (first.rule, first.level) == ("F13", "info")
    story.submitted("ada", ("eva",))
    [second] = team_findings(story.issue, story.kim)
    assert (second.rule, second.level) == ("F13", "warn")
    assert "author of 2 manuscripts" in second.evidence
    # To the author herself her manuscripts do not exist on the desk.
    assert team_findings(story.issue, story.eva) == []


def test_beyond_the_cap_nothing_is_handed_in(story: Story) -> None:
    story.submitted("ada", ("eva",))
    change(story, editor_submissions_cap=1)
    draft = story.draft("ada", ("eva",))
    with pytest.raises(Refusal) as caught:
        story.submit(draft, "ada")
    assert caught.value.code == "editor_cap"
    assert "at most 1" in caught.value.sentence
    story.submitted("ada", ("ben",))
    change(story, editor_submissions_cap=2)
    story.submit(fresh(draft), "ada")
    assert fresh(draft).stage == "submitted"
