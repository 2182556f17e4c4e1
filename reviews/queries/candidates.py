"""Who could review a version: ranked people with reasons, conflicts and load."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
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
from reviews.conflicts import (
    Conflict,
    DeclaredPerson,
    NamedPerson,
    conflicts_between,
    handling_conflict,
    in_order,
    load_conflict,
    own_submission_conflict,
    panel_conflicts,
    suggestion_conflict,
)
from reviews.models import Assignment, Publication, ReviewerProfile
from reviews.queries.fits import kept_fits, version_text
from reviews.queries.pool import OPEN_STATES, reviewer_facts, reviewer_pool
from reviews.queries.titles import title_index
from reviews.states import HOLDING, AssignmentState
from submissions.models import Author, DeclaredConflict, NamedReviewer, Version
from submissions.queries import author_people
from submissions.states import CLOSED, ConflictKind, Stage
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

SHORTLIST_SIZE = 240


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
    paused_until: date | None = None
    is_paused: bool = False
    state: str = ""
    affiliation: str = ""

    @property
    def is_blocked(self) -> bool:
        """May this person not be invited at all?"""
        return self.is_paused or any(conflict.is_hard for conflict in self.conflicts)

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
    size: int = SHORTLIST_SIZE,
) -> list[Candidate]:
    """The people of the pool who fit a version best, the best first, blocked ones included.

    `editor_key` is the public id of the handling editor (F11). `unseen` are the keys of
    manuscripts that do not exist for whoever looks: they are no load and no own submission, since
    a count that is one too high would tell an editor who reviews the own manuscript. Of a large
    pool a shortlist of `size` by titles and topics gets the full look; people whom the authors
    named are always in. A constant number of queries at any size of the pool.
    """
    issue = version.manuscript.issue
    wanted = {topic.pk: topic.short_name for topic in version.topics.all()}
    topics = _topics(issue)
    shares = {
        owner: len(wanted.keys() & held) / len(wanted) if wanted else 0.0
        for owner, held in topics.items()
    }
    fits = _fits(version, shares, size)
    named = named_people(version)
    users = _people(version, fits, named)
    work = _work(version, users, unseen)
    facts = reviewer_facts([*users, *work.panel])
    conflicts = _judge(version, users, editor_key=editor_key, facts=facts, named=named, work=work)
    best = max((fit.score for fit in fits.values()), default=0.0)
    today = clock.now().date()
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
                paused_until=profile.paused_until if profile else None,
                is_paused=is_paused(profile, today),
                state=work.states.get(user.pk, ""),
                affiliation=_affiliation(facts[user.public_id], today),
            )
        )
    return sorted(found, key=lambda c: (-c.score, c.load, c.person.name, c.user.pk))


def find_conflicts(
    version: Version, users: Sequence[User], *, editor_key: str, unseen: Collection[int] = ()
) -> dict[int, list[Conflict]]:
    """What the rules say of these people and a version, by user key. Constant queries."""
    work = _work(version, users, unseen)
    return _judge(
        version,
        users,
        editor_key=editor_key,
        facts=reviewer_facts([*users, *work.panel]),
        named=named_people(version),
        work=work,
    )


def _judge(
    version: Version,
    users: Sequence[User],
    *,
    editor_key: str,
    facts: dict[str, PersonFacts],
    named: Sequence[NamedPerson],
    work: "_Work",
) -> dict[int, list[Conflict]]:
    issue = version.manuscript.issue
    months = issue.conflict_months
    at = clock.now()
    authors = author_people(version)
    panel = [facts[user.public_id] for user in work.panel]
    asked_here = {user.pk for user in work.panel}
    declared = declared_people(version)
    own = _own_submissions(version, users, facts, work.unseen)
    found: dict[int, list[Conflict]] = {}
    for user in users:
        person = facts[user.public_id]
        # The place on this very version is not load that speaks against it.
        load = work.loads[user.pk] - (user.pk in asked_here)
        rows = conflicts_between(
            person, authors, at=at, months=months, named=named, declared=declared
        )
        rows += handling_conflict(person, editor_key)
        rows += suggestion_conflict(person, named, panel)
        rows += panel_conflicts(person, panel, at=at, months=months)
        rows += own_submission_conflict(
            person,
            own_numbers=own.numbers[user.pk],
            mutual_numbers=own.mutual(user.pk),
        )
        limit = limit_of(getattr(user, "reviewer_profile", None), issue)
        rows += load_conflict(person, open_count=load, limit=limit)
        found[user.pk] = in_order(rows)
    return found


@dataclass
class _Work:
    """Who has a place on the version, its states by user key, and everybody's open load."""

    unseen: Collection[int]
    panel: list[User] = field(default_factory=list)
    states: dict[int, str] = field(default_factory=dict)
    loads: Counter[int] = field(default_factory=Counter)


def _work(version: Version, users: Sequence[User], unseen: Collection[int]) -> _Work:
    """One query for the panel of a version and the open reviews of these people."""
    rows = (
        Assignment.objects.filter(Q(version=version) | Q(reviewer__in=users, state__in=OPEN_STATES))
        .exclude(version__manuscript__in=unseen)
        .select_related("reviewer")
        .only("version", "state", *(f"reviewer__{name}" for name in _NEEDED_OF_USER))
        .order_by("pk")
    )
    work = _Work(unseen)
    for row in rows:
        if row.state in OPEN_STATES:
            work.loads[row.reviewer_id] += 1
        if row.version_id == version.pk:
            work.states[row.reviewer_id] = row.state
            if AssignmentState(row.state) in HOLDING:
                work.panel.append(row.reviewer)
    return work


# What the facts of a person are made of.
_NEEDED_OF_USER = ("public_id", "email", "given_name", "family_name", "orcid", "orcid_verified")


def named_people(version: Version) -> list[NamedPerson]:
    """Whom the authors of a version suggest or oppose."""
    return [
        NamedPerson(name=n.name, email=n.email, is_opposed=n.is_opposed, reason=n.reason)
        for n in NamedReviewer.objects.filter(version=version)
    ]


def declared_people(version: Version) -> list[DeclaredPerson]:
    """With whom the authors of a version declare a conflict."""
    rows = DeclaredConflict.objects.filter(version=version).exclude(kind="")
    return [
        DeclaredPerson(
            kind=ConflictKind(row.kind),
            evidence=row.evidence,
            key=row.editor.public_id if row.editor else "",
            name=row.name,
            email=row.email,
        )
        for row in rows.select_related("editor")
    ]


def is_paused(profile: ReviewerProfile | None, day: date) -> bool:
    """Has the person asked to be left in peace on this day? Either end may be open."""
    if profile is None:
        return False
    start, end = profile.paused_from, profile.paused_until
    if start is None and end is None:
        return False
    return (start is None or start <= day) and (end is None or day <= end)


def limit_of(profile: ReviewerProfile | None, issue: SpecialIssue) -> int:
    """How many open reviews a person takes at one time: the own limit, else the issue's."""
    own = profile.load_limit if profile else None
    return issue.reviewer_load_limit if own is None else own


# --- Own submissions (F15) --------------------------------------------------------------------


@dataclass
class _OwnSubmissions:
    """The numbers of people's own manuscripts, and those that an author of this one reviews."""

    numbers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    reviewed_by_authors: set[str] = field(default_factory=set)

    def mutual(self, key: int) -> list[str]:
        return [n for n in self.numbers[key] if n in self.reviewed_by_authors]


_OVER = [*CLOSED, Stage.DRAFT]


def _own_submissions(
    version: Version,
    users: Sequence[User],
    facts: dict[str, PersonFacts],
    unseen: Collection[int],
) -> _OwnSubmissions:
    owner_of_address = {
        address: user.pk for user in users for address in facts[user.public_id].emails
    }
    keys = {user.pk for user in users}
    manuscript = version.manuscript
    rows = (
        Author.objects.filter(version__manuscript__issue=manuscript.issue_id)
        .exclude(version__manuscript__in=[manuscript.pk, *unseen])
        .exclude(version__manuscript__stage__in=_OVER)
        .filter(Q(user__in=keys) | Q(email__in=list(owner_of_address)))
        .order_by()
        .values_list("user_id", "email", "version__manuscript__number")
        .distinct()
    )
    own = _OwnSubmissions()
    for user_key, email, number in rows:
        for key in {user_key, owner_of_address.get(email.lower())}:
            if key in keys and number and number not in own.numbers[key]:
                own.numbers[key].append(number)
    if own.numbers:
        authors = Author.objects.filter(version=version)
        reviewed = (
            Assignment.objects.filter(state__in=sorted(HOLDING))
            .filter(
                Q(reviewer__in=authors.filter(user__isnull=False).values("user"))
                | Q(reviewer__email__in=authors.values("email"))
            )
            .order_by()
            .values_list("version__manuscript__number", flat=True)
        )
        own.reviewed_by_authors = {number for number in reviewed if number}
    return own


# --- Fit --------------------------------------------------------------------------------------


def _topics(issue: SpecialIssue) -> dict[int, set[int]]:
    """The topics of everybody in the pool, by user key."""
    found: dict[int, set[int]] = {}
    rows = reviewer_pool(issue).order_by().values_list("pk", "reviewer_profile__topics")
    for user, topic in rows:
        held = found.setdefault(user, set())
        if topic is not None:
            held.add(topic)
    return found


def _fits(version: Version, shares: dict[int, float], size: int) -> dict[int, Affinity]:
    """The fit by text of the `size` people who are worth a full look.

    As a worker has kept it; for a version that no worker has seen yet, by words alone, among
    those whose titles or topics come near.
    """
    kept = kept_fits(version)
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


def _people(
    version: Version, fits: dict[int, Affinity], named: Iterable[NamedPerson]
) -> list[User]:
    """The shortlisted, whom the authors named, and whoever has a place already."""
    addresses = [n.email.lower() for n in named if n.email]
    asked = Assignment.objects.filter(version=version).order_by().values("reviewer")
    wanted = Q(pk__in=list(fits)) | Q(email__in=addresses) | Q(pk__in=asked)
    return list(reviewer_pool(version.manuscript.issue).filter(wanted))


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
