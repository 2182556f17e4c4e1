"""Ask people to join the pool of reviewers; take their answer.

The desk's action has checked that `actor` may ask. Whoever answers came by the link of the mail
or is signed in; the row is locked and its time looked at here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.actions import add_affiliation, confirm_address, end_role, grant_role
from accounts.actions import save_profile as save_person
from accounts.models import Affiliation, RoleName, User
from accounts.queries import DESK_ROLES, role_names
from reviews import mails
from reviews.actions.profiles import save_profile
from reviews.dates import answer_due
from reviews.importing import Coauthor, Paper
from reviews.models import PoolRequest, Publication, ReviewerProfile
from reviews.queries.recruiting import accepted_papers, standings
from reviews.recruiting import ANSWER_DAYS, RequestState, Source, obstacle
from reviews.tokens import hash_of, new_secret
from submissions.models import Author, Manuscript
from submissions.queries import submitted_version
from tmi_special_issue import audit, clock, links, outbox
from tmi_special_issue.models import SpecialIssue, Topic
from tmi_special_issue.refusal import Refusal

SYSTEM = "system:pool"


@dataclass(frozen=True)
class Joining:
    """What somebody says who joins: themselves, their limits, and their publications.

    `disowned` are the keys of known publications that are not theirs; they are taken away.
    `own` are accepted manuscripts of theirs to be counted as publications.
    """

    given_name: str
    family_name: str
    institution: str
    country: str
    is_senior: bool
    topics: Sequence[Topic]
    expertise: str
    load_limit: int | None
    interval_days: int | None
    paused_from: date | None
    paused_until: date | None
    disowned: Collection[int] = ()
    own: Collection[int] = ()
    added: Sequence[Paper] = ()


@transaction.atomic
def ask_person(
    *, actor: User, issue: SpecialIssue, person: User, source: Source, is_again: bool = False
) -> PoolRequest:
    """Ask one person by mail to join the pool; again only where `is_again` says so.

    Raises:
        Refusal: closed, at_desk, said_never, said_no, joined, asked_lately, asked_before.
    """
    # The lock on the person makes two who ask at once into one mail.
    person = User.objects.select_for_update().get(pk=person.pk)
    now = clock.now()
    wrong = obstacle(standings(issue, [person])[person.pk], now=now, is_again=is_again)
    if wrong:
        raise Refusal(wrong.code, f"{person} {wrong.sentence}.")
    secret = new_secret()
    request = PoolRequest.objects.filter(issue=issue, person=person).first()
    if request is None:
        request = PoolRequest(issue=issue, person=person, source=source)
    else:
        request.asked_count += 1
    request.asked_by = actor
    request.asked_at = now
    request.answer_by = answer_due(now, days=ANSWER_DAYS, zone=issue.zone)
    request.secret_hash = hash_of(secret)
    request.save()
    audit.record(
        actor,
        "pool_request.asked",
        request,
        person=person.audit_key,
        source=source.value,
        count=request.asked_count,
    )
    _mail_link(request, secret, str(request.asked_count))
    return request


@transaction.atomic
def join_pool(*, actor: User, request: PoolRequest, joining: Joining) -> PoolRequest:
    """Join the pool, or change what one said when joining, while the link works.

    Raises:
        Refusal: not_yours, link_over, at_desk, and what limits and places refuse.
    """
    locked = _lock(actor, request)
    person = locked.person
    confirm_address(actor=person)
    save_person(
        actor=person,
        given_name=joining.given_name,
        family_name=joining.family_name,
        native_name=person.native_name,
        orcid_id=person.orcid,
        country=joining.country,
        time_zone=person.time_zone,
    )
    _keep_place(person, joining)
    profile = save_profile(
        actor=person,
        topics=joining.topics,
        expertise=joining.expertise,
        load_limit=joining.load_limit,
        interval_days=joining.interval_days,
        paused_from=joining.paused_from,
        paused_until=joining.paused_until,
    )
    profile.is_senior = joining.is_senior
    profile.save(update_fields=["is_senior"])
    removed = _drop_papers(profile, joining.disowned)
    added = _add_papers(profile, [*_own_papers(person, joining.own), *joining.added])
    grant_role(actor=SYSTEM, issue=locked.issue, person=person, name=RoleName.REVIEWER.value)
    _answer(locked, RequestState.JOINED)
    audit.record(
        actor,
        "pool_request.joined",
        locked,
        is_senior=joining.is_senior,
        papers_removed=removed,
        papers_added=added,
    )
    return locked


@transaction.atomic
def decline_pool(*, actor: User, request: PoolRequest, never_again: bool) -> PoolRequest:
    """Say no, or leave again: nobody asks for this issue any more, or for any.

    Reviews that are agreed stay; the person is only no longer found by editors.

    Raises:
        Refusal: not_yours, link_over, at_desk.
    """
    locked = _lock(actor, request)
    if locked.state == RequestState.DECLINED and locked.never_again == never_again:
        return locked
    _answer(locked, RequestState.DECLINED, never_again=never_again)
    end_role(actor=SYSTEM, issue=locked.issue, person=locked.person, name=RoleName.REVIEWER.value)
    audit.record(actor, "pool_request.declined", locked, never_again=never_again)
    return locked


@transaction.atomic
def claim_pool_request(*, actor: User, request: PoolRequest) -> str:
    """Take an open request over with the account of whoever holds its link; the new secret.

    The former link dies: it lies in the mailbox of another address, and would open the profile of
    this account without a password. The new one goes to the account's own address.

    Raises:
        Refusal: link_over, not_for_this_account.
    """
    locked = _locked(request)
    _require_open(locked)
    if not may_claim_request(actor, locked):
        raise Refusal(
            "not_for_this_account",
            "This account was asked already, has said no, or works at the desk.",
            status=403,
        )
    former = locked.person
    secret = new_secret()
    locked.person, locked.secret_hash = actor, hash_of(secret)
    locked.save(update_fields=["person", "secret_hash"])
    audit.record(
        actor,
        "pool_request.claimed",
        locked,
        former=former.audit_key,
        person=actor.audit_key,
    )
    _mail_link(locked, secret, f"claimed:{actor.public_id}")
    return secret


def may_claim_request(person: User, request: PoolRequest) -> bool:
    """Could this account have been asked itself, and is the request not answered yet?"""
    standing = standings(request.issue, [person])[person.pk]
    is_free = standing.state is None and obstacle(standing, now=clock.now(), is_again=False) is None
    return is_free and request.state == RequestState.ASKED


def _mail_link(request: PoolRequest, secret: str, event: str) -> None:
    message = mails.pool_asked(
        request.issue,
        request.person,
        link=links.absolute("reviews:join", secret),
        answer_by=request.answer_by,
    )
    outbox.queue(message, f"pool_asked:{request.public_id}:{event}")


def _locked(request: PoolRequest) -> PoolRequest:
    return (
        PoolRequest.objects.select_for_update(of=("self",))
        .select_related("issue", "person")
        .get(pk=request.pk)
    )


def _lock(actor: User, request: PoolRequest) -> PoolRequest:
    locked = _locked(request)
    if locked.person != actor:
        raise Refusal("not_yours", "There is no such request.", status=404)
    _require_open(locked)
    if DESK_ROLES & role_names(actor, locked.issue):
        raise Refusal(
            "at_desk", "You work at the desk of this issue, so you cannot be a reviewer of it."
        )
    return locked


def _require_open(request: PoolRequest) -> None:
    if clock.now() > request.answer_by:
        raise Refusal(
            "link_over",
            f"This link worked until {request.answer_by:%-d %b %Y}. Nothing was changed.",
            status=410,
        )


def _answer(request: PoolRequest, state: RequestState, *, never_again: bool = False) -> None:
    request.state = state
    request.never_again = never_again
    request.answered_at = clock.now()
    request.save(update_fields=["state", "never_again", "answered_at"])


def _keep_place(person: User, joining: Joining) -> None:
    """A new place is added; former ones stay, since conflicts reach back in time (F2, F3)."""
    if not joining.institution:
        return
    known = Affiliation.objects.filter(user=person, ended_on__isnull=True)
    if not known.filter(institution__iexact=joining.institution).exists():
        add_affiliation(actor=person, institution=joining.institution, country=joining.country)


def _drop_papers(profile: ReviewerProfile, disowned: Collection[int]) -> list[str]:
    """Take away what the person says is not theirs; the record keeps the titles."""
    gone = Publication.objects.filter(profile=profile, pk__in=list(disowned))
    titles = sorted(gone.values_list("title", flat=True))
    gone.delete()
    return titles


def _add_papers(profile: ReviewerProfile, papers: Sequence[Paper]) -> int:
    held: set[str] = set()
    for row in Publication.objects.filter(profile=profile):
        held.update(Paper(row.title, row.year, row.doi.lower()).keys)
    made = []
    for paper in papers:
        if held.isdisjoint(paper.keys):
            held.update(paper.keys)
            made.append(
                Publication(
                    profile=profile,
                    title=paper.title,
                    year=paper.year,
                    doi=paper.doi,
                    abstract=paper.abstract,
                    coauthors=[
                        {"name": c.name, "email": c.email, "orcid": c.orcid}
                        for c in paper.coauthors
                    ],
                )
            )
    Publication.objects.bulk_create(made)
    return len(made)


def _own_papers(person: User, keys: Collection[int]) -> list[Paper]:
    found = accepted_papers(person).filter(pk__in=list(keys))
    return [_paper_of(person, manuscript) for manuscript in found]


def _paper_of(person: User, manuscript: Manuscript) -> Paper:
    version = submitted_version(manuscript)
    assert version is not None  # what is accepted was handed in
    others = Author.objects.filter(version=version).exclude(email__iexact=person.email)
    return Paper(
        title=version.title[:500],
        year=clock.now().year,
        abstract=version.abstract,
        coauthors=tuple(Coauthor(a.full_name, a.email.lower(), a.orcid) for a in others),
    )
