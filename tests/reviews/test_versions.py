"""Earlier texts of a review, and what its writer says of the authors' answers in round two."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors.models import Handling
from reviews import actions
from reviews.forms import SheetForm
from reviews.models import Assignment, Review, ReviewerLabel
from reviews.queries import earlier_texts
from reviews.sheet import TMI_1, Context, faults, in_words, open_to_author
from submissions.models import ResponsePoint, Version
from tests.reviews.conftest import COMMENTS, deliver
from tests.reviews.test_labels import second_round
from tests.reviews.test_views import AUTOSAVE, typed, url
from tmi_special_issue import clock

Agreed = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]
CHANGED = COMMENTS.replace("held-out split", "second split")


@pytest.fixture
def sent_back(agreed: Agreed, rui: User, eva: User) -> Assignment:
    """Rui's review came back with a reason and was submitted again, changed."""
    assignment = agreed(rui)
    deliver(assignment)
    actions.send_back_review(
        actor=eva, assignment=assignment, reason="Please name the split in point 1."
    )
    return assignment


def test_each_text_is_kept_once_with_what_happened_to_it(sent_back: Assignment) -> None:
    review = Review.objects.get()
    assert earlier_texts([review]) == {review.pk: []}  # the present text is the same
    deliver(sent_back, comments_to_author=CHANGED)
    review.refresh_from_db()
    [text] = earlier_texts([review])[review.pk]
    assert text.reason == "Sent back: Please name the split in point 1."
    words = {a.question.key: a.text for a in text.answers}
    assert words["comments_to_author"] == COMMENTS
    assert review.answers["comments_to_author"] == CHANGED


def test_its_writer_reads_the_earlier_text_on_both_pages(
    sent_back: Assignment, client_of: ClientOf, rui: User
) -> None:
    browser = client_of(rui)
    review = Review.objects.get()
    changed = {**review.answers, "comments_to_author": CHANGED}
    browser.post(url("save", sent_back), typed(changed, review.edit_count), headers=AUTOSAVE)
    sheet = browser.get(url("show", sent_back)).content.decode()
    assert sheet.count("Earlier text, ") == 1
    assert "Please name the split in point 1." in sheet
    deliver(sent_back, comments_to_author=CHANGED)
    frozen = browser.get(url("show", sent_back)).content.decode()
    assert frozen.count("Earlier text, ") == 1
    assert "held-out split" in frozen


def test_what_was_typed_after_the_end_is_for_its_writer_alone(
    agreed: Agreed, rui: User, eva: User
) -> None:
    assignment = agreed(rui)
    actions.save_review(actor=rui, assignment=assignment, answers={"originality": 3}, edit_count=0)
    actions.unassign_reviewer(actor=eva, assignment=assignment, reason="Late, with thanks.")
    actions.keep_late_answers(actor=rui, assignment=assignment, answers={"originality": 5})
    review = Review.objects.get()
    assert review.snapshots.count() == 1
    assert earlier_texts([review]) == {review.pk: []}


# --- Round two ----------------------------------------------------------------------------------


@pytest.fixture
def second(agreed: Agreed, rui: User, sol: User, eva: User, version: Version) -> Assignment:
    """Rui reviews the revision; the authors answered two points of Rui's and one of Sol's."""
    deliver(agreed(rui))
    deliver(agreed(sol), comments_to_author="Sol's own words. " * 40)
    actions.close_round(actor=eva, version=version)
    revision = second_round(version)
    numbers = dict(ReviewerLabel.objects.values_list("reviewer", "number"))
    for person, position, text in (
        (rui, 1, "Report the weight."),
        (rui, 2, "State the readers."),
        (sol, 1, "Another point."),
    ):
        ResponsePoint.objects.create(
            manuscript=version.manuscript,
            revision_number=1,
            reviewer=numbers[person.pk],
            position=position,
            text=text,
            answer=f"Done: {text}",
        )
    return agreed(rui, revision)


def test_each_own_point_is_said_to_be_settled_or_not(
    second: Assignment, client_of: ClientOf, rui: User
) -> None:
    browser = client_of(rui)
    number = ReviewerLabel.objects.get(reviewer=rui).number
    page = browser.get(url("show", second)).content.decode()
    assert page.count(f'name="points_settled-R{number}.') == 6  # three answers to two points
    assert "Done: Report the weight." in page
    assert " checked" not in page
    chosen = {f"points_settled-R{number}.1": "settled", f"points_settled-R{number}.2": "open"}
    answer = browser.post(
        url("save", second), {**typed({"originality": 3}), **chosen}, headers=AUTOSAVE
    )
    assert answer.status_code == 200
    answers = Review.objects.get(assignment=second).answers
    assert answers == {
        "originality": 3,
        "points_settled": {f"R{number}.1": "settled", f"R{number}.2": "open"},
    }
    assert browser.get(url("show", second)).content.decode().count(" checked") == 3
    stale = browser.post(url("save", second), typed({}), headers=AUTOSAVE).json()
    assert stale["fields"] == {
        "originality": ["3"],
        **{key: [value] for key, value in chosen.items()},
    }
    wrong = {f"points_settled-R{number}.1": "perhaps"}
    refused = browser.post(url("save", second), {**typed({}, 1), **wrong}, headers=AUTOSAVE)
    assert list(refused.json()["errors"]) == ["points_settled"]


def test_the_points_of_others_are_not_for_this_reviewer_to_settle(
    second: Assignment, client_of: ClientOf, sol: User, rui: User
) -> None:
    number = ReviewerLabel.objects.get(reviewer=sol).number
    foreign = {f"points_settled-R{number}.1": "settled"}
    client_of(rui).post(url("save", second), {**typed({}), **foreign}, headers=AUTOSAVE)
    assert Review.objects.get(assignment=second).answers == {}


def test_it_is_for_the_editors_and_not_for_the_authors() -> None:
    answers: dict[str, Any] = {"points_settled": {"R2.1": "settled", "R2.2": "open"}}
    assert open_to_author(TMI_1, answers) == []
    assert [a.text for a in in_words(TMI_1, answers)] == ["R2.1: settled\nR2.2: not settled"]


@pytest.mark.parametrize(
    "kept", [["R2.1"], {"R2.1": "perhaps"}, {"second": "open"}, {"R2.1": ["open"]}]
)
def test_other_answers_are_refused(kept: Any) -> None:
    assert list(faults(TMI_1, {"points_settled": kept}, Context())) == ["points_settled"]


def test_the_first_round_has_no_such_question() -> None:
    form = SheetForm(TMI_1, Context())
    assert "points_settled" not in form.fields
    assert [section.key for section in form.sections()] == [
        "ratings",
        "criteria",
        "comments",
        "verdict",
        "declarations",
    ]


def test_the_desk_reads_the_earlier_text(
    sent_back: Assignment, client_of: ClientOf, eva: User
) -> None:
    deliver(sent_back, comments_to_author=CHANGED)
    manuscript = sent_back.version.manuscript
    Handling.objects.create(
        manuscript=manuscript, editor=eva, assigned_by=eva, assigned_at=clock.now()
    )
    page = client_of(eva).get(reverse("desk:manuscript", args=[manuscript.public_id]))
    content = page.content.decode()
    assert content.count("Earlier text, ") == 1
    assert "Sent back: Please name the split in point 1." in content
