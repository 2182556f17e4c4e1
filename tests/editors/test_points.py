"""The editor arranges the points; the authors get them with the letter, in the same words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors.actions import (
    arrange_points,
    draft_decision,
    release_decision,
    render_letter,
    screen_conflicts,
)
from editors.models import Decision
from editors.points import PlannedPoint, changed, fingerprint, numbered, renewed
from editors.queries import current_letter
from editors.queries.reviews import arranged_points
from reviews.models import Review
from submissions.models import ResponsePoint, Version
from tests.editors.building import add_review, make_manuscript
from tmi_special_issue import audit
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]
COMMENTS = (
    "Mandatory changes\n1. First. It is wrong.\n2. Second.\n\nOptional suggestions\n1. Third."
)

LISTED = [
    PlannedPoint(1, "One. Two."),
    PlannedPoint(1, "Three.", must_answer=False),
    PlannedPoint(3, "Four."),
]


def test_points_are_labelled_by_reviewer() -> None:
    assert [(n.index, n.label, n.is_first) for n in numbered(LISTED)] == [
        (0, "R1.1", True),
        (1, "R1.2", False),
        (2, "R3.1", True),
    ]


def test_joining_and_cutting_keep_the_words() -> None:
    joined = changed(LISTED, "merge-1")
    assert joined == [PlannedPoint(1, "One. Two.\n\nThree."), LISTED[2]]
    cut = changed(LISTED, "split-0-1")
    assert cut == [PlannedPoint(1, "One."), PlannedPoint(1, "Two."), *LISTED[1:]]
    assert changed(LISTED, "") == LISTED
    assert renewed(LISTED, joined) == joined
    assert renewed(LISTED, cut) == cut


@pytest.mark.parametrize(
    "act",
    ["merge-0", "merge-2", "merge-9", "split-0-0", "split-0-2", "split-1-1", "split-9-1", "drop-1"],
)
def test_nothing_is_joined_across_reviewers_or_cut_at_no_place(act: str) -> None:
    with pytest.raises(Refusal) as caught:
        changed(LISTED, act)
    assert caught.value.code == "no_such_point"


def test_a_changed_review_gets_new_points_and_the_others_stay() -> None:
    kept = changed(LISTED, "merge-1")
    planned = [*LISTED[:2], PlannedPoint(3, "Four, rewritten.")]
    assert renewed(planned, kept) == [kept[0], planned[2]]
    assert renewed(planned[2:], kept) == planned[2:]


# --- On the desk ---------------------------------------------------------------------------------


@pytest.fixture
def drafted(
    issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User, tea: User, uma: User
) -> Decision:
    """A minor revision is drafted on four reviews with three points each."""
    version = make_manuscript(issue, ada, stage="in_review", editor=eva)
    for number, reviewer in zip((3, 1, 4, 2), (rui, sol, tea, uma), strict=True):
        add_review(version, reviewer, number=number, comments_to_author=COMMENTS)
    return draft_decision(
        actor=eva, manuscript=version.manuscript, kind="minor_revision", reasons="Well done."
    )


def released(decision: Decision, actor: User) -> None:
    letter = current_letter(decision)
    assert letter is not None
    render_letter(letter=letter)
    letter.refresh_from_db()
    release_decision(actor=actor, decision=decision, letter=letter)


def delivered(version: Version) -> list[tuple[str, str, bool]]:
    rows = ResponsePoint.objects.filter(manuscript=version.manuscript, revision_number=1)
    return [(row.label, row.text, row.must_answer) for row in rows]


@pytest.mark.django_db
def test_the_points_go_out_with_the_letter_as_they_were_arranged(
    drafted: Decision, eva: User
) -> None:
    listed = arranged_points(drafted)
    assert len(listed) == 12
    assert delivered(drafted.version) == []
    arrange_points(
        actor=eva,
        decision=drafted,
        must_answer={0, 1, 2},
        act="split-0-1",
        seen=fingerprint(listed),
    )
    drafted.refresh_from_db()
    released(drafted, eva)
    assert delivered(drafted.version)[:5] == [
        ("R1.1", "First.", True),
        ("R1.2", "It is wrong.", True),
        ("R1.3", "Second.", True),
        ("R1.4", "Third.", True),
        ("R2.1", "First. It is wrong.", False),
    ]
    entry = audit.entries_about(drafted.audit_key).get(verb="points.arranged")
    assert entry.facts == {"points": 13, "must_answer": 4}


@pytest.mark.django_db
def test_only_what_the_letter_shows_goes_out(drafted: Decision, eva: User) -> None:
    released(drafted, eva)
    everything = " ".join(text for _, text, _ in delivered(drafted.version))
    assert "Secret words" not in everything
    assert everything.split() == ["First.", "It", "is", "wrong.", "Second.", "Third."] * 4


@pytest.mark.django_db
def test_a_decision_without_a_revision_delivers_none(drafted: Decision, eva: User) -> None:
    decision = draft_decision(
        actor=eva,
        manuscript=drafted.version.manuscript,
        kind="reject",
        reasons="Not here.",
        edit_count=drafted.edit_count,
    )
    released(decision, eva)
    assert delivered(drafted.version) == []


@pytest.mark.django_db
def test_a_stale_page_and_a_stranger_arrange_nothing(
    drafted: Decision, eva: User, gus: User, kim: User, ivo: User
) -> None:
    screen_conflicts(manuscript=drafted.version.manuscript, version=drafted.version)
    seen = fingerprint(arranged_points(drafted))
    arrange_points(actor=eva, decision=drafted, must_answer=set(), seen=seen)
    codes = {}
    for actor in (eva, gus, kim, ivo):
        with pytest.raises(Refusal) as caught:
            arrange_points(actor=actor, decision=drafted, must_answer={1}, seen=seen)
        codes[actor.given_name] = caught.value.code
    assert codes == {
        "Eva": "stale_edit",
        "Gus": "not_found",
        "Kim": "not_allowed",
        "Ivo": "not_allowed",
    }
    drafted.refresh_from_db()
    assert not any(point.must_answer for point in arranged_points(drafted))


@pytest.mark.django_db
def test_after_the_release_the_points_are_settled(drafted: Decision, eva: User) -> None:
    seen = fingerprint(arranged_points(drafted))
    released(drafted, eva)
    with pytest.raises(Refusal) as caught:
        arrange_points(actor=eva, decision=drafted, must_answer=set(), seen=seen)
    assert caught.value.code == "already_released"


@pytest.mark.django_db
def test_saving_the_draft_again_keeps_the_arrangement_of_unchanged_reviews(
    drafted: Decision, eva: User, rui: User
) -> None:
    listed = arranged_points(drafted)
    arrange_points(
        actor=eva, decision=drafted, must_answer=set(), act="merge-1", seen=fingerprint(listed)
    )
    review = Review.objects.get(assignment__reviewer=rui)
    review.answers["comments_to_author"] = "1. Quite another thing."
    review.save()
    again = draft_decision(
        actor=eva,
        manuscript=drafted.version.manuscript,
        kind="minor_revision",
        reasons="Well done.",
        edit_count=Decision.objects.get(pk=drafted.pk).edit_count,
    )
    texts = [(p.reviewer, p.text) for p in arranged_points(again)]
    assert texts[:2] == [(1, "First. It is wrong.\n\nSecond."), (1, "Third.")]
    assert [t for t in texts if t[0] == 3] == [(3, "Quite another thing.")]


@pytest.mark.django_db
def test_the_page_joins_marks_and_tells_what_is_stale(
    drafted: Decision, eva: User, client_of: SignIn
) -> None:
    manuscript = drafted.version.manuscript
    here = reverse("desk:points", args=[manuscript.public_id])
    browser = client_of(eva)
    decide = browser.get(reverse("desk:decide", args=[manuscript.public_id])).content.decode()
    assert "cut into 12 points, of which 8 must be answered" in decide
    seen = browser.get(here).context["seen"]
    sent = {"seen": seen, "must": ["0", "2"], "act": "merge-1"}
    assert browser.post(here, sent)["Location"] == f"{here}#point-0"
    listed = arranged_points(Decision.objects.get(pk=drafted.pk))
    assert [p.must_answer for p in listed] == [True, True] + [False] * 9
    stale = browser.post(here, sent)
    assert stale.status_code == 409
    assert "The points were changed after you opened this page" in stale.content.decode()
