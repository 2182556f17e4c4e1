"""What each field of a search finds, on either database, and what it must not find."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.queries import role_names
from editors.models import EditorConflict, OverdueFlag, Tag
from editors.queries import visible_to
from editors.queries.desk import Viewer, in_order, rows, with_dates, with_progress
from editors.search import Context, completions, find
from reviews.models import Assignment, PresentRound, Review
from reviews.states import AssignmentState
from submissions.models import Author, Manuscript, Version
from submissions.states import Stage
from tests.editors.building import add_review, add_reviewer, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import MilestoneKind, SpecialIssue, Topic
from tmi_special_issue.queries import milestones

Desk = dict[str, Version]


@pytest.fixture
def desk(issue: SpecialIssue, ada: User, ben: User, eva: User, rui: User, sol: User) -> Desk:
    """Four manuscripts: with one review of two, with nobody asked, at the office, withdrawn."""
    waiting = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva, title="Quiet Encoders")
    add_review(waiting, rui, number=1)
    add_reviewer(waiting, sol, number=2)
    fresh = make_manuscript(issue, ben, stage=Stage.IN_REVIEW, title="Segmentation of the pelvis")
    arrived = make_manuscript(issue, ada, stage=Stage.SUBMITTED, title="Diffusion priors")
    gone = make_manuscript(issue, ben, stage=Stage.WITHDRAWN, title="Echoes")
    Version.objects.filter(pk=fresh.pk).update(extends_conference_paper=True)
    Version.objects.filter(pk=arrived.pk).update(abstract="A large ultrasound collection.")
    topic = Topic.objects.filter(issue=issue).order_by("position")[0]
    gone.topics.add(topic)
    Author.objects.filter(version=fresh).update(country="DK")
    return {"waiting": waiting, "fresh": fresh, "arrived": arrived, "gone": gone}


def context_of(user: User, issue: SpecialIssue) -> Context:
    viewer = Viewer(user, issue, role_names(user, issue))
    return Context(viewer, clock.now(), milestones(issue))


def found(text: str, desk: Desk, user: User, issue: SpecialIssue) -> set[str]:
    """Which of the four this person finds."""
    names = {version.manuscript_id: name for name, version in desk.items()}
    answer = find(visible_to(user, issue), text, context_of(user, issue))
    assert answer.fault is None, answer.fault
    return {names[key] for key in answer.manuscripts.values_list("pk", flat=True)}


ALL = {"waiting", "fresh", "arrived", "gone"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ALL),
        ("encoders", {"waiting"}),
        ("ENCOD", {"waiting"}),
        ('"quiet encoders"', {"waiting"}),
        ('"encoders quiet"', set()),
        ("ultrasound", {"arrived"}),
        ("quiet or diffusion", {"waiting", "arrived"}),
        ("not quiet", ALL - {"waiting"}),
        ("-quiet -echoes", {"fresh", "arrived"}),
        ("status:checklist", {"arrived"}),
        ("status:assigning", {"waiting", "fresh"}),
        ('status:"editorial office checklist"', {"arrived"}),
        ("editor:me", {"waiting"}),
        ("editor:none", {"fresh", "arrived", "gone"}),
        ("reviews:1", {"waiting"}),
        ("reviews:<1", {"fresh", "arrived", "gone"}),
        ("agreed:>=2", {"waiting"}),
        ("asked:2 reviews:1", {"waiting"}),
        ("round:1", ALL),
        ("round:2", set()),
        ("has:conference_version", {"fresh"}),
        ("country:dk", {"fresh"}),
        ("title:pelvis", {"fresh"}),
        ("abstract:ultrasound", {"arrived"}),
        ("(title:pelvis or abstract:ultrasound) -country:DK", {"arrived"}),
        ("decision:none", ALL),
        ("decision:accept", set()),
        ("late:no", ALL),
        ("late:>=1", set()),
        ("declined:0 reviews:>0", {"waiting"}),
        ("overdue:no", ALL),
        ("score.overall:>=1", {"waiting"}),
        ("score.overall:>5", set()),
        ("idle:<1d", ALL),
        ("idle:>=1", set()),
    ],
)
def test_each_field_finds_what_it_says(
    text: str, wanted: set[str], desk: Desk, kim: User, eva: User, issue: SpecialIssue
) -> None:
    person = eva if text == "editor:me" else kim
    assert found(text, desk, person, issue) == wanted


def test_people_and_topics_are_found(
    desk: Desk, kim: User, rui: User, ada: User, issue: SpecialIssue
) -> None:
    assert found(f"reviewer:{rui.email}", desk, kim, issue) == {"waiting"}
    assert found(f"author:{ada.family_name}", desk, kim, issue) == {"waiting", "arrived"}
    code = Topic.objects.filter(issue=issue).order_by("position")[0].code
    assert found(f"topic:{code}", desk, kim, issue) == {"gone"}


def test_tags_are_found_and_offered_to_those_who_see_them(
    desk: Desk, kim: User, eva: User, issue: SpecialIssue
) -> None:
    for name, tag in (("waiting", "urgent"), ("arrived", "secret lane")):
        Tag.objects.create(
            manuscript=desk[name].manuscript, name=tag, added_by=kim, added_at=clock.now()
        )
    assert found("tag:urgent", desk, eva, issue) == {"waiting"}
    assert found('tag:"secret lane"', desk, kim, issue) == {"arrived"}
    assert found('tag:"secret lane"', desk, eva, issue) == set()
    assert [c.text for c in completions("tag:", context_of(eva, issue))] == ["tag:urgent"]


def test_reviews_are_searched_once_they_are_in(
    desk: Desk, kim: User, sol: User, issue: SpecialIssue
) -> None:
    assignment = Assignment.objects.get(version=desk["waiting"], reviewer=sol)
    review = Review.objects.create(
        assignment=assignment,
        answers={"comments_to_author": "The zeppelin figure is blurred."},
        saved_at=clock.now(),
    )
    assert found("zeppelin", desk, kim, issue) == set()
    Assignment.objects.filter(pk=assignment.pk).update(
        state=AssignmentState.RETURNED, returned_at=clock.now()
    )
    Review.objects.filter(pk=review.pk).update(submitted_at=clock.now(), recommendation="accept")
    assert found("zeppelin", desk, kim, issue) == {"waiting"}


def test_late_and_overdue_are_found(desk: Desk, kim: User, sol: User, issue: SpecialIssue) -> None:
    Assignment.objects.filter(reviewer=sol).update(due_at=clock.now() - timedelta(days=1))
    OverdueFlag.objects.create(
        manuscript=desk["fresh"].manuscript,
        kind=MilestoneKind.INITIAL_DECISION,
        raised_at=clock.now(),
    )
    assert found("late:yes", desk, kim, issue) == {"waiting"}
    assert found("late:1", desk, kim, issue) == {"waiting"}
    assert found("overdue:yes", desk, kim, issue) == {"fresh"}
    yesterday = (clock.now() - timedelta(days=2)).date()
    assert found(f"due:<{yesterday}", desk, kim, issue) == set()
    assert found("due:>today reviews:1", desk, kim, issue) == {"waiting"}
    # What is over has no next date, so it is not due before any day.
    assert "gone" in found("not due:>today", desk, kim, issue)


def test_what_is_hidden_is_not_found_by_any_field(
    desk: Desk, eva: User, rui: User, issue: SpecialIssue
) -> None:
    assert "waiting" in found("reviews:1", desk, eva, issue)
    EditorConflict.objects.create(
        manuscript=desk["waiting"].manuscript,
        editor=eva,
        rule="F2",
        evidence="Same institution.",
        found_at=clock.now(),
    )
    for text in ("", "encoders", "reviews:1", "editor:me", f"reviewer:{rui.email}", "not echoes"):
        assert "waiting" not in found(text, desk, eva, issue), text
    # A guest editor does not know of what the office has not admitted.
    assert found("status:checklist", desk, eva, issue) == set()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("quiet colour:red", "colour:"),
        ("status:nonsense", "nonsense"),
        ("reviews:many", "many"),
        ("idle:>soon", "soon"),
        ("due:<tomorow", "tomorow"),
        ("score.beauty:>3", "score.beauty:"),
        ("topic:gardening", "gardening"),
        ("has:charm", "charm"),
        ("editor:<me", "me"),
    ],
)
def test_a_slip_is_shown_at_its_word_and_finds_nothing(
    text: str, word: str, desk: Desk, kim: User, issue: SpecialIssue
) -> None:
    answer = find(visible_to(kim, issue), text, context_of(kim, issue))
    assert answer.fault is not None
    assert text[answer.fault.at : answer.fault.end] == word
    assert not answer.manuscripts.exists()


def test_the_next_date_in_the_database_is_that_of_the_row(
    desk: Desk, kim: User, sol: User, issue: SpecialIssue
) -> None:
    for stage in Stage:
        if stage not in {Stage.DRAFT, Stage.AWAITING_FINAL_FILES}:
            make_manuscript(issue, sol, stage=stage)
    now, dates = clock.now(), milestones(issue)
    viewer = Viewer(kim, issue, role_names(kim, issue))
    scope = with_progress(visible_to(kim, issue), viewer, now)
    dated = {m.pk: m.next_at for m in with_dates(scope, viewer, dates)}
    lines = rows(list(visible_to(kim, issue)), viewer, now, dates)
    assert {line.manuscript.pk: line.next_at for line in lines} == dated
    by_date = [m.pk for m in in_order(with_dates(scope, viewer, dates), "next")]
    wanted = [dated[key] for key in by_date]
    assert wanted == [*sorted(d for d in wanted if d), *(d for d in wanted if not d)]


def test_the_database_keeps_the_counts_of_a_round(
    desk: Desk, rui: User, sol: User, tea: User, issue: SpecialIssue
) -> None:
    def counts(name: str) -> tuple[int, int, int]:
        row = PresentRound.objects.get(manuscript=desk[name].manuscript)
        assert row.version == desk[name]
        return row.holding, row.agreed, row.returned

    assert (counts("waiting"), counts("fresh")) == ((2, 2, 1), (0, 0, 0))
    add_reviewer(desk["waiting"], tea, state=AssignmentState.INVITED, number=3)
    assert counts("waiting") == (3, 2, 1)
    Assignment.objects.filter(reviewer=sol).update(state=AssignmentState.IN_PROGRESS)
    assert counts("waiting") == (3, 2, 1)
    Assignment.objects.filter(reviewer=sol).update(state=AssignmentState.UNASSIGNED)
    assert counts("waiting") == (2, 1, 1)
    Assignment.objects.filter(reviewer=tea).delete()
    assert counts("waiting") == (1, 1, 1)
    draft = Version.objects.create(
        manuscript=desk["waiting"].manuscript, revision_number=1, saved_at=clock.now()
    )
    assert counts("waiting") == (1, 1, 1)
    Version.objects.filter(pk=draft.pk).update(
        submitted_at=clock.now(), first_submitted_at=clock.now()
    )
    desk["waiting"] = draft
    assert counts("waiting") == (0, 0, 0)
    assert Manuscript.objects.get(pk=draft.manuscript_id).present_round.version_id == draft.pk


def test_what_is_typed_is_completed(desk: Desk, kim: User, issue: SpecialIssue) -> None:
    context = context_of(kim, issue)

    def ways(text: str) -> list[str]:
        return [completion.text for completion in completions(text, context)]

    assert ways("late:yes sta") == ["late:yes status:"]
    assert ways("-has:conf") == ["-has:conference_version"]
    assert ways("(late:") == ["(late:yes", "(late:no"]
    assert ways("score.orig") == ["score.originality:"]
    assert (ways(""), ways("colour:r"), ways("quiet ")) == ([], [], [])
