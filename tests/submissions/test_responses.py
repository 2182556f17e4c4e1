"""Points come with the decision; answers are saved as typed, and one that lacks blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, letters, queries, schedule
from submissions.actions.drafts import AuthorEntry
from submissions.actions.responses import AnswerEntry, PointEntry
from submissions.models import Author, ResponsePoint, Version, VersionFile
from submissions.states import FileKind
from tests.submissions.drafts import fresh, newest, put_file, revision_asked
from tmi_special_issue import audit, clock, files
from tmi_special_issue import pdf as pdf_module
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db

POINTS = [
    PointEntry(2, "Report results by patient."),
    PointEntry(2, "A figure of failures would help.", must_answer=False),
    PointEntry(4, "State how many runs there were."),
]


def revising(author: User, issue: SpecialIssue, points: list[PointEntry] = POINTS) -> Version:
    """A revision that is begun, with these points to answer."""
    manuscript = revision_asked(author, issue)
    actions.deliver_points(
        actor="system:test", manuscript=manuscript, revision_number=1, points=points
    )
    actions.start_revision(actor=author, manuscript=manuscript)
    return newest(manuscript)


def point(version: Version, label: str) -> ResponsePoint:
    return next(p for p in queries.points_of(version) if p.label == label)


def answer(version: Version, actor: User, **answers: str) -> Version:
    """Answer points by key: `answer(version, ada, r2_1="Done.")`."""
    return actions.save_answers(
        actor=actor,
        version=version,
        answers=[
            AnswerEntry(point(version, name.upper().replace("_", ".")).public_id, text, "page 3")
            for name, text in answers.items()
        ],
        edit_count=version.edit_count,
    )


def refused(call: Any, **arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    return caught.value


def test_points_are_counted_by_reviewer_and_delivered_once(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    assert [(p.label, p.text, p.must_answer) for p in queries.points_of(version)] == [
        ("R2.1", "Report results by patient.", True),
        ("R2.2", "A figure of failures would help.", False),
        ("R4.1", "State how many runs there were.", True),
    ]
    again = actions.deliver_points(
        actor="system:test",
        manuscript=version.manuscript,
        revision_number=1,
        points=[PointEntry(1, "Another.")],
    )
    assert [p.label for p in again] == ["R2.1", "R2.2", "R4.1"]
    entry = audit.entries_about(version.manuscript.audit_key).get(verb="points.delivered")
    assert entry.facts == {"revision": 1, "points": 3, "must_answer": 2}


def test_a_revision_waits_for_the_answers_that_must_be_there(
    ada: User, issue: SpecialIssue
) -> None:
    version = revising(ada, issue)
    put_file(version, FileKind.MAIN)
    assert [(f.field, f.sentence.split(".")[0] + ".") for f in queries.missing(version)] == [
        ("answer_2_1", "R2."),
        ("answer_4_1", "R4."),
    ]
    version = answer(version, ada, r2_1="Done.", r4_1="  ")
    assert [f.field for f in queries.missing(version)] == ["answer_4_1"]
    told = refused(
        actions.submit_manuscript, actor=ada, version=version, began_at=clock.now()
    ).sentence
    assert told.startswith("R4.1: no answer yet.")
    version = answer(version, ada, r4_1="Five, and the spread is given.")
    assert queries.missing(version) == []
    submitted = actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    assert submitted.label.endswith(".R1")
    late = refused(answer, version=newest(version.manuscript), actor=ada, r2_1="Other.")
    assert late.code == "submitted_already"
    assert point(version, "R2.1").answer == "Done."


def test_a_file_does_not_stand_in_for_the_answers(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    put_file(version, FileKind.MAIN)
    put_file(version, FileKind.RESPONSE)
    assert [f.code for f in queries.missing(version)] == ["point_unanswered"] * 2


def test_optional_points_alone_need_a_file_or_one_answer(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue, [PointEntry(1, "Perhaps a figure.", must_answer=False)])
    put_file(version, FileKind.MAIN)
    assert [f.code for f in queries.missing(version)] == ["response_missing"]
    version = answer(version, ada, r1_1="Done.")
    assert queries.missing(version) == []


def test_a_stale_page_is_refused_and_loses_nothing(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    answer(version, ada, r2_1="First tab.")
    assert refused(answer, version=version, actor=ada, r2_1="Second tab.").code == "stale_edit"
    assert point(version, "R2.1").answer == "First tab."


def test_nobody_answers_the_points_of_another(ada: User, sam: User, issue: SpecialIssue) -> None:
    version, other = revising(ada, issue), revising(ada, issue)
    assert refused(answer, version=version, actor=sam, r2_1="Mine.").status == 404
    entry = AnswerEntry(point(other, "R2.1").public_id, "Mine.")
    told = refused(
        actions.save_answers,
        actor=ada,
        version=version,
        answers=[entry],
        edit_count=version.edit_count,
    )
    assert told.code == "no_such_point"
    assert point(other, "R2.1").answer == ""


def test_the_page_saves_as_it_is_typed_and_tells_what_is_left(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = revising(ada, issue)
    browser = client_of(ada)
    page = browser.get(reverse("submissions:response", args=[version.public_id]))
    words = page.content.decode()
    assert re.findall(r'href="[^"]*(/response/#id_answer_\d_\d)"', words) == [
        "/response/#id_answer_2_1",
        "/response/#id_answer_4_1",
    ]
    assert "0 of 2" in words
    save = reverse("submissions:save", args=[version.public_id])
    sent = {
        "screen": "response",
        "revision": str(version.edit_count),
        "answer_2_1": "Done.\r\nSee there.",
        "place_2_1": "page 3",
        "response_summary": "All done.",
    }
    saved = browser.post(save, sent, headers={"X-Requested-With": "autosave"})
    assert saved.json()["revision"] == version.edit_count + 1
    assert browser.post(save, sent).json()["revision"] == version.edit_count + 1, "nothing new"
    row = point(version, "R2.1")
    assert (row.answer, row.place) == ("Done.\nSee there.", "page 3")
    assert newest(version.manuscript).response_summary == "All done."
    stale = browser.post(save, {**sent, "answer_2_1": "Other."})
    assert stale.status_code == 409
    panel = browser.get(reverse("submissions:missing", args=[version.public_id])).content.decode()
    assert "1 of 2" in panel
    assert "R2.1" not in panel


def test_an_original_has_no_response(ada: User, issue: SpecialIssue, client_of: SignIn) -> None:
    version = newest(actions.start_draft(actor=ada, issue=issue))
    for name in ("response", "response_word"):
        address = reverse(f"submissions:{name}", args=[version.public_id])
        assert client_of(ada).get(address).status_code == 404


def test_the_way_of_a_revision_leads_past_what_is_complete(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = revising(ada, issue)
    browser = client_of(ada)
    here = reverse("submissions:response", args=[version.public_id])
    onward = browser.post(here, {"act": "next", "revision": version.edit_count})
    assert onward["Location"] == reverse("submissions:files", args=[version.public_id])
    files = browser.get(onward["Location"]).content.decode()
    assert "Next: check and submit" in files
    actions.save_draft(
        actor=ada, version=version, values={"title": ""}, edit_count=version.edit_count
    )
    assert "Next: manuscript" in browser.get(onward["Location"]).content.decode()


def test_changed_metadata_needs_a_reason(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue, [])
    put_file(version, FileKind.MAIN)
    put_file(version, FileKind.RESPONSE)
    assert queries.metadata_changes(version) == []
    version = actions.save_draft(
        actor=ada,
        version=version,
        values={"title": f"  {version.title} ", "index_terms": ["one", "two", "three"]},
        edit_count=version.edit_count,
    )
    assert [c.label for c in queries.metadata_changes(version)] == ["Index terms"]
    version = actions.save_draft(
        actor=ada,
        version=version,
        values={"title": "Another Title"},
        edit_count=version.edit_count,
    )
    (told,) = queries.missing(version)
    assert told.sentence.startswith(
        "Reason for changes: title and index terms differ from the version before"
    )
    version = actions.save_draft(
        actor=ada,
        version=version,
        values={"metadata_reason": "Reviewer 2 asked for it."},
        edit_count=version.edit_count,
    )
    assert queries.missing(version) == []


def test_the_order_of_authors_counts_as_metadata(ada: User, ben: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue, ben)
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    rows = Author.objects.filter(version=version).order_by("-position")
    actions.save_authors(
        actor=ada,
        version=version,
        authors=[
            AuthorEntry(**{field.name: getattr(row, field.name) for field in fields(AuthorEntry)})
            for row in rows
        ],
        edit_count=version.edit_count,
    )
    (change,) = queries.metadata_changes(newest(fresh(manuscript)))
    assert (change.before, change.after) == ("Ada Avelin, Ben Brandt", "Ben Brandt, Ada Avelin")


def test_answers_are_saved_after_the_deadline_too(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    window = queries.deadline_window(version)
    with clock.frozen_at(window.effective_at + timedelta(days=1)):
        answer(version, ada, r2_1="Late, but kept.")
    assert point(version, "R2.1").answer == "Late, but kept."


# --- The PDF of the answers ------------------------------------------------------------------


def handed_in(author: User, issue: SpecialIssue) -> Version:
    """A revision with every point answered, submitted."""
    version = revising(author, issue)
    put_file(version, FileKind.MAIN)
    version = answer(version, author, r2_1="Now by patient.", r4_1="Five runs.")
    actions.submit_manuscript(actor=author, version=version, began_at=clock.now())
    return newest(version.manuscript)


def answers_file(version: Version) -> VersionFile:
    return VersionFile.objects.get(version=version, kind=FileKind.ANSWERS)


def test_the_answers_become_a_pdf_once(ada: User, issue: SpecialIssue) -> None:
    version = handed_in(ada, issue)
    assert list(queries.unmade_responses(3)) == [version]
    made = actions.render_response(version=version)
    assert made is not None
    assert made == answers_file(version)
    assert actions.render_response(version=version) is None
    assert list(queries.unmade_responses(3)) == []
    with pikepdf.open(BytesIO(files.read(made.file))) as pdf:
        assert "/Author" not in pdf.docinfo
    again = pdf_module.render(letters.TEMPLATE, letters.response_content(version))
    assert files.read(made.file) == again, "the same rows give the same bytes"


def test_the_pdf_names_every_point_and_no_reviewer(ada: User, issue: SpecialIssue) -> None:
    content = letters.response_content(handed_in(ada, issue))
    assert [
        (r["label"], [(p["label"], p["answer"]) for p in r["points"]]) for r in content["reviewers"]
    ] == [
        ("Reviewer 2", [("R2.1", "Now by patient."), ("R2.2", "")]),
        ("Reviewer 4", [("R4.1", "Five runs.")]),
    ]
    assert content["content_sha256"] == letters.digest(content)


def test_nothing_is_made_of_a_draft_or_without_points(ada: User, issue: SpecialIssue) -> None:
    draft = revising(ada, issue)
    assert actions.render_response(version=draft) is None
    assert list(queries.unmade_responses(3)) == []
    assert not VersionFile.objects.filter(kind=FileKind.ANSWERS).exists()


def test_the_tick_makes_what_the_doorbell_missed_and_gives_up_after_three(
    ada: User, issue: SpecialIssue
) -> None:
    version = handed_in(ada, issue)
    # Longer than a letter may be: it fails each time, as a broken text would.
    ResponsePoint.objects.filter(manuscript=version.manuscript).update(answer="x" * 2_100_000)
    for _ in range(4):
        schedule.render_responses()
    assert newest(version.manuscript).response_attempts == 3
    ResponsePoint.objects.filter(manuscript=version.manuscript).update(answer="Short.")
    Version.objects.filter(pk=version.pk).update(response_attempts=0)
    schedule.render_responses()
    assert answers_file(version).file.byte_count > 1000


def test_a_returned_revision_loses_the_pdf_until_it_comes_again(
    ada: User, issue: SpecialIssue
) -> None:
    version = handed_in(ada, issue)
    actions.render_response(version=version)
    actions.unsubmit_manuscript(
        actor="system:test", manuscript=version.manuscript, faults="Page 3 is blank."
    )
    assert not VersionFile.objects.filter(kind=FileKind.ANSWERS).exists()
    version = answer(newest(version.manuscript), ada, r2_1="Now by patient and centre.")
    actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    actions.render_response(version=newest(version.manuscript))
    content = letters.response_content(newest(version.manuscript))
    assert content["reviewers"][0]["points"][0]["answer"] == "Now by patient and centre."
    assert answers_file(version).file.sha256


def test_nobody_uploads_the_pdf_of_the_answers(ada: User, issue: SpecialIssue) -> None:
    version = revising(ada, issue)
    told = refused(
        actions.attach_file,
        actor=ada,
        version=version,
        kind=FileKind.ANSWERS,
        upload=BytesIO(b"%PDF-1.7"),
        name="answers.pdf",
        began_at=clock.now(),
    )
    assert told.code == "kind_not_wanted"
