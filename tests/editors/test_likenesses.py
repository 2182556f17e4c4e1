"""Manuscripts that are almost the same: flagged for the office, unknown to their authors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from editors import actions, schedule
from editors.models import EditorConflict, Likeness
from editors.queries.likenesses import uncompared
from submissions import actions as authoring
from submissions.models import Manuscript, Version, VersionFile
from submissions.queries import timeline
from submissions.states import FileKind
from tests.cast import METADATA, Story, latest_version, paper_pdf
from tests.editors.building import make_manuscript
from tests.people import PARTS, REVIEWER, sign_up
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue

pytestmark = [pytest.mark.django_db, pytest.mark.leak]

SignIn = Callable[[User | None], Client]
OTHER_TITLE = "Distilling a Segmentation Model for Point-of-Care Ultrasound"
OTHER_ABSTRACT = " ".join(
    f"Sentence {number} tells of echoes and of probes." for number in range(24)
)


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    """The cast; sol and tea submit too, which needs an ORCID iD."""
    orcids = {"sol": "0000-0000-0000-0124", "tea": "0000-0000-0000-0132"}
    people = {
        name: sign_up(name, issue, replace(PARTS[name], orcid=orcid), REVIEWER)
        for name, orcid in orcids.items()
    }
    return Story(issue, people)


def submitted(
    story: Story, author: str, title: str = "", abstract: str = "", mark: str = ""
) -> Manuscript:
    """A manuscript of this author with this text and these bytes, handed in."""
    manuscript = story.draft(author, ())
    version = latest_version(manuscript)
    values = {"title": title or METADATA["title"], "abstract": abstract or METADATA["abstract"]}
    authoring.save_draft(
        actor=story.people[author], version=version, values=values, edit_count=version.edit_count
    )
    if mark:
        put_paper(story, manuscript, author, mark)
    story.submit(manuscript, author)
    return Manuscript.objects.get(pk=manuscript.pk)


def put_paper(story: Story, manuscript: Manuscript, author: str, mark: str) -> None:
    """Replace the paper by one with other bytes."""
    authoring.attach_file(
        actor=story.people[author],
        version=latest_version(manuscript),
        kind=FileKind.MAIN,
        upload=BytesIO(paper_pdf(mark=mark)),
        name="paper.pdf",
        began_at=clock.now(),
    )


def pairs() -> set[frozenset[str]]:
    """The flagged pairs by number."""
    return {
        frozenset({str(row.version.manuscript), str(row.other.manuscript)})
        for row in Likeness.objects.all()
    }


def page_of(manuscript: Manuscript, person: User, client_of: SignIn) -> str:
    address = reverse("desk:manuscript", args=[manuscript.public_id])
    return client_of(person).get(address).content.decode()


FLAG = "Almost the same as another manuscript"


# --- Found ----------------------------------------------------------------------------------------


def test_the_schedule_finds_the_same_text(story: Story) -> None:
    one = submitted(story, "ada", mark="one")
    submitted(story, "tea", OTHER_TITLE, OTHER_ABSTRACT, mark="three")
    schedule.compare(clock.now())
    assert pairs() == set()
    two = submitted(story, "sol", METADATA["title"].lower() + "?", mark="two")
    schedule.compare(clock.now())
    assert pairs() == {frozenset({str(one), str(two)})}
    row = Likeness.objects.get()
    assert (row.title_percent, row.abstract_percent, row.same_files) == (100, 100, [])


def test_the_same_file_is_enough(story: Story) -> None:
    one = submitted(story, "ada", mark="shared")
    two = submitted(story, "sol", OTHER_TITLE, OTHER_ABSTRACT, mark="shared")
    schedule.compare(clock.now())
    assert pairs() == {frozenset({str(one), str(two)})}
    ((kind, other_kind, sha256),) = Likeness.objects.get().same_files
    assert (kind, other_kind, len(sha256)) == ("main", "main", 64)


def test_each_version_is_compared_once_and_again_when_handed_in_again(story: Story) -> None:
    manuscript = submitted(story, "ada", mark="one")
    submitted(story, "sol", mark="two")
    schedule.compare(clock.now())
    assert list(uncompared()) == []
    schedule.compare(clock.now())
    assert AuditEntry.objects.filter(verb="version.compared").count() == 2
    actions.unsubmit_manuscript(actor=story.ivo, manuscript=manuscript, faults="Another title.")
    version = latest_version(manuscript)
    values = {"title": OTHER_TITLE, "abstract": OTHER_ABSTRACT}
    authoring.save_draft(
        actor=story.ada, version=version, values=values, edit_count=version.edit_count
    )
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        story.submit(manuscript, "ada")
        assert [v.manuscript for v in uncompared()] == [manuscript]
        schedule.compare(clock.now())
    assert pairs() == set()


def test_drafts_and_other_issues_and_the_own_versions_are_not_compared(
    story: Story, issue: SpecialIssue
) -> None:
    story.draft("sol", ())
    made = make_manuscript(issue, story.ada, revision_number=1)
    assert Version.objects.filter(manuscript=made.manuscript).count() == 2
    schedule.compare(clock.now())
    assert pairs() == set()


def test_a_tick_compares_only_so_many(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "COMPARED_AT_ONCE", 1)
    for author in ("ada", "sol"):
        make_manuscript(story.issue, story.people[author])
    schedule.compare(clock.now())
    assert uncompared().count() == 1
    schedule.compare(clock.now())
    assert uncompared().count() == 0
    assert len(pairs()) == 1


def test_strangers_are_not_read_to_find_one(story: Story) -> None:
    """The number of queries is the same with many strangers around."""

    def cost(title: str) -> int:
        for author in ("ada", "sol"):
            version = made(author, title)
            actions.sketch_version(actor="system:test", version=version)
        with CaptureQueriesContext(connection) as caught:
            (pair,) = actions.compare_version(actor="system:test", version=version)
        assert pair.other.title == title
        return len(caught)

    def made(author: str, title: str) -> Version:
        version = make_manuscript(story.issue, story.people[author], title=title)
        Version.objects.filter(pk=version.pk).update(abstract=f"{author} on {title}. " * 9)
        VersionFile.objects.filter(version=version).delete()
        version.refresh_from_db()
        return version

    first = cost(OTHER_TITLE)
    for number in range(30):
        made("tea", f"{number} {number * 7919} {number * 104729} {number * 1299709}")
    schedule.compare(clock.now())
    assert cost(METADATA["title"]) == first


# --- Who hears of it ------------------------------------------------------------------------------


def test_only_the_office_and_the_editor_in_chief_read_it(story: Story, client_of: SignIn) -> None:
    one = story.admit(submitted(story, "ada", mark="one"))
    two = story.admit(submitted(story, "sol", mark="two"))
    schedule.compare(clock.now())
    actions.assign_editor(actor=story.kim, manuscript=one, editor=story.eva)
    read = {
        (name, manuscript.number)
        for name in ("eva", "gus", "kim", "ivo")
        for manuscript in (one, two)
        if FLAG in page_of(manuscript, story.people[name], client_of)
    }
    assert read == {(name, m.number) for name in ("kim", "ivo") for m in (one, two)}
    page = page_of(one, story.ivo, client_of)
    assert str(two) in page
    assert "Abstract: 100 % of the runs of three words are the same" in page


def test_the_history_that_guest_editors_read_does_not_tell(story: Story, client_of: SignIn) -> None:
    one = story.admit(submitted(story, "ada", mark="one"))
    before = page_of(one, story.eva, client_of)
    two = submitted(story, "sol", mark="two")
    schedule.compare(clock.now())
    after = page_of(one, story.eva, client_of)
    assert unmasked(after) == unmasked(before)
    assert str(two) not in after


def test_a_reader_in_conflict_with_the_other_is_told_nothing(
    story: Story, client_of: SignIn
) -> None:
    one = story.admit(submitted(story, "ada", mark="one"))
    two = story.admit(submitted(story, "sol", mark="two"))
    EditorConflict.objects.create(
        manuscript=two, editor=story.kim, rule="declared", found_at=clock.now()
    )
    schedule.compare(clock.now())
    assert FLAG not in page_of(one, story.kim, client_of)
    assert FLAG in page_of(one, story.ivo, client_of)
    told = OutboxMessage.objects.filter(kind="likeness_found").values_list("to", flat=True)
    assert list(told) == [story.ivo.email]


def test_the_mail_goes_once_to_the_two_roles(story: Story) -> None:
    submitted(story, "ada", mark="one")
    submitted(story, "sol", mark="two")
    schedule.compare(clock.now())
    told = OutboxMessage.objects.filter(kind="likeness_found").values_list("to", flat=True)
    assert sorted(told) == sorted([story.kim.email, story.ivo.email])


def test_one_mail_tells_of_all_that_a_comparison_found(story: Story) -> None:
    for name in ("ada", "sol", "tea"):
        submitted(story, name, mark=name)
    schedule.compare(clock.now())
    mails = OutboxMessage.objects.filter(kind="likeness_found", to=story.ivo.email).order_by("pk")
    # Three pairs: the first comparison finds two of them, the second the last.
    assert [mail.text.count("Abstract: ") for mail in mails] == [2, 1]
    assert mails[0].subject.endswith("is almost the same as 2 others")


# --- The author learns nothing --------------------------------------------------------------------


def unmasked(page: str) -> str:
    """The page without what differs from request to request: secrets of forms, identifiers."""
    bare = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", page)
    return re.sub(r"[0-9a-hjkmnp-tv-z]{16}", "ID", bare)


def observed(story: Story, client_of: SignIn, foreign: dict[str, str]) -> list[Any]:
    """All that sol can see and count while submitting, beside this manuscript of ada's.

    Status, headers, words and number of queries of every answer, the mails, the timeline; first
    with the schedule's comparison not yet run, then with it.
    """
    seen: list[Any] = []
    with transaction.atomic():
        submitted(story, "ada", **foreign)
        schedule.compare(clock.now())
        draft = story.draft("sol", ())
        version = latest_version(draft)
        browser = client_of(story.sol)
        upload = reverse("submissions:upload", args=[version.public_id, "main"])

        def ask(method: str, address: str, data: Any = None) -> None:
            with CaptureQueriesContext(connection) as caught:
                answer = getattr(browser, method)(address, data)
            words = unmasked(answer.content.decode())
            headers = sorted((k, unmasked(v)) for k, v in answer.items() if k != "X-Request-ID")
            seen.append((unmasked(address), answer.status_code, words, headers, len(caught)))

        paper = SimpleUploadedFile("paper.pdf", paper_pdf(mark="shared"), "application/pdf")
        ask("post", upload, {"file": paper})
        ask("get", reverse("submissions:check", args=[version.public_id]))
        ask("post", reverse("submissions:submit", args=[version.public_id]))
        for _ in range(2):
            ask("get", reverse("submissions:show", args=[draft.public_id]))
            ask("get", reverse("submissions:manuscripts"))
            schedule.compare(clock.now())
        seen.append([line.sentence for line in timeline(draft, [latest_version(draft)])])
        mails = OutboxMessage.objects.filter(to=story.sol.email).order_by("pk")
        seen.append([(mail.kind, mail.subject, unmasked(mail.text)) for mail in mails])
        seen.append(Likeness.objects.count())
        transaction.set_rollback(True)
    return seen


def test_an_author_sees_the_same_whether_or_not_a_duplicate_exists(
    story: Story, client_of: SignIn
) -> None:
    alone = observed(
        story, client_of, {"title": OTHER_TITLE, "abstract": OTHER_ABSTRACT, "mark": "unlike"}
    )
    beside = observed(story, client_of, {"title": METADATA["title"], "mark": "shared"})
    assert (alone.pop(), beside.pop()) == (0, 1), "only one of the two worlds has a duplicate"
    assert [len(step) for step in alone] == [len(step) for step in beside]
    for one, other in zip(alone, beside, strict=True):
        assert one == other


def test_the_authors_package_knows_nothing_of_it() -> None:
    """No import and no name of the comparison in what answers to authors."""
    from tests.rules.source import python_files

    naming = [
        path.name
        for path in python_files("submissions")
        if re.search(r"[Ll]ikeness|SketchNumber|Comparison", path.read_text("utf-8"))
    ]
    assert naming == []
