"""The pages of the panel ask the database the same number of things at every size of the pool."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import RoleName, User
from reviews import tasks
from reviews.models import Publication, ReviewerProfile
from submissions.states import Stage
from tests.editors.building import make_manuscript
from tmi_special_issue.models import SpecialIssue

MOST = {"desk:panel": 27, "desk:panel_weigh": 23, "desk:panel_confirm": 24}


def add_reviewers(issue: SpecialIssue, first: int, last: int) -> None:
    for number in range(first, last):
        person = User.objects.create_user(
            f"p{number}@house{number}.example", None, given_name="P", family_name=str(number)
        )
        grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
        profile = ReviewerProfile.objects.create(user=person)
        Publication.objects.create(profile=profile, title=f"Encoder {number}", year=2023)


@pytest.mark.parametrize("name", sorted(MOST))
def test_the_same_number_of_queries_for_5_and_for_50(
    name: str, issue: SpecialIssue, ada: User, eva: User, client_of: Callable[[User], Client]
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    browser = client_of(eva)
    address = reverse(name, args=[version.manuscript.public_id])

    def asked() -> int:
        tasks.fit_versions()
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    add_reviewers(issue, 0, 5)
    few = asked()
    add_reviewers(issue, 5, 50)
    assert asked() == few <= MOST[name]
