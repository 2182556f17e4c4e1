"""The score sheet of an issue: versions, the draft, who may, and reviews of several versions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions as desk
from editors.models import EditorConflict
from editors.queries.manuscript import review_texts, score_grid
from editors.queries.reviews import labelled_reviews
from reviews.models import Review, ReviewForm
from reviews.sheet import TMI_1, Kind, added, new_question
from tests.cast import Story, latest_version
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
SCORE = new_question(
    Kind.RATING,
    label="Clinical use",
    help_text="In a hospital.",
    is_required=True,
    author_sees=False,
    choices=["None", "Little", "Some", "Much", "Daily"],
    taken=(),
)
OPEN = new_question(
    Kind.TEXT,
    label="One wish to the authors",
    help_text="",
    is_required=True,
    author_sees=True,
    choices=(),
    taken=(),
)
SECRET = new_question(
    Kind.TEXT,
    label="A word about rivals",
    help_text="",
    is_required=True,
    author_sees=False,
    choices=(),
    taken=(),
)


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


def drafted(story: Story) -> ReviewForm:
    return desk.begin_sheet(actor=story.ivo, issue=story.issue, number=1)


def with_more(story: Story) -> ReviewForm:
    """A draft that asks three questions besides."""
    drafted(story)
    questions = TMI_1.questions
    for question in (SCORE, OPEN, SECRET):
        questions = added(questions, question)
    return desk.change_sheet(actor=story.ivo, issue=story.issue, questions=questions, edit_count=0)


def published(story: Story) -> ReviewForm:
    form = with_more(story)
    return desk.publish_sheet(actor=story.ivo, issue=story.issue, edit_count=form.edit_count)


def test_a_sheet_is_begun_changed_and_published_on_record(story: Story) -> None:
    form = published(story)
    assert (form.number, form.published_by, form.sheet.questions[-1]) == (2, story.ivo, SECRET)
    verbs = AuditEntry.objects.filter(subject=form.audit_key).order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == [
        "sheet.begun",
        "sheet.changed",
        "sheet.published",
    ]


@pytest.mark.parametrize("who", ["eva", "gus", "rui", "ada", "sam"])
def test_others_may_not(story: Story, who: str) -> None:
    with pytest.raises(Refusal) as told:
        desk.begin_sheet(actor=story.people[who], issue=story.issue, number=1)
    assert (told.value.code, ReviewForm.objects.count()) == ("not_allowed", 0)


def test_one_draft_at_a_time_of_a_version_that_there_is(story: Story) -> None:
    with pytest.raises(Refusal) as told:
        desk.begin_sheet(actor=story.ivo, issue=story.issue, number=7)
    assert told.value.code == "not_found"
    drafted(story)
    with pytest.raises(Refusal) as told:
        desk.begin_sheet(actor=story.kim, issue=story.issue, number=1)
    assert told.value.code == "draft_begun"


def test_what_is_no_sheet_is_not_kept(story: Story) -> None:
    drafted(story)
    with pytest.raises(Refusal) as told:
        desk.change_sheet(
            actor=story.ivo, issue=story.issue, questions=TMI_1.questions[1:], edit_count=0
        )
    assert told.value.code == "sheet_refused"
    assert ReviewForm.objects.get().sheet.questions == TMI_1.questions


def test_the_second_editor_is_told_and_overwrites_nothing(story: Story, client_of: SignIn) -> None:
    with_more(story)
    browser = client_of(story.kim)
    address = reverse("desk:edit_question", args=["impact"])
    levels = "Poor\nFair\nGood\nVery good\nExcellent"
    given = {"label": "Effect on all", "help": "H.", "choices": levels, "is_required": "on"}
    answer = browser.post(address, {**given, "edit_count": 0})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"{story.ivo} changed the draft since you opened this page." in text
    assert 'value="Effect on all"' in text
    assert 'name="edit_count" value="1"' in text
    assert ReviewForm.objects.get().sheet.question("impact") == TMI_1.question("impact")
    again = browser.post(address, {**given, "edit_count": 1})
    assert again.status_code == 302
    kept = ReviewForm.objects.get().sheet
    assert (kept.question("impact").label, kept.questions[-1]) == ("Effect on all", SECRET)  # type: ignore[union-attr]


def test_an_unchanged_draft_is_not_published_and_a_published_one_never_changes(
    story: Story,
) -> None:
    drafted(story)
    with pytest.raises(Refusal) as told:
        desk.publish_sheet(actor=story.ivo, issue=story.issue, edit_count=0)
    assert told.value.code == "nothing_changed"
    desk.discard_sheet(actor=story.ivo, issue=story.issue, edit_count=0)
    form = published(story)
    for act in (desk.publish_sheet, desk.discard_sheet):
        with pytest.raises(Refusal) as told:
            act(actor=story.ivo, issue=story.issue, edit_count=form.edit_count)
        assert told.value.code == "no_draft"


def filed_in_both(story: Story) -> Any:
    """Rui files in version 1, sol has begun in it; tea and uma file in version 2."""
    paper = story.in_review()
    story.deliver(paper, "rui", words="Words of Rui.")
    story.begin(paper, "sol")
    published(story)
    story.deliver(paper, "tea", words="Words of Tea.")
    story.deliver(paper, "uma", words="Words of Uma.")
    return paper


def test_a_review_keeps_the_version_it_was_begun_with(story: Story) -> None:
    paper = filed_in_both(story)
    numbers = {
        review.assignment.reviewer.given_name: review.sheet.number
        for review in Review.objects.all()
    }
    assert numbers == {
        story.rui.given_name: 1,
        story.sol.given_name: 1,
        story.tea.given_name: 2,
        story.uma.given_name: 2,
    }
    story.deliver(paper, "sol", words="Words of Sol.")
    assert Review.objects.get(assignment__reviewer=story.sol).sheet == TMI_1


def test_reviews_of_several_versions_stand_side_by_side(story: Story) -> None:
    returned = labelled_reviews(latest_version(filed_in_both(story)))
    _, rows = score_grid(returned)
    by_version = [4 if entry.sheet.number == 2 else None for entry in returned]
    assert [row.cells for row in rows if row.label == "Clinical use"] == [by_version]
    for text, entry in zip(review_texts(returned), returned, strict=True):
        is_new = entry.sheet.number == 2
        labels = [a.question.label for a in text.confidential]
        assert (SECRET.label in labels) is is_new
        assert (OPEN.label in [a.question.label for a in text.open_answers]) is is_new
        shown = [a.question.key for a in entry.for_author]
        assert not {SCORE.key, SECRET.key} & set(shown)


def test_the_desk_says_how_many_are_in_each_version(story: Story, client_of: SignIn) -> None:
    filed_in_both(story)
    text = " ".join(client_of(story.ivo).get(reverse("desk:sheets")).content.decode().split())
    assert "0 reviews begun, 2 filed." in text
    assert "1 review begun, 1 filed." in text
    assert "<b>Added:</b> Clinical use" in text


def test_a_page_opened_before_goes_on_with_what_it_showed(story: Story, client_of: SignIn) -> None:
    paper = story.in_review()
    assignment = story.assignment(paper, "rui")
    browser = client_of(story.rui)
    shown = browser.get(reverse("reviews:show", args=[assignment.public_id])).content.decode()
    assert 'name="sheet_number" value="1"' in shown
    published(story)
    save = reverse("reviews:save", args=[assignment.public_id])
    browser.post(save, {"revision": 0, "sheet_number": 1, "impact": "5"})
    assert Review.objects.get().sheet == TMI_1
    fresh = client_of(story.sol).get(
        reverse("reviews:show", args=[story.assignment(paper, "sol").public_id])
    )
    assert "Clinical use" in fresh.content.decode()


def test_a_text_file_of_another_version_is_told(story: Story, client_of: SignIn) -> None:
    paper = story.in_review()
    address = reverse("reviews:text", args=[story.assignment(paper, "rui").public_id])
    browser = client_of(story.rui)
    old = browser.get(address).content
    published(story)
    answer = browser.post(address, {"file": SimpleUploadedFile("review.txt", old)})
    assert answer.status_code == 400
    assert "The file is for the sheet “tmi-1”, this page for “tmi-2”." in answer.content.decode()


def test_the_draft_is_edited_in_pages(story: Story, client_of: SignIn) -> None:
    browser = client_of(story.ivo)
    assert browser.get(reverse("desk:sheet_draft")).status_code == 404
    browser.post(reverse("desk:begin_sheet"), {"copy": 1})
    add = reverse("desk:add_question")
    given = {"edit_count": 0, "kind": "choice", "readers": "editors", "label": "Is it urgent?"}
    refused = browser.post(add, {**given, "choices": "Yes"})
    assert (refused.status_code, b"Is it urgent?" in refused.content) == (422, True)
    browser.post(add, {**given, "choices": "Yes\nNo", "is_required": "on"})
    arrange = reverse("desk:arrange_questions")
    browser.post(arrange, {"edit_count": 1, "remove": "impact"})
    browser.post(arrange, {"edit_count": 2, "up": "originality"})
    browser.post(arrange, {"edit_count": 3, "remove": "recommendation"})
    sheet = ReviewForm.objects.get().sheet
    assert [q.key for q in sheet.questions if q.section == "ratings"] == [
        "originality",
        "overall_evaluation",
        "scientific_merit",
        "practical_value",
        "reader_interest",
    ]
    assert sheet.questions[-1].key == "own_is_it_urgent"
    assert sheet.question("recommendation") is not None
    preview = browser.get(reverse("desk:sheet_preview", args=[2])).content.decode()
    assert "Is it urgent?" in preview
    confirm = browser.get(reverse("desk:publish_sheet")).content.decode()
    assert "<b>Added:</b> Is it urgent?" in confirm
    assert "<b>Removed:</b> Impact" in confirm
    browser.post(reverse("desk:publish_sheet"), {"edit_count": 3})
    assert ReviewForm.objects.get().published_at is not None


def test_a_manuscript_in_conflict_is_not_counted(story: Story, client_of: SignIn) -> None:
    paper = filed_in_both(story)
    EditorConflict.objects.create(
        manuscript=paper, editor=story.kim, rule="F2", evidence="", found_at=clock.now()
    )
    text = " ".join(client_of(story.kim).get(reverse("desk:sheets")).content.decode().split())
    assert text.count("0 reviews begun, 0 filed.") == 2
