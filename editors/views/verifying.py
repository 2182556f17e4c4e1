"""Whether a decision letter is real, for anybody who holds one."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from editors.forms import VerifyForm
from editors.queries.decisions import issued_letter
from tmi_special_issue.refusal import Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Says that a letter with this code went out, and when; nothing of what it says.

    A code that was never given, one of a letter that is not out and one that is no code at all get
    the same answer.
    """
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "editors/verify.html", {"form": form})
    if not ratelimit.consume(request, action="verify_letter"):
        raise Refusal(
            "too_many_checks", "Too many codes were asked for. Wait some minutes.", status=429
        )
    if not form.is_valid():
        return render(request, "editors/verify.html", {"form": form}, status=422)
    found = issued_letter(form.cleaned_data["code"])
    checksum = form.cleaned_data["checksum"]
    context = {
        "form": VerifyForm(),
        "is_asked": True,
        "found": found,
        "checksum": checksum,
        "is_same": bool(found and found.file and found.file.sha256 == checksum),
    }
    return render(request, "editors/verify.html", context, status=200 if found else 404)
