"""The world of secrets, built once for each module and undone at its end."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.leak.world import World, build
from tests.people import OPENING, open_the_issue
from tmi_special_issue import clock


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the module; the transaction around it is rolled back."""
    with django_db_blocker.unblock(), clock.frozen_at(OPENING), transaction.atomic():
        made = build(open_the_issue())
        logging.disable(logging.CRITICAL)  # thousands of expected refusals
        yield made
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
