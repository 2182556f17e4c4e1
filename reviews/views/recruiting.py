"""Joining the pool of reviewers: one page behind a mail's link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import DESK_ROLES, affiliations_of, role_names
from reviews import actions
from reviews.actions.recruiting import may_claim_request
from reviews.forms import NEW_PAPERS, JoinForm, NoPoolForm, PaperForm
from reviews.models import PoolRequest, Publication
from reviews.queries.pool import profile_of
from reviews.queries.recruiting import accepted_papers, request_by_hash
from reviews.recruiting import RequestState
from reviews.tokens import hash_of
from reviews.views.reviewers import profile_initial
from submissions.queries import submitted_version
from tmi_special_issue import clock
from tmi_special_issue.refusal import Refusal

_JOIN, _DECLINE, _CLAIM = "join", "decline", "claim"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: who you are, what you know, how much; yes or no.

    Opening it changes nothing, so a mail scanner may. The address holds a secret and is nobody's
    referrer.
    """
    asked = request_by_hash(hash_of(token))
    response = (
        render(request, "reviews/link_unknown.html", status=404)
        if asked is None
        else _answer(request, asked, token)
    )
    response["Referrer-Policy"] = "strict-origin"
    return response


def _answer(request: HttpRequest, asked: PoolRequest, token: str) -> HttpResponse:
    if isinstance(request.user, User) and request.user.pk != asked.person_id:
        return _of_another(request, request.user, asked)
    if DESK_ROLES & role_names(asked.person, asked.issue):
        return render(request, "reviews/join_other.html", {"asked": asked}, status=403)
    if clock.now() > asked.answer_by:
        return render(request, "reviews/join_over.html", {"asked": asked}, status=410)
    act = request.POST.get("act")
    if act == _JOIN:
        return _join(request, asked, token)
    if act == _DECLINE:
        return _decline(request, asked, token)
    # A POST that says neither is no answer: some mail programs send empty ones.
    return _page(request, asked)


def _of_another(request: HttpRequest, user: User, asked: PoolRequest) -> HttpResponse:
    """The link in the hands of another account: it may take the request over, and sees nothing
    of the person who was asked."""
    if clock.now() > asked.answer_by or not may_claim_request(user, asked):
        return render(request, "reviews/join_other.html", {"asked": asked}, status=403)
    if request.POST.get("act") != _CLAIM:
        return render(request, "reviews/join_claim.html", {"asked": asked})
    secret = actions.claim_pool_request(actor=user, request=asked)
    messages.success(
        request, "The invitation belongs to this account now. Its new link is in your mail."
    )
    return redirect("reviews:join", secret)


def _join(request: HttpRequest, asked: PoolRequest, token: str) -> HttpResponse:
    form, rows = _form(asked, request.POST), _rows(request.POST)
    # Both are asked, so that every fault is told at once.
    if not all([form.is_valid(), *[row.is_valid() for row in rows]]):
        return _page(request, asked, form=form, rows=rows, status=400)
    added = [row.paper for row in rows if row.paper is not None]
    try:
        actions.join_pool(actor=asked.person, request=asked, joining=form.joining(added))
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
        return _page(request, asked, form=form, rows=rows, status=refusal.status)
    messages.success(request, "Thank you for joining. It is kept as you see it below.")
    return redirect("reviews:join", token)


def _decline(request: HttpRequest, asked: PoolRequest, token: str) -> HttpResponse:
    form = NoPoolForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, no_form=form, status=400)
    try:
        actions.decline_pool(
            actor=asked.person,
            request=asked,
            never_again=form.cleaned_data["reach"] == "never",
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, asked, no_form=form, status=refusal.status)
    messages.success(request, "Your no is kept. Nobody will ask you again.")
    return redirect("reviews:join", token)


def _page(
    request: HttpRequest,
    asked: PoolRequest,
    *,
    form: JoinForm | None = None,
    rows: list[PaperForm] | None = None,
    no_form: NoPoolForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "special_issue": asked.issue,
        "form": form or _form(asked),
        "rows": rows or _rows(),
        "no_form": no_form
        or NoPoolForm(initial={"reach": "never" if asked.never_again else "issue"}),
        "has_joined": asked.state == RequestState.JOINED,
        "has_declined": asked.state == RequestState.DECLINED,
        "load_limit": asked.issue.reviewer_load_limit,
    }
    return render(request, "reviews/join.html", context, status=status)


def _form(asked: PoolRequest, data: Any = None) -> JoinForm:
    person = asked.person
    known = profile_of(person)
    place = affiliations_of(person).filter(ended_on__isnull=True).first()
    papers = list(Publication.objects.filter(profile=known)) if known else []
    held = {paper.title for paper in papers}
    titles = [
        (manuscript.pk, version.title)
        for manuscript in accepted_papers(person)
        if (version := submitted_version(manuscript)) and version.title not in held
    ]
    return JoinForm(
        asked.issue,
        data,
        papers=[(paper.pk, f"{paper.title} ({paper.year})") for paper in papers],
        own=titles,
        initial={
            **profile_initial(known),
            "given_name": person.given_name,
            "family_name": person.family_name,
            "institution": place.institution if place else "",
            "country": person.country or (place.country if place else ""),
            "is_senior": bool(known and known.is_senior),
            "papers": [paper.pk for paper in papers],
            "shown": [paper.pk for paper in papers],
        },
    )


def _rows(data: Any = None) -> list[PaperForm]:
    return [PaperForm(data, prefix=f"paper-{number}") for number in range(1, NEW_PAPERS + 1)]
