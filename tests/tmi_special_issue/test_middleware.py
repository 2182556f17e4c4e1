"""Around every view: private by default, a limit for bodies, refusals as pages or objects."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from tmi_special_issue import problems
from tmi_special_issue.middleware import PrivateByDefaultMiddleware, RefusalMiddleware
from tmi_special_issue.refusal import Refusal

CLOSED = Refusal("deadline_passed", "Submissions closed on 1 Jul 2024 <at noon>.")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse("picture", headers={"Cache-Control": "public, max-age=60"})


def asked(rf: RequestFactory, **headers: Any) -> HttpRequest:
    request = rf.get("/", **headers)
    request.user = AnonymousUser()
    return request


def test_a_page_stays_out_of_shared_caches(rf: RequestFactory) -> None:
    response = PrivateByDefaultMiddleware(plain)(rf.get("/"))
    assert response["Cache-Control"] == "private, no-store"


def test_a_view_may_say_otherwise(rf: RequestFactory) -> None:
    response = PrivateByDefaultMiddleware(cached)(rf.get("/"))
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(("length", "status"), [(1000, 200), (1001, 413)])
def test_a_body_over_the_limit_is_refused_unread(
    rf: RequestFactory, settings: Any, length: int, status: int
) -> None:
    settings.REQUEST_BODY_MAX = 1000
    request = rf.post("/", HTTP_ACCEPT="application/json")
    request.META["CONTENT_LENGTH"] = str(length)
    assert PrivateByDefaultMiddleware(plain)(request).status_code == status


def test_the_refusal_of_a_body_tells_both_sizes(rf: RequestFactory, settings: Any) -> None:
    settings.REQUEST_BODY_MAX = 120 * 1024 * 1024
    request = rf.post("/", HTTP_ACCEPT="application/json")
    request.META["CONTENT_LENGTH"] = str(300 * 1024 * 1024)
    told = json.loads(PrivateByDefaultMiddleware(plain)(request).content)
    assert told["detail"] == (
        "The upload has 300 MB; the largest that can be taken at once is 120 MB."
    )


@pytest.mark.parametrize("length", ["", "many", "-1"])
def test_a_senseless_length_is_left_to_the_server(rf: RequestFactory, length: str) -> None:
    request = rf.post("/")
    request.META["CONTENT_LENGTH"] = length
    assert PrivateByDefaultMiddleware(plain)(request).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_ACCEPT": "application/problem+json, */*"},
        {"HTTP_X_REQUESTED_WITH": "fetch"},
        {"HTTP_X_REQUESTED_WITH": "autosave"},
    ],
)
def test_a_program_gets_a_problem_object(rf: RequestFactory, headers: dict[str, str]) -> None:
    response = RefusalMiddleware(plain).process_exception(asked(rf, **headers), CLOSED)
    assert response is not None
    assert (response.status_code, response["Content-Type"]) == (409, problems.MEDIA_TYPE)
    assert json.loads(response.content) == problems.problem(CLOSED)


@pytest.mark.django_db
def test_a_person_gets_a_page_with_the_sentence(rf: RequestFactory) -> None:
    response = RefusalMiddleware(plain).process_exception(asked(rf), CLOSED)
    assert response is not None
    page = response.content.decode()
    assert response.status_code == 409
    assert "Submissions closed on 1 Jul 2024 &lt;at noon&gt;." in page
    assert "<html" in page


def test_another_error_is_not_swallowed(rf: RequestFactory) -> None:
    assert RefusalMiddleware(plain).process_exception(asked(rf), KeyError("x")) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/submissions/a%00b/", "/reviews/a%00b/", "/desk/a%00b/", "/desk/?q=a%00b"]
)
def test_a_character_that_cannot_be_stored_is_refused_with_a_sentence(
    address: str, client_of: Callable[[User], Client], eva: User
) -> None:
    response = client_of(eva).get(address)
    assert response.status_code in ({400} if connection.vendor == "postgresql" else {200, 404})
