"""People and one issue for the tests of the accounts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts.models import Role, User
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue

PASSWORD = "three lamps and a heron"

MakePerson = Callable[..., User]


@pytest.fixture(autouse=True)
def noon_in_june() -> Iterator[None]:
    """The domain's clock stands still; sessions and codes live on real time all the same."""
    with clock.frozen_at(datetime(2024, 6, 20, 12, tzinfo=UTC)):
        yield


@pytest.fixture(autouse=True)
def empty_cache(db: None) -> None:
    """Rate limits of one test must not reach the next."""
    try:
        cache.clear()
    except Exception:  # the table of the shared cache is not part of the migrations
        call_command("createcachetable", verbosity=0)


@pytest.fixture
def open_issue(db: None) -> SpecialIssue:
    """A plain issue; the call's own facts do not matter here."""
    return SpecialIssue.objects.create(
        key="foundation-models-2024",
        journal="Transactions on Medical Imaging",
        journal_short="TMI",
        title="Foundation models",
        short_title="Foundation models",
        manuscript_type="Special issue",
        summary="Summary.",
        aims="Aims.",
        scope="Scope.",
        out_of_scope="Reviews.",
        contact_email="desk@special-issue.example",
        number_prefix="TMI-FM-2024",
        opened_at=datetime(2024, 2, 1, tzinfo=UTC),
    )


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """Make a person whose address is confirmed, with roles if an issue is given."""

    def make(email: str, *roles: str, issue: SpecialIssue | None = None, **fields: Any) -> User:
        password = fields.pop("password", PASSWORD)
        person = User.objects.create_user(email, password, **fields)
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
        for name in roles:
            assert issue is not None
            Role.objects.create(issue=issue, user=person, name=name)
        return person

    return make


def code_sent_to(address: str) -> str:
    """The code in the latest mail to an address."""
    mail = OutboxMessage.objects.filter(to=address, kind="account_code").latest("id")
    return mail.text.split("\n\n")[1].strip()


def sign_in(client: Client, person: User) -> None:
    """Sign in by password, as a browser does."""
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(person.pk), answer.content.decode()
