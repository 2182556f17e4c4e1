"""The acceptance list: columns, order, formulas, bytes, differences."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from editors.acceptance import COLUMNS, canonical_json, differences, overlength_usd, sealed
from editors.actions import draft_decision, release_decision, render_letter, take_snapshot
from editors.exports import acceptance_rows, inert, snapshot_file
from editors.models import AcceptanceSnapshot, EditorConflict
from editors.queries import current_letter, visible_to
from editors.queries.acceptance import snapshot_rows
from submissions.models import Author, Version, VersionFile
from submissions.states import Stage
from tests.editors.building import make_manuscript, reviewed
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

# domain.md H.1, in order.
H1 = [
    "position",
    "manuscript_id",
    "final_revision",
    "manuscript_type",
    "title",
    "authors",
    "corresponding_author",
    "corresponding_email",
    "corresponding_orcid",
    "affiliations",
    "rors",
    "countries",
    "index_terms",
    "topics",
    "abstract",
    "received_date",
    "revised_date",
    "accepted_date",
    "rounds",
    "handling_editor",
    "decision_authority",
    "pages",
    "overlength_pages",
    "overlength_charge_usd",
    "graphical_abstract",
    "multimedia",
    "conference_version_doi",
    "preprint_url",
    "funding",
    "ai_disclosure",
    "ethics_statement",
    "data_availability",
    "orcid_missing_for",
    "similarity_percent",
    "final_files_complete",
    "copyright_form",
    "licence_choice",
    "doi",
    "list_version",
    "sha256",
]


def accept(version: Version, editor: User, early_reason: str = "") -> None:
    decision = draft_decision(
        actor=editor,
        manuscript=version.manuscript,
        kind="accept",
        reasons="Sound.",
        early_reason=early_reason,
    )
    letter = current_letter(decision)
    assert letter is not None
    release_decision(actor=editor, decision=decision, letter=render_letter(letter=letter))


@pytest.fixture
def accepted(
    issue: SpecialIssue, ada: User, ben: User, eva: User, rui: User, sol: User, tea: User, uma: User
) -> list[Version]:
    """Two accepted out of number order, one with a formula for a title; one still in review."""
    four = [rui, sol, tea, uma]
    second = reviewed(issue, ada, eva, four, title="=HYPERLINK(1)", coauthors=[ben], number=7)
    first = reviewed(issue, ben, eva, four, title="A Plain Title", pages=12, number=9)
    accept(first, eva)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        accept(second, eva)
    reviewed(issue, ada, eva, four, title="Not decided", number=11)
    rejected = make_manuscript(issue, ada, stage=Stage.REJECTED, number=12)
    assert rejected.pk
    return [first, second]


def test_the_columns_are_those_of_the_domain_in_order() -> None:
    assert list(COLUMNS) == H1


def test_only_accepted_ones_in_order_of_acceptance(
    accepted: list[Version], issue: SpecialIssue
) -> None:
    rows = acceptance_rows(issue)
    assert [(r.position, r.manuscript_id, r.title) for r in rows] == [
        ("1", "TMI-FM-2024-0009", "A Plain Title"),
        ("2", "TMI-FM-2024-0007", "=HYPERLINK(1)"),
    ]
    plain, formula = rows
    assert (plain.pages, plain.overlength_pages, plain.overlength_charge_usd) == (
        "12",
        "4",
        "1200",
    )
    assert (plain.accepted_date, formula.accepted_date) == ("2024-06-20", "2024-06-23")
    assert formula.authors == "Ada Avelin; Ben Brandt"
    assert formula.orcid_missing_for == "Ben Brandt"
    assert (plain.similarity_percent, plain.licence_choice, plain.doi) == ("", "", "")
    assert (plain.copyright_form, plain.final_files_complete) == ("pending", "n")


@pytest.mark.parametrize(
    ("pages", "usd"), [(1, 0), (8, 0), (9, 250), (10, 500), (11, 850), (12, 1200)]
)
def test_over_length_charges(pages: int, usd: int) -> None:
    assert overlength_usd(pages) == usd


def test_no_reviewer_appears_in_any_format(
    accepted: list[Version], issue: SpecialIssue, ivo: User, rui: User
) -> None:
    snapshot = take_snapshot(actor=ivo, issue=issue)
    for form in ("csv", "json"):
        content = snapshot_file(snapshot, form)
        for secret in (rui.family_name, rui.email, "Secret words", "Comment number"):
            assert secret.encode() not in content


def test_formulas_open_inert_everywhere(
    accepted: list[Version], issue: SpecialIssue, ivo: User
) -> None:
    snapshot = take_snapshot(actor=ivo, issue=issue)
    text = snapshot_file(snapshot, "csv")
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert lines[1]["title"] == "'=HYPERLINK(1)"
    sheet = openpyxl.load_workbook(io.BytesIO(snapshot_file(snapshot, "xlsx"))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == H1
    assert sheet.cell(3, 5).value == "'=HYPERLINK(1)"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert all(
        cell.value is None for row in sheet.iter_rows() for cell in row if cell.data_type == "n"
    )
    rows = json.loads(snapshot_file(snapshot, "json"))
    assert (rows[1]["title"], list(rows[0])) == ("=HYPERLINK(1)", H1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  =", "\n"])
def test_dangerous_beginnings_are_neutralised(start: str) -> None:
    assert inert(f"{start}1+1").startswith("'")


def test_harmless_cells_stay_as_they_are() -> None:
    assert inert("A title - with a dash") == "A title - with a dash"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_same_list_gives_the_same_bytes(
    form: str, accepted: list[Version], issue: SpecialIssue, ivo: User
) -> None:
    snapshot = take_snapshot(actor=ivo, issue=issue)
    first = snapshot_file(snapshot, form)
    with clock.frozen_at(clock.now() + timedelta(days=40)):
        Author.objects.update(family_name="Changed later")
        assert snapshot_file(AcceptanceSnapshot.objects.get(), form) == first


def test_number_checksum_and_difference(
    accepted: list[Version], issue: SpecialIssue, ivo: User, kim: User
) -> None:
    one = take_snapshot(actor=ivo, issue=issue)
    assert take_snapshot(actor=kim, issue=issue) == one
    rows = snapshot_rows(one)
    bare = [replace(row, sha256="") for row in rows]
    assert {row.sha256 for row in rows} == {one.sha256}
    assert hashlib.sha256(canonical_json(bare).encode()).hexdigest() == one.sha256
    VersionFile.objects.filter(version=accepted[0]).update(page_count=10)
    two = take_snapshot(actor=kim, issue=issue)
    assert (one.number, two.number) == (1, 2)
    changes = differences(rows, snapshot_rows(two))
    assert [c.words for c in changes] == [
        "TMI-FM-2024-0009: pages, overlength_pages, overlength_charge_usd changed"
    ]
    told = OutboxMessage.objects.filter(kind="acceptance_listed")
    assert sorted(m.to for m in told) == sorted([ivo.email, kim.email] * 2)


def test_the_number_of_queries_is_constant(
    accepted: list[Version],
    issue: SpecialIssue,
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert len(acceptance_rows(issue)) == 2


def test_the_page_shows_a_part_and_asks_the_same_number_of_queries(
    accepted: list[Version],
    issue: SpecialIssue,
    ada: User,
    eva: User,
    ivo: User,
    rui: User,
    sol: User,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("editors.views.office.PAGE_SIZE", 2)
    take_snapshot(actor=ivo, issue=issue)
    browser = client_of(ivo)

    def look(address: str) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as asked:
            shown = browser.get(address)
        return len(asked), shown.content.decode()

    look("/desk/acceptance/")
    few, _ = look("/desk/acceptance/")
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        accept(reviewed(issue, ada, eva, [rui, sol], title="The Third", number=13), eva, "Enough.")
    many, first = look("/desk/acceptance/")
    _, second = look("/desk/acceptance/?page=2")
    assert (many, many <= 20) == (few, True)
    assert ("1–2 of 3" in first, "The Third" in first) == (True, False)
    assert ("A Plain Title" in second, "The Third" in second) == (False, True)
    assert "TMI-FM-2024-0013 added" in first


def test_who_must_not_see_a_row_takes_no_list(
    accepted: list[Version], issue: SpecialIssue, kim: User, eva: User, ivo: User
) -> None:
    EditorConflict.objects.create(
        manuscript=accepted[0].manuscript,
        editor=kim,
        rule="F2",
        evidence="same institution",
        found_at=clock.now(),
    )
    for person in (kim, eva):
        with pytest.raises(Refusal) as refused:
            take_snapshot(actor=person, issue=issue)
        assert refused.value.status == 403
    seen = acceptance_rows(issue, visible_to(kim, issue))
    assert [row.manuscript_id for row in seen] == ["TMI-FM-2024-0007"]
    assert take_snapshot(actor=ivo, issue=issue).number == 1


def test_sealing_an_empty_list() -> None:
    rows, digest = sealed([], 1)
    assert (rows, digest) == ([], hashlib.sha256(b"[]").hexdigest())
