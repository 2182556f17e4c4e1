"""The measure of two PDFs in earnest: kept once, void when a file changes, shown to few."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, preflight, schedule
from submissions.models import Overlap, Version, VersionFile
from submissions.queries.overlaps import overlap_of, unmeasured
from submissions.states import FileKind
from tests.cast import paper_pdf
from tests.submissions.drafts import complete_draft, newest, put_file, submitted
from tests.submissions.test_actions import verbs
from tests.submissions.test_views import screen, text_of
from tmi_special_issue import clock, files
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


def put_paper(version: Version, kind: FileKind, mark: str) -> VersionFile:
    """A PDF with words, as if its upload had been examined."""
    VersionFile.objects.filter(version=version, kind=kind).delete()
    stored = files.store(paper_pdf(mark=mark), name=f"{kind}.pdf", media_type="application/pdf")
    return VersionFile.objects.create(
        version=version, kind=kind, file=stored, page_count=3, uploaded_at=clock.now()
    )


def extending(ada: User, issue: SpecialIssue) -> Version:
    version = complete_draft(ada, issue)
    put_paper(version, FileKind.MAIN, "anew")
    put_paper(version, FileKind.CONFERENCE_PAPER, "before")
    return actions.save_draft(
        actor=ada,
        version=version,
        values={
            "extends_conference_paper": True,
            "conference_citation": "A. Avelin, “One encoder,” 2023.",
            "conference_new_data": "Two more hospitals in two countries.",
        },
        edit_count=version.edit_count,
    )


def test_two_papers_of_one_text_are_told_apart_from_two_texts() -> None:
    [same] = preflight.compare(paper_pdf(mark="a"), paper_pdf(mark="b"))
    assert same["share"] > 0.9
    assert "encoder keeps its accuracy when the scanner" in same["passages"][0]["here"]
    assert preflight.compare(paper_pdf(), b"%PDF- no paper at all") == []


def test_a_version_is_measured_once_and_anew_when_a_file_changes(
    ada: User, issue: SpecialIssue
) -> None:
    version = extending(ada, issue)
    assert list(unmeasured()) == [version]
    schedule.measure_overlaps()
    first = Overlap.objects.get()
    assert actions.measure_overlap(actor="system:test", version=version) is None
    assert list(unmeasured()) == []
    assert verbs(version.manuscript).count("overlap.measured") == 1
    actions.attach_file(
        actor=ada,
        version=version,
        kind=FileKind.MAIN,
        upload=BytesIO(paper_pdf(mark="another")),
        name="paper.pdf",
        began_at=clock.now(),
    )
    assert overlap_of(version) is None
    schedule.measure_overlaps()
    assert Overlap.objects.get().pk != first.pk
    actions.remove_file(
        actor=ada,
        file=VersionFile.objects.get(version=version, kind=FileKind.CONFERENCE_PAPER),
    )
    schedule.measure_overlaps()
    assert not Overlap.objects.exists()


def test_files_without_words_are_not_tried_for_ever(ada: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue)
    put_file(version, FileKind.CONFERENCE_PAPER)
    schedule.measure_overlaps()
    measured = overlap_of(version)
    assert measured is not None
    assert measured.sections == ()
    assert list(unmeasured()) == []


def test_a_version_without_a_conference_paper_is_left_alone(ada: User, issue: SpecialIssue) -> None:
    submitted(ada, issue)
    schedule.measure_overlaps()
    assert not Overlap.objects.exists()


def test_whoever_writes_and_the_desk_read_the_passages_side_by_side(
    ada: User,
    ben: User,
    eva: User,
    gus: User,
    ivo: User,
    rui: User,
    issue: SpecialIssue,
    client_of: SignIn,
) -> None:
    version = extending(ada, issue)
    schedule.measure_overlaps()
    address = reverse("submissions:overlap", args=[version.public_id])
    for name in ("declarations", "check"):
        page = client_of(ada).get(screen(name, version)).content.decode()
        assert f'href="{address}"' in page
    page = client_of(ada).get(address)
    assert "<mark>" in page.content.decode()
    assert "Conference paper" in text_of(page)
    actions.submit_manuscript(actor=ada, version=version, began_at=clock.now())
    manuscript = newest(version.manuscript).manuscript
    at_desk = reverse("desk:overlap", args=[manuscript.public_id])
    desk_page = client_of(ivo).get(reverse("desk:manuscript", args=[manuscript.public_id]))
    assert f'href="{at_desk}?round=0"' in desk_page.content.decode()
    assert "<mark>" in client_of(ivo).get(at_desk).content.decode()
    for person in (ben, rui, gus):
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).get(at_desk).status_code == 404
