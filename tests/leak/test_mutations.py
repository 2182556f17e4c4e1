"""The mutation control: every seeded leak turns the suite's own checks red (`mutations.py`)."""

import pytest
from django.db import transaction

from tests.leak.canaries import Canary, Ledger
from tests.leak.mutations import MUTATIONS, Mutation
from tests.leak.world import World

pytestmark = [pytest.mark.leak, pytest.mark.django_db]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_leak_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch, mutation: Mutation
) -> None:
    with transaction.atomic():
        assert mutation.check(world) == []
        transaction.set_rollback(True)
    mutation.plant(monkeypatch, world)
    with transaction.atomic():
        caught = mutation.check(world)
        transaction.set_rollback(True)
    assert caught != []


@pytest.mark.parametrize("form", sorted(Canary("x", "Zqxtomašić of rui", frozenset()).forms))
def test_a_secret_is_found_in_every_form(form: str) -> None:
    canary = Canary("a name", "Zqxtomašić of rui", frozenset({"kim"}))
    ledger = Ledger([canary])
    ledger.look("ada", "/page/", [b"<p>before ", canary.forms[form], b" after</p>"])
    ledger.look("kim", "/page/", [canary.forms[form]])
    assert [leak.principal for leak in ledger.leaks] == ["ada"]
