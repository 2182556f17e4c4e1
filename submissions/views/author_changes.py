"""Other authors after the hand-in: the author's request, and the page behind each one's link."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from submissions import actions, queries
from submissions.actions.author_changes import consent_actor
from submissions.actions.drafts import AuthorEntry
from submissions.author_list import arranged
from submissions.forms import (
    AuthorChangeForm,
    author_entries,
    author_formset,
    corresponding_row,
    entries_formset,
)
from submissions.mails import consent_key_of
from submissions.models import Author, AuthorConsent, Manuscript
from submissions.permissions import may_work_on
from submissions.queries.statements import change_parts
from submissions.states import AUTHORS_CHANGEABLE, AuthorChangeState
from submissions.views.kept_text import NOT_SENT, keeps_text, kept_text, let_go
from submissions.views.screens import me
from tmi_special_issue.refusal import Refusal


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def change_authors(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list as it is, to be changed; one button asks everybody. Works without scripts."""
    manuscript = _manuscript(request, public_id)
    version = queries.latest_version(manuscript)
    version.manuscript = manuscript
    is_theirs = may_work_on(request.user, version)
    if not is_theirs or manuscript.stage not in AUTHORS_CHANGEABLE:
        return redirect("submissions:show", public_id)
    if queries.open_author_change(manuscript):
        return redirect("submissions:show", public_id)
    parts = queries.Parts(version)
    typed = request.POST if request.method == "POST" else kept_text(request)
    formset = author_formset(typed or None, parts)
    form = AuthorChangeForm(typed or None)
    act = request.POST.get("act", "")
    trouble = NOT_SENT if typed and request.method != "POST" else ""
    if request.method == "POST" and formset.is_valid():
        entries = author_entries(formset, corresponding_row(request.POST))
        if act != "ask":
            # A row was moved, added or taken off: show the list anew, nothing is asked yet.
            entries = arranged(entries, act)
            form = AuthorChangeForm(initial={"reason": request.POST.get("reason", "")})
            return _draw(request, parts, entries_formset(entries), form, _marked(entries))
        if form.is_valid():
            try:
                actions.ask_author_change(
                    actor=me(request),
                    manuscript=manuscript,
                    authors=entries,
                    reason=form.cleaned_data["reason"],
                )
            except Refusal as refusal:
                trouble = refusal.sentence
            else:
                let_go(request)
                messages.success(request, "All former and new authors are asked by mail.")
                return redirect("submissions:show", public_id)
    marked = corresponding_row(typed) if typed is not None else _marked(parts.authors)
    status = 422 if request.method == "POST" else 200
    return _draw(request, parts, formset, form, marked, trouble=trouble, status=status)


@login_required
@require_POST
def take_back_author_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """The request for other authors is taken back."""
    manuscript = _manuscript(request, public_id)
    newest = queries.latest_version(manuscript)
    newest.manuscript = manuscript
    if may_work_on(request.user, newest):
        actions.take_back_author_change(actor=me(request), manuscript=manuscript)
        messages.success(request, "The request is taken back. The authors stay as they are.")
    return redirect("submissions:show", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def author_consent(request: HttpRequest, token: str) -> HttpResponse:
    """Both lists and two buttons, for one person, without an account."""
    key = consent_key_of(token)
    consent = queries.consent_of_token_key(key) if key else None
    if consent is None:
        return render(request, "submissions/authorship_gone.html", status=404)
    if request.method == "POST":
        return _answer(request, token, consent)
    change = consent.change
    return render(
        request,
        "submissions/author_consent.html",
        {
            "consent": consent,
            "change": change,
            "manuscript": change.manuscript,
            "version": queries.latest_version(change.manuscript),
            "issue": change.manuscript.issue,
            "parts": change_parts(change),
            "is_open": change.state == AuthorChangeState.COLLECTING,
            "token": token,
        },
    )


def _answer(request: HttpRequest, token: str, consent: AuthorConsent) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if answer not in {"agree", "refuse"}:
        messages.error(request, "Press one of the two buttons.")
    else:
        try:
            actions.answer_author_change(
                actor=consent_actor(consent), consent=consent, agrees=answer == "agree"
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return redirect("submissions:author_consent", token)


def _draw(
    request: HttpRequest,
    parts: queries.Parts,
    formset: Any,
    form: AuthorChangeForm,
    corresponding: int | None,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    version = parts.version
    return render(
        request,
        "submissions/change_authors.html",
        {
            "manuscript": version.manuscript,
            "version": version,
            "issue": version.manuscript.issue,
            "formset": formset,
            "confirmed": {row.public_id for row in parts.authors if row.is_orcid_confirmed},
            "form": form,
            "corresponding": corresponding,
            "trouble": trouble,
        },
        status=status,
    )


def _marked(authors: Sequence[Author | AuthorEntry]) -> int | None:
    """Which row is the corresponding author."""
    return next((n for n, author in enumerate(authors) if author.is_corresponding), None)


def _manuscript(request: HttpRequest, public_id: str) -> Manuscript:
    return get_object_or_404(queries.manuscripts_of(request.user), public_id=public_id)
