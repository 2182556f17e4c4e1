"""A session that ends in the middle of a form, a stale secret, a second tab: no text is lost."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.models import User
from submissions.models import Version
from tests.people import PASSWORD
from tests.submissions.drafts import complete_draft, empty_draft, newest
from tests.submissions.test_views import screen, text_of
from tmi_special_issue.models import SpecialIssue

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
LONG = "Eleven words that took an hour to write and to weigh."


def typed(version: Version, **changes: str) -> dict[str, str]:
    values = {"title": "One encoder", "abstract": LONG, "index_terms": "a\nb", "act": "next"}
    return {**values, "revision": str(newest(version.manuscript).edit_count), **changes}


def sign_in(browser: Client, person: User, next_page: str) -> Any:
    """By password, on the page where the site has led."""
    return browser.post(
        f"{reverse('account_login')}?next={next_page}",
        {"login": person.email, "password": PASSWORD, "next": next_page},
    )


def end_by_age(browser: Client) -> None:
    """As after a night."""
    session = browser.session
    session[SEEN_AT] = session[SIGNED_IN_AT] = int(time.time()) - 15 * 24 * 3600
    session.save()


@pytest.mark.parametrize("ending", ["by age", "by signing out elsewhere"])
def test_text_posted_after_the_session_ended_comes_back(
    ada: User, issue: SpecialIssue, client_of: SignIn, ending: str
) -> None:
    version = empty_draft(ada, issue)
    address = screen("manuscript", version)
    browser = client_of(ada)
    if ending == "by age":
        end_by_age(browser)
    else:
        browser.session.flush()
    answer = browser.post(address, typed(version))
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    assert "comes back once you are signed in" in text_of(browser.get(answer["Location"]))
    assert newest(version.manuscript).abstract == ""
    signed_in = sign_in(browser, ada, address)
    assert signed_in["Location"] == address
    page = browser.get(address)
    assert "What you typed is back on this page" in text_of(page)
    assert LONG in page.content.decode()
    assert 'value="One encoder"' in page.content.decode()
    assert browser.get(address).content.decode().count(LONG) == 1  # loading again loses nothing
    assert browser.post(address, typed(version)).status_code == 302
    assert newest(version.manuscript).abstract == LONG
    assert "is back on this page" not in text_of(browser.get(address))


def test_rows_of_authors_come_back_too(ada: User, issue: SpecialIssue, client_of: SignIn) -> None:
    version = complete_draft(ada, issue)
    address = screen("authors", version)
    browser = client_of(ada)
    browser.session.flush()
    rows = {
        "authors-TOTAL_FORMS": "2",
        "authors-INITIAL_FORMS": "1",
        "authors-0-family_name": "Avelin",
        "authors-1-family_name": "Typed meanwhile",
        "corresponding": "1",
        "pasted": "Chi Li, chi@z.example",
        "revision": "2",
    }
    browser.post(address, rows)
    sign_in(browser, ada, address)
    page = browser.get(address).content.decode()
    assert 'value="Typed meanwhile"' in page
    assert "Chi Li, chi@z.example" in page
    assert 'id="corresponding-1" value="1" checked' in page


def test_another_person_at_the_same_machine_sees_nothing_of_it(
    ada: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    address = screen("manuscript", version)
    browser = client_of(ada)
    browser.session.flush()
    browser.post(address, typed(version))
    sign_in(browser, sam, address)
    assert browser.get(address).status_code == 404
    own = empty_draft(sam, issue)
    assert LONG not in browser.get(screen("manuscript", own)).content.decode()


def test_nothing_is_kept_for_an_address_that_is_no_draft(
    ada: User, issue: SpecialIssue, client: Client
) -> None:
    version = empty_draft(ada, issue)
    absent = reverse("submissions:manuscript", args=["0" * 16])
    assert client.post(absent, typed(version)).status_code == 302
    assert "kept_text" not in client.session
    client.post(screen("manuscript", version), typed(version, abstract="x" * 500_000))
    assert "kept_text" not in client.session


def test_a_refused_secret_gives_the_text_back(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(
        screen("manuscript", version), typed(version, password="one two three four")
    )
    assert answer.status_code == 403
    assert LONG in answer.content.decode()
    assert "one two three four" not in answer.content.decode()
    assert "<b>" not in browser.post(
        screen("manuscript", version), typed(version, abstract="<i>one two three</i>")
    ).content.decode().replace("<b>back</b>", "")


def test_a_get_after_the_end_leads_to_the_sign_in_and_back(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    browser = client_of(ada)
    end_by_age(browser)
    address = screen("check", empty_draft(ada, issue))
    assert browser.get(address)["Location"] == f"{reverse('account_login')}?next={address}"
