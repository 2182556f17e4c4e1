"""The rules of the issue at the desk: spans and limits (F3 to F5, F16), editors as authors (F13),
the team (F18)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.actions import confirm_address
from accounts.models import Affiliation, User
from editors import actions as desk
from editors.queries import hidden_manuscripts
from editors.queries.checks import kept_checks
from editors.queries.team import team_findings
from reviews.actions import agree_assignment
from reviews.models import ConflictCheck, Publication
from reviews.queries import files_for_reviewer, find_conflicts
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


def test_lead_and_chief_invite_in_spite_of_a_former_institution(
    story: Story, client_of: SignIn
) -> None:
    paper = story.handled()
    Affiliation.objects.create(
        user=story.rui,
        institution="Northgate University",
        mail_domain="northgate.example",
        ended_on=date(2023, 1, 31),
    )
    panel = reverse("desk:panel", args=[paper.public_id])
    letters = reverse("desk:panel_confirm", args=[paper.public_id])
    words = "Invite all the same"
    chief, editor = client_of(story.kim), client_of(story.eva)
    assert words in chief.get(panel).content.decode()
    assert words not in editor.get(panel).content.decode()
    picked = {"pick": story.rui.public_id}
    assert "Nobody is ticked" in editor.get(letters, picked).content.decode()
    assert "Why invite in spite of this" in chief.get(letters, picked).content.decode()
    reason = {f"reason-{story.rui.public_id}": "He left before the group was founded."}
    editor.post(panel, {**picked, **reason})
    assert not ConflictCheck.objects.filter(person=story.rui).exists()
    chief.post(panel, {**picked, **reason})
    row = ConflictCheck.objects.get(person=story.rui)
    assert (row.actor, row.reason) == (story.kim.audit_key, next(iter(reason.values())))
    assert [(f["rule"], f["is_set_aside"]) for f in row.findings] == [("F3", True)]
    # What was set aside at the invitation stops nobody at the agreement.
    story.agree(paper, "rui")
    page = chief.get(reverse("desk:manuscript", args=[paper.public_id])).content.decode()
    assert "He left before the group was founded." in page


def test_the_record_tells_nothing_of_manuscripts_that_do_not_exist_for_the_reader(
    story: Story,
) -> None:
    """Rui writes with eva; kim invites him elsewhere, and eva reads the record of that."""
    own = story.submitted("ada", ("eva", "rui"))
    paper = story.handled()
    story.invite(paper, ["rui"], editor="kim")
    row = ConflictCheck.objects.get(person=story.rui)
    assert [f["rule"] for f in row.findings] == ["F15"]
    ConflictCheck.objects.bulk_create(
        [
            ConflictCheck(
                version=row.version,
                person=row.person,
                act="invited",
                rule_set="F-2/36/60",
                findings=[{**row.findings[0], "level": "hard"}],
                actor=row.actor,
                checked_at=row.checked_at,
            )
        ]
    )
    unseen = hidden_manuscripts(story.eva, story.issue)
    assert own.pk in unseen
    assert not kept_checks(paper, unseen)
    [line] = kept_checks(paper, ()).standing
    assert str(own.number) in line.findings[0].evidence


def test_files_wait_for_a_confirmed_address_and_the_mails_link_confirms_it(
    story: Story, client_of: SignIn
) -> None:
    paper = story.handled()
    EmailAddress.objects.filter(user=story.rui).update(verified=False)
    User.objects.filter(pk=story.rui.pk).update(orcid_verified=False)
    story.invite(paper, ["rui", "sol"])
    story.agree(paper, "sol")
    assert files_for_reviewer(story.assignment(paper, "sol"))
    story.agree(paper, "rui")
    assert files_for_reviewer(story.assignment(paper, "rui")) == []
    rows = ConflictCheck.objects.filter(person=story.rui).values_list("findings", flat=True)
    assert {f["rule"] for row in rows for f in row} == {"F17"}
    assert confirm_address(actor=story.rui) is True
    assert confirm_address(actor=story.rui) is False
    assert files_for_reviewer(story.assignment(paper, "rui"))


def test_to_agree_through_the_mail_confirms_the_address(story: Story, client_of: SignIn) -> None:
    paper = story.handled()
    EmailAddress.objects.filter(user=story.rui).update(verified=False)
    User.objects.filter(pk=story.rui.pk).update(orcid_verified=False)
    story.invite(paper, ["rui"])
    agree_assignment(
        actor=story.rui,
        assignment=story.assignment(paper, "rui"),
        has_conflict=False,
        accepts_terms=True,
        is_by_link=True,
    )
    assert files_for_reviewer(story.assignment(paper, "rui"))


def test_the_page_that_assigns_tells_of_an_editor_among_the_authors(
    story: Story, client_of: SignIn
) -> None:
    paper = story.admitted("ada", ("eva",))
    page = client_of(story.kim).get(reverse("desk:assign_editor", args=[paper.public_id]))
    words = page.content.decode()
    assert "An editor of the issue is an author." in words
    assert "Every guest editor is in conflict." in words
