"""Problem objects for programs (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from tmi_special_issue.refusal import Refusal

MEDIA_TYPE = "application/problem+json"


def problem(refusal: Refusal) -> dict[str, Any]:
    """The problem object of a refusal: `type` names the rule, `detail` is the sentence."""
    content: dict[str, Any] = {
        "type": f"urn:problem:{refusal.code}",
        "title": refusal.code.replace("_", " "),
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
    }
    if refusal.field:
        content["field"] = refusal.field
    return content


def respond(refusal: Refusal) -> JsonResponse:
    """The answer that carries a problem object."""
    return JsonResponse(problem(refusal), status=refusal.status, content_type=MEDIA_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turns every expected error of the REST framework into a problem object."""
    if isinstance(error, Refusal):
        return Response(problem(error), status=error.status, content_type=MEDIA_TYPE)
    response = rest_exception_handler(error, context)
    if response is not None:
        fallback = HTTPStatus(response.status_code).name.lower()
        code = getattr(error, "default_code", fallback)
        response.data = {
            "type": f"urn:problem:{code}",
            "title": str(code).replace("_", " "),
            "status": response.status_code,
            "detail": str(getattr(error, "detail", error)),
            "code": code,
        }
        response.content_type = MEDIA_TYPE
    return response
