"""The same addresses asked in other ways: writes, HEAD, OPTIONS, other kinds of answer."""

import pytest

from tests.leak.crawl import crawl
from tests.leak.world import World

pytestmark = [pytest.mark.leak, pytest.mark.django_db]

# Those who must learn least.
OUTSIDERS = ("gus", "ada", "rui", "link", "anon")


def test_answers_to_writes_tell_nothing(world: World) -> None:
    assert crawl(world, OUTSIDERS, methods=["POST"]).faults[:20] == []


def test_other_methods_tell_nothing(world: World) -> None:
    methods = ["HEAD", "OPTIONS", "PUT", "DELETE"]
    assert crawl(world, ["gus", "ada", "link"], methods=methods, of=World.sample).faults[:20] == []


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/pdf"])
def test_other_kinds_of_answer_tell_nothing(world: World, accept: str) -> None:
    assert crawl(world, ["gus", "ada", "rui"], accept=accept, of=World.sample).faults[:20] == []


def test_nonsense_is_refused_like_nothing(world: World) -> None:
    asked = crawl(world, ["eva", "ada", "rui"], methods=["GET", "POST"], of=World.malformed)
    assert asked.faults[:20] == []
