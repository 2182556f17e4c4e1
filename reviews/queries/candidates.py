"""Who could review a version: ranked people with reasons, conflicts and load."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import User
from accounts.people import PersonFacts
from reviews.affinity import (
    NO_AFFINITY,
    Affinity,
    Paper,
    affinities,
    shortlist,
    whole_score,
)
from reviews.availability import Absence
from reviews.conflicts import Conflict
from reviews.models import Assignment, ProposedReviewer, Publication
from reviews.queries.fits import PEOPLE_KEPT, kept_fits, version_text
from reviews.queries.judging import both_sides, judge, limit_of, named_people, work_on
from reviews.queries.pool import absences, reviewer_pool
from reviews.queries.proposals import proposals_of
from reviews.queries.titles import title_index
from reviews.states import HOLDING, AssignmentState
from submissions.models import NamedReviewer, Version
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

SHORTLIST_SIZE = 240
ALSO_MOST = 50  # people whom an editor brings along at once


@dataclass(frozen=True)
class Candidate:
    """One person for one version.

    `score` is 0..1, `reasons` are sentences, `load` of `load_limit` open reviews. `state` is the
    state of an assignment that the person already has on this version, "" for none.
    """

    user: User
    person: PersonFacts
    score: float
    reasons: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    load: int
    load_limit: int
    words: tuple[str, ...] = ()
    closest: str = ""
    shared_topics: tuple[str, ...] = ()
    is_senior: bool = False
    is_suggested: bool = False
    absence: Absence | None = None
    state: str = ""
    affiliation: str = ""
    proposed_by: str = ""
    ask_again_on: date | None = None

    @property
    def is_blocked(self) -> bool:
        """May this person not be invited at all?"""
        return self.absence is not None or any(conflict.is_hard for conflict in self.conflicts)

    @property
    def is_waivable(self) -> bool:
        """May editor-in-chief or lead invite this person in spite of a hard conflict?"""
        hard = [conflict for conflict in self.conflicts if conflict.is_hard]
        return bool(hard) and self.absence is None and all(c.is_waivable for c in hard)

    @property
    def needs_reason(self) -> bool:
        """Does an invitation need a written reason?"""
        return any(conflict.needs_reason for conflict in self.conflicts)

    @property
    def is_asked(self) -> bool:
        """Does the person take up a place on this version already?"""
        return bool(self.state) and AssignmentState(self.state) in HOLDING


def candidates(
    version: Version,
    *,
    editor_key: str,
    unseen: Collection[int] = (),
    also: Collection[str] = (),
    size: int = SHORTLIST_SIZE,
    named: Sequence[NamedReviewer] | None = None,
    proposed: Sequence[ProposedReviewer] | None = None,
) -> list[Candidate]:
    """The people of the pool who fit a version best, the best first, blocked ones included.

    `editor_key` is the public id of the handling editor (F11). `unseen` are the keys of
    manuscripts that do not exist for whoever looks: they are no load and no own submission, since
    a count that is one too high would tell an editor who reviews the own manuscript. Of a large
    pool a shortlist of `size` by titles and topics gets the full look; people whom the authors
    named, and those of the pool in `also` (public ids), are always in. `named` (by the authors)
    and `proposed` (by reviewers who declined) spare their queries to whoever has the rows. A
    constant number of queries at any size of the pool.
    """
    issue = version.manuscript.issue
    wanted = {topic.pk: topic.short_name for topic in version.topics.all()}
    people_named = named_people(version, named)
    proposers = _proposers(proposals_of(version) if proposed is None else proposed)
    wished = _wished(version, [*(n.email for n in people_named), *proposers], also)
    kept = kept_fits(version)
    topics = _topics(issue, kept, wished)
    shares = {
        owner: len(wanted.keys() & held) / len(wanted) if wanted else 0.0
        for owner, held in topics.items()
    }
    fits = _fits(version, kept, shares, size)
    users = list(reviewer_pool(issue).filter(Q(pk__in=list(fits)) | wished))
    work = work_on(version, users, unseen)
    sides = both_sides(version, [*users, *work.panel])
    facts = sides.people
    conflicts = judge(
        version, users, editor_key=editor_key, sides=sides, named=people_named, work=work
    )
    best = max((fit.score for fit in fits.values()), default=0.0)
    today = clock.now().date()
    away = absences(users, today, unseen=[*unseen, version.manuscript_id])
    found = []
    for user in users:
        profile = getattr(user, "reviewer_profile", None)
        fit = fits.get(user.pk, NO_AFFINITY)
        shared = tuple(wanted[key] for key in wanted if key in topics.get(user.pk, set()))
        found.append(
            Candidate(
                user=user,
                person=facts[user.public_id],
                score=whole_score(fit.score, best, shares.get(user.pk, 0.0)),
                reasons=tuple(_reasons(fit, shared)),
                conflicts=tuple(conflicts[user.pk]),
                load=work.loads[user.pk],
                load_limit=limit_of(profile, issue),
                words=fit.words,
                closest=fit.closest_title,
                shared_topics=shared,
                is_senior=bool(profile and profile.is_senior),
                is_suggested=any(c.rule == "F10" for c in conflicts[user.pk]),
                absence=away.get(user.pk),
                state=work.states.get(user.pk, ""),
                affiliation=_affiliation(facts[user.public_id], today),
                proposed_by=proposers.get(user.email.lower(), ""),
                ask_again_on=work.later.get(user.pk),
            )
        )
    return sorted(found, key=lambda c: (-c.score, c.load, c.person.name, c.user.pk))


# --- Fit --------------------------------------------------------------------------------------


def _topics(
    issue: SpecialIssue, kept: dict[int, Affinity] | None, wished: Q
) -> dict[int, set[int]]:
    """The topics of those in the pool who may be shown, by user key.

    Where a worker has found as many people with a near text as it keeps, nobody else is looked
    at, so that the size of the pool does not matter; otherwise topics alone may bring somebody in.
    """
    found: dict[int, set[int]] = {}
    pool = reviewer_pool(issue).order_by()
    if kept is not None and len(kept) >= PEOPLE_KEPT:
        pool = pool.filter(Q(pk__in=list(kept)) | wished)
    for user, topic in pool.values_list("pk", "reviewer_profile__topics"):
        held = found.setdefault(user, set())
        if topic is not None:
            held.add(topic)
    return found


def _fits(
    version: Version, kept: dict[int, Affinity] | None, shares: dict[int, float], size: int
) -> dict[int, Affinity]:
    """The fit by text of the `size` people who are worth a full look.

    As a worker has kept it; for a version that no worker has seen yet, by words alone, among
    those whose titles or topics come near.
    """
    if kept is not None:
        best = max((kept[owner].score for owner in shares if owner in kept), default=0.0)
        ranked = sorted(
            shares,
            key=lambda owner: -whole_score(kept.get(owner, NO_AFFINITY).score, best, shares[owner]),
        )
        return {owner: kept.get(owner, NO_AFFINITY) for owner in ranked[:size]}
    text = version_text(version)
    chosen = list(shares)
    if len(chosen) > size:
        chosen = shortlist(text, title_index(), shares, size=size)
    papers = [
        Paper(owner=owner, title=title, abstract=abstract, year=year)
        for owner, title, abstract, year in Publication.objects.filter(profile__user__in=chosen)
        .order_by("pk")
        .values_list("profile__user", "title", "abstract", "year")
    ]
    by_text = affinities(text, papers)
    return {owner: by_text.get(owner, NO_AFFINITY) for owner in chosen}


def _wished(version: Version, named: Iterable[str], also: Collection[str]) -> Q:
    """Who is shown whatever the fit: those named by authors or reviewers, those whom the editor
    brings along, and whoever has a place already."""
    addresses = [address.lower() for address in named if address]
    asked = Assignment.objects.filter(version=version).order_by().values("reviewer")
    wished = Q(email__in=addresses) | Q(pk__in=asked)
    if also:
        wished |= Q(public_id__in=list(also)[:ALSO_MOST])
    return wished


def _proposers(proposed: Iterable[ProposedReviewer]) -> dict[str, str]:
    """Who named an address in the own place, by the address in lower case."""
    return {row.email.lower(): row.assignment.reviewer.full_name for row in proposed if row.email}


def _reasons(fit: Affinity, shared_topics: Sequence[str]) -> list[str]:
    reasons = []
    if fit.score > 0:
        count = f"{fit.close_count} own papers" if fit.close_count > 1 else "An own paper"
        about = f" on {', '.join(fit.words[:3])}" if fit.words else ""
        year = f" ({fit.closest_year})" if fit.closest_year else ""
        closest = (
            f"; closest: “{fit.closest_title}”{year}"
            if fit.close_count > 1
            else (f": “{fit.closest_title}”{year}")
        )
        reasons.append(f"{count}{about}{closest}.")
    if shared_topics:
        noun = "Topics" if len(shared_topics) > 1 else "Topic"
        reasons.append(f"{noun} of the call: {', '.join(shared_topics)}.")
    return reasons


def _affiliation(person: PersonFacts, day: date) -> str:
    current = [a for a in person.affiliations if a.ended_on is None or a.ended_on >= day]
    return current[0].institution if current else ""
