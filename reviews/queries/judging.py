"""What the conflict rules say of people and a version, on the facts in the database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from accounts.models import User
from accounts.people import PersonFacts, facts_of
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
from reviews.models import Assignment, ReviewerProfile
from reviews.queries.pool import OPEN_STATES, with_records
from reviews.states import HOLDING, AssignmentState
from submissions.models import Author, DeclaredConflict, NamedReviewer, Version
from submissions.queries import author_facts, author_people, listed_authors
from submissions.states import CLOSED, ConflictKind, Stage
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue


@dataclass
class Work:
    """Who has a place on the version, its states by user key, and everybody's open load."""

    unseen: Collection[int]
    panel: list[User] = field(default_factory=list)
    states: dict[int, str] = field(default_factory=dict)
    loads: Counter[int] = field(default_factory=Counter)
    later: dict[int, date | None] = field(default_factory=dict)


def find_conflicts(
    version: Version, users: Sequence[User], *, editor_key: str, unseen: Collection[int] = ()
) -> dict[int, list[Conflict]]:
    """What the rules say of these people and a version, by user key. Constant queries."""
    work = work_on(version, users, unseen)
    return judge(
        version,
        users,
        editor_key=editor_key,
        sides=both_sides(version, [*users, *work.panel]),
        named=named_people(version),
        work=work,
    )


@dataclass(frozen=True)
class Sides:
    """Whom the rules hold against each other: people by public id, and the authors in order."""

    people: dict[str, PersonFacts]
    authors: list[PersonFacts]


def both_sides(version: Version, users: Sequence[User]) -> Sides:
    """The facts of these people and of the authors of a version, read in one go: five queries."""
    authors = list(listed_authors(version))
    accounts = facts_of([*users, *(author.user for author in authors if author.user)])
    people = [accounts[user.public_id] for user in users]
    known = with_records([*people, *(author_facts(author, accounts) for author in authors)])
    return Sides(
        people={person.key: person for person in known[: len(people)]},
        authors=known[len(people) :],
    )


def judge(
    version: Version,
    users: Sequence[User],
    *,
    editor_key: str,
    sides: Sides,
    named: Sequence[NamedPerson],
    work: Work,
) -> dict[int, list[Conflict]]:
    """The same on facts that are at hand already."""
    issue = version.manuscript.issue
    months = issue.conflict_months
    at = clock.now()
    facts = sides.people
    yardstick = yardstick_of(version, named, sides.authors)
    panel = [facts[user.public_id] for user in work.panel]
    asked_here = {user.pk for user in work.panel}
    own = _own_submissions(version, users, facts, work.unseen)
    found: dict[int, list[Conflict]] = {}
    for user in users:
        person = facts[user.public_id]
        # The place on this very version is not load that speaks against it.
        load = work.loads[user.pk] - (user.pk in asked_here)
        rows = yardstick.judge(person, at)
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


def work_on(version: Version, users: Sequence[User], unseen: Collection[int]) -> Work:
    """One query for the panel of a version and the open reviews of these people."""
    rows = (
        Assignment.objects.filter(Q(version=version) | Q(reviewer__in=users, state__in=OPEN_STATES))
        .exclude(version__manuscript__in=unseen)
        .select_related("reviewer")
        .only(
            "version", "state", "ask_again_on", *(f"reviewer__{name}" for name in _NEEDED_OF_USER)
        )
        .order_by("pk")
    )
    work = Work(unseen)
    for row in rows:
        if row.state in OPEN_STATES:
            work.loads[row.reviewer_id] += 1
        if row.version_id == version.pk:
            work.states[row.reviewer_id] = row.state
            work.later[row.reviewer_id] = row.ask_again_on
            if AssignmentState(row.state) in HOLDING:
                work.panel.append(row.reviewer)
    return work


# What the facts of a person are made of.
_NEEDED_OF_USER = ("public_id", "email", "given_name", "family_name", "orcid", "orcid_verified")


@dataclass(frozen=True)
class Yardstick:
    """What a person is held against for one version: authors, what they say, the spans."""

    authors: list[PersonFacts]
    named: Sequence[NamedPerson]
    declared: list[DeclaredPerson]
    months: int
    warn_months: int
    submitted_at: datetime | None

    def judge(self, person: PersonFacts, at: datetime) -> list[Conflict]:
        """F1 to F10 and F17 of one person."""
        return conflicts_between(
            person,
            self.authors,
            at=at,
            months=self.months,
            warn_months=self.warn_months,
            submitted_at=self.submitted_at,
            named=self.named,
            declared=self.declared,
        )


def yardstick_of(
    version: Version,
    named: Sequence[NamedPerson] = (),
    authors: list[PersonFacts] | None = None,
) -> Yardstick:
    """The facts of a version. For reviewers `named` are whom the authors suggest or oppose.

    `authors` spares its queries to whoever has their facts already.
    """
    issue = version.manuscript.issue
    return Yardstick(
        authors=with_records(author_people(version)) if authors is None else authors,
        named=named,
        declared=declared_people(version),
        months=issue.conflict_months,
        warn_months=issue.conflict_warn_months,
        submitted_at=first_submitted_at(version),
    )


def first_submitted_at(version: Version) -> datetime | None:
    """When the manuscript first came in, from which the spans count back (t in `domain.md` F)."""
    own = version.first_submitted_at or version.submitted_at
    if version.revision_number == 0:
        return own
    first = (
        Version.objects.filter(manuscript=version.manuscript_id, first_submitted_at__isnull=False)
        .order_by("revision_number")
        .values_list("first_submitted_at", flat=True)
        .first()
    )
    return first or own


def named_people(
    version: Version, rows: Sequence[NamedReviewer] | None = None
) -> list[NamedPerson]:
    """Whom the authors of a version suggest or oppose; `rows` where they are at hand."""
    return [
        NamedPerson(name=n.name, email=n.email, is_opposed=n.is_opposed, reason=n.reason)
        for n in (NamedReviewer.objects.filter(version=version) if rows is None else rows)
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
