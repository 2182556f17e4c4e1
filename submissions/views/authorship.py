"""The page behind a co-author's link: two buttons, no account needed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from submissions import actions, queries
from submissions.actions.authorship import link_actor
from submissions.mails import author_key_of
from submissions.models import Author
from tmi_special_issue.refusal import Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorship(request: HttpRequest, token: str) -> HttpResponse:
    """Ask "are you an author of this?"; only a pressed button answers."""
    key = author_key_of(token)
    author = queries.author_of_token_key(key) if key else None
    if author is None:
        return render(request, "submissions/authorship_gone.html", status=404)
    if request.method == "POST":
        return _answer(request, token, author)
    names = Author.objects.filter(version=author.version)
    return render(
        request,
        "submissions/authorship.html",
        {
            "author": author,
            "version": author.version,
            "manuscript": author.version.manuscript,
            "issue": author.version.manuscript.issue,
            "authors": names,
            "token": token,
        },
    )


def _answer(request: HttpRequest, token: str, author: Author) -> HttpResponse:
    answer = request.POST.get("answer", "")
    try:
        if answer == "confirm":
            actions.confirm_authorship(actor=link_actor(author), author=author)
        elif answer == "dispute":
            actions.dispute_authorship(actor=link_actor(author), author=author)
        else:
            messages.error(request, "Press one of the two buttons.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("submissions:authorship", token)
