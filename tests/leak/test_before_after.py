"""Acts that certain people must not notice at all (`before_after.py`)."""

from datetime import timedelta

import pytest

from editors import actions as desk
from editors.models import Decision
from editors.queries import current_letter
from tests.leak.before_after import Act, Pages, differences, pages
from tests.leak.world import World
from tmi_special_issue import clock

pytestmark = [pytest.mark.leak, pytest.mark.django_db]

# Who watches, each at the own doors; the others show them nothing (`test_crawl.py`).
DOORS = {
    **dict.fromkeys(("ada", "ben", "sam", "anon"), ("submissions",)),
    **dict.fromkeys(("rui", "tea", "rex"), ("reviews",)),
    "gus": ("desk",),
    "eva": ("submissions", "desk"),
}


@pytest.fixture(scope="module")
def before(world: World) -> Pages:
    """Every page of everybody who watches."""
    return pages(world, DOORS)


def acts(world: World) -> dict[str, tuple[Act, tuple[str, ...]]]:
    """The secret acts, and who must not notice them."""
    story, sent_back, undecided, own = world.story, world.sent_back, world.undecided, world.own
    decision = Decision.objects.get(version__manuscript=undecided)
    letter = current_letter(decision)
    assert letter is not None
    everybody = ("ada", "ben", "rui", "tea", "rex", "gus", "sam", "anon")

    def decide_otherwise() -> None:
        desk.discard_decision(actor=story.eva, decision=decision)
        story.draft_decision(undecided, "accept")

    def invite_for_the_editor() -> None:
        """A reviewer's load goes up by a manuscript that the editor must know nothing of."""
        story.invite(own, ["pia"], editor="lia")

    def submit_another() -> None:
        story.submitted("dov", coauthors=())

    return {
        "a review comes in": (
            lambda: story.deliver(sent_back, "sol", "reject", "Zqxnew words"),
            everybody,
        ),
        "a reviewer is let go": (
            lambda: desk.unassign_reviewer(
                actor=story.eva,
                assignment=story.assignment(sent_back, "uma"),
                reason="No time after all",
            ),
            everybody,
        ),
        "the decision becomes another one": (decide_otherwise, everybody),
        "the draft is thrown away": (
            lambda: desk.discard_decision(actor=story.eva, decision=decision),
            everybody,
        ),
        "the decision is held for a minute to come": (
            lambda: desk.release_decision(
                actor=story.eva,
                decision=decision,
                letter=letter,
                release_at=clock.now() + timedelta(days=3),
            ),
            everybody,
        ),
        "another editor takes over": (
            lambda: desk.assign_editor(actor=story.kim, manuscript=sent_back, editor=story.lia),
            everybody,
        ),
        "the editor's own manuscript gets a reviewer": (
            invite_for_the_editor,
            ("ada", "ben", "eva", "tea", "sam", "anon"),
        ),
        "somebody else submits": (
            submit_another,
            ("ada", "ben", "rui", "tea", "rex", "sam", "anon"),
        ),
    }


ACTS = (
    "a review comes in",
    "a reviewer is let go",
    "the decision becomes another one",
    "the draft is thrown away",
    "the decision is held for a minute to come",
    "another editor takes over",
    "the editor's own manuscript gets a reviewer",
    "somebody else submits",
)


@pytest.mark.parametrize("name", ACTS)
def test_nobody_notices(world: World, before: Pages, name: str) -> None:
    act, watchers = acts(world)[name]
    watched = {key: page for key, page in before.items() if key[0] in watchers}
    noticed = differences(world, watched, act)
    assert not noticed, "\n".join(noticed[:20])


def test_every_act_is_tried(world: World) -> None:
    assert tuple(acts(world)) == ACTS


def test_the_release_is_noticed_by_the_authors(world: World, before: Pages) -> None:
    """The positive control: what may be seen is seen, so the comparison looks at something."""
    decision = Decision.objects.get(version__manuscript=world.undecided)
    letter = current_letter(decision)
    assert letter is not None
    noticed = differences(
        world,
        {key: page for key, page in before.items() if key[0] in ("ada", "sam")},
        lambda: desk.release_decision(actor=world.story.eva, decision=decision, letter=letter),
    )
    assert {line.split()[0] for line in noticed} == {"ada"}
