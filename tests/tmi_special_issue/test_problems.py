"""Problem objects: what a program is told when a rule says no (RFC 9457)."""

import json
from typing import Any

import pytest
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, ValidationError

from tmi_special_issue import problems
from tmi_special_issue.refusal import Refusal

CLOSED = Refusal("deadline_passed", "Submissions closed on 1 Jul 2024.")
TITLE = Refusal("too_long", "The title has 301 characters, at most 300.", field="title", status=422)


def test_a_refusal_is_its_sentence() -> None:
    assert (str(CLOSED), CLOSED.status, CLOSED.field) == (CLOSED.sentence, 409, "")


def test_the_problem_of_a_refusal() -> None:
    assert problems.problem(CLOSED) == {
        "type": "urn:problem:deadline_passed",
        "title": "deadline passed",
        "status": 409,
        "detail": "Submissions closed on 1 Jul 2024.",
        "code": "deadline_passed",
    }


def test_the_problem_names_the_field() -> None:
    assert problems.problem(TITLE)["field"] == "title"


def test_the_answer_has_the_media_type_and_the_status() -> None:
    response = problems.respond(TITLE)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert json.loads(response.content) == problems.problem(TITLE)


def test_the_rest_framework_answers_a_refusal_alike() -> None:
    response = problems.exception_handler(CLOSED, {})
    assert response is not None
    assert (response.status_code, response.data) == (409, problems.problem(CLOSED))
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotAuthenticated(), 403, "not_authenticated"),
        (ValidationError({"title": ["This is needed."]}), 400, "invalid"),
        (Http404("nothing here"), 404, "not_found"),
    ],
)
def test_every_expected_error_is_a_problem_object(error: Exception, status: int, code: str) -> None:
    response: Any = problems.exception_handler(error, {})
    assert (response.data["code"], response.content_type) == (code, "application/problem+json")
    assert response.data["status"] == response.status_code
    if code != "not_authenticated":
        assert response.status_code == status


def test_an_unexpected_error_is_not_hidden() -> None:
    assert problems.exception_handler(KeyError("x"), {}) is None
