"""Opening an issue from its file: once or again, whole or not at all."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tmi_special_issue.conftest import CALL
from tmi_special_issue import audit, queries
from tmi_special_issue.actions import open_issue
from tmi_special_issue.models import (
    AuditEntry,
    ListedEditor,
    Milestone,
    MilestoneKind,
    SpecialIssue,
    Topic,
)
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db


def refused(content: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_issue(actor="system:test", content=content)
    assert not SpecialIssue.objects.exists()
    assert not AuditEntry.objects.exists()
    return caught.value


def test_the_call_in_the_repository_opens(call_content: dict[str, Any], noon: datetime) -> None:
    issue = open_issue(actor="system:test", content=call_content)
    assert (issue.key, issue.opened_at, issue.reviewers_needed, issue.next_number) == (
        "foundation-models-2024",
        noon,
        4,
        1,
    )
    assert {kind: row.due_at for kind, row in queries.milestones(issue).items()} == {
        MilestoneKind.SUBMISSION: datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC),
        MilestoneKind.INITIAL_DECISION: datetime(2024, 8, 16, 11, 59, 59, tzinfo=UTC),
        MilestoneKind.REVISION: datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC),
        MilestoneKind.FINAL_ACCEPTANCE: datetime(2024, 11, 16, 11, 59, 59, tzinfo=UTC),
    }
    assert Topic.objects.filter(issue=issue).count() == 12
    assert [str(editor) for editor in ListedEditor.objects.filter(issue=issue)] == [
        "Tianming Liu",
        "Dinggang Shen",
        "Jong Chul Ye",
        "Marleen de Bruijne",
        "Wei Liu",
    ]
    assert queries.current_issue() == issue


def test_the_same_file_again_adds_nothing(call_content: dict[str, Any]) -> None:
    first = open_issue(actor="system:test", content=call_content)
    rows = (Topic.objects.count(), Milestone.objects.count(), ListedEditor.objects.count())
    again = open_issue(actor="system:test", content=call_content)
    assert (again.pk, again.opened_at) == (first.pk, first.opened_at)
    assert (Topic.objects.count(), Milestone.objects.count(), ListedEditor.objects.count()) == rows


def test_opening_again_keeps_the_numbers_already_given(call_content: dict[str, Any]) -> None:
    open_issue(actor="system:test", content=call_content)
    SpecialIssue.objects.update(next_number=31)
    assert open_issue(actor="system:test", content=call_content).next_number == 31


def test_a_changed_date_is_brought_up_to_date_and_recorded(call_content: dict[str, Any]) -> None:
    issue = open_issue(actor="system:test", content=call_content)
    call_content["dates"]["submission"] = date(2024, 7, 8)
    open_issue(actor="system:test", content=call_content)
    assert queries.window(issue, MilestoneKind.SUBMISSION).closes_at == datetime(
        2024, 7, 9, 11, 59, 59, tzinfo=UTC
    )
    told = [entry.facts["dates"]["submission"] for entry in audit.entries_about(issue.audit_key)]
    assert told == ["2024-07-01", "2024-07-08"]


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("initial_decision", date(2024, 7, 1)),
        ("revision", date(2024, 8, 14)),
        ("final_acceptance", date(2023, 11, 15)),
    ],
)
def test_dates_out_of_order_are_refused(
    call_content: dict[str, Any], field: str, day: date
) -> None:
    call_content["dates"][field] = day
    refusal = refused(call_content)
    assert refusal.code == "dates_out_of_order"
    assert str(day) in refusal.sentence


def test_a_missing_date_is_refused(call_content: dict[str, Any]) -> None:
    del call_content["dates"]["revision"]
    refusal = refused(call_content)
    assert (refusal.code, refusal.sentence) == (
        "missing_date",
        "[dates] needs revision as a date, e.g. 2024-07-01.",
    )


@pytest.mark.parametrize("section", ["issue", "dates"])
def test_a_missing_section_is_refused(call_content: dict[str, Any], section: str) -> None:
    del call_content[section]
    assert refused(call_content).sentence == f"The file has no section [{section}]."


def test_an_unknown_field_is_named(call_content: dict[str, Any]) -> None:
    call_content["issue"]["reviewers"] = 4
    assert refused(call_content).sentence == "[issue] has unknown fields: reviewers."


def test_an_unknown_zone_is_refused(call_content: dict[str, Any]) -> None:
    call_content["issue"]["zone"] = "Europe/Atlantis"
    refusal = refused(call_content)
    assert (refusal.code, refusal.field) == ("unknown_zone", "zone")


def test_a_missing_key_is_refused(call_content: dict[str, Any]) -> None:
    del call_content["issue"]["key"]
    assert refused(call_content).code == "missing_field"


def test_a_topic_without_name_is_refused(call_content: dict[str, Any]) -> None:
    del call_content["topics"][2]["name"]
    refusal = refused(call_content)
    assert refusal.sentence == "Topic 3 has no name."


def test_an_unknown_field_of_a_listed_editor_is_refused(call_content: dict[str, Any]) -> None:
    call_content["guest_editors"][0]["phone"] = "1"
    assert refused(call_content).sentence == "Guest editor 1 has unknown fields: phone."


def test_a_listed_editor_gone_from_the_file_goes(call_content: dict[str, Any]) -> None:
    issue = open_issue(actor="system:test", content=call_content)
    call_content["guest_editors"].pop()
    open_issue(actor="system:test", content=call_content)
    assert ListedEditor.objects.filter(issue=issue).count() == 4


def test_topics_in_another_order_change_places(call_content: dict[str, Any]) -> None:
    issue = open_issue(actor="system:test", content=call_content)
    call_content["topics"].reverse()
    open_issue(actor="system:test", content=call_content)
    codes = list(Topic.objects.filter(issue=issue).values_list("code", flat=True))
    assert codes == [topic["code"] for topic in call_content["topics"]]


def test_the_command_opens_and_tells() -> None:
    out = StringIO()
    call_command("open_issue", str(CALL), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "issue": "foundation-models-2024",
        "title": "Advancements in Foundation Models for Medical Imaging",
        "written": True,
    }
    assert SpecialIssue.objects.count() == 1


def test_a_dry_run_writes_nothing() -> None:
    out = StringIO()
    call_command("open_issue", str(CALL), "--dry-run", stdout=out)
    assert out.getvalue().startswith("Checked: ")
    assert not SpecialIssue.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no file"),
        ("[issue", "is not valid TOML"),
        ("a = 1", "The file has no section"),
    ],
)
def test_a_bad_file_is_a_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "call.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        call_command("open_issue", str(file))


def test_of_two_issues_the_current_one_was_opened_last(call_content: dict[str, Any]) -> None:
    assert queries.current_issue() is None
    first = open_issue(actor="system:test", content=call_content)
    call_content["issue"]["key"] = "another-issue"
    second = open_issue(actor="system:test", content=call_content)
    assert queries.current_issue() == second
    SpecialIssue.objects.filter(pk=first.pk).update(opened_at=datetime(2100, 1, 1, tzinfo=UTC))
    assert queries.current_issue() == first
