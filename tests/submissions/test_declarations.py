"""Screen 4: what authors tell the editors alone, and who reads it."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from submissions import actions
from submissions.actions.drafts import DeclaredConflictEntry, NamedReviewerEntry
from submissions.checks import ConflictValues, missing_for_submission
from submissions.models import DeclaredConflict, Receipt, Version, VersionFile
from submissions.states import FileKind, RevisionKind
from tests.submissions.drafts import (
    DECIDING,
    at_stage,
    complete_draft,
    empty_draft,
    fresh,
    newest,
    put_file,
    submitted,
)
from tests.submissions.test_actions import refused, submit, verbs
from tests.submissions.test_checks import WHOLE, codes
from tests.submissions.test_views import declared, screen, text_of
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


def told(actor: User, version: Version, eva: User, gus: User) -> Version:
    """Everything that only editors read."""
    version = actions.save_draft(
        actor=actor,
        version=version,
        values={
            "was_rejected": True,
            "rejected_by": "Journal of Former Imaging",
            "rejected_number": "JFI-77",
            "rejected_changes": "A second cohort was added.",
            "preferred_editor": eva,
        },
        edit_count=version.edit_count,
    )
    version = actions.save_declared_conflicts(
        actor=actor,
        version=version,
        conflicts=[
            DeclaredConflictEntry(editor=gus, kind="adviser", evidence="Supervised my thesis."),
            DeclaredConflictEntry(
                name="Rival Rask", email="rask@far.example", kind="interest", evidence="Sells one."
            ),
        ],
        edit_count=version.edit_count,
    )
    return actions.save_named_reviewers(
        actor=actor,
        version=version,
        people=[NamedReviewerEntry("Olaf Opposed", "olaf@far.example", "", "A quarrel.", True)],
        edit_count=version.edit_count,
    )


SECRETS = (
    "Former Imaging",
    "JFI-77",
    "second cohort",
    "Gus",
    "Supervised my thesis",
    "Rival Rask",
    "rask@far.example",
    "Sells one",
    "Olaf Opposed",
    "A quarrel",
)


# --- The rules --------------------------------------------------------------------------------

SOUND = ConflictValues(name="Rival Rask", kind="interest", evidence="Sells one.")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"was_rejected": True}, ["rejected_by_missing", "rejected_changes_missing"]),
        ({"was_rejected": True, "rejected_by": "JFI", "rejected_changes": "All."}, []),
        ({"rejected_by": "left from before"}, []),
        ({"declared_conflicts": (SOUND,)}, []),
        ({"declared_conflicts": (SOUND,) * 11}, ["conflicts_many"]),
        ({"declared_conflicts": (replace(SOUND, editor="Eva"),)}, ["conflict_two"]),
        ({"declared_conflicts": (replace(SOUND, name=""),)}, ["conflict_nobody"]),
        ({"declared_conflicts": (replace(SOUND, email="rask@far"),)}, ["conflict_email"]),
        ({"declared_conflicts": (replace(SOUND, kind=""),)}, ["conflict_evidence"]),
        ({"declared_conflicts": (replace(SOUND, evidence=" "),)}, ["conflict_evidence"]),
        (
            {"declared_conflicts": (replace(SOUND, name="", editor="Eva", is_preferred=True),)},
            ["preferred_in_conflict"],
        ),
    ],
)
def test_the_rules(changes: dict[str, Any], found: list[str]) -> None:
    assert codes(missing_for_submission(replace(WHOLE, **changes))) == found


# --- Saving -----------------------------------------------------------------------------------


def test_conflicts_are_replaced_and_saved_once(
    ada: User, eva: User, gus: User, issue: SpecialIssue
) -> None:
    version = told(ada, empty_draft(ada, issue), eva, gus)
    rows = [DeclaredConflictEntry(editor=gus, kind="family", evidence="A cousin.")]
    saved = actions.save_declared_conflicts(
        actor=ada, version=version, conflicts=rows, edit_count=version.edit_count
    )
    again = actions.save_declared_conflicts(
        actor=ada, version=version, conflicts=rows, edit_count=version.edit_count
    )
    assert saved.edit_count == again.edit_count == version.edit_count + 1
    assert list(DeclaredConflict.objects.values_list("editor", "kind")) == [(gus.pk, "family")]
    assert verbs(version.manuscript).count("draft.conflicts_declared") == 2
    with refused("stale_edit"):
        actions.save_declared_conflicts(
            actor=ada, version=version, conflicts=[], edit_count=version.edit_count
        )


def test_only_guest_editors_of_the_issue_can_be_chosen(
    ada: User, sam: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    with refused("not_an_editor"):
        actions.save_draft(
            actor=ada, version=version, values={"preferred_editor": sam}, edit_count=0
        )
    with refused("not_an_editor"):
        actions.save_declared_conflicts(
            actor=ada,
            version=version,
            conflicts=[DeclaredConflictEntry(editor=sam, kind="family", evidence="A cousin.")],
            edit_count=0,
        )
    assert not DeclaredConflict.objects.exists()


def test_the_screen_saves_all_of_it_and_reveals_the_next_row(
    ada: User, eva: User, gus: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    typed = declared(
        **{
            "was_rejected": "on",
            "rejected_by": "Journal of Former Imaging",
            "preferred_editor": eva.public_id,
            "conflicts-TOTAL_FORMS": "2",
            "conflicts-0-editor": gus.public_id,
            "conflicts-0-kind": "adviser",
            "conflicts-0-evidence": "Supervised my thesis.",
            "conflicts-1-name": "Rival Rask",
            "act": "name-conflicts",
            "revision": "0",
        }
    )
    answer = browser.post(screen("declarations", version), typed)
    assert answer["Location"] == screen("declarations", version) + "#conflicts"
    saved = newest(version.manuscript)
    assert (saved.was_rejected, saved.preferred_editor) == (True, eva)
    assert [str(row) for row in saved.declared_conflicts.all()] == [gus.full_name, "Rival Rask"]
    page = browser.get(screen("declarations", version)).content.decode()
    assert 'name="conflicts-2-editor"' in page
    assert 'name="conflicts-3-editor"' not in page
    words = text_of(browser.get(screen("check", version)))
    assert "Conflict with Rival Rask" in words
    assert f"Preferred guest editor {eva.full_name}" in words


# --- Who reads it -----------------------------------------------------------------------------


def test_no_coauthor_and_no_receipt_tells_what_only_editors_read(
    ada: User, ben: User, eva: User, gus: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = told(ada, complete_draft(ada, issue, ben), eva, gus)
    submit(ada, version)
    kept = json.dumps(Receipt.objects.get().metadata)
    manuscript = version.manuscript.public_id
    own = client_of(ada).get(reverse("submissions:archive", args=[version.public_id]))
    with zipfile.ZipFile(io.BytesIO(b"".join(own))) as archive:  # type: ignore[call-overload]
        carried = archive.read("manuscript.txt").decode() + archive.read("manuscript.json").decode()
    coauthor = client_of(ben)
    pages = [
        coauthor.get(reverse("submissions:show", args=[manuscript])),
        coauthor.get(reverse("submissions:changes", args=[manuscript])),
        coauthor.get(reverse("submissions:receipt", args=[Receipt.objects.get().public_id])),
    ]
    read = kept + "".join(page.content.decode() for page in pages)
    assert [page.status_code for page in pages] == [200] * 3
    assert [secret for secret in SECRETS if secret in read] == []
    assert [secret for secret in SECRETS if secret not in carried] == []
    assert coauthor.get(reverse("submissions:archive", args=[version.public_id])).status_code == 404


def test_the_check_screen_shows_it_as_the_editors_will_see_it(
    ada: User, eva: User, gus: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = told(ada, complete_draft(ada, issue), eva, gus)
    words = text_of(client_of(ada).get(screen("check", version)))
    assert [secret for secret in SECRETS if secret not in words] == []


def test_a_revision_takes_it_over_with_the_conference_paper(
    ada: User, eva: User, gus: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    first = newest(manuscript)
    DeclaredConflict.objects.create(version=first, editor=gus, kind="adviser", evidence="Thesis.")
    Version.objects.filter(pk=first.pk).update(was_rejected=True, preferred_editor=eva)
    paper = put_file(first, FileKind.CONFERENCE_PAPER)
    put_file(first, FileKind.CODE)
    actions.request_revision(
        actor="system:test", manuscript=at_stage(manuscript, *DECIDING), kind=RevisionKind.MAJOR
    )
    second = actions.start_revision(actor=ada, manuscript=fresh(manuscript))
    assert (second.was_rejected, second.preferred_editor) == (True, eva)
    assert [(row.editor, row.kind) for row in second.declared_conflicts.all()] == [(gus, "adviser")]
    assert [(row.kind, row.file_id) for row in VersionFile.objects.filter(version=second)] == [
        (FileKind.CONFERENCE_PAPER, paper.file_id)
    ]


@pytest.mark.parametrize("name", ["declarations", "check", "files", "missing"])
def test_a_page_asks_as_many_queries_however_many_are_named(
    ada: User, eva: User, gus: User, issue: SpecialIssue, client_of: SignIn, name: str
) -> None:
    version = told(ada, complete_draft(ada, issue), eva, gus)
    browser = client_of(ada)

    def queries_asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(screen(name, version)).status_code == 200
        return len(caught)

    queries_asked()  # the first visit fills caches
    before = queries_asked()
    rows = [
        DeclaredConflictEntry(editor=gus, kind="family", evidence=f"Cousin {n}.") for n in range(8)
    ]
    actions.save_declared_conflicts(
        actor=ada, version=version, conflicts=rows, edit_count=version.edit_count
    )
    assert queries_asked() == before
