"""Recruiting at the desk: whom one could ask, who was asked, what they said.

Authors are found through the manuscripts that exist for whoever looks, and no answer names one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.queries import DESK_ROLES, people_with
from editors.clinic import TEXT_CHARACTERS, read_people
from editors.queries.desk import Chip, Viewer
from editors.queries.typed import words_of
from editors.queries.visibility import visible_to
from reviews.models import PoolRequest
from reviews.queries import reviewer_pool
from reviews.queries.recruiting import owners_of, standings
from reviews.recruiting import (
    ASK_MOST,
    RequestState,
    Source,
    Standing,
    may_ask_again,
    obstacle,
)
from submissions.models import Author
from submissions.states import Confirmation, Stage
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

_NOT_COUNTED = (Stage.DRAFT, Stage.UNSUBMITTED, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Addressee:
    """Somebody who might be asked. `user` is None where there is no account yet.

    `field` and `value` bring the same person back from a form; `wrong` is a sentence.
    """

    name: str
    email: str
    source: Source
    field: str = ""
    value: str = ""
    given_name: str = ""
    family_name: str = ""
    affiliation: str = ""
    user: User | None = None
    wrong: str = ""


@dataclass(frozen=True)
class RequestRow:
    """One line of those who were asked."""

    request: PoolRequest
    state: str
    tone: str
    may_ask_again: bool


def authors_to_ask(viewer: Viewer, text: str = "") -> QuerySet[Author]:
    """The authors of the manuscripts that this person may see who are not in the pool.

    One row an address, the latest; not from drafts, returned or withdrawn manuscripts, nobody who
    disputes being an author, nobody of the desk. By family name. `text` narrows by name, address
    and institution.
    """
    issue = viewer.issue
    rows = (
        Author.objects.filter(
            version__manuscript__in=visible_to(
                viewer.user, issue, viewer.roles, viewer.hidden
            ).exclude(stage__in=_NOT_COUNTED),
            version__submitted_at__isnull=False,
        )
        .exclude(confirmation=Confirmation.DISPUTED)
        .annotate(address=Lower("email"))
        .order_by()
    )
    # An account that reviews or works at the desk is known by any of its addresses and by its iD.
    others = (reviewer_pool(issue) | people_with(issue, *DESK_ROLES)).order_by()
    keys = others.values("pk")
    latest = (
        rows.exclude(user__in=keys)
        .exclude(address__in=others.annotate(main=Lower("email")).values("main"))
        .exclude(
            address__in=EmailAddress.objects.filter(user__in=keys)
            .annotate(other=Lower("email"))
            .values("other")
        )
        .exclude(Q(orcid__in=others.exclude(orcid="").values("orcid")))
        .values("address")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    found = Author.objects.filter(pk__in=latest)
    for word in words_of(text):
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(email__icontains=word)
            | Q(institution__icontains=word)
        )
    return found.order_by("family_name", "given_name", "pk")


def as_addressees(issue: SpecialIssue, authors: Iterable[Author]) -> list[Addressee]:
    """These authors with their accounts and what stands against asking. Six queries at most."""
    return _judged(
        issue,
        [
            Addressee(
                name=author.full_name,
                email=author.email,
                source=Source.AUTHORS,
                field="author",
                value=author.public_id,
                given_name=author.given_name,
                family_name=author.family_name,
                affiliation=author.institution,
            )
            for author in authors
        ],
    )


def addressees(
    viewer: Viewer,
    *,
    authors: Sequence[str] = (),
    people: Sequence[str] = (),
    text: str = "",
    is_again: bool = False,
) -> list[Addressee]:
    """The people whom a form names, each judged: ticked authors, ticked people, typed lines.

    Whoever must not be seen, or is no longer there, is left out without a word. ASK_MOST at most.
    """
    known = authors_to_ask(viewer).filter(public_id__in=list(authors)[:ASK_MOST]) if authors else []
    asked = PoolRequest.objects.filter(issue=viewer.issue).values("person")
    users = (
        User.objects.filter(
            Q(pk__in=reviewer_pool(viewer.issue).order_by().values("pk")) | Q(pk__in=asked),
            public_id__in=list(people)[:ASK_MOST],
        ).order_by("family_name", "given_name", "pk")
        if people
        else []
    )
    typed = read_people(text[:TEXT_CHARACTERS], ASK_MOST).people if text.strip() else ()
    found = [
        *as_addressees(viewer.issue, known),
        *_judged(
            viewer.issue,
            [
                Addressee(
                    name=user.full_name or user.email,
                    email=user.email,
                    source=Source.POOL,
                    field="person",
                    value=user.public_id,
                    user=user,
                )
                for user in users
            ],
            is_again=is_again,
        ),
        *_judged(
            viewer.issue,
            [
                Addressee(
                    name=line.shown,
                    family_name=line.name,  # whole: names are never parsed (`domain.md` G.2)
                    email=line.email,
                    source=Source.TYPED,
                    wrong=line.fault or ("" if line.email else "has no address in this line"),
                )
                for line in typed
            ],
        ),
    ]
    return list({row.email.lower() or row.name: row for row in found}.values())[:ASK_MOST]


def never_asked(issue: SpecialIssue, people: QuerySet[User]) -> QuerySet[User]:
    """Those of these people who were not asked yet and could be."""
    asked = PoolRequest.objects.filter(Q(issue=issue) | Q(never_again=True)).values("person")
    desk = people_with(issue, *DESK_ROLES).order_by().values("pk")
    return people.exclude(pk__in=asked).exclude(pk__in=desk)


def requests_of(issue: SpecialIssue, show: str = "") -> QuerySet[PoolRequest]:
    """Who was asked, the latest first; `show` is "", "waiting", "silent", "joined" or "no"."""
    rows = PoolRequest.objects.filter(issue=issue).select_related("person", "asked_by")
    now = clock.now()
    if show == "waiting":
        return rows.filter(_waiting(now))
    if show == "silent":
        return rows.filter(_silent(now))
    if show == "joined":
        return rows.filter(state=RequestState.JOINED)
    if show == "no":
        return rows.filter(state=RequestState.DECLINED)
    return rows


def request_chips(issue: SpecialIssue) -> list[Chip]:
    """How many were asked, and what they said: one query."""
    now = clock.now()
    counts = (
        PoolRequest.objects.filter(issue=issue)
        .order_by()
        .aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=_waiting(now)),
            silent=Count("pk", filter=_silent(now)),
            joined=Count("pk", filter=Q(state=RequestState.JOINED)),
            no=Count("pk", filter=Q(state=RequestState.DECLINED)),
        )
    )
    labels = {
        "all": "Asked",
        "waiting": "Waiting",
        "silent": "No answer",
        "joined": "Joined",
        "no": "Said no",
    }
    return [
        Chip("" if code == "all" else code, label, counts[code]) for code, label in labels.items()
    ]


def request_rows(issue: SpecialIssue, rows: Sequence[PoolRequest]) -> list[RequestRow]:
    """These requests in words."""
    now = clock.now()
    known = standings(issue, [row.person for row in rows])
    return [
        RequestRow(row, *state_words(row), may_ask_again(known[row.person_id], now=now))
        for row in rows
    ]


def state_words(row: PoolRequest | None) -> tuple[str, str]:
    """What became of a request, and its tone; empty where nobody asked."""
    if row is None:
        return "", ""
    match RequestState(row.state):
        case RequestState.JOINED:
            return "joined", "ok"
        case RequestState.DECLINED:
            return ("said no for good" if row.never_again else "said no"), "bad"
        case RequestState.ASKED if clock.now() > row.answer_by:
            return "no answer", "warn"
        case RequestState.ASKED:
            return "asked to join", ""


def _waiting(now: datetime) -> Q:
    return Q(state=RequestState.ASKED, answer_by__gte=now)


def _silent(now: datetime) -> Q:
    return Q(state=RequestState.ASKED, answer_by__lt=now)


def _judged(
    issue: SpecialIssue, rows: Sequence[Addressee], *, is_again: bool = False
) -> list[Addressee]:
    if not rows:
        return []
    owners = owners_of([row.email for row in rows if row.email and row.user is None])
    with_users = [replace(row, user=row.user or owners.get(row.email.lower())) for row in rows]
    known = standings(issue, [row.user for row in with_users if row.user])
    now = clock.now()
    judged = []
    for row in with_users:
        standing = known[row.user.pk] if row.user else Standing()
        found = obstacle(standing, now=now, is_again=is_again)
        wrong = row.wrong or (found.sentence if found else "")
        judged.append(replace(row, wrong=wrong))
    return judged
