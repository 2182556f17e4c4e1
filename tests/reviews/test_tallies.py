"""Two reviews that come in together are both counted."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from reviews.models import Assignment, PresentRound
from reviews.states import AssignmentState
from submissions.states import Stage
from tests.editors.building import add_reviewer, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_returns_in_one_moment_are_both_counted(
    issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    keys = [
        add_reviewer(version, person, number=place).pk
        for place, person in enumerate((rui, sol), start=1)
    ]
    first_has_written, second_may_end = threading.Event(), threading.Event()

    def give_back(key: int) -> None:
        Assignment.objects.filter(pk=key).update(
            state=AssignmentState.RETURNED, returned_at=clock.now()
        )

    def second() -> None:
        try:
            assert first_has_written.wait(20)
            give_back(keys[1])  # waits for the row that the first one holds
        finally:
            second_may_end.set()
            connections.close_all()

    other = threading.Thread(target=second)
    other.start()
    with transaction.atomic():
        give_back(keys[0])
        first_has_written.set()
        # The second is at the lock before the first lets go of it.
        for _ in range(200):
            if _waiting() or second_may_end.wait(0.05):
                break
    other.join(20)
    row = PresentRound.objects.get(version=version)
    assert (row.agreed, row.returned) == (2, 2)


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
